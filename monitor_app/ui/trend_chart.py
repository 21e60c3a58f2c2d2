"""The trend as an anaesthesia chart (clinical.md §13.1): pressures, rate, saturation, phases, events, dose on one axis."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from monitor_app.services.screen import TrendNibp, TrendView
from monitor_app.ui.trend_axis import WallClockAxis
from monitor_app.ui.trend_rows import DoseRow, FlagRow
from monitor_app.ui.trend_style import TrendStyle

PRESSURE_RANGE = (40.0, 220.0)
"""Axis of pressures and rate (screen.md, Trend)."""
SPO2_RANGE = (80.0, 101.0)
NAME_WIDTH_PX = 48
AXIS_WIDTH_PX = 34
SPO2_SHARE = 0.15
"""Part of the height that the saturation's own band takes."""


def _chevron(*, up: bool) -> QPainterPath:
    """The chart's symbols for systolic and diastolic: an open arrow head whose tip is the value."""
    path = QPainterPath()
    side = 0.45 if up else -0.45
    path.moveTo(-0.4, side)
    path.lineTo(0.0, 0.0)
    path.lineTo(0.4, side)
    return path


SYSTOLIC_SYMBOL = _chevron(up=False)
DIASTOLIC_SYMBOL = _chevron(up=True)


class TrendChart(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph is untyped
    """Draws a ``TrendView``. ``show_trend`` skips what has not changed. Qt thread only."""

    def __init__(self, style: TrendStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TrendView | None = None
        self.setAccessibleName("Trend of pressures, heart rate and saturation")
        self.setFrameShape(self.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The layout's own size hint is larger than a laptop's trend row.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._clock = WallClockAxis()
        self.set_style(style)

    def set_style(self, style: TrendStyle) -> None:
        """Build the chart in these colours."""
        self._style = style
        self.clear()
        self.setBackground(style.background)
        self.ci.layout.setSpacing(0)
        self.ci.layout.setContentsMargins(8, 2, 12, 0)
        self._clock = WallClockAxis()
        self._flags = FlagRow(self._plot(0, (0.0, 1.0), fixed_px=36), style)
        self._spo2_plot = self._plot(1, SPO2_RANGE, ticks=(90, 100), label="SpO₂")
        self._plot_main = self._plot(
            2, PRESSURE_RANGE, ticks=(60, 100, 140, 180), label="BP", clock=self._clock
        )
        self._dose = DoseRow(self._plot(3, (0.0, 1.0), fixed_px=18, label="mg"), style)
        self._curves()
        view, self._view = self._view, None
        if view is not None:
            self.show_trend(view)

    def _plot(
        self,
        row: int,
        y_range: tuple[float, float],
        *,
        ticks: tuple[int, ...] = (),
        label: str = "",
        fixed_px: int = 0,
        clock: WallClockAxis | None = None,
    ) -> pg.PlotItem:
        style = self._style
        plot = pg.PlotItem(axisItems={"bottom": clock} if clock else None)
        self.addItem(plot, row=row, col=1)
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setYRange(*y_range, padding=0)
        left = plot.getAxis("left")
        left.setWidth(AXIS_WIDTH_PX)
        left.setTicks([[(value, str(value)) for value in ticks]])
        left.setPen(None)
        left.setStyle(tickLength=0, tickFont=style.font)
        left.setTextPen(style.muted)
        colour = {"SpO₂": style.spo2, "mg": style.drug}.get(label, style.text)
        name = self.addLabel(
            label, row=row, col=0, color=colour, size=f"{style.font.pixelSize()}px", bold=True
        )
        name.setFixedWidth(NAME_WIDTH_PX)
        bottom = plot.getAxis("bottom")
        if clock is None:
            plot.hideAxis("bottom")
        else:
            bottom.setPen(pg.mkPen(None))
            bottom.setHeight(20)
            bottom.setTextPen(style.muted)
            bottom.setStyle(tickLength=0, tickFont=style.font)
            plot.showGrid(x=True, y=True, alpha=0.16)
        if fixed_px:
            plot.setFixedHeight(fixed_px)
        return plot

    def _curves(self) -> None:
        style, main = self._style, self._plot_main
        self._bands: list[pg.LinearRegionItem] = []
        self._ribbon = pg.LinearRegionItem(
            orientation="horizontal", movable=False, brush=_faint(style.nibp, 14), pen=pg.mkPen(None)
        )
        self._ribbon.setZValue(-9)
        self._limit = pg.InfiniteLine(
            angle=0, pen=pg.mkPen(_faint(style.muted, 200), style=Qt.PenStyle.DashLine)
        )
        self._limit_text = pg.TextItem(color=style.muted, anchor=(1, 1))
        self._now_line = pg.InfiniteLine(angle=90, pen=pg.mkPen(_faint(style.text, 120)))
        for item in (self._ribbon, self._limit, self._limit_text, self._now_line):
            main.addItem(item, ignoreBounds=True)
        self._joins = main.plot(connect="pairs", pen=pg.mkPen(_faint(style.nibp, 150), width=1))
        self._hr = main.plot(connect="finite", pen=pg.mkPen(style.hr, width=1.5))
        self._spo2 = self._spo2_plot.plot(connect="finite", pen=pg.mkPen(style.spo2, width=1.5))
        self._pressures = pg.ScatterPlotItem(pxMode=True, size=16, brush=None)
        self._means = pg.ScatterPlotItem(
            pxMode=True, size=6, symbol="x", pen=pg.mkPen(_faint(style.nibp, 150))
        )
        main.addItem(self._means)
        main.addItem(self._pressures)
        for plot in (self._spo2_plot, self._flags.plot, self._dose.plot):
            plot.setXLink(main)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the saturation its share and the pressures the rest."""
        super().resizeEvent(event)
        if hasattr(self, "_spo2_plot"):
            self._spo2_plot.setFixedHeight(max(SPO2_SHARE * self.height(), 24))

    def show_trend(self, view: TrendView) -> None:
        """Draw what has changed since the last call."""
        before, self._view = self._view, view
        if before == view:
            return
        self._clock.set_zero(view.clock_zero_utc_ms)
        if before is None or (before.start_s, before.end_s) != (view.start_s, view.end_s):
            self._plot_main.setXRange(view.start_s, view.end_s, padding=0)
        self._now_line.setValue(view.now_s)
        if before is None or before.hr != view.hr or before.spo2 != view.spo2:
            self._hr.setData(*_columns(view.hr))
            self._spo2.setData(*_columns(view.spo2))
        if before is None or before.nibp != view.nibp:
            self._show_pressures(view.nibp)
        if before is None or before.bands != view.bands:
            self._show_bands(view)
        self._show_references(view)
        self._flags.show(view)
        self._dose.show(view)

    def _show_pressures(self, readings: tuple[TrendNibp, ...]) -> None:
        joins = [(r.t_s, v) for r in readings for v in (r.systolic, r.diastolic)]
        self._joins.setData(*_columns(tuple(joins)))
        spots = []
        for reading in readings:
            colour = self._style.alarms[reading.priority.value] if reading.priority else self._style.nibp
            pen = pg.mkPen(_faint(colour, 110) if reading.struck else colour, width=2)
            spots.append({"pos": (reading.t_s, reading.systolic), "symbol": SYSTOLIC_SYMBOL, "pen": pen})
            spots.append({"pos": (reading.t_s, reading.diastolic), "symbol": DIASTOLIC_SYMBOL, "pen": pen})
        self._pressures.setData(spots)
        self._means.setData([r.t_s for r in readings], [r.mean for r in readings])

    def _show_bands(self, view: TrendView) -> None:
        for band in self._bands:
            self._plot_main.removeItem(band)
        self._bands = []
        for band in view.bands:
            colour = self._style.bands.get(band.kind, self._style.grid)
            item = pg.LinearRegionItem(
                (band.start_s, band.end_s),
                movable=False,
                pen=pg.mkPen(None),
                brush=_faint(colour, 16 if band.planned else 28),
            )
            item.setZValue(-10)
            self._plot_main.addItem(item, ignoreBounds=True)
            self._bands.append(item)

    def _show_references(self, view: TrendView) -> None:
        has_baseline = view.baseline_low is not None and view.baseline_high is not None
        self._ribbon.setVisible(has_baseline)
        if has_baseline:
            self._ribbon.setRegion((view.baseline_low, view.baseline_high))
        self._limit.setVisible(view.limit is not None)
        self._limit_text.setVisible(view.limit is not None)
        if view.limit is not None:
            self._limit.setValue(view.limit)
            self._limit_text.setText(view.limit_text)
            self._limit_text.setPos(view.end_s, view.limit)
            self._limit_text.setFont(self._style.font)


def _columns(points: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    table = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _faint(colour: QColor, alpha: int) -> QColor:
    faint = QColor(colour)
    faint.setAlpha(alpha)
    return faint
