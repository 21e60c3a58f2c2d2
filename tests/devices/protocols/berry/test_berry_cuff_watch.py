import pytest

from devices.protocols.berry.cuff_watch import CuffFrame, CuffState, CuffWatch, parse_cuff
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult

IDLE = NibpProgress(NibpPhase.IDLE)


def frame(state: int, *values: int, cuff: int = 0) -> CuffFrame:
    return CuffFrame(state, 0, cuff, *(values or (0, 0, 0)))


def progress(cuff: int) -> NibpProgress:
    return NibpProgress(NibpPhase.MEASURING, cuff)


def failed(cause: NibpFailure) -> NibpResult:
    return NibpResult(None, None, None, failure=cause)


READING = NibpResult(122.0, 78.0, 92.0)
DONE = frame(0, 122, 92, 78)
EMPTY = frame(0)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("55 AA 08 03 04 4B 00 00 00 A5", CuffFrame(1, 0, 150, 0, 0, 0)),
        ("55 AA 08 03 00 00 7A 5C 4E D0", CuffFrame(0, 0, 0, 122, 92, 78)),
        ("55 AA 08 03 10 00 00 00 00 E4", CuffFrame(4, 0, 0, 0, 0, 0)),
        ("55 AA 08 03 14 00 00 00 00 E0", CuffFrame(5, 0, 0, 0, 0, 0)),
    ],
)
def test_printed_frames(printed, expected):
    assert parse_cuff(bytes.fromhex(printed)[3:-1]) == expected


def test_status_bits_6_and_7_are_ignored_and_the_patient_read():
    assert parse_cuff(bytes((3, 0xC4 | 0x02, 0, 0, 0, 0))) == CuffFrame(1, 2, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([EMPTY, EMPTY], []),
        ([DONE, DONE], [DeviceStatus("NIBP_HELD", True, "122/78 (92) mmHg, time unknown")]),
        ([frame(4)], [DeviceStatus("NIBP_HELD", True, "cuff loose or not connected")]),
        ([EMPTY, frame(1, cuff=10), frame(1, cuff=10), DONE, DONE], [progress(10), READING, IDLE]),
        ([frame(1, cuff=10), frame(1, cuff=12), DONE], [progress(10), progress(12), READING, IDLE]),
        ([DONE, frame(1), DONE], [DeviceStatus("NIBP_HELD", True, "122/78 (92) mmHg, time unknown"),
                                  progress(0), READING, IDLE]),  # an equal reading is a reading
        ([frame(1), frame(7, 130, 100, 80)], [progress(0), NibpResult(130.0, 80.0, 100.0, questionable=True), IDLE]),
        ([frame(1), frame(0, 122, 0, 78)], [progress(0), NibpResult(122.0, 78.0, None), IDLE]),
        ([frame(1), frame(0, 122, 92, 0)], [progress(0), failed(NibpFailure.ERROR), IDLE]),
        ([EMPTY, frame(9), frame(10), EMPTY], []),  # power-on
        ([frame(1), frame(10), frame(1), DONE], [progress(0), READING, IDLE]),
        ([EMPTY, DONE, DONE], [READING]),  # the measuring frames were lost
        ([EMPTY, frame(4), frame(4)], [failed(NibpFailure.CUFF_LOOSE)]),
        ([EMPTY, frame(2)], []),  # a stop while idle
        ([frame(1), frame(4, cuff=40), frame(4, cuff=20)], [progress(0), failed(NibpFailure.CUFF_LOOSE), IDLE]),
        ([frame(1), DONE, frame(1), frame(4), DONE], [progress(0), READING, IDLE, progress(0),
                                                     failed(NibpFailure.CUFF_LOOSE), IDLE]),  # the old one again
        ([frame(1), frame(12), DONE], [progress(0), READING, IDLE]),  # a state nobody describes
    ],
)  # fmt: skip
def test_transitions(frames, said):
    watch = CuffWatch()
    assert [signal for item in frames for signal in watch.step(item)] == said
    assert not watch.active


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (CuffState.DONE, NibpFailure.ERROR),
        (CuffState.STOPPED, NibpFailure.STOPPED),
        (CuffState.OVER_PRESSURE, NibpFailure.OVER_PRESSURE),
        (CuffState.CUFF_LOOSE, NibpFailure.CUFF_LOOSE),
        (CuffState.TIMED_OUT, NibpFailure.TIMED_OUT),
        (CuffState.ERROR, NibpFailure.ERROR),
        (CuffState.INTERFERENCE, NibpFailure.MOTION),
        (CuffState.OUT_OF_RANGE, NibpFailure.OUT_OF_RANGE),
    ],
)
def test_every_terminal_state_without_values_is_a_failure(state, cause):
    watch = CuffWatch()
    watch.step(frame(CuffState.MEASURING))
    assert watch.step(frame(state)) == [failed(cause), IDLE]


@pytest.mark.parametrize("state", [2, 3, 4, 5, 6, 8])
def test_values_count_only_in_states_0_and_7(state):
    watch = CuffWatch()
    watch.step(frame(CuffState.MEASURING))
    [result, _] = watch.step(frame(state, 122, 92, 78))
    assert isinstance(result, NibpResult)
    assert result.systolic_mmhg is None
    assert result.failure is not None


def test_initialising_is_a_measurement_only_when_one_was_asked_for():
    watch = CuffWatch()
    watch.step(EMPTY)
    watch.expect()
    assert watch.step(frame(9)) == [progress(0)]
    assert watch.active
    assert watch.step(EMPTY) == [IDLE]  # nothing measured yet, still expected
    assert watch.step(frame(10)) == [progress(0)]
    assert watch.step(frame(1, cuff=20)) == [progress(20)]
    assert watch.step(DONE) == [READING, IDLE]


def test_a_measurement_given_up_is_not_reported_again():
    watch = CuffWatch()
    watch.step(frame(1))
    watch.give_up()
    assert watch.overrunning
    assert watch.step(frame(1, cuff=90)) == []
    assert watch.step(DONE) == [IDLE]
    assert watch.step(DONE) == []
    assert watch.step(frame(1)) == [progress(0)]


def test_release_takes_an_overrunning_cuff_for_idle():
    watch = CuffWatch()
    watch.step(frame(1))
    watch.give_up()
    watch.release()
    assert not watch.overrunning
