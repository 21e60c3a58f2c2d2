"""The narrow rows of the trend: phase names above the data, the dose bar below it."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPen

from monitor_app.services.screen import TrendView
from monitor_app.ui.canvas import Canvas, Run
from monitor_app.ui.fonts import text_width
from monitor_app.ui.trend_axis import Axes
from monitor_app.ui.trend_style import TrendStyle, faint

DOSE_BAR_PX = 9


def baseline_of(row: QRectF, style: TrendStyle) -> float:
    """Where a line of text stands in a row."""
    metrics = QFontMetricsF(style.font)
    return row.center().y() + 0.5 * metrics.capHeight()


def draw_titles(canvas: Canvas, axes: Axes, view: TrendView, style: TrendStyle) -> None:
    """Write each phase's name over its band, if it has room there."""
    pad = style.px(8)
    for band in view.bands:
        if not band.title:
            continue
        title = f"{band.title} (planned)" if band.planned else band.title
        start = max(axes.x(band.start_s), axes.titles.left()) + pad
        end = min(axes.x(band.end_s), axes.titles.right())
        current = band.start_s <= view.now_s <= band.end_s and not band.planned
        if current:  # the phase that grows may run on into the empty part
            end = max(end, _next_title_x(axes, view, band.end_s))
        if start + text_width(style.font, title) <= end:
            canvas.text(start, baseline_of(axes.titles, style), Run(title, style.font, style.muted))


def _next_title_x(axes: Axes, view: TrendView, after_s: float) -> float:
    later = [axes.x(band.start_s) for band in view.bands if band.title and band.start_s >= after_s]
    return min([*later, axes.titles.right()])


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
    room = text_width(style.font, view.dose_text) + style.px(8)
    x = right + style.px(8) if right + room <= row.right() + style.px(60) else left - room
    canvas.text(x, baseline_of(row, style), run)
