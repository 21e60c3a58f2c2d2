from pathlib import Path

import numpy as np
import pytest

from devices.patient import PatientNumerics, PatientSource
from devices.recordings.loader import load_recording
from devices.recordings.recorded_patient import ECG_MV_PER_NU, RecordedPatient, display_wave, rate_at
from devices.recordings.recording import Recording, Series, Wave
from devices.signals import NibpFailure


def is_source(patient: PatientSource) -> PatientSource:
    return patient


def made(seconds: int = 10, **numerics: list[float]) -> Recording:
    waves = {"ECG_II": Wave(250.0, np.ones(250 * seconds), "mV")}
    rows = {
        name: Series(np.arange(len(values), dtype=float), np.array(values))
        for name, values in numerics.items()
    }
    return Recording("made", waves, rows, beats_s=np.arange(0.5, seconds, 0.5))


def on_the_wire(wave: np.ndarray, steps_per_unit: float) -> np.ndarray:
    return np.round(wave * steps_per_unit) / steps_per_unit


@pytest.mark.parametrize(
    ("path", "name", "rate_hz", "steps_per_unit"),
    [
        ("bidmc/bidmc_13_Signals.csv", "ECG_II", 250.0, 50),
        ("bidmc/bidmc_25_Signals.csv", "ECG_II", 250.0, 50),
        ("bidmc/bidmc_49_Signals.csv", "PLETH", 50.0, 100),
        ("mitdb/100", "ECG_II", 250.0, 50),
        ("mitdb/222", "ECG_II", 250.0, 50),
    ],
)
def test_correlation_with_the_source_after_the_wire(
    shared_data: Path, path: str, name: str, rate_hz: float, steps_per_unit: float
) -> None:
    recording = load_recording(shared_data / path)
    patient = is_source(RecordedPatient(recording))
    seconds = 120
    out = patient.wave(name, rate_hz, 0, int(seconds * rate_hz))
    assert out is not None
    source = recording.waves[name]
    source_s = np.arange(int((seconds - 1) * source.rate_hz)) / source.rate_hz
    back = np.interp(source_s, np.arange(out.size) / rate_hz, on_the_wire(out, steps_per_unit))
    assert np.corrcoef(back, source.samples[: source_s.size])[0, 1] >= 0.99


def test_numerics_as_recorded(shared_data: Path) -> None:
    recording = load_recording(shared_data / "bidmc/bidmc_25")
    patient = RecordedPatient(recording)
    for second in range(0, 480, 7):
        patient.advance(second + 0.3)
        numerics = patient.numerics()
        for value, name in (
            (numerics.hr_per_min, "HR"),
            (numerics.pr_per_min, "PR"),
            (numerics.spo2_percent, "SPO2"),
        ):
            recorded = recording.numerics[name].values[second]
            assert value is None if np.isnan(recorded) else value == recorded
    assert patient.numerics().temperature_c is None


def test_recorded_pressures_and_the_hour_between_them(shared_data: Path) -> None:
    recording = load_recording(shared_data / "mimic2-numerics/s00001-2896-10-10-00-31n")
    patient = RecordedPatient(recording)
    assert patient.cuff_pressures().failure is NibpFailure.CUFF_LOOSE  # none measured yet
    systolic = recording.numerics["NIBP_SYS"]
    index = int(np.flatnonzero(np.isfinite(systolic.values))[3])
    patient.advance(float(systolic.times_s[index]) + 200)
    assert patient.cuff_pressures().systolic_mmhg == systolic.values[index]
    assert not patient.sensors().cuff_loose
    assert patient.wave_names == ()
    assert patient.wave("ECG_II", 250, 0, 10) is None


def test_rate_from_beats_where_nothing_is_recorded(shared_data: Path) -> None:
    recording = load_recording(shared_data / "mitdb/100")
    patient = RecordedPatient(recording)
    patient.advance(300)
    numerics = patient.numerics()
    assert recording.beats_s is not None
    before = recording.beats_s[recording.beats_s <= 300][-13:]
    assert numerics.hr_per_min == pytest.approx(60 / np.diff(before).mean(), abs=1.5)
    assert numerics.spo2_percent is None
    assert patient.cuff_pressures().failure is NibpFailure.CUFF_LOOSE
    sensors = patient.sensors()
    assert (sensors.ecg_leads_off, sensors.spo2_finger_out, sensors.cuff_loose) == ((), True, True)
    found = patient.beats_between(100, 110)
    inside = (recording.beats_s >= 100) & (recording.beats_s < 110)
    assert np.array_equal(found, recording.beats_s[inside])


@pytest.mark.parametrize(
    ("intervals", "rate"),
    [
        ([1.0] * 12, 60),
        ([0.5] * 5 + [2.0] + [0.5] * 5 + [0.1], 120),  # the longest and the shortest do not count
        ([1.0] * 10 + [1.5] * 4, 40),  # slow: the last four
        ([0.5, 0.7], 100),
        ([0.5], None),
        ([], None),
    ],
)
def test_rate_of_beats(intervals: list[float], rate: float | None) -> None:
    beats_s = np.cumsum([10.0, *intervals])
    assert rate_at(beats_s, float(beats_s[-1]) + 0.2) == (None if rate is None else pytest.approx(rate))
    assert rate_at(beats_s, float(beats_s[-1]) + 4.0) is None
    assert rate_at(beats_s, 5.0) is None


def test_given_beats_replace_the_recorded_ones() -> None:
    patient = RecordedPatient(made(), beats_s=np.array([3.0, 1.0, 2.0]))
    assert patient.beats_between(0, 3).tolist() == [1.0, 2.0]


def test_at_the_end_the_sensors_are_off() -> None:
    patient = RecordedPatient(made(10, HR=[70.0] * 10, SPO2=[97.0] * 10))
    patient.advance(9.9)
    assert not patient.ended
    assert patient.numerics().hr_per_min == 70
    patient.advance(10)
    assert patient.ended
    assert patient.numerics() == PatientNumerics()
    assert len(patient.sensors().ecg_leads_off) == 5
    assert patient.sensors().spo2_finger_out
    wave = patient.wave("ECG_II", 250, 2490, 20)
    assert wave is not None
    assert np.isnan(wave).tolist() == [False] * 10 + [True] * 10
    patient.advance(3)
    assert patient.ended  # never back


def test_loop_goes_round() -> None:
    patient = RecordedPatient(made(10, HR=[float(k) for k in range(60, 70)]), loop=True)
    patient.advance(25.4)
    assert not patient.ended
    assert patient.numerics().hr_per_min == 65
    assert patient.beats_between(9.4, 11.1).tolist() == pytest.approx([9.5, 10.5, 11.0])
    wave = patient.wave("ECG_II", 250, 2490, 20)
    assert wave is not None
    assert np.isfinite(wave).all()


def test_old_rows_are_not_held_for_ever() -> None:
    patient = RecordedPatient(made(60, SPO2=[97.0, 96.0, 95.0]))
    patient.advance(2.9)
    assert patient.numerics().spo2_percent == 95
    patient.advance(4)
    assert patient.numerics().spo2_percent is None


def test_units_become_those_of_monitors() -> None:
    ramp = np.linspace(0, 1, 101)
    ecg = display_wave("ECG_II", Wave(125.0, ramp, "NU"))
    assert ecg is not None
    assert np.ptp(ecg.samples) == pytest.approx(ECG_MV_PER_NU)
    assert np.median(ecg.samples) == pytest.approx(0)
    micro = display_wave("ECG_II", Wave(125.0, ramp * 1000, "uV"))
    assert micro is not None
    assert micro.samples.max() == pytest.approx(1.0)
    pleth = display_wave("PLETH", Wave(125.0, ramp, "NU"))
    assert pleth is not None
    assert np.array_equal(pleth.samples, ramp)
    wide = display_wave("RESP", Wave(125.0, ramp * 5 - 2, "NU"))
    assert wide is not None
    assert wide.samples.min() >= 0
    assert wide.samples.max() <= 1
    assert np.corrcoef(wide.samples, ramp)[0, 1] > 0.999
    assert display_wave("ABP", Wave(125.0, ramp, "mmHg")) is None
