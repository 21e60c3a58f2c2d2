"""Brings the waves around an alarm from the record to the panel that asked, without holding up the screen."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from devices.errors import KnownError
from monitor_app.core.wave_snapshot import Snapshot
from monitor_app.ui.panels.alarm_log import AlarmLogPanel
from monitor_app.ui.panels.host import PanelHost

Read = Callable[[int], Snapshot]


class SnapshotCourier(QObject):
    """Reads in a thread of its own. It belongs to the panels' host and lives as long.

    Signals: ``arrived(t_ns, snapshot or sentence)``, in the Qt thread.
    """

    arrived = Signal(object, object)

    def __init__(self, panels: PanelHost, read: Read) -> None:
        super().__init__(panels)
        self._read = read
        panels.made.connect(self._on_panel)

    def _on_panel(self, panel: object) -> None:
        if isinstance(panel, AlarmLogPanel):
            panel.wanted.connect(self._on_wanted)
            self.arrived.connect(panel.show_snapshot)

    def _on_wanted(self, t_ns: int) -> None:
        threading.Thread(target=self._fetch, args=(t_ns,), name="alarm waves", daemon=True).start()

    def _fetch(self, t_ns: int) -> None:
        answer: Snapshot | str
        try:
            answer = self._read(t_ns)
        except KnownError as error:
            answer = str(error)
        self.arrived.emit(t_ns, answer)
