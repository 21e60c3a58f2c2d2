import pytest

from devices.protocols.suntech_nibp.frames import ModuleFrameReader
from devices.protocols.suntech_nibp.messages import (
    Answer,
    CuffPressure,
    ErrorNote,
    Reading,
    Unknown,
    encode_answer,
    encode_pressure,
    encode_reading,
    parse_message,
    result_of,
)
from devices.signals import DeviceStatus, NibpFailure, NibpResult

OFFICIAL = "3E 18 73 00 4A 00 1E 01 00 00 00 00 00 00 31 07 55 00 58 00 00 00 00 E9"
CONSTRUCTED = "3E 18 7A 00 4E 00 1E 01 00 00 00 00 00 00 31 07 48 00 5D 00 00 00 00 E6"
FAILED = "3E 18 00 00 00 00 1E 01 00 00 00 00 00 00 31 07 00 00 00 00 57 00 00 FC"


def parsed(printed: str) -> object:
    (data,) = ModuleFrameReader().feed(bytes.fromhex(printed))
    return parse_message(data)


@pytest.mark.parametrize(
    ("printed", "answer"),
    [
        ("3E 04 4F 6F", Answer.RECEIVED),
        ("3E 04 4B 73", Answer.DONE),
        ("3E 04 42 7C", Answer.BUSY),
        ("3E 04 41 7D", Answer.ABORTED),
        ("3E 04 53 6B", Answer.ASLEEP),
    ],
)
def test_answers(printed, answer):
    assert parsed(printed) is answer
    assert encode_answer(answer) == bytes.fromhex(printed)


@pytest.mark.parametrize(
    ("printed", "mmhg"),
    [("3E 05 96 00 27", 150), ("3E 05 02 01 BA", 258), ("3E 05 00 00 BD", 0), ("3E 05 FE FF C0", 0)],
)
def test_pressures(printed, mmhg):
    assert parsed(printed) == CuffPressure(mmhg)
    if "FF" not in printed:
        assert encode_pressure(mmhg) == bytes.fromhex(printed)


@pytest.mark.parametrize(
    ("printed", "reading", "result"),
    [
        (OFFICIAL, Reading(115, 74, 88, 85, 30), NibpResult(115.0, 74.0, 88.0, 85.0)),
        (CONSTRUCTED, Reading(122, 78, 93, 72, 30), NibpResult(122.0, 78.0, 93.0, 72.0)),
        (FAILED, Reading(beats=30, error=87), NibpResult(None, None, None, failure=NibpFailure.CUFF_LOOSE)),
    ],
)
def test_results_printed_in_the_document(printed, reading, result):
    assert parsed(printed) == reading
    assert encode_reading(reading) == bytes.fromhex(printed)
    assert result_of(reading) == result


@pytest.mark.parametrize(
    ("error", "failure", "words"),
    [
        (1, NibpFailure.WEAK, None),
        (2, NibpFailure.MOTION, None),
        (3, NibpFailure.OUT_OF_RANGE, None),
        (4, NibpFailure.TIMED_OUT, None),
        (85, NibpFailure.BLOCKED, None),
        (86, NibpFailure.STOPPED, None),
        (87, NibpFailure.CUFF_LOOSE, None),
        (88, NibpFailure.TIMED_OUT, None),
        (89, NibpFailure.OVER_PRESSURE, None),
        (90, NibpFailure.ERROR, "error 90: hardware"),
        (91, NibpFailure.ERROR, "error 91: not permitted"),
        (97, NibpFailure.ERROR, "error 97: pressure transducer"),
        (99, NibpFailure.ERROR, "error 99: memory"),
        (98, NibpFailure.ERROR, "error 98: not in the list"),
        (255, NibpFailure.ERROR, "error 255: not in the list"),
    ],
)
def test_every_error_code(error, failure, words):
    # Pressures beside an error are those of an earlier measurement, or nonsense.
    reading = Reading(122, 78, 93, 72, 30, error)
    assert result_of(reading) == NibpResult(None, None, None, failure=failure)
    told = [] if words is None else [DeviceStatus("NIBP_ERROR", active=True, detail=words)]
    assert ErrorNote().take(reading) == told


def test_an_error_of_the_module_is_told_until_a_cycle_goes_without():
    note = ErrorNote()
    assert note.take(Reading(error=97)) == [
        DeviceStatus("NIBP_ERROR", active=True, detail="error 97: pressure transducer")
    ]
    assert note.take(Reading(error=97)) == []
    assert note.take(Reading(error=99)) == [
        DeviceStatus("NIBP_ERROR", active=False, detail="error 97: pressure transducer"),
        DeviceStatus("NIBP_ERROR", active=True, detail="error 99: memory"),
    ]
    assert note.take(Reading(122, 78, 93, 72)) == [
        DeviceStatus("NIBP_ERROR", active=False, detail="error 99: memory")
    ]
    assert note.take(Reading(error=1)) == []


@pytest.mark.parametrize(
    ("reading", "result"),
    [
        (Reading(0, 78, 93, 72), NibpResult(None, None, None, failure=NibpFailure.ERROR)),
        (Reading(122, 0, 93, 72), NibpResult(None, None, None, failure=NibpFailure.ERROR)),
        (Reading(), NibpResult(None, None, None, failure=NibpFailure.ERROR)),
        (Reading(122, 78, 0, 72), NibpResult(122.0, 78.0, None, 72.0)),
        (Reading(122, 78, 93, 0), NibpResult(122.0, 78.0, 93.0, None)),
        (Reading(260, 160, 190, 310), NibpResult(260.0, 160.0, 190.0, 310.0)),
    ],
)
def test_zero_is_no_value(reading, result):
    assert result_of(reading) == result


@pytest.mark.parametrize(
    ("data", "record"),
    [(b"E", "answer 45"), (b"\0", "answer 00"), (bytes(3), "LEN 06"), (bytes(20), "LEN 17")],
)
def test_what_the_document_does_not_describe_is_unknown(data, record):
    assert parse_message(data) == Unknown(record)
