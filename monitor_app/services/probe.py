"""Which monitor speaks on a port, found by listening and then by asking; never by name alone (protocols.md §11)."""

from dataclasses import dataclass
from enum import Enum

from devices.clock import NS_PER_S, Clock
from devices.drivers.base import Driver
from devices.errors import DeviceError
from devices.protocols.base import Decoder
from devices.transport.base import Transport

LISTEN_S = 1.5
"""Longer than the normal silence of any family that sends by itself (protocols.md §11: 1.1 s Masimo)."""
ANSWER_S = 3.0
"""Time for a monitor to answer what it was asked; a second question may be needed (protocols.md §1.2, §3.3)."""
_WAIT_S = 0.05


class Heard(Enum):
    """What a port gave. The first three open; the last did not."""

    STREAMING = "streaming"
    BYTES_NO_FRAME = "bytes but no frame"
    SILENT = "port opened, 0 bytes"
    NOT_OPENED = "not opened"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One driver tried on one port; ``asked`` tells whether anything was sent."""

    heard: Heard
    bytes_in: int
    frames_ok: int
    asked: bool
    detail: str


def probe(transport: Transport, driver: Driver, clock: Clock, *, ask: bool) -> ProbeResult:
    """Listen with a driver at the settings ``transport`` was made with, then, if ``ask``, send its read-only requests.

    Those are its handshake and what keeps that going; never a cuff command. The port is closed again.
    """
    try:
        transport.open()
    except DeviceError as error:
        return ProbeResult(Heard.NOT_OPENED, 0, 0, asked=False, detail=str(error))
    try:
        return _Probe(transport, driver, clock).run(ask=ask)
    except DeviceError as error:
        return ProbeResult(Heard.NOT_OPENED, 0, 0, asked=False, detail=str(error))
    finally:
        transport.close()


class _Probe:
    def __init__(self, transport: Transport, driver: Driver, clock: Clock) -> None:
        self._transport = transport
        self._driver = driver
        self._clock = clock
        self._bytes_in = 0

    def run(self, *, ask: bool) -> ProbeResult:
        # Heard without a driver at first: opening one twice would make it send what follows a loss, a cuff stop.
        listener = self._driver.capture_decoder()
        self._listen(LISTEN_S, listener)
        if listener.counters.frames_ok or not ask:
            return self._result(listener.counters.frames_ok, asked=False)
        self._transport.write(self._driver.opened(self._clock.monotonic_ns()))
        self._listen(ANSWER_S, None)
        return self._result(self._driver.counters.frames_ok, asked=True)

    def _listen(self, seconds: float, listener: Decoder | None) -> None:
        """Listen, or (without ``listener``) talk as the driver does, until a good frame has come or time is over."""
        end_ns = self._clock.monotonic_ns() + round(seconds * NS_PER_S)
        while (left_ns := end_ns - self._clock.monotonic_ns()) > 0:
            data = self._transport.read(min(_WAIT_S, left_ns / NS_PER_S))
            self._bytes_in += len(data)
            now_ns = self._clock.monotonic_ns()
            if listener is not None:
                listener.feed(data)
            else:
                self._driver.feed(data, now_ns)
                if more := self._driver.due(now_ns):
                    self._transport.write(more)
            if (listener or self._driver).counters.frames_ok:
                return

    def _result(self, frames: int, *, asked: bool) -> ProbeResult:
        unheard = Heard.BYTES_NO_FRAME if self._bytes_in else Heard.SILENT
        heard = Heard.STREAMING if frames else unheard
        return ProbeResult(heard, self._bytes_in, frames, asked=asked, detail=self._words(heard, asked=asked))

    def _words(self, heard: Heard, *, asked: bool) -> str:
        name = self._driver.info.name
        if heard is Heard.STREAMING:
            return f"streaming: valid frames of {name}{' after asking' if asked else ''}"
        if heard is Heard.BYTES_NO_FRAME:
            return f"{self._bytes_in} bytes but no frame of {name}: perhaps another speed or parity, or another monitor"
        hint = (
            "check power and cable"
            if asked
            else f"it may wait to be asked: add --driver {self._driver.info.id}"
        )
        return f"port opened, 0 bytes: {hint}"
