from typing import ClassVar

from devices.drivers.datex_dri import DatexDriDriver
from devices.protocols.datex_dri.frames import LONGEST_FRAME
from devices.protocols.datex_dri.monitor import DatexDriMonitor
from tests.conformance.driver_conformance import DriverConformance
from tests.devices.protocols.datex_dri.dri_bytes import frame, numbers, numeric_frame, record, wave_frame

ECG = ((4, "L", 0x4B), (8, "H", 0x1200))
SPO2 = ((122, "L", 3), (128, "h", 9665), (130, "h", 83))


class TestDatexDriConformance(DriverConformance):
    driver_class = DatexDriDriver
    monitor_class = DatexDriMonitor
    protocol_package = "devices.protocols.datex_dri"
    max_buffered = LONGEST_FRAME
    measured_numerics: ClassVar[dict[str, float]] = {
        "HR": 75.0,
        "PR": 76.0,
        "SPO2": 97.0,
        "RR": 15.0,
        "PI": 3.5,
        "TEMP": 36.6,
    }

    def clean_frames(self) -> list[bytes]:
        return [
            numeric_frame(*ECG, (10, "h", 80), *SPO2, number=0),
            wave_frame(0, (1, [12, 125, 126, -300]), (8, [1, -2]), status=0x403),
            frame(record(0, [(1, numbers((4, "L", 3), (16, "L", 1 << 27), kind=1))], number=1)),
            wave_frame(1, (1, [1, 2, 3]), (8, [5, -32767, 6]), status=0x412),
            frame(record(4, [(1, bytes(10) + b"HR low".ljust(82, b"\x00") + b"\x02" + bytes(417))])),
            numeric_frame(*ECG, (10, "h", 79), (76, "L", 3), (80, "H", 0x2B), number=2),
            wave_frame(2, (1, [4, 5, 6]), (8, [7]), (15, [100])),
            wave_frame(4, (1, [7, 8]), (8, [8]), (15, [101]), (32, [3])),
            numeric_frame(
                *ECG,
                (10, "h", -32767),
                (76, "L", 3),
                (80, "H", 0x0B),
                (82, "h", 12000),
                (84, "h", 8000),
                number=3,
            ),
            numeric_frame(*SPO2, number=4, time_s=5),
            frame(record(5, [(2, b"somebody")])),
            wave_frame(5, (1, [9]), (8, [9]), (15, [102]), (32, [4])),
        ]

    def frame_with_bad_checksum(self) -> bytes:
        good = self.clean_frames()[0]
        return good[:-2] + bytes((good[-2] ^ 0x01,)) + good[-1:]

    def junk(self) -> tuple[bytes, ...]:
        return (*super().junk(), b"\x7d", b"\x7e\x01\x02", b"\x7e" + bytes(60), b"\x7d\x5e\x7d")
