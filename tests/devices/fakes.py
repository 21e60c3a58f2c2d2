"""A tiny monitor family for the tests of links and emulators: frames ``7E <n> <~n>``, on after ``ON``, a cuff on ``CUFF``."""

from dataclasses import replace
from pathlib import Path

from devices.drivers.base import (
    Driver,
    DriverCommand,
    DriverInfo,
    NibpTiming,
    SerialSettings,
    WaveCapability,
)
from devices.patient import PatientSource
from devices.signals import Counters, NibpPhase, NibpProgress, NumericReading, Signal

ON, OFF, CUFF, STOP, POLL = b"<ON>", b"<OFF>", b"<CUFF>", b"<STOP>", b"<POLL>"
INFO = DriverInfo(
    id="fake",
    name="Fake monitor",
    numerics=("HR",),
    waveforms=(WaveCapability("PLETH", 50.0),),
    serial=SerialSettings(baud=115200),
    nibp=NibpTiming.HOST,
    expected_interval_s=1.0,
)


def open_descriptors() -> int:
    """How many file descriptors this process has open (on Unix)."""
    return len(list(Path("/dev/fd").iterdir()))


def frame(value: int) -> bytes:
    return bytes((0x7E, value & 0xFF, ~value & 0xFF))


class FakeDriver(Driver):
    """Logs what it was asked; ``break_on`` is a value whose arrival is a defect of the driver."""

    info = INFO

    def __init__(self, *, poll_s: float | None = None, break_on: int | None = None) -> None:
        self._poll_ns = None if poll_s is None else round(poll_s * 1e9)
        self._break_on = break_on
        self._buffer = bytearray()
        self._counters = Counters()
        self._polled_ns = 0
        self.asked: list[str] = []

    def opened(self, now_ns: int) -> bytes:
        self.asked.append("opened")
        self._buffer.clear()
        self._counters = Counters()
        self._polled_ns = now_ns
        return ON

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        self._counters = replace(self._counters, bytes_in=self._counters.bytes_in + len(data))
        self._buffer += data
        signals: list[Signal] = []
        while len(self._buffer) >= 3:
            start, value, check = self._buffer[:3]
            good = start == 0x7E and value ^ check == 0xFF
            del self._buffer[: 3 if good else 1]
            if not good:
                self._counters = replace(self._counters, bytes_discarded=self._counters.bytes_discarded + 1)
                continue
            if value == self._break_on:
                raise ZeroDivisionError("a defect")
            self._counters = replace(self._counters, frames_ok=self._counters.frames_ok + 1)
            if value == 250:
                signals.append(NibpProgress(NibpPhase.MEASURING, 150))
            else:
                signals.append(NumericReading("HR", float(value), "/min"))
        return signals

    def due(self, now_ns: int) -> bytes:
        if self._poll_ns is not None and now_ns - self._polled_ns >= self._poll_ns:
            self._polled_ns = now_ns
            return POLL
        return b""

    def command(self, command: DriverCommand, now_ns: int) -> bytes:
        self.asked.append(command.value)
        return CUFF if command is DriverCommand.NIBP_START else STOP

    def closing(self) -> bytes:
        return STOP + OFF

    def capture_decoder(self) -> "FakeDriver":
        return FakeDriver()

    @property
    def counters(self) -> Counters:
        return self._counters


class FakeMonitor:
    """The other end: one frame each 20 ms of patient time, numbered, once it was told ``ON``; silent before."""

    def __init__(self, patient: PatientSource | None = None, *, seed: int = 0) -> None:
        self._patient = patient
        self._seed = seed
        self._on = False
        self._sent = 0
        self._next_s = 0.0
        self._now_s = 0.0
        self.heard = bytearray()

    def receive(self, data: bytes) -> None:
        self.heard += data
        if data.endswith(ON) or ON in data:
            self._on = True
            self._next_s = self._now_s
        if OFF in data:
            self._on = False

    def advance(self, until_s: float) -> bytes:
        out = b""
        while self._on and self._next_s <= until_s:
            if self._patient is not None:
                self._patient.advance(self._next_s)
            out += frame((self._sent + self._seed) % 200)
            self._sent += 1
            self._next_s += 0.02
        self._now_s = until_s
        return out
