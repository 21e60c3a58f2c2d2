"""The axes of the trend: where an instant and a value lie in the chart, and its quarter hours by the wall clock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from monitor_app.services.screen import TrendBand, TrendView
from monitor_app.ui.fonts import text_width
from monitor_app.ui.trend_style import TrendStyle

PRESSURE_RANGE = (40.0, 220.0)
"""Axis of pressures and rate (screen.md, Trend)."""
PRESSURE_TICKS = (60, 100, 140, 180, 220)
SPO2_RANGE = (80.0, 100.0)
SPO2_TICKS = (90, 100)
FIVE_MINUTES_S = 300
STEPS_S = ((900, 300), (1800, 900), (3600, 900), (7200, 3600))
"""Heavier and lighter lines: quarter hours with five-minute columns (clinical.md §13.1) as long as they have room."""
LONGEST_LIMIT_TEXT = "SYS limit 000"
CLOCK_STEP_MS = 500


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A line of the time grid; ``label`` is the local time of day on heavier ones."""

    t_s: float
    label: str = ""


def time_marks(view: TrendView, label_s: float) -> list[TimeMark]:
    """The grid of a chart in which a label takes ``label_s`` of the axis."""
    heavy, light = next((step for step in STEPS_S if step[0] >= 1.4 * label_s), STEPS_S[-1])
    zero_s = view.clock_zero_utc_ms / 1000
    # Whole hours of the local clock, also where it differs from UTC by half ones.
    local = datetime.fromtimestamp(zero_s + view.start_s, UTC).astimezone().utcoffset()
    shift_s = zero_s + (local.total_seconds() if local else 0.0)
    first = int(-(-(view.start_s + shift_s) // light)) * light
    marks = []
    for at in range(first, int(view.end_s + shift_s) + 1, light):
        t_s = at - shift_s
        label = (
            f"{datetime.fromtimestamp(round(zero_s + t_s), UTC).astimezone():%H:%M}"
            if at % heavy == 0
            else ""
        )
        marks.append(TimeMark(t_s, label))
    return marks


@dataclass(frozen=True, slots=True)
class Axes:
    """The rows of one chart, top to bottom, all as wide as its time axis."""

    start_s: float
    end_s: float
    titles: QRectF
    flags: QRectF
    spo2: QRectF
    main: QRectF
    clock: QRectF
    dose: QRectF

    def x(self, t_s: float) -> float:
        """Column of an instant; may lie outside."""
        return self.main.left() + (t_s - self.start_s) * self.px_per_s

    def t_s(self, x: float) -> float:
        """Instant of a column."""
        return self.start_s + (x - self.main.left()) / self.px_per_s

    @property
    def px_per_s(self) -> float:
        """Pixels of one second."""
        return self.main.width() / max(self.end_s - self.start_s, 1.0)

    def y(self, value: float) -> float:
        """Row of a pressure in mmHg or a rate in /min; values off the axis lie on its edge."""
        return _row(self.main, PRESSURE_RANGE, value)

    def y_spo2(self, percent: float) -> float:
        """Row of a saturation in its own band; below it, its lower edge."""
        return _row(self.spo2, SPO2_RANGE, percent)


def _row(rect: QRectF, span: tuple[float, float], value: float) -> float:
    low, high = span
    return rect.bottom() - (min(max(value, low), high) - low) / (high - low) * rect.height()


def lay_out(width: float, height: float, view: TrendView, style: TrendStyle) -> Axes:
    """Divide a chart of this size: texts get what they need, pressures the rest (screen.png)."""
    font = style.strong
    line, gap = QFontMetricsF(font).height(), style.px(4)
    left = style.px(24) + text_width(font, "SpO₂") + text_width(font, "000") + style.px(24)
    right = width - text_width(font, LONGEST_LIMIT_TEXT) - style.px(20)
    across = max(right - left, 1.0)
    top = gap
    rows = []
    fixed = (line, line, max(0.13 * height, 0.9 * line))
    below = (line, max(line, style.px(16)))
    main = max(height - sum(fixed) - sum(below) - 6 * gap, line)
    for row, space in zip((*fixed, main, *below), (0.0, gap, 2 * gap, gap, 0.0, 0.0), strict=True):
        rows.append(QRectF(left, top, across, row))
        top += row + space
    return Axes(view.start_s, view.end_s, *rows)


def to_pixels(view: TrendView, axes: Axes, *, clock_zero_utc_ms: int) -> TrendView:
    """Return the view with the instants that move at whole pixels: it is another only when it looks otherwise.

    ``clock_zero_utc_ms`` was shown last: two readings of two clocks differ by a hair each time.
    """
    px_s = 1 / axes.px_per_s

    def at(t_s: float) -> float:
        return px_s * round(t_s / px_s)

    start_s = at(view.start_s)
    near = abs(view.clock_zero_utc_ms - clock_zero_utc_ms) < CLOCK_STEP_MS
    return replace(
        view,
        start_s=start_s,
        end_s=start_s + (view.end_s - view.start_s),
        now_s=at(view.now_s),
        clock_zero_utc_ms=clock_zero_utc_ms if near else view.clock_zero_utc_ms,
        bands=tuple(TrendBand(at(b.start_s), at(b.end_s), b.title, b.kind, b.planned) for b in view.bands),
        dose_now_s=None if view.dose_now_s is None else at(view.dose_now_s),
        dose_end_s=None if view.dose_end_s is None else at(view.dose_end_s),
    )
