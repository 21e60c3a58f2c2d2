"""The hands at an emulated monitor that times its own cuff: its START key and its AUTO cycle (protocols.md §10)."""

from devices.protocols.base import CuffPanel, MonitorSide
from devices.simulators.virtual_bedside import VirtualBedside


class MonitorHands:
    """A ``MonitorSide`` on which is pressed what was pressed at the bedside, in the thread that steps it.

    Does nothing on a monitor without such a panel. A monitor switched off and on again keeps its cycle, as real ones do.
    """

    def __init__(self, monitor: MonitorSide, bedside: VirtualBedside) -> None:
        self._monitor = monitor
        self._bedside = bedside
        self._auto_min: int | None = None
        self._presses = bedside.nibp_presses

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``."""
        self._monitor.receive(data)

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``; presses come first, at the instant the monitor has reached."""
        if isinstance(self._monitor, CuffPanel):
            self._press(self._monitor)
        return self._monitor.advance(until_s)

    def _press(self, panel: CuffPanel) -> None:
        if self._auto_min != self._bedside.nibp_auto_min:
            self._auto_min = self._bedside.nibp_auto_min
            panel.set_nibp_auto(self._auto_min)
        while self._presses < self._bedside.nibp_presses:
            self._presses += 1
            panel.press_nibp()
