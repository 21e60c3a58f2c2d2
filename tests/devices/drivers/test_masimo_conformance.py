from typing import ClassVar

from devices.drivers.masimo import MasimoDriver
from devices.protocols.masimo.line import LONGEST_LINE
from devices.protocols.masimo.monitor import MasimoMonitor
from tests.conformance.driver_conformance import DriverConformance

NOTHING = "SN=0000012345 SPO2=---% BPM=--- DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000001"
READING = "SN=0000012345 SPO2=098% BPM=072 PI=04.35 DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800"


class TestMasimoConformance(DriverConformance):
    driver_class = MasimoDriver
    monitor_class = MasimoMonitor
    protocol_package = "devices.protocols.masimo"
    max_buffered = LONGEST_LINE
    checksummed = False
    silent_until_asked = False
    measured_numerics: ClassVar[dict[str, float]] = {"PR": 76.0, "SPO2": 97.0, "PI": 3.5}

    def clean_frames(self) -> list[bytes]:
        fields = [NOTHING] * 2 + [READING] * 8 + [NOTHING]
        return [f"01/02/26 10:15:{k:02} {text}\r\n".encode() for k, text in enumerate(fields)]
