from typing import ClassVar

from devices.drivers.nellcor import NellcorDriver
from devices.protocols.nellcor.lines import LONGEST_LINE
from devices.protocols.nellcor.monitor import NellcorMonitor
from tests.conformance.driver_conformance import DriverConformance

CLEAN = (
    "NPB-295 VERSION 2.0.0.0 CRC: A1B2 SpO2 Limit: 70-100% PR Limit: 60-160BPM",
    "TIME %SPO2 BPM PA Status",
    "02-JAN-26 10:15:30 98 72 60 ",
    "02-JAN-26 10:15:32 --- --- --- SD",
    "02-JAN-26 10:15:34 98 72 58 MO",
    "02-JAN-26 10:15:36    99      74      61    MO             AO",
    "02-JAN-26 10:15:38    99      74      61                     ",
    "N-560    VERSION 1.61.00    CRC:A1B2  SpO2 Limit: 70-100%    PR Limit: 60-160BPM",
    "                             ADULT           25SAT-S ",
    "TIME                 %SpO2   BPM     PA     Status",
    "02-Jan-26 10:15:40     0       0     ---    PS               ",
    "02-Jan-26 10:15:42    96      71      55                     ",
    "02-Jan-26 10:15:44    95      70      53    LB SL",
)


class TestNellcorConformance(DriverConformance):
    driver_class = NellcorDriver
    monitor_class = NellcorMonitor
    protocol_package = "devices.protocols.nellcor"
    max_buffered = LONGEST_LINE
    checksummed = False
    silent_until_asked = False
    measured_numerics: ClassVar[dict[str, float]] = {"SPO2": 97.0, "PR": 76.0}

    def clean_frames(self) -> list[bytes]:
        return [f"{line}\r\n".encode() for line in CLEAN]
