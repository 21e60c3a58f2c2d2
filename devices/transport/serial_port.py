"""Serial ports and everything else pyserial has an address for: the one place that opens one.

Pyserial 3.5 is kept behind ``Transport`` because it has had no release since 2020 (pyserial#657): a change of library
is a change of this file.
"""

import logging
import os
import select
import sys
import threading
from typing import Any

import serial
from serial import SerialTimeoutException

from devices.drivers.base import SerialSettings
from devices.errors import DeviceTimeoutError
from devices.signals import Provenance
from devices.transport.base import Transport
from devices.transport.port_error import lost_error, open_error
from devices.transport.provenance import is_pty, provenance_of, wrapped_device

if sys.platform == "win32":
    _PORT_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, TypeError, AttributeError)
else:
    import termios

    # TypeError and AttributeError: pyserial's own reaction to a handle that vanished under it (pyserial#474).
    _PORT_ERRORS = (OSError, ValueError, TypeError, AttributeError, termios.error)

_log = logging.getLogger(__name__)

_CHUNK_BYTES = 65_536
_USUAL_WAIT_S = 0.05  # what links ask for, so that it need not be changed
_WRITE_TIMEOUT_S = 1.0
_DRAIN_LIMIT_S = 0.3  # a stop command of some ten bytes leaves in 10 ms even at 9600 baud
_CLOSE_LIMIT_S = 2.0  # CH340 on Windows can hang in close for ever (pyserial#513)


class SerialTransport(Transport):
    """A port by name or address: ``/dev/ttyUSB0``, ``COM3``, ``socket://…``, ``rfc2217://…``, ``loop://``, ``spy://…``.

    Opening takes an exclusive lock where the system gives one. ``open``, ``read`` and ``write`` belong to one thread;
    ``close`` may come from any and returns within about 3 s whatever the system does.
    """

    def __init__(self, port: str, settings: SerialSettings) -> None:
        self._name = port
        self._settings = settings
        self._port: Any = None  # pyserial is untyped
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._wake: tuple[int, int] | None = None
        self._wake_lock = threading.Lock()
        self._provenance: Provenance | None = None

    @property
    def description(self) -> str:
        """See ``Transport``; a network address or pseudo-terminal has no line settings to show."""
        if "://" in self._name or is_pty(self._name):
            return self._name
        s = self._settings
        return f"{self._name} at {s.baud} {s.bits}{s.parity}{s.stop_bits}"

    @property
    def provenance(self) -> Provenance:
        """See ``Transport``; settled at each opening, since a link may point elsewhere the next time."""
        return self._provenance or provenance_of(self._name)

    def open(self) -> None:
        """See ``Transport``."""
        with self._lock:
            if self._port is not None:
                return
            self._closing.clear()
            port = self._make_port()
            try:
                port.open()
            except _PORT_ERRORS as error:
                raise open_error(self._name, error) from error
            self._port = port
            self._provenance = provenance_of(self._name)
            self._wake = _wake_pipe(port)
            if self._wake is not None:
                port.timeout = 0  # the waiting is done here, with a way to end it

    def _make_port(self) -> Any:
        try:
            port = serial.serial_for_url(self._name, do_not_open=True, **self._line())
        except _PORT_ERRORS as error:
            raise open_error(self._name, error) from error
        return port

    def _line(self) -> dict[str, object]:
        s = self._settings
        # A pty has neither parity nor modem lines: glibc's tcsetattr answers EINVAL to PARENB or 7 bits there.
        pty = is_pty(wrapped_device(self._name))
        return {
            "baudrate": s.baud,
            "bytesize": 8 if pty else s.bits,
            "parity": "N" if pty else s.parity,
            "stopbits": s.stop_bits,
            "rtscts": s.rtscts and not pty,
            "xonxoff": s.xonxoff and not pty,
            "timeout": _USUAL_WAIT_S,
            # rfc2217 refuses a write timeout ("currently not supported") and has the socket's own.
            "write_timeout": None if self._name.lower().startswith("rfc2217://") else _WRITE_TIMEOUT_S,
            "exclusive": True,
        }

    def read(self, timeout_s: float) -> bytes:
        """See ``Transport``."""
        with self._lock:
            if self._port is None or self._closing.is_set():
                raise lost_error(self._name)
            try:
                if self._wake is not None:
                    return self._read_ready(timeout_s, self._wake[0])
                return self._read_generic(timeout_s)
            except _PORT_ERRORS as error:
                raise lost_error(self._name, error) from error

    def _read_ready(self, timeout_s: float, wake_fd: int) -> bytes:
        ready, _, _ = select.select([self._port.fileno(), wake_fd], [], [], max(timeout_s, 0.0))
        if self._closing.is_set():
            raise lost_error(self._name)
        return bytes(self._port.read(_CHUNK_BYTES)) if ready else b""

    def _read_generic(self, timeout_s: float) -> bytes:
        """Wait in pyserial itself: Windows ports, rfc2217 and loop have nothing to select on."""
        waiting = self._port.in_waiting
        if waiting:
            return bytes(self._port.read(waiting))
        if timeout_s <= 0:
            return b""
        if self._port.timeout != timeout_s:  # setting it talks to the driver or over the network
            self._port.timeout = timeout_s
        first = bytes(self._port.read(1))
        return first + bytes(self._port.read(self._port.in_waiting)) if first else b""

    def write(self, data: bytes) -> None:
        """See ``Transport``."""
        with self._lock:
            if self._port is None or self._closing.is_set():
                raise lost_error(self._name)
            try:
                self._port.write(data)
            except SerialTimeoutException as error:
                raise DeviceTimeoutError(
                    f"{self._name} does not take what is sent: check the cable and its flow control."
                ) from error
            except _PORT_ERRORS as error:
                raise lost_error(self._name, error) from error

    def close(self) -> None:
        """See ``Transport``; a system call that hangs is left behind on a thread of its own."""
        self._closing.set()
        with self._wake_lock:
            if self._wake is not None:
                os.write(self._wake[1], b"x")
        held = self._lock.acquire(timeout=_WRITE_TIMEOUT_S)
        try:
            port, self._port = self._port, None
            self._drop_wake(close=held)
        finally:
            if held:
                self._lock.release()
        if port is not None:
            _close_within(port, self._name)

    def _drop_wake(self, *, close: bool) -> None:
        with self._wake_lock:
            wake, self._wake = self._wake, None
        if wake is not None and close:  # else a read that hangs still has it
            os.close(wake[0])
            os.close(wake[1])


def _wake_pipe(port: Any) -> tuple[int, int] | None:
    """Return a pipe that ends a wait, or None where this port cannot be waited for with ``select``."""
    if sys.platform == "win32" or not hasattr(port, "fileno"):
        return None
    try:
        port.fileno()
    except (*_PORT_ERRORS, NotImplementedError):
        return None
    return os.pipe()


def _close_within(port: Any, name: str) -> None:
    worker = threading.Thread(target=_drain_and_close, args=(port,), name=f"close {name}", daemon=True)
    worker.start()
    worker.join(_CLOSE_LIMIT_S)
    if worker.is_alive():
        _log.warning("closing %s hangs in the system's driver; it is left to end by itself", name)


def _drain_and_close(port: Any) -> None:
    """Give the last command time to leave, then drop what is stuck: the kernel would wait 30 s for it."""
    idle = threading.Event()
    try:
        for _ in range(round(_DRAIN_LIMIT_S / 0.01)):
            if not port.out_waiting:
                break
            idle.wait(0.01)
        else:
            port.reset_output_buffer()
    except _PORT_ERRORS:
        pass  # gone, or a network address without an output queue
    # pyserial's socket handler leaves the socket open when the peer has gone first.
    connection = getattr(port, "_socket", None)
    try:
        port.close()
        if connection is not None:
            connection.close()
    except _PORT_ERRORS as error:
        _log.debug("closing: %s", error)
