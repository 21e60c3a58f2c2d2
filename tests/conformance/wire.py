"""What the checks know of a wire, and how they drive both its ends.

The kit knows the driver, its capture decoder and (where there is one) the emulated monitor, nothing else. Waves are
compared joined, because how bytes were cut may decide how samples are grouped but never which samples there are.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, TypeVar

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, NibpTiming
from devices.patient import PatientSource
from devices.protocols.base import Decoder, MonitorSide
from devices.signals import Counters, DeviceStatus, NumericReading, Quality, Signal, WaveChunk
from tests.devices.fake_patient import FakePatient

Test = TypeVar("Test", bound=Callable[..., None])
Joined = tuple[list[Signal], dict[str, list[tuple[int, int, object, Quality]]]]


def joined(signals: Iterable[Signal]) -> Joined:
    """Split into everything but waves, and each wave as (sample number, count, scale, quality) without chunk borders."""
    rest: list[Signal] = []
    waves: dict[str, list[tuple[int, int, object, Quality]]] = {}
    for signal in signals:
        if isinstance(signal, WaveChunk):
            rows = waves.setdefault(signal.name, [])
            for k, count in enumerate(signal.samples.tolist(), signal.first_sample):
                rows.append((k, count, signal.scale, signal.quality))
        else:
            rest.append(signal)
    return rest, waves


def known(signals: Iterable[Signal]) -> list[Signal]:
    """Leave out notes about records nobody knows, which junk may look like."""
    return [s for s in signals if not (isinstance(s, DeviceStatus) and s.code == "UNKNOWN_RECORD")]


def numbers(signals: Iterable[Signal]) -> list[Signal]:
    """Keep only numeric readings."""
    return [s for s in signals if isinstance(s, NumericReading)]


def applies(condition: Callable[["type[Wire]"], bool]) -> Callable[[Test], Test]:
    """Mark a test that makes sense for some wires only; for the others it is left out, not skipped."""

    def mark(test: Test) -> Test:
        test.applies = condition
        return test

    return mark


def has_monitor(wire: "type[Wire]") -> bool:
    return wire.monitor_class is not None


def runs_cuff(wire: "type[Wire]") -> bool:
    return has_monitor(wire) and wire.driver_class.info.nibp is NibpTiming.HOST


class Wire:
    """One wire: what is marked REQUIRED must be set, the rest has defaults."""

    driver_class: ClassVar[type[Driver]]  # REQUIRED
    monitor_class: ClassVar[Callable[..., MonitorSide] | None] = (
        None  # the emulated monitor, once there is one
    )
    protocol_package: ClassVar[str]  # REQUIRED: "devices.protocols.berry"
    max_buffered: ClassVar[int]  # REQUIRED: bytes a decoder may hold back
    checksummed: ClassVar[bool] = True  # False where the wire has no checksum
    self_framing: ClassVar[bool] = True  # False where junk can swallow a neighbouring frame
    silent_until_asked: ClassVar[bool] = True
    measured_numerics: ClassVar[dict[str, float]] = {}  # of FakePatient, as this wire rounds them
    starts_within_s: ClassVar[float] = 5.0  # from the handshake to the first of each numeric
    cycle_s: ClassVar[float] = 120.0  # a whole cuff measurement
    first_wave_s: ClassVar[float] = 0.0  # patient time of the first sample, where the handshake takes a while
    step_s: ClassVar[float] = 0.05

    # What a subclass provides.

    def __init_subclass__(cls) -> None:
        """Leave out the tests that do not apply to this wire."""
        for name in dir(cls) if hasattr(cls, "driver_class") else ():
            condition = getattr(getattr(cls, name), "applies", None)
            if condition is not None and not condition(cls):
                setattr(cls, name, None)

    def make_driver(self) -> Driver:
        return self.driver_class()

    def clean_frames(self) -> list[bytes]:
        """REQUIRED: ten or more whole good frames of several types as the monitor sends them, in order."""
        raise NotImplementedError

    def frame_with_bad_checksum(self) -> bytes:
        """A whole frame of which only the checksum is wrong."""
        frame = self.clean_frames()[0]
        return frame[:-1] + bytes((frame[-1] ^ 0xFF,))

    def junk(self) -> Sequence[bytes]:
        """Pieces of noise that hold no frame and cannot swallow the one after them."""
        return (b"\x00", b"\x01\x02\x03", b"hello, monitor", bytes(64), b"\xfe\xfd" * 40)

    def handshake(self, driver: Driver, monitor: MonitorSide) -> None:
        """Open the driver on the monitor. Override where the start takes more than one exchange."""
        monitor.receive(driver.opened(0))

    def buffered(self, decoder: Decoder) -> int:
        """How many bytes a decoder holds back."""
        held: int = decoder.buffered
        return held

    # Helpers.

    def decoder(self) -> Decoder:
        return self.make_driver().capture_decoder()

    def decode(self, *pieces: bytes) -> tuple[list[Signal], Counters]:
        decoder = self.decoder()
        signals = [signal for piece in pieces for signal in decoder.feed(piece)]
        return signals, decoder.counters

    def monitor(self, patient: PatientSource, *, seed: int = 1) -> MonitorSide:
        assert self.monitor_class is not None
        return type(self).monitor_class(patient, seed=seed)

    def run(
        self, driver: Driver, monitor: MonitorSide, start_s: float, end_s: float
    ) -> list[tuple[float, Signal]]:
        """Step both against each other as a link does; return what the driver said, with its time."""
        heard: list[tuple[float, Signal]] = []
        for k in range(round(start_s / self.step_s) + 1, round(end_s / self.step_s) + 1):
            now_s = k * self.step_s
            now_ns = round(now_s * NS_PER_S)
            heard += [(now_s, signal) for signal in driver.feed(monitor.advance(now_s), now_ns)]
            heard += [(now_s, signal) for signal in driver.tick(now_ns)]
            monitor.receive(driver.due(now_ns))
        return heard

    def connected(self, patient: FakePatient) -> tuple[Driver, MonitorSide]:
        driver, monitor = self.make_driver(), self.monitor(patient)
        self.handshake(driver, monitor)
        return driver, monitor
