from typing import ClassVar

from devices.clock import NS_PER_S
from devices.drivers.base import Driver
from devices.drivers.contec_v7 import ContecV7Driver
from devices.protocols.base import MonitorSide
from devices.protocols.contec_v7.monitor import ContecV7Monitor
from devices.protocols.contec_v7.records import FRAME_BYTES
from tests.conformance.driver_conformance import DriverConformance

# The captured identity, the captured wave, then the constructed frames of protocols.md §7.2.
CLEAN = """
04 80 F5 F3 E5 F2 A0 A0 A0
01 E0 85 B3 96 C1 E1 FF FF
01 E0 85 B0 96 C1 E1 FF FF
01 E0 85 AE 95 C1 E1 FF FF
01 E0 85 AC 95 C1 E1 FF FF
01 A0 86 A8 88 C8 E2 B3 81
01 A0 86 A8 88 C8 E2 B3 81
01 A8 C6 A8 88 8C E2 B3 81
01 A8 C6 A8 88 8C E2 B3 81
01 EB 80 C0 90 FF FF FF FF
01 EB 80 C0 90 FF FF FF FF
"""


class TestContecV7Conformance(DriverConformance):
    driver_class = ContecV7Driver
    monitor_class = ContecV7Monitor
    protocol_package = "devices.protocols.contec_v7"
    max_buffered = FRAME_BYTES
    checksummed = False
    measured_numerics: ClassVar[dict[str, float]] = {"PR": 76.0, "SPO2": 97.0, "PI": 3.5}

    def clean_frames(self) -> list[bytes]:
        return [bytes.fromhex(line) for line in CLEAN.strip().splitlines()]

    def handshake(self, driver: Driver, monitor: MonitorSide) -> None:
        """Ask the questions one after another in the second before the patient's time begins."""
        monitor.receive(driver.opened(-NS_PER_S))
        for step in range(1, 20):
            monitor.receive(driver.due(-NS_PER_S + step * NS_PER_S // 20))

    def junk(self) -> tuple[bytes, ...]:
        return (*super().junk(), b"\x01", b"\x0c", b"\x80" * 30, b"\x7d\x81", b"\x04\x80\xf5", b"\xff" * 9)
