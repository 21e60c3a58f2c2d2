"""The data cable between an emulated monitor and its port, which a story or a hand can pull (scenario S11)."""

from collections.abc import Callable

from devices.protocols.base import MonitorSide


class CableWatch:
    """A ``MonitorSide`` that nothing gets through while ``cable_out`` says so, either way.

    The monitor itself lives on. ``cable_out`` is asked in the thread that steps the monitor.
    """

    def __init__(self, monitor: MonitorSide, cable_out: Callable[[], bool]) -> None:
        self._monitor = monitor
        self._cable_out = cable_out

    def receive(self, data: bytes) -> None:
        """Bytes from the host, if the cable is in."""
        if not self._cable_out():
            self._monitor.receive(data)

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``; with the cable out its bytes reach nobody."""
        data = self._monitor.advance(until_s)
        return b"" if self._cable_out() else data
