from itertools import pairwise

import pytest

from devices.patient import CuffPressures, PatientNumerics, SensorState
from devices.protocols.suntech_nibp.messages import (
    ABORT,
    GET_PRESSURE,
    GET_RESULT,
    GET_STATUS,
    RESET,
    START,
    START_STREAMING,
)
from devices.protocols.suntech_nibp.monitor import SuntechMonitor
from devices.signals import NibpFailure
from tests.devices.fake_patient import FakePatient

O, K, B, A, S = (bytes.fromhex(text) for text in ("3E044F6F", "3E044B73", "3E04427C", "3E04417D", "3E04536B"))  # noqa: E741


def frames(data: bytes) -> list[bytes]:
    """Cut by LEN and check every sum, with nothing of ours."""
    found = []
    while data:
        assert data[0] == 0x3E
        frame, data = data[: data[1]], data[data[1] :]
        assert sum(frame) % 256 == 0
        found.append(frame)
    return found


class Module:
    """An emulated module and its clock."""

    def __init__(self, patient: FakePatient, seed: int = 1) -> None:
        self.monitor = SuntechMonitor(patient, seed=seed)
        self.now_s = 0.0

    def ask(self, command: bytes) -> bytes:
        self.monitor.receive(command)
        return self.monitor.advance(self.now_s)

    def wait(self, seconds: float) -> bytes:
        self.now_s += seconds
        return self.monitor.advance(self.now_s)

    def pressure(self) -> int:
        frame = self.ask(GET_PRESSURE)
        assert len(frame) == 5
        return int.from_bytes(frame[2:4], "little")


def test_silent_until_asked():
    assert Module(FakePatient()).wait(1000.0) == b""


def test_a_cycle_as_the_document_words_it():
    patient = FakePatient()
    module = Module(patient)
    assert module.ask(START) == O
    assert module.wait(50.0) == K
    assert module.wait(50.0) == b""
    result = module.ask(GET_RESULT)
    assert len(result) == 24
    assert (result[2], result[4], result[18], result[16], result[20]) == (122, 78, 92, 76, 0)
    assert frames(result) == [result]
    (started, begun_s), (ended, end_s) = patient.cuff_log
    assert (started, ended) == ("started", "ended")
    assert 25.0 <= end_s - begun_s <= 40.1


def test_the_pressure_rises_to_160_in_eight_seconds_and_falls():
    module = Module(FakePatient())
    assert module.pressure() == 0
    module.ask(START)
    rising = [module.pressure() for _ in range(8) if module.wait(1.0) == b""]
    assert rising == sorted(rising)
    assert rising[-1] == pytest.approx(160, abs=4)
    falling = [module.pressure() for _ in range(14) if module.wait(1.0) == b""]
    assert all(3 <= a - b <= 6 for a, b in pairwise(falling))
    module.wait(30.0)
    assert module.pressure() == 0


def test_the_next_inflation_goes_above_a_high_systolic():
    module = Module(FakePatient(pressures=CuffPressures(190.0, 110.0, 140.0)))
    module.ask(START)
    module.wait(60.0)
    module.ask(START)
    module.wait(8.0)
    assert module.pressure() == pytest.approx(220, abs=4)


def test_busy_while_measuring_and_while_the_last_air_leaves():
    module = Module(FakePatient())
    module.ask(START)
    module.wait(10.0)
    assert module.ask(START) == module.ask(GET_RESULT) == module.ask(GET_STATUS) == B
    assert module.ask(ABORT) == A
    assert module.ask(START) == B
    module.wait(3.1)
    assert module.ask(GET_STATUS) == K
    assert module.ask(START) == O


def test_abort_lets_the_cuff_go_and_leaves_no_reading():
    patient = FakePatient()
    module = Module(patient)
    module.ask(START)
    module.wait(10.0)
    assert module.ask(ABORT) == A
    assert patient.cuff_log[-1] == ("ended", 10.0)
    assert module.pressure() == 0
    assert module.ask(GET_RESULT)[20] == 86
    assert module.wait(60.0) == b""


def test_reset_lets_the_cuff_go():
    patient = FakePatient()
    module = Module(patient)
    module.ask(START)
    module.wait(5.0)
    module.ask(RESET)
    assert [what for what, _ in patient.cuff_log] == ["started", "ended"]


def test_before_the_first_measurement_the_result_is_empty():
    result = Module(FakePatient()).ask(GET_RESULT)
    assert len(result) == 24
    assert (result[2:6], result[16:21]) == (bytes(4), bytes(5))


def test_streaming_sends_the_pressure_unasked_until_the_end():
    module = Module(FakePatient())
    assert module.ask(START_STREAMING) == O
    stream = frames(module.wait(60.0))
    assert stream[-1] == K
    assert {len(frame) for frame in stream[:-1]} == {5}
    assert 25 * 5 - 1 <= len(stream) <= 40 * 5 + 1


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (NibpFailure.WEAK, 1),
        (NibpFailure.MOTION, 2),
        (NibpFailure.OUT_OF_RANGE, 3),
        (NibpFailure.TIMED_OUT, 4),
        (NibpFailure.BLOCKED, 85),
        (NibpFailure.STOPPED, 86),
        (NibpFailure.CUFF_LOOSE, 87),
        (NibpFailure.LEAK, 87),
        (NibpFailure.OVER_PRESSURE, 89),
        (NibpFailure.ERROR, 90),
        (NibpFailure.NO_ANSWER, 90),
    ],
)
def test_causes_as_error_codes(failure, error):
    module = Module(FakePatient(pressures=CuffPressures(failure=failure)))
    module.ask(START)
    assert module.wait(60.0) == K
    result = module.ask(GET_RESULT)
    assert (result[20], result[2:6]) == (error, bytes(4))


def test_pressures_no_cuff_can_read_are_out_of_range():
    module = Module(FakePatient(pressures=CuffPressures(310.0, 190.0, 230.0)))
    module.ask(START)
    module.wait(60.0)
    assert module.ask(GET_RESULT)[20] == 3


def test_a_loose_cuff_is_noticed_after_three_seconds():
    patient = FakePatient()
    module = Module(patient)
    module.ask(START)
    module.wait(10.0)
    patient.sensor_state = SensorState(cuff_loose=True)
    assert module.wait(2.0) == b""
    assert module.pressure() == 6
    assert module.wait(2.0) == K
    assert module.ask(GET_RESULT)[20] == 87


def test_no_pulse_rate_is_zero_on_the_wire():
    module = Module(FakePatient(numbers=PatientNumerics()))
    module.ask(START)
    module.wait(60.0)
    assert module.ask(GET_RESULT)[16:18] == b"\0\0"


def test_it_sleeps_after_five_minutes_and_the_next_command_wakes_it():
    patient = FakePatient()
    module = Module(patient)
    module.ask(GET_PRESSURE)
    module.wait(300.0)
    assert module.ask(START) == S
    assert patient.cuff_log == []
    assert module.ask(START) == O


def test_how_finely_it_is_stepped_changes_nothing():
    streams = []
    for step_s in (0.05, 0.37, 60.0):
        module = Module(FakePatient())
        sent = module.ask(START_STREAMING)
        while module.now_s < 60.0:
            sent += module.wait(step_s)
        streams.append(sent)
    assert streams[0] == streams[1] == streams[2]
