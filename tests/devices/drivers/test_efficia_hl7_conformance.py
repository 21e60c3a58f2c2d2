from typing import ClassVar

from devices.drivers.efficia_hl7 import EfficiaHl7Driver
from devices.protocols.efficia_hl7.monitor import EfficiaHl7Monitor
from devices.protocols.hl7.mllp import MAX_BUFFERED
from tests.conformance.driver_conformance import DriverConformance

HEADER = "MSH|^~\\&|^EfficiaCM||||202601021015{s:02d}||ORF^R04|MONITORABC000000{n:04X}|P|2.4|||||||||2.16.840.1.113883.9.2.1"
ENVELOPE = (
    "MSA|AA|APP0000001",
    "QRD|20260102101530|R|I|Q0000001|||||STA",
    "PID|||MRN1234||JONES^MARY^A",
    "PV1|||^^LOCATION34",
    "ORC|NW|||||||||||||||||CHAIR 3",
    "OBR||||MONITOR|||20260102101500|||OPERATOR12",
)
NUMBERS = (
    "OBX||NM|0002-4bb8^SpO2^MDIL||{spo2}|0004-0220^%^MDIL|||||F",
    "OBX||NM|0002-4182^HR^MDIL||{hr}|0004-0aa0^bpm^MDIL|||||F",
    "OBX||NM|0002-480a^Pulse^MDIL||{hr}|0004-0aa0^bpm^MDIL|||||F||||||0002-4bb8^SpO2^MDIL",
    "OBX||NM|0002-5000^Resp^MDIL|||0004-0ae0^rpm^MDIL|||||X",
)
PRESSURES = (
    "OBX||NM|0002-4a05^NBPs^MDIL||124|0004-0f20^mmHg^MDIL|||||F|||2026010210{at}00",
    "OBX||NM|0002-4a06^NBPd^MDIL||78|0004-0f20^mmHg^MDIL|||||F|||2026010210{at}00",
    "OBX||NM|0002-4a07^NBPm^MDIL||93|0004-0f20^mmHg^MDIL|||||F|||2026010210{at}00",
)
REFUSAL = (
    "MSH|^~\\&|^EfficiaCM||||20260102101559||ACK|MONITORABC00000000FF|P|2.4",
    "MSA|AE|APP0000001|Invalid query",
)


def framed(*lines: str) -> bytes:
    """A message as protocols.md §4 frames it, written here without the program's own encoder."""
    return b"\x0b" + "".join(line + "\r" for line in lines).encode("ascii") + b"\x1c\r"


class TestEfficiaHl7Conformance(DriverConformance):
    driver_class = EfficiaHl7Driver
    monitor_class = EfficiaHl7Monitor
    protocol_package = "devices.protocols.efficia_hl7"
    max_buffered = MAX_BUFFERED
    checksummed = False
    measured_numerics: ClassVar[dict[str, float]] = {
        "HR": 75.0,
        "PR": 76.0,
        "SPO2": 97.0,
        "RR": 15.0,
        "TEMP": 36.6,
    }

    def clean_frames(self) -> list[bytes]:
        frames = []
        for n in range(10):
            numbers = [line.format(spo2=97 - n % 2, hr=72 + n) for line in NUMBERS]
            pressures = [line.format(at=12 if n < 5 else 15) for line in PRESSURES]
            # Not everything in every message: the kit tries every length of the whole stream.
            envelope = ENVELOPE if n == 0 else ENVELOPE[:1]
            frames.append(
                framed(
                    HEADER.format(s=n * 5, n=n), *envelope, *numbers[n % 3 :], *pressures[: 3 * (n in (2, 6))]
                )
            )
        return [*frames, framed(*REFUSAL)]

    def junk(self) -> tuple[bytes, ...]:
        return (*super().junk(), b"\x1c\r", b"\r\n\r", b"MSH|^~\\&|", b"\x1c\x1c")
