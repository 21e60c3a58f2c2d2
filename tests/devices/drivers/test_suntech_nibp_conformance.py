from devices.drivers.suntech_nibp import SuntechNibpDriver
from devices.protocols.suntech_nibp.frames import MAX_LEN
from devices.protocols.suntech_nibp.monitor import SuntechMonitor
from tests.conformance.driver_conformance import DriverConformance

# A whole cycle as protocols.md §8.1 describes it, the official result among it.
CLEAN = """
3E 05 96 00 27
3E 04 4F 6F
3E 05 02 01 BA
3E 05 96 00 27
3E 04 4B 73
3E 18 73 00 4A 00 1E 01 00 00 00 00 00 00 31 07 55 00 58 00 00 00 00 E9
3E 04 42 7C
3E 04 4F 6F
3E 05 96 00 27
3E 04 41 7D
3E 04 53 6B
3E 04 4F 6F
3E 04 4B 73
3E 18 00 00 00 00 1E 01 00 00 00 00 00 00 31 07 00 00 00 00 57 00 00 FC
"""


class TestSuntechNibpConformance(DriverConformance):
    driver_class = SuntechNibpDriver
    monitor_class = SuntechMonitor
    protocol_package = "devices.protocols.suntech_nibp"
    max_buffered = MAX_LEN
    cycle_s = 60.0

    def clean_frames(self) -> list[bytes]:
        return [bytes.fromhex(line) for line in CLEAN.strip().splitlines()]

    def junk(self) -> tuple[bytes, ...]:
        return (*super().junk(), b"\x3e\x3e\x03", b"\x3e\x21\x00", b"\x3a\x79\x05\x00\x48", b"\x3e\x00" * 9)
