"""The kit of ``tests/conformance`` on a driver that is not ours: one subclass is all it takes."""

import struct
import sys
from typing import ClassVar

from tests.conformance.driver_conformance import DriverConformance
from tests.plugins.plugin_install import PLUG_IN

sys.path.insert(0, str(PLUG_IN))
try:
    from chairside_healthypi.driver import HealthyPiDriver
    from chairside_healthypi.frame import FRAME_BYTES
    from chairside_healthypi.monitor import HealthyPiMonitor
finally:
    sys.path.remove(str(PLUG_IN))


def frame(*values: int) -> bytes:
    """A frame from the layout of protocols.md §9, without the plug-in's own encoder."""
    ecg, breath, red, infrared, *numbers = values
    payload = struct.pack("<2lB2lh3B", ecg, breath, 0, red, infrared, *numbers)
    return b"\x0a\xfa" + len(payload).to_bytes(2, "little") + b"\x02" + payload + b"\x00\x0b"


class TestHealthyPiConformance(DriverConformance):
    driver_class = HealthyPiDriver
    monitor_class = HealthyPiMonitor
    protocol_package = "chairside_healthypi"
    max_buffered = FRAME_BYTES
    checksummed = False
    silent_until_asked = False
    measured_numerics: ClassVar[dict[str, float]] = {"HR": 75.0, "RR": 15.0, "SPO2": 97.0, "TEMP": 36.6}

    def clean_frames(self) -> list[bytes]:
        steady = [frame(100 * k, -k, 5 * k, 7 * k, 3660, 97, 72, 15) for k in range(6)]
        other = [frame(-100 * k, k, 5 * k, 7 * k, 3661, 96, 73, 0) for k in range(6)]
        return [*steady, *other]

    def junk(self) -> tuple[bytes, ...]:
        return (*super().junk(), b"\x0a", b"\x0a\xfa\x16", b"\x00\x0b", b"\xfa\x0a" * 5)
