"""What host and SunTech module say to each other (protocols.md §8.1).

The start codes for children and newborns are not public; only the adult one is here.
"""

from dataclasses import dataclass
from enum import IntEnum

from devices.protocols.suntech_nibp.frames import encode_host, encode_module
from devices.signals import DeviceStatus, NibpFailure, NibpResult, Signal

START = encode_host(b"\x20")
START_STREAMING = encode_host(b"\x56")
ABORT = encode_host(b"\x79\x01\x00")
GET_RESULT = encode_host(b"\x79\x03\x00")
GET_PRESSURE = encode_host(b"\x79\x05\x00")
GET_STATUS = encode_host(b"\x79\x11\x00")
RESET = encode_host(b"\x8a")


class Answer(IntEnum):
    """One-letter answers of the module."""

    RECEIVED = ord("O")
    DONE = ord("K")
    BUSY = ord("B")
    ABORTED = ord("A")
    ASLEEP = ord("S")


@dataclass(frozen=True, slots=True)
class CuffPressure:
    """What the cuff holds now."""

    mmhg: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The result record as sent: 0 where there is none."""

    systolic_mmhg: int = 0
    diastolic_mmhg: int = 0
    mean_mmhg: int = 0
    pulse_per_min: int = 0
    beats: int = 0
    error: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """A good frame that the document does not describe; ``record`` names it."""

    record: str


Message = Answer | CuffPressure | Reading | Unknown

_READING_BYTES = 21  # 24 with start, LEN and CHK
_STATUS, _FIXED = 0x01, b"\x31\x07"
"""Offsets 7 and 14 of the result: the same in every published example, their meaning is not."""

FAILURE_OF_ERROR: dict[int, NibpFailure] = {
    1: NibpFailure.WEAK,
    2: NibpFailure.MOTION,
    3: NibpFailure.OUT_OF_RANGE,
    4: NibpFailure.TIMED_OUT,
    85: NibpFailure.BLOCKED,
    86: NibpFailure.STOPPED,
    87: NibpFailure.CUFF_LOOSE,
    88: NibpFailure.TIMED_OUT,
    89: NibpFailure.OVER_PRESSURE,
    90: NibpFailure.ERROR,
    91: NibpFailure.ERROR,
    97: NibpFailure.ERROR,
    99: NibpFailure.ERROR,
}
_WORDS_OF_ERROR = {90: "hardware", 91: "not permitted", 97: "pressure transducer", 99: "memory"}
"""What "cuff unit error" is not telling."""


def parse_message(data: bytes) -> Message:
    """Read the data of a frame (without start, LEN and CHK)."""
    if len(data) == 1:
        known = data[0] in frozenset(Answer)
        return Answer(data[0]) if known else Unknown(f"answer {data[0]:02X}")
    if len(data) == 2:
        # A transducer a little below its zero reads negative; the cuff is then empty.
        return CuffPressure(max(0, int.from_bytes(data, "little", signed=True)))
    if len(data) != _READING_BYTES:
        return Unknown(f"LEN {len(data) + 3:02X}")
    return Reading(
        systolic_mmhg=int.from_bytes(data[0:2], "little"),
        diastolic_mmhg=int.from_bytes(data[2:4], "little"),
        beats=data[4],
        pulse_per_min=int.from_bytes(data[14:16], "little"),
        mean_mmhg=int.from_bytes(data[16:18], "little"),
        error=data[18],
    )


def encode_answer(answer: Answer) -> bytes:
    """Return a one-letter frame."""
    return encode_module(bytes((answer,)))


def encode_pressure(mmhg: int) -> bytes:
    """Return a cuff pressure frame."""
    return encode_module(mmhg.to_bytes(2, "little", signed=True))


def encode_reading(reading: Reading) -> bytes:
    """Return a result frame of 24 bytes."""
    return encode_module(
        reading.systolic_mmhg.to_bytes(2, "little")
        + reading.diastolic_mmhg.to_bytes(2, "little")
        + bytes((reading.beats, _STATUS))
        + bytes(6)
        + _FIXED
        + reading.pulse_per_min.to_bytes(2, "little")
        + reading.mean_mmhg.to_bytes(2, "little")
        + bytes((reading.error, 0, 0))
    )


def result_of(reading: Reading) -> NibpResult:
    """Return the reading, or the cause of the failure; a success without pressures is a failure too."""
    if reading.error or not (reading.systolic_mmhg and reading.diastolic_mmhg):
        failure = FAILURE_OF_ERROR.get(reading.error, NibpFailure.ERROR)
        return NibpResult(None, None, None, failure=failure)
    return NibpResult(
        float(reading.systolic_mmhg),
        float(reading.diastolic_mmhg),
        float(reading.mean_mmhg) if reading.mean_mmhg else None,
        float(reading.pulse_per_min) if reading.pulse_per_min else None,
    )


class ErrorNote:
    """The module's own fault, beside a failure that can only say "cuff unit error": told until a cycle goes without."""

    def __init__(self) -> None:
        self._told = ""

    def take(self, reading: Reading) -> list[Signal]:
        """Return what a result changes."""
        detail = ""
        if reading.error and FAILURE_OF_ERROR.get(reading.error, NibpFailure.ERROR) is NibpFailure.ERROR:
            detail = f"error {reading.error}: {_WORDS_OF_ERROR.get(reading.error, 'not in the list')}"
        if detail == self._told:
            return []
        ended = [DeviceStatus("NIBP_ERROR", active=False, detail=self._told)] if self._told else []
        begun = [DeviceStatus("NIBP_ERROR", active=True, detail=detail)] if detail else []
        self._told = detail
        return [*ended, *begun]
