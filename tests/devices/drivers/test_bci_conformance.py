from typing import ClassVar

from devices.drivers.bci import BciDriver
from devices.protocols.bci.frames import LONGEST_BUFFER
from devices.protocols.bci.monitor import BciMonitor
from tests.conformance.driver_conformance import DriverConformance

CLEAN = """
85 40 09 48 62
85 41 09 48 62
C5 44 0A 48 62
C5 4B 0B 48 62
84 53 0C 49 61
84 55 0C 49 61
84 50 0C 49 61
80 00 50 7F 7F
80 00 50 7F 7F
90 00 60 7F 7F
90 00 60 7F 7F
C5 40 49 02 61
C5 3B 48 02 61
85 37 48 02 61
"""


class TestBciConformance(DriverConformance):
    driver_class = BciDriver
    monitor_class = BciMonitor
    protocol_package = "devices.protocols.bci"
    max_buffered = LONGEST_BUFFER
    checksummed = False
    # Out of step a frame counts only when it repeats what is known: noise around it costs a frame.
    self_framing = False
    silent_until_asked = False
    measured_numerics: ClassVar[dict[str, float]] = {"SPO2": 97.0, "PR": 76.0}

    def clean_frames(self) -> list[bytes]:
        return [bytes.fromhex(line) for line in CLEAN.strip().splitlines()]
