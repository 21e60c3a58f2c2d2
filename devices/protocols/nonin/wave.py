"""The 75 frames a second of formats 2 and 7: pleth, pulse beeps, sensor, and the packets of numbers (protocols.md §5.3)."""

from dataclasses import replace

from devices.protocols.conditions import Conditions
from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.packet import FRAMES, Packet, PacketReader
from devices.protocols.nonin.pleth import SCALE_8_BIT, SCALE_16_BIT, PlethStream
from devices.protocols.nonin.reader import Frame
from devices.protocols.nonin.sensor import ATTACHED, SensorStatus, status_wave, tell
from devices.signals import BeatMark, Quality, Signal, WaveChunk

_SYNC = 0x01
_PERFUSION = 0x06  # red 04, green 02, both together yellow
_GREEN = 0x02
_SENSOR = 0x78


class WaveReader:
    """Takes frame after frame; its ``sensor`` is what the last ones say, with the perfusion of the last pulse."""

    def __init__(self, conditions: Conditions) -> None:
        self.sensor: SensorStatus = ATTACHED
        self._conditions = conditions
        self._packets = PacketReader()
        self._pleth = PlethStream()
        self._bits = 0  # of the status, SYNC left out
        self._quality = Quality.GOOD
        self._artifact = False  # in this packet
        self._packet_at: int | None = None

    def take(self, frame: Frame, signals: list[Signal]) -> Packet | None:
        """Take a frame, add what it says, return the packet of numbers it completes."""
        octets = frame.octets
        if frame.lost:
            self._pleth.bytes_lost(frame.lost)
        if frame.dialect is Dialect.F2:
            status, sample, scale = octets[1], octets[2], SCALE_8_BIT
        else:
            status, sample, scale = octets[0], octets[1] << 8 | octets[2], SCALE_16_BIT
        sync = bool(status & _SYNC)
        if sync:
            self._pleth.take_sync()
            self._artifact = bool(status & 0x20)
        if status & ~_SYNC != self._bits:
            self._take_status(status & ~_SYNC, signals)
        self._pleth.add(sample, scale, self._quality)
        packet = self._packets.take(octets[3], sync=sync, lost=frame.lost > 0)
        if packet is not None:
            self.sensor = replace(self.sensor, artifact=self._artifact)
        return packet

    def packets_gone(self) -> int:
        """Packets from the one before to the one just completed, as far as the wire has told."""
        begun = self._pleth.position - FRAMES
        before, self._packet_at = self._packet_at, begun
        return 0 if before is None else round((begun - before) / FRAMES)

    def packets_lost(self, count: int) -> None:
        """Leave a gap of so many packets after what has been taken."""
        self._pleth.packets_lost(count)
        if self._packet_at is not None:
            self._packet_at += count * FRAMES

    def chunks(self) -> list[WaveChunk]:
        """Return the pleth gathered since the last call."""
        return self._pleth.take()

    def _take_status(self, bits: int, signals: list[Signal]) -> None:
        before, self._bits = self._bits, bits
        perfusion = bits & _PERFUSION
        if perfusion and not before & _PERFUSION:
            signals.append(BeatMark("PLETH"))
        if (bits ^ before) & _SENSOR or perfusion:
            found = status_wave(bits)
            self._artifact |= found.artifact
            self._quality = found.quality
            weak = perfusion != _GREEN if perfusion else self.sensor.weak
            self.sensor = replace(found, weak=weak and not found.off)
            signals += tell(self.sensor, self._conditions)
