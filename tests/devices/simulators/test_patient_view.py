import numpy as np

from devices.patient import CuffPressures
from devices.signals import NibpFailure
from devices.simulators.patient_view import CuffedPatient, LaterPatient
from tests.devices.fake_patient import FakePatient


def test_a_later_patient_is_the_same_patient_with_another_zero():
    patient = FakePatient()
    later = LaterPatient(patient, 100.0)
    later.advance(10.0)
    assert patient.now_s == 110.0
    samples = later.wave("PLETH", 75.0, 0, 700)
    assert samples is not None
    assert np.allclose(samples, patient.exact("PLETH", 100.0 + np.arange(700) / 75.0))
    assert np.allclose(later.beats_between(0.0, 5.0) + 100.0, patient.beats_between(100.0, 105.0))
    later.cuff_started(1.0)
    later.cuff_ended(2.0)
    assert patient.cuff_log == [("started", 101.0), ("ended", 102.0)]
    assert later.wave_names == patient.wave_names
    assert (later.numerics(), later.sensors()) == (patient.numbers, patient.sensor_state)


def test_a_later_patient_is_never_asked_for_the_future():
    patient = FakePatient()
    later = LaterPatient(patient, 33.337)
    later.advance(2.0)
    for rate_hz in (25.0, 60.0, 75.0, 125.0, 250.0, 300.0):
        samples = later.wave("ECG_II", rate_hz, 0, int(2.0 * rate_hz) + 1)  # asserts it itself
        assert samples is not None
        at_s = 33.337 + np.arange(len(samples)) / rate_hz
        late_s = at_s - 1 / rate_hz
        low, high = patient.exact("ECG_II", late_s), patient.exact("ECG_II", at_s)
        assert np.all((samples >= np.minimum(low, high) - 0.02) & (samples <= np.maximum(low, high) + 0.02))


def test_a_cuff_repeats_its_last_good_reading_only_when_it_is_to():
    patient = FakePatient()
    repeats = [False]
    cuffed = CuffedPatient(patient, lambda: repeats[0])
    first = CuffPressures(120.0, 80.0, 93.0)
    patient.pressures = first
    assert cuffed.cuff_pressures() == first
    repeats[0] = True
    patient.pressures = CuffPressures(150.0, 95.0, 113.0)
    assert cuffed.cuff_pressures() == first
    patient.pressures = CuffPressures(failure=NibpFailure.LEAK)
    assert cuffed.cuff_pressures().failure is NibpFailure.LEAK
    repeats[0] = False
    patient.pressures = CuffPressures(151.0, 95.0, 113.0)
    assert cuffed.cuff_pressures() == patient.pressures


def test_a_cuff_without_power_lets_go_once():
    patient = FakePatient()
    cuffed = CuffedPatient(patient)
    cuffed.release_cuff(1.0)
    cuffed.cuff_started(2.0)
    cuffed.release_cuff(3.0)
    cuffed.release_cuff(4.0)
    assert patient.cuff_log == [("started", 2.0), ("ended", 3.0)]
