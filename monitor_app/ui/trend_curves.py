"""What the trend shows over time: phase bands, references, rate and saturation as lines, cuff readings as symbols."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from monitor_app.services.screen import TrendNibp, TrendView
from monitor_app.ui.canvas import Canvas, Run
from monitor_app.ui.polyline import polygon_of, unbroken
from monitor_app.ui.trend_axis import PRESSURE_RANGE, PRESSURE_TICKS, SPO2_TICKS, Axes, TimeMark
from monitor_app.ui.trend_rows import baseline_of
from monitor_app.ui.trend_style import TrendStyle, faint

CHEVRON_PX = 11
MEAN_PX = 5
LINE_PX = 1.6
PIECE_POINTS = 100
"""Long lines are drawn in pieces: Qt's rasteriser takes ten times as long for one of thousands of points."""
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
        _rule(canvas, QRectF(left, top, right - left, bottom - top), faint(colour, alpha))
    if view.baseline_low is not None and view.baseline_high is not None:
        high, low = axes.y(view.baseline_high), axes.y(view.baseline_low)
        _rule(canvas, QRectF(axes.main.left(), high, axes.main.width(), low - high), faint(style.nibp, 15))


def draw_grid(canvas: Canvas, axes: Axes, marks: list[TimeMark], style: TrendStyle) -> None:
    """Draw five-minute columns, heavier quarter hours with their time, and the rows that have numbers."""
    metrics = QFontMetricsF(style.font)
    heavy, light = faint(style.grid, _HEAVY_ALPHA), faint(style.grid, _LIGHT_ALPHA)
    half = 0.5 * metrics.horizontalAdvance("00:00")
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
        if run.stop - run.start == 1:
            painter.drawPoint(QPointF(x[run.start], y[run.start]))
        for start in range(run.start, run.stop - 1, PIECE_POINTS):
            piece = slice(start, min(start + PIECE_POINTS + 1, run.stop))
            painter.drawPolyline(polygon_of(x[piece], y[piece]))


def draw_readings(canvas: Canvas, axes: Axes, readings: tuple[TrendNibp, ...], style: TrendStyle) -> None:
    """Draw systolic ˅ and diastolic ˄, tips on their values, joined; mean ×; one marked wrong is struck through."""
    shown = [r for r in readings if axes.start_s <= r.t_s <= axes.end_s]
    for kind in dict.fromkeys((r.priority, r.struck) for r in shown):
        colour = style.alarm(kind[0], style.nibp)
        alike = [r for r in shown if (r.priority, r.struck) == kind]
        _draw_alike(canvas.painter, axes, alike, style)
        for reading in alike:  # off the axis: its number stands beside the symbol
            if reading.systolic > PRESSURE_RANGE[1] and not reading.struck:
                value = Run(f"{reading.systolic:.0f}", style.font, colour)
                below = axes.y(reading.systolic) + QFontMetricsF(style.font).capHeight()
                canvas.text(axes.x(reading.t_s) + style.px(CHEVRON_PX), below, value)


def _draw_alike(painter: QPainter, axes: Axes, readings: list[TrendNibp], style: TrendStyle) -> None:
    """Draw readings of one colour with three calls in all."""
    half, arm = 0.5 * style.px(MEAN_PX), 0.5 * style.px(CHEVRON_PX)
    joins, means, arrows = [], [], []
    for r in readings:
        x, systolic, diastolic, mean = axes.x(r.t_s), axes.y(r.systolic), axes.y(r.diastolic), axes.y(r.mean)
        joins.append(QLineF(x, systolic, x, diastolic))
        means += [QLineF(x - half, mean + side * half, x + half, mean - side * half) for side in (-1, 1)]
        arrows += [QLineF(x + side * arm, systolic - arm, x, systolic) for side in (-1, 1)]
        arrows += [QLineF(x + side * arm, diastolic + arm, x, diastolic) for side in (-1, 1)]
        if r.struck:
            arrows.append(QLineF(x - arm, mean + 1.5 * arm, x + arm, mean - 1.5 * arm))
    colour = style.alarm(readings[0].priority, style.nibp)
    strength = 120 if readings[0].struck else 255
    for lines, width, alpha in (
        (joins, 1.0, 0.5),
        (means, max(1.0, style.px(1.2)), 0.66),
        (arrows, max(1.2, style.px(1.8)), 1),
    ):
        pen = QPen(faint(colour, round(alpha * strength)), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLines(lines)


def draw_now(canvas: Canvas, axes: Axes, view: TrendView, colour: QColor) -> None:
    """Draw the line of the present, from the saturation down to the dose."""
    x = axes.x(view.now_s)
    if axes.main.left() <= x <= axes.main.right():
        top, bottom = axes.spo2.top(), axes.main.bottom()
        _rule(canvas, QRectF(round(x), top, 1, bottom - top), faint(colour, 130))
