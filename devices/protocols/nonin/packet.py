"""The numbers of formats 2 and 7: 25 frames make a packet, each carries one byte of it (protocols.md §5.3)."""

from dataclasses import dataclass

from devices.protocols.nonin.sensor import SensorStatus, rate_value, reading, spo2_value
from devices.signals import DeviceIdentity, Signal

FRAMES = 25
_TIMER_TURN = 1 << 14
_LONGEST_LOSS = 90
"""Packets (30 s) a jump of the timer is believed to be a loss; a larger one is a restart of the device."""


@dataclass(frozen=True, slots=True)
class Packet:
    """The FLOAT bytes of frames 1 to 25, as they came."""

    floats: tuple[int, ...]

    def rate(self, frame: int) -> float | None:
        """The pulse rate, /min, whose high part is in this frame (counted from 1)."""
        return rate_value((self.floats[frame - 1] & 3) << 7 | self.floats[frame] & 0x7F)

    def spo2(self, frame: int) -> float | None:
        """The saturation, %, in this frame."""
        return spo2_value(self.floats[frame - 1])

    @property
    def revision(self) -> int:
        """Firmware revision; 0 where the device gives none."""
        return self.floats[3]

    @property
    def timer(self) -> int:
        """Packets since power up, modulo 16384; 0 where the device has no timer."""
        return (self.floats[5] & 0x7F) << 7 | self.floats[6] & 0x7F

    @property
    def low_battery(self) -> bool:
        """Whether STAT2 says so."""
        return bool(self.floats[7] & 1)


class PacketReader:
    """Puts packets together. One that has not 25 frames between two SYNCs is dropped.

    A packet nothing was lost in is complete with its 25th frame. In one with bytes thrown away, frames may be missing at
    its end as well as its middle, so it counts only once the frame after it is seen to have SYNC.
    """

    def __init__(self) -> None:
        self._floats: list[int] = []
        self._doubtful = False

    def take(self, floating: int, *, sync: bool, lost: bool) -> Packet | None:
        """Take the next good frame, return the packet it completes; ``lost`` says bytes were, just before it."""
        if sync:
            whole = len(self._floats) == FRAMES
            packet = Packet(tuple(self._floats)) if whole else None
            self._floats = [floating]
            self._doubtful = False
            return packet
        if not self._floats:
            return None
        self._floats.append(floating)
        self._doubtful |= lost
        if len(self._floats) < FRAMES or (self._doubtful and len(self._floats) == FRAMES):
            return None
        packet = None if self._doubtful else Packet(tuple(self._floats))
        self._floats = []
        return packet


class TimerWatch:
    """Tells from the packets' timer how many packets are missing that left no trace on the wire.

    A timer counts for something once it has been seen to advance by one from packet to packet.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._runs = False

    def lost(self, timer: int, since_last: int) -> int:
        """Return the packets missing; ``since_last`` is how many have gone by since the last call, as far as known."""
        last, self._last = self._last, timer
        if last is None:
            return 0
        step = (timer - last) % _TIMER_TURN
        if step == since_last == 1:
            self._runs = True
        missing = step - since_last
        return missing if self._runs and 0 < missing <= _LONGEST_LOSS else 0


def main_readings(packet: Packet, sensor: SensorStatus) -> list[Signal]:
    """Return SPO2 and PR: the display values; those of four beats where the device leaves the display bytes empty."""
    spo2, rate = packet.spo2(9), packet.rate(20)
    if not packet.floats[8]:
        spo2 = packet.spo2(3)
    if not any(packet.floats[19:21]):
        rate = packet.rate(1)
    return [reading("SPO2", spo2, sensor), reading("PR", rate, sensor)]


def further_readings(packet: Packet, sensor: SensorStatus) -> list[Signal]:
    """Return the same two quantities as the device averages them otherwise, under names of their own."""
    values = (
        ("PR_4_BEAT", packet.rate(1)),
        ("SPO2_4_BEAT", packet.spo2(3)),
        ("SPO2_FAST", packet.spo2(10)),
        ("SPO2_BEAT", packet.spo2(11)),
        ("PR_8_BEAT", packet.rate(14)),
        ("SPO2_8_BEAT", packet.spo2(16)),
        ("SPO2_8_BEAT_DISPLAY", packet.spo2(17)),
        ("PR_8_BEAT_DISPLAY", packet.rate(22)),
    )
    return [reading(name, value, sensor) for name, value in values]


def identity(packet: Packet) -> DeviceIdentity | None:
    """Return what little the device says of itself."""
    return DeviceIdentity("Nonin", firmware=f"0x{packet.revision:02X}") if packet.revision else None
