"""What the trend shows over time: phase bands, references, rate and saturation as lines, cuff readings as symbols."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from monitor_app.services.screen import TrendNibp, TrendView
from monitor_app.ui.canvas import Canvas, Run
from monitor_app.ui.polyline import polygon_of, unbroken
from monitor_app.ui.trend_axis import PRESSURE_RANGE, PRESSURE_TICKS, SPO2_TICKS, Axes, TimeMark
from monitor_app.ui.trend_rows import baseline_of
from monitor_app.ui.trend_style import TrendStyle, faint

CHEVRON_PX = 11
MEAN_PX = 5
LINE_PX = 1.6
_BAND_ALPHA, _PLANNED_ALPHA = 22, 11
_HEAVY_ALPHA, _LIGHT_ALPHA, _ROW_ALPHA = 40, 14, 16

Series = tuple[tuple[float, float], ...]


def draw_ground(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Tint the phases, from the flags' foot down to the clock; what is planned is fainter."""
    top, bottom = axes.spo2.top(), axes.main.bottom()
    for band in view.bands:
        left, right = (
            min(max(axes.x(t), axes.main.left()), axes.main.right()) for t in (band.start_s, band.end_s)
        )
        colour = style.bands.get(band.kind, style.grid)
        alpha = _PLANNED_ALPHA if band.planned else _BAND_ALPHA
        canvas.fill(QRectF(left, top, right - left, bottom - top), faint(colour, alpha))
    if view.baseline_low is not None and view.baseline_high is not None:
        high, low = axes.y(view.baseline_high), axes.y(view.baseline_low)
        canvas.fill(QRectF(axes.main.left(), high, axes.main.width(), low - high), faint(style.nibp, 15))


def draw_grid(canvas: Canvas, axes: Axes, marks: list[TimeMark], style: TrendStyle) -> None:
    """Draw five-minute columns, heavier quarter hours with their time, and the rows that have numbers."""
    metrics = QFontMetricsF(style.font)
    for mark in marks:
        x = round(axes.x(mark.t_s))
        alpha = _HEAVY_ALPHA if mark.label else _LIGHT_ALPHA
        for row in (axes.spo2, axes.main):
            canvas.fill(QRectF(x, row.top(), 1, row.height()), faint(style.grid, alpha))
        half = 0.5 * metrics.horizontalAdvance(mark.label)
        if mark.label and x - half >= 0:
            canvas.text(x - half, baseline_of(axes.clock, style), Run(mark.label, style.font, style.muted))
    for y in _numbered_rows(axes):
        canvas.fill(QRectF(axes.main.left(), round(y), axes.main.width(), 1), faint(style.grid, _ROW_ALPHA))


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


def draw_curves(painter: QPainter, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Draw rate and saturation as they came: unsmoothed, the pen lifted over gaps."""
    for points, row_of, colour in ((view.hr, axes.y, style.hr), (view.spo2, axes.y_spo2, style.spo2)):
        if not points:
            continue
        table = np.asarray(points, dtype=np.float64)
        x = axes.main.left() + (table[:, 0] - axes.start_s) * axes.px_per_s
        low, high = row_of(-1e9), row_of(1e9)
        scale = row_of(100.0) - row_of(99.0)
        y = np.clip(row_of(100.0) + (table[:, 1] - 100.0) * scale, high, low)
        _draw_line(painter, x, y, QPen(colour, style.px(LINE_PX)))


def _draw_line(painter: QPainter, x: np.ndarray, y: np.ndarray, pen: QPen) -> None:  # type: ignore[type-arg]
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for run in unbroken(y):
        if run.stop - run.start > 1:
            painter.drawPolyline(polygon_of(x[run], y[run]))
        else:
            painter.drawPoint(QPointF(x[run.start], y[run.start]))


def draw_readings(canvas: Canvas, axes: Axes, readings: tuple[TrendNibp, ...], style: TrendStyle) -> None:
    """Draw systolic ˅ and diastolic ˄, tips on their values, joined; mean ×; one marked wrong is struck through."""
    for reading in readings:
        if axes.start_s <= reading.t_s <= axes.end_s:
            _draw_reading(canvas, axes, reading, style)


def _draw_reading(canvas: Canvas, axes: Axes, reading: TrendNibp, style: TrendStyle) -> None:
    painter, x = canvas.painter, axes.x(reading.t_s)
    colour = style.alarm(reading.priority, style.nibp)
    strength = 120 if reading.struck else 255
    systolic, diastolic, mean = (axes.y(v) for v in (reading.systolic, reading.diastolic, reading.mean))
    painter.setPen(QPen(faint(colour, strength // 2), 1))
    painter.drawLine(QLineF(x, systolic, x, diastolic))
    half = 0.5 * style.px(MEAN_PX)
    painter.setPen(QPen(faint(colour, 2 * strength // 3), max(1.0, style.px(1.2))))
    painter.drawLine(QLineF(x - half, mean - half, x + half, mean + half))
    painter.drawLine(QLineF(x - half, mean + half, x + half, mean - half))
    painter.setPen(QPen(faint(colour, strength), max(1.2, style.px(1.8))))
    painter.drawPolyline(_chevron(x, systolic, -style.px(CHEVRON_PX)))
    painter.drawPolyline(_chevron(x, diastolic, style.px(CHEVRON_PX)))
    if reading.struck:
        painter.drawLine(QLineF(x - 2 * half, mean + 3 * half, x + 2 * half, mean - 3 * half))
    elif reading.systolic > PRESSURE_RANGE[1]:  # off the axis: its number stands beside the symbol
        value = Run(f"{reading.systolic:.0f}", style.font, colour)
        canvas.text(x + style.px(CHEVRON_PX), systolic + QFontMetricsF(style.font).capHeight(), value)


def _chevron(x: float, tip: float, size: float) -> QPolygonF:
    """An open arrow head with its tip on the value; a negative size points down."""
    half = 0.5 * abs(size)
    return QPolygonF([QPointF(x - half, tip + half * (1 if size > 0 else -1)), QPointF(x, tip),
                      QPointF(x + half, tip + half * (1 if size > 0 else -1))])  # fmt: skip


def draw_now(canvas: Canvas, axes: Axes, view: TrendView, colour: QColor) -> None:
    """Draw the line of the present, from the saturation down to the dose."""
    x = axes.x(view.now_s)
    if axes.main.left() <= x <= axes.main.right():
        top, bottom = axes.spo2.top(), axes.main.bottom()
        canvas.fill(QRectF(round(x), top, 1, bottom - top), faint(colour, 130))
