from typing import ClassVar

from devices.drivers.nonin import NoninDriver
from devices.protocols.nonin.frames import LONGEST_FRAME
from devices.protocols.nonin.monitor import NoninMonitor
from tests.conformance.driver_conformance import DriverConformance

FLOATS = (0, 72, 98, 41, 0, 0, 1, 32, 98, 98, 97, 0, 0, 0, 72, 98, 98, 0, 0, 0, 72, 0, 72, 0, 0)
"""HR 72, SpO2 98, revision 0x29, timer 1, beat to beat 97 (protocols.md §5.3)."""


def status(k: int) -> int:
    """SYNC in the first frame, green perfusion in frames 6 to 17."""
    return 0x80 | (k % 25 == 0) | (0x02 if 5 <= k < 17 else 0)


def summed(*octets: int) -> bytes:
    return bytes((*octets, sum(octets) & 0xFF))


class Nonin(DriverConformance):
    driver_class = NoninDriver
    protocol_package = "devices.protocols.nonin"
    max_buffered = LONGEST_FRAME
    silent_until_asked = False


class TestNoninFormat2Conformance(Nonin):
    monitor_class = NoninMonitor
    measured_numerics: ClassVar[dict[str, float]] = {"PR": 76.0, "SPO2": 97.0}

    def clean_frames(self) -> list[bytes]:
        """A packet and the SYNC of the next, which proves it whole where there is noise inside it."""
        frames = [summed(1, status(k), 100 + 3 * k, FLOATS[k]) for k in range(25)]
        return [*frames, summed(1, status(0), 99, 0)]


class TestNoninFormat7Conformance(Nonin):
    self_framing = False  # no header: after noise two frames in a row are asked for

    def clean_frames(self) -> list[bytes]:
        frames = [summed(status(k), 128 + k, 7 * k, FLOATS[k]) for k in range(25)]
        return [*frames, summed(status(0), 128, 0, 0)]


class TestNoninFormat1Conformance(Nonin):
    checksummed = self_framing = False

    def clean_frames(self) -> list[bytes]:
        return [bytes((0x80 | low << 4, 70 + low, 98 - low)) for low in (0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0)]


class TestNoninFormat8Conformance(Nonin):
    checksummed = self_framing = False

    def clean_frames(self) -> list[bytes]:
        return [bytes((0x80, 70 + k % 4, 96 + k % 3, 0x20)) for k in range(12)]


class TestNoninFormat13Conformance(Nonin):
    def clean_frames(self) -> list[bytes]:
        data = [bytes.fromhex(f"20 26 01 02 10 15 {k:02} 00 02 00 00 {70 + k:02X} 00 62") for k in range(12)]
        return [b"\x00\x02\x00\x0d\x00\x0e" + d + bytes((sum(d) & 0xFF, 3)) for d in data]

    def frame_with_bad_checksum(self) -> bytes:
        frame = bytearray(self.clean_frames()[0])
        frame[-2] ^= 0xFF
        return bytes(frame)


class TestNoninPrintoutConformance(Nonin):
    checksummed = False
    self_framing = False  # noise of digits may look like the time before a line

    def clean_frames(self) -> list[bytes]:
        return [f"SPO2={96 + k % 3:03} HR={70 + k % 4:03}\r\n".encode() for k in range(12)]
