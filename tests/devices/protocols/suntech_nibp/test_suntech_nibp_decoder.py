from devices.protocols.suntech_nibp.decoder import SuntechDecoder
from devices.protocols.suntech_nibp.frames import encode_module
from devices.protocols.suntech_nibp.messages import (
    Answer,
    Reading,
    encode_answer,
    encode_pressure,
    encode_reading,
)
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult

O, K, B, A, S = (encode_answer(answer) for answer in Answer)  # noqa: E741
GOOD = bytes.fromhex("3E 18 73 00 4A 00 1E 01 00 00 00 00 00 00 31 07 55 00 58 00 00 00 00 E9")
FAILED = bytes.fromhex("3E 18 00 00 00 00 1E 01 00 00 00 00 00 00 31 07 00 00 00 00 57 00 00 FC")
RESULT = NibpResult(115.0, 74.0, 88.0, 85.0)
IDLE = NibpProgress(NibpPhase.IDLE)


def measuring(mmhg: int | None) -> NibpProgress:
    return NibpProgress(NibpPhase.MEASURING, mmhg)


def said(*frames: bytes) -> list[object]:
    return SuntechDecoder().feed(b"".join(frames))


def test_a_captured_cycle():
    stream = (encode_pressure(0), O, *(encode_pressure(mmhg) for mmhg in (0, 80, 80, 150)), K, GOOD)
    assert said(*stream) == [measuring(None), measuring(0), measuring(80), measuring(150), RESULT, IDLE]


def test_the_same_record_again_is_no_new_result_but_an_equal_one_of_a_new_cycle_is():
    assert said(O, K, GOOD, GOOD, K, GOOD) == [measuring(None), RESULT, IDLE]
    assert said(O, K, GOOD, O, K, GOOD) == [measuring(None), RESULT, IDLE] * 2


def test_a_failed_cycle():
    loose = NibpResult(None, None, None, failure=NibpFailure.CUFF_LOOSE)
    assert said(O, K, FAILED) == [measuring(None), loose, IDLE]


def test_an_abort_ends_a_cycle_and_is_nothing_while_idle():
    stopped = NibpResult(None, None, None, failure=NibpFailure.STOPPED)
    assert said(A, O, A, A, GOOD)[:3] == [measuring(None), stopped, IDLE]


def test_a_capture_that_begins_within_a_cycle():
    stream = (encode_pressure(120), encode_pressure(110), K, GOOD)
    assert said(*stream) == [measuring(120), measuring(110), RESULT, IDLE]


def test_what_the_module_still_holds_is_no_result():
    assert said(GOOD, GOOD) == [
        DeviceStatus("NIBP_HELD", active=True, detail="115/74 (88) mmHg, time unknown")
    ]
    assert said(FAILED) == [DeviceStatus("NIBP_HELD", active=True, detail="cuff loose or not connected")]
    assert said(encode_reading(Reading())) == []


def test_busy_and_sleep_say_nothing():
    assert said(B, S, O, B, K, GOOD) == [measuring(None), RESULT, IDLE]


def test_an_unknown_frame_is_told_once():
    stream = (
        encode_module(b"E"),
        encode_module(bytes(9)),
        encode_module(b"E"),
        encode_module(bytes(range(9))),
    )
    assert said(*stream) == [
        DeviceStatus("UNKNOWN_RECORD", active=True, detail="answer 45"),
        DeviceStatus("UNKNOWN_RECORD", active=True, detail="LEN 0C"),
    ]


def test_giving_up_says_what_was_swallowed():
    decoder = SuntechDecoder()
    assert decoder.feed(O + b"\x3e\x1f" + K + GOOD) == [measuring(None)]
    assert decoder.give_up() == [RESULT, IDLE]
    assert decoder.buffered == 0
