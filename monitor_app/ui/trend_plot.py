"""The trend's data on pyqtgraph: rate and saturation as curves, cuff readings as symbols, in two view boxes.

The chart paints its ground, names and numbers and lays this picture over them; it is plotted anew only when the data or
the axes have changed, not for every second of the moving present. It is a module of its own because the plotting library
takes most of a second to load: the window loads it behind the first waveform.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainterPath, QPixmap

from monitor_app.services.screen import TrendNibp, TrendView
from monitor_app.ui.trend_axis import PRESSURE_RANGE, SPO2_RANGE, Axes
from monitor_app.ui.trend_style import TrendStyle, faint

CHEVRON_PX = 11
MEAN_PX = 5
LINE_PX = 1.6
_FULL, _STRUCK = 255, 105
_JOIN_SHARE, _MEAN_SHARE = 0.5, 0.66

Series = tuple[tuple[float, float], ...]


def _arrow(side: int) -> QPainterPath:
    """An open arrow head of unit width whose tip is the value: systolic points down (1), diastolic up (-1)."""
    path = QPainterPath()
    path.moveTo(-0.5, -0.5 * side)
    path.lineTo(0.0, 0.0)
    path.lineTo(0.5, -0.5 * side)
    return path


def _strike() -> QPainterPath:
    """A stroke through a reading marked as an artefact: it stays visible, struck through (clinical.md §13.1)."""
    path = QPainterPath()
    path.moveTo(-0.5, 0.75)
    path.lineTo(0.5, -0.75)
    return path


SYSTOLIC, DIASTOLIC, STRIKE = _arrow(1), _arrow(-1), _strike()


class TrendPlot(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph is untyped
    """Plots a ``TrendView`` into the rectangles of ``Axes``. Never shown itself: ``picture`` is what it is for."""

    def __init__(self) -> None:
        super().__init__(None, useOpenGL=False, background=None)
        # The chart must show through: no brush, no cached background, nothing filled before painting.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setStyleSheet("background: transparent; border: none;")
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.viewport().setAutoFillBackground(False)
        self._main, self._spo2 = self._box(), self._box()
        self._joins = pg.PlotCurveItem(connect="pairs", antialias=True)
        self._hr = pg.PlotCurveItem(connect="finite", antialias=True)
        self._saturation = pg.PlotCurveItem(connect="finite", antialias=True)
        self._symbols = pg.ScatterPlotItem(pxMode=True, brush=None, antialias=True)
        for item in (self._joins, self._hr, self._symbols):
            self._main.addItem(item, ignoreBounds=True)
        self._spo2.addItem(self._saturation, ignoreBounds=True)
        self._plotted: tuple[object, ...] = ()
        self._picture = QPixmap()

    def _box(self) -> pg.ViewBox:
        box = pg.ViewBox(enableMouse=False, enableMenu=False, border=None)
        box.disableAutoRange()
        self.addItem(box)
        return box

    def picture(self, view: TrendView, axes: Axes, style: TrendStyle, size: QSize) -> QPixmap:
        """Return the data of this view where ``axes`` says, on nothing, at the size of the chart."""
        wanted = (view.hr, view.spo2, view.nibp, axes, size, id(style))
        if wanted != self._plotted:
            self._plotted = wanted
            self.resize(size)
            self._plot(view, axes, style)
            self._picture = self.grab()
        return self._picture

    def _plot(self, view: TrendView, axes: Axes, style: TrendStyle) -> None:
        for box, rect, (low, high) in (
            (self._main, axes.main, PRESSURE_RANGE),
            (self._spo2, axes.spo2, SPO2_RANGE),
        ):
            box.setGeometry(QRectF(rect))
            box.setRange(
                xRange=(axes.start_s, axes.end_s), yRange=(low, high), padding=0, disableAutoRange=True
            )
        width = style.px(LINE_PX)
        _draw(self._hr, view.hr, PRESSURE_RANGE, style.hr, width)
        _draw(self._saturation, view.spo2, SPO2_RANGE, style.spo2, width)
        shown = [r for r in view.nibp if axes.start_s <= r.t_s <= axes.end_s]
        self._show_joins(shown, style)
        self._symbols.setData([spot for r in shown for spot in _spots(r, style)])

    def _show_joins(self, readings: list[TrendNibp], style: TrendStyle) -> None:
        sound = [r for r in readings if not r.struck]
        ends = [(r.t_s, value) for r in sound for value in (r.systolic, r.diastolic)]
        colour = faint(style.nibp, round(_JOIN_SHARE * _FULL))
        _draw(self._joins, tuple(ends), PRESSURE_RANGE, colour, 1.0)


def _draw(
    curve: pg.PlotCurveItem, points: Series, span: tuple[float, float], colour: QColor, width: float
) -> None:
    """Set a curve's points, unsmoothed; what lies off the axis lies on its edge."""
    table = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    curve.setPen(pg.mkPen(colour, width=width))
    # Long thick lines are drawn in segments: Qt's rasteriser takes ten times as long for one of thousands of points.
    curve.setSegmentedLineMode("on")
    curve.setData(table[:, 0], np.clip(table[:, 1], *span))


def _spots(reading: TrendNibp, style: TrendStyle) -> list[dict[str, object]]:
    """The symbols of one reading: systolic ˅, diastolic ˄, mean ×, and the stroke through one marked wrong."""
    strength = _STRUCK if reading.struck else _FULL
    colour = faint(style.alarm(reading.priority, style.nibp), strength)
    arrow = {"pen": pg.mkPen(colour, width=max(1.2, style.px(1.8))), "size": style.px(CHEVRON_PX)}
    mean_pen = pg.mkPen(faint(colour, round(_MEAN_SHARE * strength)), width=max(1.0, style.px(1.2)))
    low, high = PRESSURE_RANGE
    at = {"sys": reading.systolic, "dia": reading.diastolic, "mean": reading.mean}
    y = {name: min(max(value, low), high) for name, value in at.items()}
    spots: list[dict[str, object]] = [
        {"pos": (reading.t_s, y["sys"]), "symbol": SYSTOLIC, **arrow},
        {"pos": (reading.t_s, y["dia"]), "symbol": DIASTOLIC, **arrow},
        {"pos": (reading.t_s, y["mean"]), "symbol": "x", "pen": mean_pen, "size": style.px(MEAN_PX)},
    ]
    if reading.struck:
        spots.append({"pos": (reading.t_s, y["mean"]), "symbol": STRIKE, **arrow})
    return spots
