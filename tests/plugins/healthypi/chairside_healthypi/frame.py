"""The HealthyPi's frame: ``0A FA | length LE | 02 | payload | 00 0B``, 29 bytes, 128 a second (protocols.md §9)."""

import struct
from dataclasses import dataclass

RATE_HZ = 128.0
HEAD = b"\x0a\xfa\x16\x00\x02"
TAIL = b"\x00\x0b"
_PAYLOAD = struct.Struct("<iiBiihBBB")
FRAME_BYTES = len(HEAD) + _PAYLOAD.size + len(TAIL)


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame. A number of 0 says that there is none."""

    ecg: int
    breath: int
    red: int
    infrared: int
    temperature_centi_c: int
    spo2_percent: int
    hr_per_min: int
    rr_per_min: int


def encode(sample: Sample) -> bytes:
    """Return a frame."""
    payload = _PAYLOAD.pack(
        sample.ecg,
        sample.breath,
        0,  # flag of the breathing sample; its meaning is not documented
        sample.red,
        sample.infrared,
        sample.temperature_centi_c,
        sample.spo2_percent,
        sample.hr_per_min,
        sample.rr_per_min,
    )
    return HEAD + payload + TAIL


def parse(frame: bytes) -> Sample | None:
    """Return the sample of 29 bytes that begin with ``HEAD``; None where they do not end as a frame does."""
    if not frame.endswith(TAIL):
        return None
    ecg, breath, _, red, infrared, temperature, spo2, heart, breathing = _PAYLOAD.unpack_from(
        frame, len(HEAD)
    )
    return Sample(ecg, breath, red, infrared, temperature, spo2, heart, breathing)
