"""The trend as an anaesthesia chart (clinical.md §13.1): pressures, rate, saturation, phases, events, dose on one axis.

Ground, names, numbers, flags and dose are painted here; the data are plotted over them with pyqtgraph (``trend_plot``),
which is loaded when there is something to plot.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from monitor_app.services.screen import TrendView
from monitor_app.ui import trend_curves as curves
from monitor_app.ui import trend_rows as rows
from monitor_app.ui.canvas import Canvas, Placed
from monitor_app.ui.fonts import text_width
from monitor_app.ui.trend_axis import Axes, lay_out, time_marks, to_pixels
from monitor_app.ui.trend_flags import draw_flags
from monitor_app.ui.trend_reading import reading_text
from monitor_app.ui.trend_style import TrendStyle

if TYPE_CHECKING:
    from monitor_app.ui.trend_plot import TrendPlot

LEAST_HEIGHT_PX = 120
LEAST_INTERVAL_S = 0.9
"""A chart of minutes is drawn at most once a second; states come at least as often."""


class TrendChart(QWidget):
    """Draws a ``TrendView``. ``show_trend`` skips what would not look otherwise. Qt thread only.

    ``placed`` are the texts of the last picture. Resting the pointer on the chart reads all values at that instant.
    """

    def __init__(self, style: TrendStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._exact: TrendView | None = None
        self._view: TrendView | None = None
        self._shown_s = 0.0
        self._plot: TrendPlot | None = None
        self.placed: tuple[Placed, ...] = ()
        self.setAccessibleName(self.tr("Trend of pressures, heart rate and saturation"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_style(self, style: TrendStyle) -> None:
        """Draw in these colours and sizes from now on."""
        self._style = style
        self.update()

    def show_trend(self, view: TrendView) -> None:
        """Draw this chart, if it looks otherwise than the last."""
        self._exact = view
        zero_ms = view.clock_zero_utc_ms if self._view is None else self._view.clock_zero_utc_ms
        axes = lay_out(self.width(), self.height(), view, self._style)
        seen = to_pixels(view, axes, clock_zero_utc_ms=zero_ms)
        if seen != self._view and not self._soon_after_last(view):
            self._shown_s = view.now_s
            self._view = seen
            self.update()

    def _soon_after_last(self, view: TrendView) -> bool:
        """Whether the chart on the screen is so new that this one can wait: more alarms than seconds must not hold it up."""
        if self._view is None or view.window_text != self._view.window_text:
            return False
        return 0.0 < view.now_s - self._shown_s < LEAST_INTERVAL_S

    def warm_up(self) -> None:
        """Load the plotting library now, so that the first value does not wait for it."""
        if self._plot is None:
            from monitor_app.ui.trend_plot import TrendPlot  # noqa: PLC0415 - it takes most of a second to load

            self._plot = TrendPlot()

    def _data(self, axes: Axes, view: TrendView) -> QPixmap | None:
        """The plotted data, once there are any."""
        if self._plot is None:
            if not (view.hr or view.spo2 or view.nibp):
                return None
            self.warm_up()
        assert self._plot is not None
        return self._plot.picture(view, axes, self._style, self.size())

    @property
    def axes(self) -> Axes | None:
        """Where everything lies; None before the first chart."""
        view = self._view
        return None if view is None else lay_out(self.width(), self.height(), view, self._style)

    def sizeHint(self) -> QSize:
        """The row takes what the window gives it."""
        return QSize(640, LEAST_HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the whole chart."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._style.background)
        canvas = Canvas(painter)
        view, axes = self._view, self.axes
        if view is not None and axes is not None:
            self._paint(canvas, axes, view)
        painter.end()
        self.placed = tuple(canvas.placed)

    def _paint(self, canvas: Canvas, axes: Axes, view: TrendView) -> None:
        style = self._style
        curves.draw_ground(canvas, axes, view, style)
        curves.draw_grid(canvas, axes, time_marks(view, _label_s(axes, style)), style)
        curves.draw_scales(canvas, axes, view, style)
        curves.draw_limit(canvas, axes, view, style)
        rows.draw_titles(canvas, axes, view, style)
        draw_flags(canvas, axes, view.flags, style)
        rows.draw_dose(canvas, axes, view, style)
        data = self._data(axes, view)
        if data is not None:
            canvas.painter.drawPixmap(0, 0, data)
        curves.draw_off_axis(canvas, axes, view.nibp, style)
        curves.draw_now(canvas, axes, view, style.text)

    def event(self, event: QEvent) -> bool:
        """Read all values at the instant under a resting pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            axes, view = self.axes, self._exact
            if axes is not None and view is not None:
                text = reading_text(view, axes.t_s(event.pos().x()), within_s=6 / axes.px_per_s)
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)


def _label_s(axes: Axes, style: TrendStyle) -> float:
    """How much of the axis a time of day takes."""
    return text_width(style.font, "00:00") / axes.px_per_s
