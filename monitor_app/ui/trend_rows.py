"""The narrow rows of the trend: phase names and event flags above the data, the dose bar below it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen, QPolygonF

from monitor_app.services.screen import TrendFlag, TrendView
from monitor_app.ui.canvas import Canvas, Run
from monitor_app.ui.trend_axis import Axes
from monitor_app.ui.trend_style import TrendStyle, faint

MARK_PX = 9
"""Width of a flag's triangle."""
DOSE_BAR_PX = 9


@dataclass(frozen=True, slots=True)
class PlacedFlag:
    """A flag at ``x``; its words begin at ``words_x``, or are left out (None)."""

    flag: TrendFlag
    x: float
    words_x: float | None


def baseline_of(row: QRectF, style: TrendStyle) -> float:
    """Where a line of text stands in a row."""
    metrics = QFontMetricsF(style.font)
    return row.center().y() + 0.5 * metrics.capHeight()


def text_width(text: str, style: TrendStyle) -> float:
    """How far a text of the chart advances."""
    return QFontMetricsF(style.font).horizontalAdvance(text)


def draw_titles(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Write each phase's name over its band, if it has room there."""
    metrics, pad = QFontMetricsF(style.font), style.px(8)
    for band in view.bands:
        if not band.title:
            continue
        title = f"{band.title} (planned)" if band.planned else band.title
        start = max(axes.x(band.start_s), axes.titles.left()) + pad
        end = min(axes.x(band.end_s), axes.titles.right())
        current = band.start_s <= view.now_s <= band.end_s and not band.planned
        if current:  # the phase that grows may run on into the empty part
            end = max(end, _next_title_x(axes, view, band.end_s))
        if start + metrics.horizontalAdvance(title) <= end:
            canvas.text(start, baseline_of(axes.titles, style), Run(title, style.font, style.muted))


def _next_title_x(axes: Axes, view: TrendView, after_s: float) -> float:
    later = [axes.x(band.start_s) for band in view.bands if band.title and band.start_s >= after_s]
    return min([*later, axes.titles.right()])


def draw_flags(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Draw every event as a flag on a row of its own: never over data."""
    row, half = axes.flags, 0.5 * style.px(MARK_PX)
    top, bottom = row.center().y() - 0.9 * half, row.center().y() + 0.9 * half
    for placed in place_flags(view.flags, axes, style):
        colour = _colour(placed.flag, style)
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        canvas.painter.setBrush(colour)
        x = placed.x
        canvas.painter.drawPolygon(
            QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, bottom)])
        )
        if placed.words_x is not None:
            canvas.text(placed.words_x, baseline_of(row, style), Run(placed.flag.text, style.font, colour))


def place_flags(flags: tuple[TrendFlag, ...], axes: Axes, style: TrendStyle) -> list[PlacedFlag]:
    """Give words to as many flags as have room, the most urgent first, then the newest; the others keep their mark."""
    metrics, half, pad = QFontMetricsF(style.font), 0.5 * style.px(MARK_PX), style.px(4)
    shown = [f for f in flags if axes.start_s <= f.t_s <= axes.end_s]
    marks = {id(f): axes.x(f.t_s) for f in shown}
    taken = [(x - half, x + half) for x in marks.values()]
    words: dict[int, float] = {}
    urgent_first = sorted(shown, key=lambda f: (-_rank(f), -f.t_s))
    for on_the_right in (True, False):
        for flag in urgent_first:
            x, width = marks[id(flag)], metrics.horizontalAdvance(flag.text)
            start = x + half + pad if on_the_right else x - half - pad - width
            inside = axes.flags.left() <= start and start + width <= axes.flags.right()
            if id(flag) not in words and inside and _free(taken, x, (start - pad, start + width + pad)):
                words[id(flag)] = start
                taken.append((start, start + width))
    return [PlacedFlag(f, marks[id(f)], words.get(id(f))) for f in shown]


def _free(taken: list[tuple[float, float]], own_x: float, span: tuple[float, float]) -> bool:
    """Whether nothing but the mark standing at ``own_x`` lies in the span."""
    others = (t for t in taken if abs(0.5 * (t[0] + t[1]) - own_x) > 1e-6)
    return all(end <= span[0] or begin >= span[1] for begin, end in others)


def _rank(flag: TrendFlag) -> int:
    return -1 if flag.priority is None else flag.priority.rank


def _colour(flag: TrendFlag, style: TrendStyle) -> QColor:
    return style.alarm(flag.priority, style.drug if flag.kind == "drug" else style.muted)


def draw_dose(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Draw what has been given, the outline of what is planned, and beside it the running mg."""
    start, now, end = view.dose_start_s, view.dose_now_s, view.dose_end_s
    if start is None or now is None or end is None:
        return
    row, height = axes.dose, style.px(DOSE_BAR_PX)
    top = row.center().y() - 0.5 * height
    left, right = (min(max(axes.x(t), row.left()), row.right()) for t in (start, max(end, now)))
    given = min(max(axes.x(now), left), right)
    bar = QRectF(left, top, right - left, height)
    if right - given > 1:
        canvas.outline(bar, QPen(faint(style.drug, 130), 1), 2)
    canvas.fill(QRectF(left, top, given - left, height), style.drug, min(2.0, 0.5 * (given - left)))
    run = Run(view.dose_text, style.font, style.drug)
    room = QFontMetricsF(style.font).horizontalAdvance(view.dose_text) + style.px(8)
    x = right + style.px(8) if right + room <= row.right() + style.px(60) else left - room
    canvas.text(x, baseline_of(row, style), run)
