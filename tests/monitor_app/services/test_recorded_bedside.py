"""A recorded patient whose sensors can be taken off."""

import numpy as np
import pytest

from devices.recordings.recorded_patient import RecordedPatient
from devices.recordings.recording import Recording, Series, Wave
from devices.signals import NibpFailure
from devices.simulators.acts import (
    BreakCuff,
    LoosenCuff,
    Move,
    PlaceProbe,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
)
from monitor_app.services.recorded_bedside import RecordedAtBedside, load_recorded_patient


@pytest.fixture
def patient():
    t = np.arange(250 * 60) / 250
    seconds = np.arange(60.0)
    recording = Recording(
        "r",
        {
            "ECG_II": Wave(250.0, np.sin(7 * t), "mV"),
            "ECG_AVR": Wave(250.0, -np.sin(7 * t), "mV"),
            "PLETH": Wave(250.0, 0.5 + 0.4 * np.sin(7 * t), "NU"),
        },
        {
            name: Series(seconds, np.full(60, value))
            for name, value in {
                "HR": 80.0,
                "SPO2": 97.0,
                "PR": 79.0,
                "NIBP_SYS": 120.0,
                "NIBP_DIA": 80.0,
            }.items()
        },
    )
    return RecordedAtBedside(RecordedPatient(recording), seed=3)


def test_untouched_it_is_the_recording(patient):
    patient.advance(10.0)
    assert patient.numerics() == patient.recorded.numerics()
    assert patient.sensors() == patient.recorded.sensors()
    assert np.array_equal(patient.wave("ECG_II", 250, 0, 500), patient.recorded.wave("ECG_II", 250, 0, 500))
    assert patient.wave("ECG_V", 250, 0, 10) is None


def test_electrodes_off_from_the_instant_of_the_act(patient):
    patient.bedside.post(SetLeadsOff(("RA",)), 5.0)
    patient.bedside.post(SetLeadsOff(()), 7.0)
    patient.advance(6.0)
    assert patient.numerics().hr_per_min is None
    assert patient.sensors().ecg_leads_off == ("RA",)
    patient.advance(8.0)
    wave = patient.wave("ECG_II", 250, 4 * 250, 4 * 250)
    assert np.ptp(wave[:250]) > 1.0
    assert np.all(wave[251:749] == 0.0)
    assert np.ptp(wave[751:]) > 1.0
    assert patient.numerics().hr_per_min == 80.0
    assert patient.wave("ECG_AVR", 250, 0, 10) is not None


def test_the_probe_off_blanks_what_it_measures_and_no_more(patient):
    patient.bedside.post(RemoveProbe(unplugged=True))
    patient.advance(3.0)
    numerics = patient.numerics()
    assert (numerics.spo2_percent, numerics.pr_per_min, numerics.hr_per_min) == (None, None, 80.0)
    assert patient.sensors().spo2_probe_unplugged
    patient.bedside.post(PlaceProbe())
    patient.advance(4.0)
    assert patient.numerics().spo2_percent == 97.0


@pytest.mark.parametrize(
    ("act", "failure"),
    [
        (LoosenCuff(), NibpFailure.CUFF_LOOSE),
        (BreakCuff(NibpFailure.LEAK), NibpFailure.LEAK),
        (Move(1.0), NibpFailure.MOTION),
    ],
)
def test_the_cuff_fails_as_its_bedside_does(patient, act, failure):
    patient.advance(5.0)
    assert patient.cuff_pressures().systolic_mmhg == 120.0
    patient.bedside.post(act)
    patient.advance(6.0)
    assert patient.cuff_pressures().failure is failure


def test_the_cable_and_the_end(patient):
    patient.bedside.post(SetCable(out=True))
    patient.advance(1.0)
    assert patient.cable_out
    assert not patient.ended
    patient.advance(61.0)
    assert patient.ended
    assert patient.numerics().hr_per_min is None


def test_beats_are_found_where_there_are_no_numbers(shared_data):
    patient = load_recorded_patient(shared_data / "mitdb" / "100")
    beats = patient.beats_between(0.0, 60.0)
    assert 72 <= beats.size <= 77  # record 100: 74 annotated beats in the first minute
    patient.advance(60.0)
    assert 70 <= (patient.numerics().hr_per_min or 0) <= 80
