"""Bytes of a Nonin oximeter into signals, whichever dialect it speaks (protocols.md §5)."""

from collections.abc import Callable

from devices.protocols.conditions import Conditions
from devices.protocols.middle import MiddleOfThree, TwiceSaid
from devices.protocols.nonin.frames import Dialect, clock_time
from devices.protocols.nonin.packet import Packet, TimerWatch, further_readings, identity, main_readings
from devices.protocols.nonin.reader import SLIP, UNCHECKED, Frame, FrameReader
from devices.protocols.nonin.sensor import ATTACHED, SensorStatus, tell
from devices.protocols.nonin.spot import (
    SpotRecord,
    believed,
    line_marks,
    line_readings,
    numbers,
    sensor_f1,
    sensor_f8,
)
from devices.protocols.nonin.wave import WaveReader
from devices.signals import Counters, DeviceIdentity, Signal

_LOW_BATTERY = "LOW_BATTERY"
_FURTHER_EVERY = 3
"""Packets: the numbers under names of their own are told once a second."""


class NoninDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere; the pleth of one ``feed`` comes last."""

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._conditions = Conditions()
        self._middle = MiddleOfThree()
        self._state = TwiceSaid(
            (ATTACHED, False)
        )  # sensor and low battery, in the formats without a checksum
        self._waves = WaveReader(self._conditions)
        self._timer = TimerWatch()
        self._packets = 0
        self._identity: DeviceIdentity | None = None
        self._takes: dict[Dialect, Callable[[bytes], list[Signal]]] = {
            Dialect.F1: self._take_f1,
            Dialect.F8: self._take_f8,
            Dialect.F13: self._take_spot,
            Dialect.LINE: self._take_line,
            Dialect.HEADER: self._take_header,
            Dialect.TIME: self._take_time,
        }

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because they do not make a frame yet; fewer than ``frames.LONGEST_FRAME``."""
        return self._reader.buffered

    @property
    def dialect(self) -> Dialect | None:
        """The dialect heard, None while none is proved."""
        return self._reader.dialect

    def expect_reply(self) -> None:
        """Note that a request was sent: the next 06 or 15 between frames is its answer."""
        self._reader.replies_due = 1

    def interrupt(self) -> None:
        """Note that nothing came for a while: numbers from before are no witnesses for those that come."""
        self._middle.interrupt()
        self._state.interrupt()

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        signals: list[Signal] = []
        for frame in self._reader.feed(data):
            if frame.dialect is Dialect.F2 or frame.dialect is Dialect.F7:
                packet = self._waves.take(frame, signals)
                if packet is not None:
                    self._take_packet(packet, signals)
            else:
                signals += self._take_whole(frame)
        signals += self._waves.chunks()
        return signals

    def _take_packet(self, packet: Packet, signals: list[Signal]) -> None:
        lost = self._timer.lost(packet.timer, self._waves.packets_gone())
        if lost:
            self._waves.packets_lost(lost)
        who = identity(packet)
        if who is not None and who != self._identity:
            self._identity = who
            signals.append(who)
        signals += self._battery(low=packet.low_battery)
        sensor = self._waves.sensor
        signals += main_readings(packet, sensor)
        if self._packets % _FURTHER_EVERY == 0:
            signals += further_readings(packet, sensor)
        self._packets += 1

    def _take_whole(self, frame: Frame) -> list[Signal]:
        if frame.dialect in UNCHECKED and frame.lost:
            # Noise may hold what looks like a frame of a wire without a checksum: this one is no witness.
            self._state.interrupt()
            if frame.lost > SLIP:
                self.interrupt()
            return []
        octets = frame.octets
        take = self._takes.get(frame.dialect)
        return take(octets) if take is not None else []

    def _take_f1(self, octets: bytes) -> list[Signal]:
        return self._take_numbers(octets, sensor_f1(octets), low_battery=False)

    def _take_f8(self, octets: bytes) -> list[Signal]:
        # Bit 1 is "critical battery" in the manuals of the older models.
        return self._take_numbers(octets, sensor_f8(octets), low_battery=bool(octets[3] & 0x03))

    def _take_spot(self, octets: bytes) -> list[Signal]:
        record = SpotRecord(octets)
        return self._battery(low=record.low_battery) + record.readings()

    def _take_time(self, octets: bytes) -> list[Signal]:
        return self._conditions.set("MONITOR_CLOCK", str(clock_time(octets[3:9])))

    def _take_numbers(self, octets: bytes, sensor: SensorStatus, *, low_battery: bool) -> list[Signal]:
        told: list[Signal] = []
        if self._state.take((sensor, low_battery)):
            told += self._battery(low=low_battery) + tell(sensor, self._conditions)
        return told + believed(numbers(octets), self._state.held[0], self._middle)

    def _take_line(self, line: bytes) -> list[Signal]:
        marks = line_marks(line)
        changes = self._conditions.set("EVENT_MARK", "" if b"*" in marks else None)
        if b"B" in marks:
            changes += self._conditions.unknown("printout mark B")
        return changes + line_readings(line, self._middle)

    def _take_header(self, line: bytes) -> list[Signal]:
        words = " ".join(line.decode("ascii").split())
        who = DeviceIdentity("Nonin", model=words, simulator="CHAIRSIDE" in words)
        if who == self._identity:
            return []
        self._identity = who
        return [who]

    def _battery(self, *, low: bool) -> list[Signal]:
        return self._conditions.set(_LOW_BATTERY, "" if low else None)
