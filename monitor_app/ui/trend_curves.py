"""What the trend shows over time: phase bands, references, the grid and its numbers, the limit, the present."""

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from monitor_app.services.screen import TrendNibp, TrendView
from monitor_app.ui.canvas import Canvas, Run
from monitor_app.ui.fonts import text_width
from monitor_app.ui.trend_axis import PRESSURE_RANGE, PRESSURE_TICKS, SPO2_TICKS, Axes, TimeMark
from monitor_app.ui.trend_rows import baseline_of
from monitor_app.ui.trend_style import TrendStyle, faint

NUMBER_BESIDE_PX = 11
_BAND_ALPHA, _PLANNED_ALPHA = 22, 11
_HEAVY_ALPHA, _LIGHT_ALPHA, _ROW_ALPHA = 40, 14, 16


def draw_ground(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Tint the phases, from the flags' foot down to the clock; what is planned is fainter."""
    top, bottom = axes.spo2.top(), axes.main.bottom()
    for band in view.bands:
        left, right = (
            min(max(axes.x(t), axes.main.left()), axes.main.right()) for t in (band.start_s, band.end_s)
        )
        colour = style.bands.get(band.kind, style.grid)
        alpha = _PLANNED_ALPHA if band.planned else _BAND_ALPHA
        _rule(canvas, QRectF(left, top, right - left, bottom - top), faint(colour, alpha))
    if view.baseline_low is not None and view.baseline_high is not None:
        high, low = axes.y(view.baseline_high), axes.y(view.baseline_low)
        _rule(canvas, QRectF(axes.main.left(), high, axes.main.width(), low - high), faint(style.nibp, 15))


def draw_grid(canvas: Canvas, axes: Axes, marks: list[TimeMark], style: TrendStyle) -> None:
    """Draw five-minute columns, heavier quarter hours with their time, and the rows that have numbers."""
    heavy, light = faint(style.grid, _HEAVY_ALPHA), faint(style.grid, _LIGHT_ALPHA)
    half = 0.5 * text_width(style.font, "00:00")
    for mark in marks:
        x = round(axes.x(mark.t_s))
        for row in (axes.spo2, axes.main):
            _rule(canvas, QRectF(x, row.top(), 1, row.height()), heavy if mark.label else light)
        if mark.label and x - half >= 0:
            canvas.text(x - half, baseline_of(axes.clock, style), Run(mark.label, style.font, style.muted))
    for y in _numbered_rows(axes):
        _rule(canvas, QRectF(axes.main.left(), y, axes.main.width(), 1), faint(style.grid, _ROW_ALPHA))


def _rule(canvas: Canvas, rect: QRectF, colour: QColor) -> None:
    """Fill whole pixels: sharp, and much cheaper than antialiased edges."""
    canvas.painter.fillRect(rect.toRect(), colour)


def _numbered_rows(axes: Axes) -> list[float]:
    return [axes.y_spo2(v) for v in SPO2_TICKS] + [axes.y(v) for v in PRESSURE_TICKS if v < PRESSURE_RANGE[1]]


def draw_scales(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Write names and numbers at the left, the span of the chart at the right."""
    metrics = QFontMetricsF(style.font)
    edge, name_x = axes.main.left() - style.px(10), style.px(24)
    lift = 0.5 * metrics.capHeight()
    clear = -1.0
    numbers = [(axes.y_spo2(v), v) for v in reversed(SPO2_TICKS)] + [
        (axes.y(v), v) for v in reversed(PRESSURE_TICKS)
    ]
    for y, value in numbers:
        if y - lift >= clear and value != PRESSURE_RANGE[1]:
            canvas.right(edge, y + lift, Run(str(value), style.font, style.muted))
            clear = y + lift + 2
    middle = axes.spo2.center().y()
    names = (("SpO₂", style.spo2, middle), ("BP", style.text, axes.y(150)), ("HR", style.hr, axes.y(80)))
    for name, colour, y in (*names, ("mg", style.drug, axes.dose.center().y())):
        canvas.text(name_x, y + lift, Run(name, style.strong, colour))
    canvas.text(
        axes.main.right() + style.px(10),
        baseline_of(axes.titles, style),
        Run(view.window_text, style.font, style.muted),
    )


def draw_limit(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Draw the limit in force, dashed; its words stand beside the chart, where no data comes."""
    if view.limit is None or not PRESSURE_RANGE[0] <= view.limit <= PRESSURE_RANGE[1]:
        return
    y = axes.y(view.limit)
    pen = QPen(faint(style.muted, 200), 1)
    pen.setDashPattern([5, 4])
    canvas.painter.setPen(pen)
    canvas.painter.drawLine(QLineF(axes.main.left(), round(y) + 0.5, axes.main.right(), round(y) + 0.5))
    lift = 0.5 * QFontMetricsF(style.font).capHeight()
    canvas.text(axes.main.right() + style.px(10), y + lift, Run(view.limit_text, style.font, style.muted))


def draw_off_axis(canvas: Canvas, axes: Axes, readings: tuple[TrendNibp, ...], style: TrendStyle) -> None:
    """Write the number of a systolic value above the axis beside its symbol, which lies on the edge."""
    for reading in readings:
        beyond = reading.systolic > PRESSURE_RANGE[1] and not reading.struck
        if beyond and axes.start_s <= reading.t_s <= axes.end_s:
            value = Run(f"{reading.systolic:.0f}", style.font, style.alarm(reading.priority, style.nibp))
            below = axes.y(reading.systolic) + QFontMetricsF(style.font).capHeight()
            canvas.text(axes.x(reading.t_s) + style.px(NUMBER_BESIDE_PX), below, value)


def draw_now(canvas: Canvas, axes: Axes, view: TrendView, colour: QColor) -> None:
    """Draw the line of the present, from the saturation down to the dose."""
    x = axes.x(view.now_s)
    if axes.main.left() <= x <= axes.main.right():
        top, bottom = axes.spo2.top(), axes.main.bottom()
        _rule(canvas, QRectF(round(x), top, 1, bottom - top), faint(colour, 130))
