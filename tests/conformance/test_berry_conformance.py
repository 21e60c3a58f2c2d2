from typing import ClassVar

from devices.drivers.berry import BerryDriver
from devices.protocols.berry.frames import LONGEST_FRAME
from devices.protocols.berry.monitor import BerryMonitor
from tests.conformance.driver_conformance import DriverConformance

CLEAN = """
55 AA 0A 01 80 80 80 80 80 80 80 74
55 AA 08 02 18 48 10 05 01 7F
55 AA 0A 01 96 AC 96 5F 80 A1 8C 10
55 AA 04 FE 40 BD
55 AA 04 FF 80 7C
55 AA 06 04 00 62 48 4B
55 AA 06 05 00 24 06 CA
55 AA 0A 01 F9 89 01 08 F9 18 30 28
55 AA 08 02 1A 00 00 00 00 DB
55 AA 08 03 04 4B 00 00 00 A5
55 AA 08 03 00 00 7A 5C 4E D0
55 AA 0A 01 80 80 80 80 80 80 80 74
55 AA 08 05 02 24 06 00 00 C6
"""


class TestBerryConformance(DriverConformance):
    driver_class = BerryDriver
    monitor_class = BerryMonitor
    protocol_package = "devices.protocols.berry"
    max_buffered = LONGEST_FRAME
    measured_numerics: ClassVar[dict[str, float]] = {
        "HR": 75.0,
        "PR": 76.0,
        "SPO2": 97.0,
        "RR": 15.0,
        "TEMP": 36.6,
    }
    cycle_s = 60.0

    def clean_frames(self) -> list[bytes]:
        return [bytes.fromhex(line) for line in CLEAN.strip().splitlines()]

    def junk(self) -> tuple[bytes, ...]:
        return (
            *super().junk(),
            b"\x55",
            b"\xaa\x55\x55",
            b"\xaa\x0a\x01\x80",
            b"\x55\xaa\x03",
            b"\x55\xaa\x21\x01",
        )
