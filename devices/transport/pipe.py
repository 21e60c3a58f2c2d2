"""A cable in memory: two ends, deterministic, for simulated patients and tests on every system.

Reading with timeout 0 never waits, so a single thread can step both ends on a manual clock.
"""

import threading

from devices.errors import DeviceLostError, DeviceNotFoundError
from devices.signals import Provenance
from devices.transport.base import Transport

DEFAULT_CAPACITY_BYTES = 65_536


class _Cable:
    """What both ends share: one lock, one condition, one plug."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.plugged = True


class PipeEnd(Transport):
    """One end of an in-memory cable. Every method may be called from any thread.

    Like a UART it never blocks the writer: bytes beyond ``capacity`` are dropped and counted in ``overrun_bytes`` of the
    end that did not read them; bytes sent to an end that is not open are lost and counted in ``unheard_bytes``.
    """

    def __init__(self, cable: _Cable, name: str, capacity_bytes: int) -> None:
        self._cable = cable
        self._name = name
        self._capacity = capacity_bytes
        self._buffer = bytearray()
        self._open = False
        self._peer: PipeEnd | None = None
        self._overrun_bytes = 0
        self._unheard_bytes = 0

    @property
    def description(self) -> str:
        """See ``Transport``."""
        return self._name

    @property
    def provenance(self) -> Provenance:
        """Always SIMULATED (design.md §3)."""
        return Provenance.SIMULATED

    @property
    def is_open(self) -> bool:
        """Whether this end is open now."""
        return self._open

    @property
    def waiting_bytes(self) -> int:
        """How many bytes wait to be read at this end."""
        return len(self._buffer)

    @property
    def overrun_bytes(self) -> int:
        """Bytes for this end that were dropped because it did not read."""
        return self._overrun_bytes

    @property
    def unheard_bytes(self) -> int:
        """Bytes sent to this end while it was closed."""
        return self._unheard_bytes

    def open(self) -> None:
        """See ``Transport``; what was sent before is not heard."""
        with self._cable.changed:
            if not self._cable.plugged:
                raise DeviceNotFoundError(f"{self._name} is unplugged: plug it in.")
            if not self._open:
                self._buffer.clear()
                self._open = True

    def read(self, timeout_s: float) -> bytes:
        """See ``Transport``."""
        with self._cable.changed:
            self._require_working()
            if not self._buffer and timeout_s > 0:
                self._cable.changed.wait_for(lambda: self._buffer or not self._open, timeout_s)
                self._require_working()
            data = bytes(self._buffer)
            self._buffer.clear()
            return data

    def write(self, data: bytes) -> None:
        """See ``Transport``; never waits."""
        with self._cable.changed:
            self._require_working()
            if self._peer is not None:
                self._peer._accept(data)  # noqa: SLF001 - the two ends are one object in two halves
                self._cable.changed.notify_all()

    def close(self) -> None:
        """See ``Transport``."""
        with self._cable.changed:
            self._open = False
            self._buffer.clear()
            self._cable.changed.notify_all()

    def unplug(self) -> None:
        """Pull the cable: both ends are lost, what was on the way is gone, opening fails until ``replug``."""
        with self._cable.changed:
            self._cable.plugged = False
            for end in (self, self._peer):
                if end is not None:
                    end._open = False  # noqa: SLF001 - as in write
                    end._buffer.clear()  # noqa: SLF001 - as in write
            self._cable.changed.notify_all()

    def replug(self) -> None:
        """Put the cable back; each end must be opened again, as with a real adapter."""
        with self._cable.changed:
            self._cable.plugged = True

    def _require_working(self) -> None:
        if not self._open:
            raise DeviceLostError(f"{self._name} is gone: plug it in again.")

    def _accept(self, data: bytes) -> None:
        if not self._open:
            self._unheard_bytes += len(data)
            return
        room = self._capacity - len(self._buffer)
        self._buffer += data[:room]
        self._overrun_bytes += max(0, len(data) - room)


def pipe(name: str = "pipe", *, capacity_bytes: int = DEFAULT_CAPACITY_BYTES) -> tuple[PipeEnd, PipeEnd]:
    """Return the two ends of a new cable, both closed: by habit the host's first, the monitor's second."""
    cable = _Cable()
    host = PipeEnd(cable, name, capacity_bytes)
    monitor = PipeEnd(cable, f"{name} (monitor side)", capacity_bytes)
    host._peer, monitor._peer = monitor, host  # noqa: SLF001 - as in write
    return host, monitor
