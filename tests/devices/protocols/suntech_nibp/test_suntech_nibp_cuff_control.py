import pytest

from devices.clock import NS_PER_S
from devices.protocols.suntech_nibp.cuff_control import CuffControl
from devices.protocols.suntech_nibp.messages import (
    ABORT,
    GET_PRESSURE,
    GET_RESULT,
    START,
    Answer,
    CuffPressure,
    Message,
    Reading,
)
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult

READING = Reading(122, 78, 93, 72, 30)
RESULT = NibpResult(122.0, 78.0, 93.0, 72.0)
IDLE = NibpProgress(NibpPhase.IDLE)
MEASURING = NibpProgress(NibpPhase.MEASURING)
BUSY, FREE = DeviceStatus("NIBP_BUSY", active=True), DeviceStatus("NIBP_BUSY", active=False)
O, K, B, A, S = Answer  # noqa: E741


def failed(failure: NibpFailure) -> NibpResult:
    return NibpResult(None, None, None, failure=failure)


class Host:
    """The control on a clock of its own; keeps what it said and sent."""

    def __init__(self) -> None:
        self.control = CuffControl()
        self.now_s = 0.0
        self.said: list[object] = []
        self.sent: list[bytes] = []

    def hear(self, *messages: Message) -> None:
        for message in messages:
            self.said += self.control.on_message(message, round(self.now_s * NS_PER_S))

    def wait(self, seconds: float, *, mmhg: int | None = None) -> None:
        """Poll ten times a second; with ``mmhg`` every pressure question is answered."""
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.control.poll(round(self.now_s * NS_PER_S))
            self.said += self.control.take_signals()
            data = self.control.take_bytes()
            if data:
                self.sent.append(data)
            if mmhg is not None and GET_PRESSURE in data:
                self.hear(CuffPressure(mmhg))

    def start(self) -> bytes:
        return self.control.start(round(self.now_s * NS_PER_S))

    def stop(self) -> bytes:
        return self.control.stop(round(self.now_s * NS_PER_S))

    def results(self) -> list[NibpResult]:
        return [signal for signal in self.said if isinstance(signal, NibpResult)]


def started() -> Host:
    host = Host()
    assert host.start() == START
    return host


def running() -> Host:
    host = started()
    host.hear(O)
    return host


def test_idle_it_asks_for_the_pressure_each_second_and_never_starts():
    host = Host()
    host.wait(60.0, mmhg=0)
    assert host.sent == [GET_PRESSURE] * 60
    # Each answer is told, so that the program knows that the module is there.
    assert host.said == [NibpProgress(NibpPhase.IDLE, 0)] * 60


def test_the_dialogue():
    host = started()
    assert host.said == []
    host.hear(O)
    host.wait(1.0, mmhg=80)
    assert host.said == [MEASURING, NibpProgress(NibpPhase.MEASURING, 80)]
    assert 2 <= len(host.sent) <= 5
    assert set(host.sent) == {GET_PRESSURE}
    host.hear(K)
    assert host.results() == []
    host.wait(0.1)
    assert host.sent[-1] == GET_RESULT
    host.hear(READING)
    assert host.said[2:] == [RESULT, IDLE]
    assert not host.control.busy


def test_a_start_while_measuring_is_ignored_at_every_stage():
    host = started()
    assert host.start() == b""
    host.hear(O)
    assert host.start() == b""
    host.hear(K)
    assert host.start() == b""
    host.hear(READING)
    assert host.start() == START
    host.stop()
    assert host.start() == b""


def test_a_start_nobody_answers_fails_after_five_seconds_and_lets_the_cuff_go():
    host = started()
    host.wait(4.9)
    assert host.results() == []
    host.wait(0.2)
    assert host.results() == [failed(NibpFailure.NO_ANSWER)]
    assert host.sent[-1] == ABORT
    assert START not in host.sent


def test_busy_is_asked_again_each_second_until_it_is_free():
    host = started()
    for _ in range(3):
        host.hear(B)
        host.wait(1.0)
    assert host.sent == [START] * 3
    host.hear(O)
    assert host.said == [IDLE, BUSY, IDLE, IDLE, FREE, MEASURING]


def test_busy_for_half_a_minute_is_given_up():
    host = started()
    for _ in range(40):
        host.hear(B)
        host.wait(1.0)
    assert host.results() == [failed(NibpFailure.ERROR)]
    assert host.said[:2] == [IDLE, BUSY]
    assert FREE in host.said
    assert host.sent.count(START) == 29


def test_asleep_is_woken_by_the_first_start():
    host = started()
    host.hear(S)
    host.wait(0.1)
    assert host.sent == [START]
    host.hear(O)
    assert host.said == [MEASURING]


def test_a_lost_o_is_made_up_for_by_the_rising_pressure():
    host = started()
    host.wait(3.0, mmhg=45)
    assert host.said[0] == NibpProgress(NibpPhase.MEASURING, 45)
    host.hear(K)
    host.hear(READING)
    assert host.results() == [RESULT]


def test_a_lost_k_is_made_up_for_by_the_empty_cuff():
    host = running()
    host.wait(2.0, mmhg=0)
    host.wait(20.0, mmhg=120)
    host.wait(4.0, mmhg=3)
    assert GET_RESULT not in host.sent
    host.wait(2.0, mmhg=3)
    assert host.sent.count(GET_RESULT) == 1
    host.hear(READING)
    assert host.results() == [RESULT]


def test_a_cuff_that_is_slow_to_fill_is_not_taken_for_done():
    host = running()
    host.wait(30.0, mmhg=5)
    assert GET_RESULT not in host.sent


def test_a_result_that_does_not_come_is_asked_for_five_times():
    host = running()
    host.hear(K)
    host.wait(10.0)
    assert host.sent.count(GET_RESULT) == 5
    assert host.results() == [failed(NibpFailure.NO_ANSWER)]


def test_a_busy_module_is_asked_for_its_result_again():
    host = running()
    host.hear(K)
    host.wait(0.1)
    host.hear(B)
    host.wait(0.6)
    assert host.sent.count(GET_RESULT) == 2
    host.hear(READING)
    assert host.results() == [RESULT]


def test_too_long_ends_after_two_minutes_without_a_reading():
    host = running()
    host.wait(119.5, mmhg=60)
    assert host.results() == []
    host.wait(1.0, mmhg=60)
    assert host.results() == [failed(NibpFailure.TIMED_OUT)]
    assert ABORT in host.sent
    host.hear(A, READING)
    assert host.results() == [failed(NibpFailure.TIMED_OUT)]
    assert not host.control.busy


@pytest.mark.parametrize("answer", [A, K])
def test_stop(answer):
    host = running()
    assert host.stop() == ABORT
    host.hear(answer)
    assert host.said == [MEASURING, failed(NibpFailure.STOPPED), IDLE]
    host.hear(A)
    assert host.said[3:] == []


def test_a_stop_that_is_not_answered_is_told_and_sent_again():
    host = running()
    host.stop()
    host.wait(3.1, mmhg=100)
    assert host.results() == [failed(NibpFailure.STOPPED)]
    assert host.control.busy
    assert sum(data.startswith(ABORT) for data in host.sent) == 3
    host.hear(A)
    assert host.said[-1] == IDLE
    assert len(host.results()) == 1


def test_a_stop_without_any_answer_ends_by_itself():
    host = running()
    host.stop()
    host.wait(15.0)
    assert not host.control.busy
    assert host.results() == [failed(NibpFailure.STOPPED)]


def test_a_stop_is_done_when_the_cuff_stays_empty():
    host = running()
    host.stop()
    host.wait(7.5, mmhg=2)
    assert not host.control.busy


def test_a_stop_while_idle_is_sent_and_means_nothing():
    host = Host()
    assert host.stop() == ABORT
    host.hear(A)
    assert host.said == []


def test_an_abort_from_the_module_itself_ends_the_measurement():
    host = running()
    host.hear(A)
    assert host.said == [MEASURING, failed(NibpFailure.STOPPED), IDLE]


@pytest.mark.parametrize("before", [(), (K,)])
def test_a_module_that_fell_asleep_has_no_new_reading(before):
    host = running()
    host.hear(*before, S)
    assert host.results() == [failed(NibpFailure.ERROR)]
    host.hear(READING)
    assert len(host.results()) == 1


@pytest.mark.parametrize("messages", [(READING,), (K, READING), (O,), (B,), (S,), (A,)])
def test_nothing_is_a_measurement_that_was_not_asked_for(messages):
    host = Host()
    host.hear(*messages)
    assert host.said == []
    assert not host.control.busy


def test_a_record_that_comes_before_the_end_is_not_yet_a_result():
    host = running()
    host.hear(READING)
    assert host.results() == []
    host.hear(K, READING, READING)
    assert host.results() == [RESULT]


def test_an_error_of_the_module_is_named_beside_the_failure():
    host = running()
    host.hear(K, Reading(error=97))
    assert host.said == [
        MEASURING,
        DeviceStatus("NIBP_ERROR", active=True, detail="error 97: pressure transducer"),
        failed(NibpFailure.ERROR),
        IDLE,
    ]
