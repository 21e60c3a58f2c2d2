"""A pseudo-terminal with a name of one's own: where an emulated monitor waits for readers (design.md §7, ``emulate --pty``).

It keeps its own slave open, so readers may come, go and be killed without ending it. When nobody reads, what was sent is
thrown away instead of piling up: whoever comes later hears the present, not a backlog.
"""

import os
import select
import struct
import sys
from collections import deque
from pathlib import Path
from typing import Self

from devices.clock import NS_PER_S, Clock, SystemClock
from devices.errors import DeviceError, DeviceLostError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.base import Transport
from devices.transport.pty_link import link_target, make_link, require_free

if sys.platform != "win32":
    import fcntl
    import pty
    import termios
    import tty

_CHUNK_BYTES = 65_536
_ABSENT_AFTER_NS = 2 * NS_PER_S  # a reader that polls once a second is still a reader
_KEEP_UNREAD_NS = NS_PER_S // 4  # oldest byte a newcomer can find
# Linux's line discipline holds 4096 bytes less one; what is beyond waits before it, not counted by FIONREAD.
_LINE_BUFFER_BYTES = 4095
_UNPROVEN_WRITES = 4


class PtyPort(Transport):
    """The monitor's end of a pseudo-terminal; readers open ``link`` (or ``slave_name``). Linux and macOS.

    ``clock`` measures how long nobody has read. Writing never waits: without a reader, bytes are dropped and
    counted in ``dropped_bytes``. Not thread-safe except ``close``.
    """

    def __init__(self, link: Path | str | None = None, *, clock: Clock | None = None) -> None:
        self._link = None if link is None else Path(os.path.abspath(link))  # noqa: PTH100 - resolve() follows the link
        self._clock = clock or SystemClock()
        self._fds: tuple[int, int] | None = None
        self._slave_name = ""
        self._dropped_bytes = 0
        self._pending_bytes = 0  # sent and, as far as is known, unread
        self._last_sent_bytes: deque[int] = deque(maxlen=_UNPROVEN_WRITES)
        self._last_read_ns = 0
        self._last_flush_ns = 0
        self._reader_present = False

    @property
    def description(self) -> str:
        """See ``Transport``."""
        return str(self._link or self._slave_name or "pseudo-terminal")

    @property
    def provenance(self) -> Provenance:
        """Always SIMULATED (design.md §3)."""
        return Provenance.SIMULATED

    @property
    def slave_name(self) -> str:
        """Where readers open it (``/dev/pts/3``); empty while closed."""
        return self._slave_name

    @property
    def dropped_bytes(self) -> int:
        """Bytes thrown away because nobody read them."""
        return self._dropped_bytes

    @property
    def reader_present(self) -> bool:
        """Whether somebody has read within the last two seconds or so."""
        return self._reader_present

    def open(self) -> None:
        """See ``Transport``; makes the link, replacing one that points to a terminal that is gone.

        :raises DeviceOpenError: the link's place is taken, its folder is missing, or the system has no pseudo-terminals.
        """
        if self._fds is not None:
            return
        if sys.platform == "win32":
            raise DeviceOpenError(
                "Windows has no pseudo-terminals: use --port with one half of a com0com pair instead of --pty."
            )
        if self._link is not None:
            require_free(self._link)
        try:
            master, slave = pty.openpty()
        except OSError as error:
            raise DeviceOpenError(f"No pseudo-terminal is free ({error.strerror}): close some.") from error
        self._fds = master, slave
        self._slave_name = os.ttyname(slave)
        tty.setraw(slave, termios.TCSANOW)
        os.set_blocking(master, False)
        self._last_read_ns = self._last_flush_ns = self._clock.monotonic_ns()
        self._pending_bytes = 0
        self._reader_present = False
        if self._link is not None:
            try:
                make_link(self._link, self._slave_name)
            except DeviceError:
                self.close()
                raise

    def read(self, timeout_s: float) -> bytes:
        """See ``Transport``: what readers have sent to the monitor."""
        master, _ = self._require_open()
        try:
            if timeout_s > 0:
                select.select([master], [], [], timeout_s)
            data = os.read(master, _CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise DeviceLostError(f"{self.description} is gone: start it again.") from error
        if not self._reader_present:
            self._flush()  # a newcomer speaks: what lies there is not for him
        self._reader_seen()
        return data

    def write(self, data: bytes) -> None:
        """See ``Transport``; never waits. What nobody reads is dropped, oldest first."""
        master, _ = self._require_open()
        self._watch_reader()
        sent = self._send(master, data)
        self._last_sent_bytes.append(sent)
        if sent < len(data):
            # Full: two or more seconds of a monitor's stream lie unread. The present is worth more than the past.
            self._flush()
            rest = data[sent:]
            sent_after = self._send(master, rest)
            self._dropped_bytes += len(rest) - sent_after

    def close(self) -> None:
        """See ``Transport``; removes the link if it is still ours."""
        fds, self._fds = self._fds, None
        if fds is None:
            return
        if self._link is not None and link_target(self._link) == self._slave_name:
            self._link.unlink(missing_ok=True)
        self._slave_name = ""
        for fd in fds:
            os.close(fd)

    def __enter__(self) -> Self:
        """Open it."""
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close it and remove the link, also when the program ends by an exception."""
        self.close()

    def _require_open(self) -> tuple[int, int]:
        if self._fds is None:
            raise DeviceLostError(f"{self.description} is closed: open it again.")
        return self._fds

    def _send(self, master: int, data: bytes) -> int:
        sent = 0
        try:
            while sent < len(data):
                sent += os.write(master, data[sent:])
        except BlockingIOError:
            pass
        except OSError as error:
            raise DeviceLostError(f"{self.description} is gone: start it again.") from error
        self._pending_bytes += sent
        return sent

    def _watch_reader(self) -> None:
        """Notice whether the unread queue was read from, and empty it from time to time while nobody does.

        What was sent in the last few writes may still be on its way inside the kernel and proves nothing yet.
        """
        _, slave = self._require_open()
        unread = _unread_bytes(slave)
        if unread is not None and unread < self._pending_bytes - sum(self._last_sent_bytes):
            self._pending_bytes = unread
            self._reader_seen()
        now_ns = self._clock.monotonic_ns()
        if not self._pending_bytes:
            self._last_read_ns = now_ns  # nothing to read is no sign of absence
        if self._reader_present and now_ns - self._last_read_ns > _ABSENT_AFTER_NS:
            self._reader_present = False
            tty.setraw(slave, termios.TCSANOW)  # whatever the one before set up
        if not self._reader_present and now_ns - self._last_flush_ns > _KEEP_UNREAD_NS:
            self._flush()

    def _reader_seen(self) -> None:
        self._reader_present = True
        self._last_read_ns = self._clock.monotonic_ns()

    def _flush(self) -> None:
        master, slave = self._require_open()
        self._dropped_bytes += self._pending_bytes
        # The first empties what is on its way inside the kernel, the second what has reached the line buffer.
        termios.tcflush(master, termios.TCOFLUSH)
        termios.tcflush(slave, termios.TCIFLUSH)
        self._pending_bytes = 0
        self._last_sent_bytes.clear()
        self._last_flush_ns = self._clock.monotonic_ns()


def _unread_bytes(slave: int) -> int | None:
    """Return how much lies unread; None where the kernel does not say: a full buffer, or a reader that set line mode."""
    if termios.tcgetattr(slave)[3] & termios.ICANON:
        return None
    count = int(struct.unpack("i", fcntl.ioctl(slave, termios.FIONREAD, b"\0\0\0\0"))[0])
    return count if count < _LINE_BUFFER_BYTES else None
