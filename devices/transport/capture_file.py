"""A raw capture (monitor-to-host bytes, nothing else) read as if the monitor were there: for support and replays."""

import threading
from pathlib import Path
from typing import BinaryIO

from devices.clock import NS_PER_S, Clock
from devices.errors import DeviceLostError, DeviceNotFoundError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.base import Transport

_CHUNK_BYTES = 4096
_MAX_BURST_S = 1.0  # after a pause of the reader no more than this comes at once


class CaptureFileTransport(Transport):
    """A read-only transport over a file; what is sent to it is counted in ``ignored_bytes`` and goes nowhere.

    With ``clock`` the bytes come at ``bytes_per_s`` (a wire at 115200 8N1 carries 11,520), otherwise as fast as they
    are read. At the end it falls silent, as a monitor does that is switched off; ``at_end`` tells. Opening it again goes on
    where it stopped, so that a link that reopens a silent port does not hear the same minutes twice.
    """

    def __init__(
        self, path: Path | str, *, clock: Clock | None = None, bytes_per_s: float = 11_520.0
    ) -> None:
        if bytes_per_s <= 0:
            raise ValueError("bytes_per_s must be above 0")
        self._path = Path(path)
        self._clock = clock
        self._bytes_per_s = bytes_per_s
        self._file: BinaryIO | None = None
        self._at_end = False
        self._position = 0
        self._ignored_bytes = 0
        self._credit_from_ns = 0
        self._closed = threading.Event()

    @property
    def description(self) -> str:
        """See ``Transport``."""
        return f"capture {self._path}"

    @property
    def provenance(self) -> Provenance:
        """Always SIMULATED (design.md §3)."""
        return Provenance.SIMULATED

    @property
    def at_end(self) -> bool:
        """Whether every byte has been given."""
        return self._at_end

    @property
    def ignored_bytes(self) -> int:
        """Bytes sent to the monitor that is not there."""
        return self._ignored_bytes

    def open(self) -> None:
        """See ``Transport``."""
        if self._file is not None:
            return
        try:
            self._file = self._path.open("rb")
        except FileNotFoundError as error:
            raise DeviceNotFoundError(
                f"The capture {self._path} does not exist: correct the file name."
            ) from error
        except OSError as error:
            raise DeviceOpenError(
                f"The capture {self._path} cannot be read ({error.strerror}): choose a file you may read."
            ) from error
        self._file.seek(self._position)
        self._closed.clear()
        self._credit_from_ns = self._clock.monotonic_ns() if self._clock else 0

    def read(self, timeout_s: float) -> bytes:
        """See ``Transport``."""
        file = self._file
        if file is None:
            raise DeviceLostError(f"The capture {self._path} is closed: open it again.")
        wanted = self._allowance()
        data = b"" if self._at_end or not wanted else file.read(wanted)
        self._position += len(data)
        self._at_end = self._at_end or (wanted > 0 and not data)
        if not data and timeout_s > 0:
            self._closed.wait(timeout_s)
        return data

    def write(self, data: bytes) -> None:
        """See ``Transport``; nobody hears it."""
        if self._file is None:
            raise DeviceLostError(f"The capture {self._path} is closed: open it again.")
        self._ignored_bytes += len(data)

    def close(self) -> None:
        """See ``Transport``."""
        file, self._file = self._file, None
        self._closed.set()
        if file is not None:
            file.close()

    def _allowance(self) -> int:
        """Return how many bytes the wire would have carried since the last one given."""
        if self._clock is None:
            return _CHUNK_BYTES
        now_ns = self._clock.monotonic_ns()
        self._credit_from_ns = max(self._credit_from_ns, now_ns - round(_MAX_BURST_S * NS_PER_S))
        count = int((now_ns - self._credit_from_ns) * self._bytes_per_s / NS_PER_S)
        self._credit_from_ns += round(count * NS_PER_S / self._bytes_per_s)
        return count
