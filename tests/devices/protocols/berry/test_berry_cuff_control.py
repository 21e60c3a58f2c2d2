import pytest

from devices.clock import NS_PER_S
from devices.protocols.berry.commands import NIBP_START, NIBP_STOP
from devices.protocols.berry.cuff_control import CuffControl, next_target_mmhg
from devices.protocols.berry.cuff_watch import CuffFrame
from devices.signals import NibpFailure, NibpPhase, NibpProgress, NibpResult

ADULT_150_START = bytes.fromhex("55 AA 04 09 01 F1  55 AA 04 0A 4B A6  55 AA 04 02 01 F8")
IDLE = NibpProgress(NibpPhase.IDLE)
EMPTY = CuffFrame(0, 0, 0, 0, 0, 0)
MEASURING = CuffFrame(1, 0, 80, 0, 0, 0)
STOPPED = CuffFrame(2, 0, 0, 0, 0, 0)


def done(systolic: int) -> CuffFrame:
    return CuffFrame(0, 0, 0, systolic, 92, 78)


def failed(cause: NibpFailure) -> NibpResult:
    return NibpResult(None, None, None, failure=cause)


class Bench:
    """A control, its time in seconds, and everything it said and sent."""

    def __init__(self) -> None:
        self.control = CuffControl()
        self.now_s = 0.0
        self.sent = b""
        self.said = []

    def at(self, now_s: float, frame: CuffFrame | None = None) -> "Bench":
        self.now_s = now_s
        now_ns = round(now_s * NS_PER_S)
        if frame is not None:
            self.said += self.control.on_frame(frame, now_ns)
        self.control.poll(now_ns)
        self.said += self.control.take_signals()
        self.sent += self.control.take_bytes()
        return self

    def start(self) -> bytes:
        return self.control.start(round(self.now_s * NS_PER_S))

    def stop(self) -> bytes:
        return self.control.stop(round(self.now_s * NS_PER_S))

    @property
    def results(self) -> list[NibpResult]:
        return [signal for signal in self.said if isinstance(signal, NibpResult)]


@pytest.fixture
def bench() -> Bench:
    return Bench().at(0, EMPTY)


@pytest.mark.parametrize(
    ("last", "target"),
    [(None, 150), (90.0, 150), (120.0, 150), (121.0, 151), (190.0, 220), (255.0, 285), (280.0, 300)],
)
def test_next_target(last, target):
    assert next_target_mmhg(last) == target


def test_start_sends_patient_target_and_start(bench):
    assert bench.start() == ADULT_150_START


def test_idle_frames_before_the_measurement_are_no_result(bench):
    bench.at(0.5, done(120))
    bench.said.clear()
    bench.start()
    bench.at(1, done(120)).at(1.2, done(120)).at(1.4, MEASURING).at(30, done(120))
    assert bench.said == [NibpProgress(NibpPhase.MEASURING, 80), NibpResult(120.0, 78.0, 92.0), IDLE]
    assert not bench.control.busy


def test_one_at_a_time_and_raised_target_next(bench):
    bench.start()
    assert bench.start() == b""
    bench.at(1, MEASURING)
    assert bench.start() == b""
    bench.at(30, done(141))
    assert (
        bench.start() == bytes.fromhex("55 AA 04 09 01 F1  55 AA 04 0A 56 9B") + NIBP_START
    )  # 171 goes up to 172


def test_a_measurement_somebody_else_started_is_reported_and_not_disturbed(bench):
    bench.at(5, MEASURING)
    assert bench.start() == b""
    assert bench.at(30, done(130)).results == [NibpResult(130.0, 78.0, 92.0)]
    assert bench.sent == b""


def test_no_answer_within_five_seconds(bench):
    bench.start()
    assert bench.at(4.9, EMPTY).results == []
    assert bench.at(5.0, EMPTY).results == [failed(NibpFailure.NO_ANSWER)]
    assert bench.sent == NIBP_STOP
    assert bench.at(60, EMPTY).results == [failed(NibpFailure.NO_ANSWER)]
    assert bench.start() != b""


def test_initialising_that_comes_to_nothing_begins_the_wait_anew(bench):
    bench.start()
    bench.at(3, CuffFrame(9, 0, 0, 0, 0, 0)).at(4, EMPTY)
    assert bench.at(8.9).results == []
    assert bench.at(9).results == [failed(NibpFailure.NO_ANSWER)]


def test_timeout_after_90_s_sends_stop_and_says_no_reading(bench):
    bench.start()
    bench.at(1, MEASURING)
    assert bench.at(89.9, MEASURING).results == []
    bench.at(90, MEASURING)
    assert bench.results == [failed(NibpFailure.TIMED_OUT)]
    assert bench.sent == NIBP_STOP
    bench.at(91, done(150))  # too late: never shown as a reading
    assert len(bench.results) == 1


def test_a_cuff_that_does_not_obey_is_told_again(bench):
    bench.start()
    bench.at(1, MEASURING).at(90, MEASURING).at(92, MEASURING).at(93, MEASURING).at(96, MEASURING)
    assert bench.sent == NIBP_STOP * 3
    assert bench.start() == b""
    bench.at(97, STOPPED).at(99, STOPPED).at(130, STOPPED)
    assert bench.sent == NIBP_STOP * 3
    assert bench.results == [failed(NibpFailure.TIMED_OUT)]
    assert bench.start() != b""


def test_timed_out_cuff_that_falls_silent_does_not_block_the_next_start(bench):
    bench.start()
    bench.at(1, MEASURING).at(90).at(91)
    assert bench.start() != b""


def test_a_foreign_measurement_times_out_from_when_it_was_first_seen(bench):
    bench.at(100, MEASURING).at(189, MEASURING)
    assert bench.results == []
    assert bench.at(190, MEASURING).results == [failed(NibpFailure.TIMED_OUT)]


@pytest.mark.parametrize("end", [STOPPED, EMPTY, CuffFrame(6, 0, 0, 0, 0, 0)])
def test_stop_is_reported_as_stopped_whatever_the_board_calls_it(bench, end):
    bench.start()
    bench.at(1, MEASURING)
    assert bench.stop() == NIBP_STOP
    assert bench.at(1.2, end).results == [failed(NibpFailure.STOPPED)]


def test_reading_that_crosses_the_stop_is_a_reading(bench):
    bench.start()
    bench.at(1, MEASURING)
    bench.stop()
    assert bench.at(1.2, done(130)).results == [NibpResult(130.0, 78.0, 92.0)]


def test_stop_before_the_answer(bench):
    bench.start()
    bench.at(0.1)
    bench.stop()
    assert bench.at(3.2, EMPTY).results == [failed(NibpFailure.STOPPED)]
    assert bench.at(60, EMPTY).results == [failed(NibpFailure.STOPPED)]


def test_stop_while_idle_does_no_harm(bench):
    assert bench.stop() == NIBP_STOP
    bench.at(0.5, STOPPED).at(20, STOPPED)
    assert bench.said == []
    assert bench.sent == b""


def test_failure_keeps_the_last_systolic_for_the_target(bench):
    bench.start()
    bench.at(1, MEASURING).at(30, done(180))
    bench.start()
    bench.at(31, MEASURING).at(40, CuffFrame(4, 0, 0, 0, 0, 0))
    assert bench.start()[10] == 105  # 210 mmHg
