import numpy as np
import pytest

from devices.patient import CuffPressures, SensorState
from devices.protocols.panel_cuff import LONGEST_S, SHORTEST_S, PanelCuff
from devices.signals import NibpFailure
from tests.devices.fake_patient import FakePatient


def cuff_on(patient, seed=1):
    return PanelCuff(patient, np.random.default_rng(seed))


def starts(patient):
    return [at_s for what, at_s in patient.cuff_log if what == "started"]


def test_one_measurement_and_no_more():
    patient = FakePatient()
    cuff = cuff_on(patient)
    assert cuff.press(0.0) == []
    assert cuff.measuring
    (ended,) = cuff.advance(600.0)
    assert SHORTEST_S <= ended.at_s <= LONGEST_S
    assert (ended.pressures, ended.failure, ended.moved) == (patient.pressures, None, False)
    assert not cuff.measuring
    assert patient.cuff_log == [("started", 0.0), ("ended", ended.at_s)]


def test_steps_change_nothing():
    at_once, in_steps = cuff_on(FakePatient()), cuff_on(FakePatient())
    for cuff in (at_once, in_steps):
        cuff.set_auto(0.0, 2)
    ended = [e for k in range(1, 4001) for e in in_steps.advance(k / 10)]
    assert at_once.advance(400.0) == ended
    assert len(ended) == 4


@pytest.mark.parametrize(
    ("patient", "failure"),
    [
        (FakePatient(pressures=CuffPressures(failure=NibpFailure.MOTION)), NibpFailure.MOTION),
        (FakePatient(pressures=CuffPressures(271.0, 150.0, 190.0)), NibpFailure.OUT_OF_RANGE),
        (FakePatient(pressures=CuffPressures()), NibpFailure.OUT_OF_RANGE),
        (FakePatient(sensor_state=SensorState(cuff_loose=True)), NibpFailure.CUFF_LOOSE),
    ],
)
def test_failures(patient, failure):
    cuff = cuff_on(patient)
    cuff.press(0.0)
    (ended,) = cuff.advance(60.0)
    assert ended.failure is failure
    if failure is NibpFailure.CUFF_LOOSE:
        assert ended.at_s < 5.0


def test_a_cuff_fastened_again_in_time_measures():
    patient = FakePatient(sensor_state=SensorState(cuff_loose=True))
    cuff = cuff_on(patient)
    cuff.press(0.0)
    assert cuff.advance(2.0) == []
    patient.sensor_state = SensorState()
    (ended,) = cuff.advance(60.0)
    assert ended.failure is None


def test_start_pressed_again_stops():
    cuff = cuff_on(FakePatient())
    cuff.press(0.0)
    cuff.advance(10.0)
    (ended,) = cuff.press(10.0)
    assert (ended.at_s, ended.failure) == (10.0, NibpFailure.STOPPED)
    assert cuff.advance(100.0) == []


def test_cycle_begins_at_once_keeps_its_pace_and_ends():
    patient = FakePatient()
    cuff = cuff_on(patient)
    cuff.advance(7.0)
    cuff.set_auto(7.0, 5)
    cuff.advance(700.0)
    cuff.set_auto(700.0, 5)  # the same again changes nothing
    cuff.advance(1000.0)
    assert starts(patient) == [7.0, 307.0, 607.0, 907.0]
    cuff.set_auto(1000.0, None)
    cuff.advance(5000.0)
    assert len(starts(patient)) == 4


def test_a_measurement_that_falls_due_while_one_runs_is_left_out():
    patient = FakePatient()
    cuff = cuff_on(patient)
    cuff.set_auto(0.0, 5)
    cuff.advance(290.0)
    cuff.press(290.0)
    cuff.advance(650.0)
    assert starts(patient) == [0.0, 290.0, 600.0]


def test_a_reading_taken_in_movement_says_so():
    cuff = cuff_on(FakePatient(sensor_state=SensorState(motion=0.6)))
    cuff.press(0.0)
    (ended,) = cuff.advance(60.0)
    assert ended.moved
