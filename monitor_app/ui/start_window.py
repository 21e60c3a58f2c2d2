"""The first window of a chair without a monitor: what Chairside is, the connection panel, the simulated chair apart."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from devices.registry import DeviceAddress
from monitor_app.core.stamp import Actor
from monitor_app.services.connect import ConnectDesk
from monitor_app.services.settings import Settings
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.icons import window_icon
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import Metrics, plausible_px_per_mm
from monitor_app.ui.panels.base import button, label
from monitor_app.ui.panels.connection import ConnectionPanel
from monitor_app.ui.panels.settings import INTENDED_USE
from monitor_app.ui.requests import MonitorChosen, Request
from monitor_app.ui.style import PALETTES, Theme
from monitor_app.ui.style_sheet import style_sheet

SIMULATED_CHAIR = "simulated chair"
WIDEST_PX = 1500
"""Lines longer than this are tiring to read; a wide screen keeps a margin instead."""


class StartWindow(QWidget):
    """Ends with ``outcome``: a ``MonitorChosen``, ``SIMULATED_CHAIR``, or None when it was closed. Signals: ``ended``.

    ``remember`` is told what is to be kept in the settings.
    """

    ended = Signal()

    def __init__(
        self,
        trouble: str,
        settings: Settings,
        remember: Callable[[Request], None],
        *,
        desk: ConnectDesk | None = None,
    ) -> None:
        super().__init__()
        self.outcome: MonitorChosen | str | None = None
        self._remember = remember
        self._settings = settings
        self._family = load_fonts()
        user = Actor(settings.user_name, settings.user_role)
        self.title = label("Chairside", "figure")
        self.trouble = label(trouble, "strong")
        self.use = label(self.tr(INTENDED_USE), "muted")
        self.panel = ConnectionPanel(lambda: user, desk)
        self.panel.close_button.hide()
        self.panel.know(settings.devices, safety_read=settings.safety_read)
        self.panel.asked.connect(self._on_asked)
        self.simulated = button(self.tr("Simulated chair: training, not a patient"), self._simulate, "quiet")
        self._lay_out()
        self.setWindowTitle("Chairside")
        self.setWindowIcon(window_icon())
        self.setMinimumSize(QSize(1000, 600))
        self.resize(QSize(1366, 768))
        self._offer(settings)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.use, 1)
        foot.addWidget(self.simulated)
        self._foot = foot
        self._rows = QVBoxLayout(self)
        for part in (self.title, self.trouble):
            self._rows.addWidget(part)
        self._rows.addWidget(self.panel, 1)
        self._rows.addLayout(foot)

    def finish(self) -> None:
        """End what still runs; harmless twice."""
        self.panel.hide()
        self.panel.desk.close()
        self.close()

    def _offer(self, settings: Settings) -> None:
        """Begin with the addresses that are configured already but need somebody to confirm them."""
        for text in settings.devices:
            driver_id, _, port = text.partition("@")
            self.panel.offer(DeviceAddress(driver_id, port))

    def _on_asked(self, request: object) -> None:
        if not isinstance(request, Request):
            return
        self._remember(request)
        if isinstance(request, MonitorChosen):
            self._end(request)

    def _simulate(self) -> None:
        self._end(SIMULATED_CHAIR)

    def _end(self, outcome: MonitorChosen | str) -> None:
        self.outcome = outcome
        self.close()

    def _apply_look(self) -> None:
        screen = self.screen()
        size = screen.geometry()
        per_mm = self._settings.px_per_mm or plausible_px_per_mm(
            size.width(), screen.physicalSize().width(), screen.logicalDotsPerInch()
        )
        metrics = Metrics(self.width(), self.height(), per_mm)
        look = Look(PALETTES[Theme(self._settings.theme)], metrics, self._family)
        self.setObjectName("start")
        self.setStyleSheet(style_sheet(look) + f"#start {{ background: {look.palette.background}; }}")
        side = max(look.px(24), (self.width() - look.px(WIDEST_PX)) // 2)
        self._rows.setContentsMargins(side, look.px(20), side, look.px(20))
        self._rows.setSpacing(look.px(10))
        self._foot.setSpacing(look.px(24))
        self.panel.set_look(look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the sizes of the new room."""
        super().resizeEvent(event)
        self._apply_look()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look for ports."""
        super().showEvent(event)
        self._apply_look()
        self.panel.begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the search."""
        super().closeEvent(event)
        self.panel.desk.cancel()
        self.ended.emit()
