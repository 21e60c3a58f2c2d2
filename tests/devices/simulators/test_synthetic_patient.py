import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.patient import PatientSource
from devices.signals import NibpFailure
from devices.simulators.acts import (
    BreakCuff,
    GiveDrug,
    LoosenCuff,
    Move,
    PausePump,
    PlaceCuff,
    PlaceProbe,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
    SetOxygen,
    StartPump,
    StopPump,
)
from devices.simulators.scenario import Scenario, parse_scenario
from devices.simulators.scenario_timeline import StartPhase, timeline_of
from devices.simulators.synthetic_patient import SyntheticPatient

BASELINE = {"hr": 70, "sbp": 120, "dbp": 75, "spo2": 97, "rr": 14}
GAINS = {"sbp": 20, "dbp": 12, "hr": 8}


def scenario(*steps: dict[str, Any]) -> Scenario:
    patient = {"age": 40, "weight": 80, "baseline": BASELINE, "gains": GAINS}
    return parse_scenario(
        json.dumps({"id": "T", "title": "t", "patient": patient, "steps": steps}), name="T.json"
    )


def sitting(seed: int = 3) -> SyntheticPatient:
    return SyntheticPatient(scenario(), seed)


def is_source(patient: PatientSource) -> PatientSource:
    return patient


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=25), st.sampled_from([125.0, 250.0, 300.0, 62.5]))
def test_samples_do_not_depend_on_how_they_are_asked(pieces: list[int], rate_hz: float) -> None:
    cut, whole = sitting(), sitting()
    total = sum(pieces)
    whole.advance(total / rate_hz + 3)
    for name in ("ECG_V", "PLETH", "RESP"):
        first, parts = 0, []
        for piece in pieces:
            cut.advance((first + piece) / rate_hz)
            part = cut.wave(name, rate_hz, first, piece)
            assert part is not None
            parts.append(part)
            first += piece
        at_once = whole.wave(name, rate_hz, 0, total)
        assert at_once is not None
        assert np.array_equal(np.concatenate(parts), at_once)


def test_steps_of_the_caller_change_nothing() -> None:
    acts = ((StartPump(), 10.5), (SetOxygen(2), 40.2), (PausePump(), 300.9), (StartPump(), 400.0))
    patients = [sitting(), sitting()]
    for patient in patients:
        for act, at_s in acts:
            patient.bedside.post(act, at_s)
    for k in range(1, 6001):
        patients[0].advance(k * 0.1)
    patients[1].advance(600)
    assert patients[0].truth() == patients[1].truth()
    assert patients[0].physiology.effect == patients[1].physiology.effect
    assert np.array_equal(patients[0].beats_between(550, 600), patients[1].beats_between(550, 600))


def test_beats_waves_and_rate_agree() -> None:
    patient = is_source(sitting())
    patient.advance(60)
    beats_s = patient.beats_between(5, 55)
    ecg, pleth = patient.wave("ECG_II", 250, 0, 250 * 60), patient.wave("PLETH", 50, 0, 50 * 60)
    assert ecg is not None
    assert pleth is not None
    for beat_s in beats_s:
        around = ecg[round(beat_s * 250) - 20 : round(beat_s * 250) + 21]
        assert abs(int(np.argmax(around)) - 20) <= 1
        assert around.max() > 0.85
        after = pleth[round((beat_s + 0.1) * 50) : round((beat_s + 0.6) * 50)]
        assert 0.15 < np.argmax(after) / 50 < 0.4
    assert 60 / np.diff(beats_s).mean() == pytest.approx(patient.numerics().hr_per_min, abs=3)


def test_unknown_waves_and_the_far_past() -> None:
    patient = sitting()
    assert patient.wave("ECG_AVF", 250, 0, 10) is None
    patient.advance(500)
    old = patient.wave("ECG_II", 250, 0, 10)
    assert old is not None
    assert np.isnan(old).all()


def test_the_future_is_lived_when_asked_for() -> None:
    patient = sitting()
    wave = patient.wave("ECG_II", 250, 2500, 250)
    assert wave is not None
    assert np.isfinite(wave).all()
    assert patient.now_s > 10
    patient.advance(5)  # never back
    assert patient.now_s > 10


def test_the_dose_that_runs_moves_the_body() -> None:
    stopped, running = sitting(), sitting()
    for patient in (stopped, running):
        patient.bedside.post(StartPump(), 0)
    stopped.bedside.post(StopPump(), 600)
    for patient in (stopped, running):
        patient.advance(2400)
    assert running.physiology.effect == pytest.approx(0.931, abs=0.001)
    assert running.physiology.quiet_vitals().systolic_mmhg == pytest.approx(140, abs=0.1)
    assert stopped.physiology.effect == pytest.approx(0.487 * np.exp(-2), abs=0.003)
    assert running.bedside.pump.delivered_mg == pytest.approx(40)
    assert stopped.bedside.pump.delivered_mg == pytest.approx(10)


def test_midazolam_works_and_ondansetron_does_not() -> None:
    patient = sitting()
    patient.bedside.post(GiveDrug("ondansetron", 4), 5)
    patient.advance(300)
    assert patient.physiology.quiet_vitals().rr_per_min == 14
    patient.bedside.post(GiveDrug("Midazolam", 2))
    patient.advance(900)
    assert patient.physiology.quiet_vitals().rr_per_min < 12.1


def test_cuff_reads_at_its_end_and_triggers_see_it() -> None:
    patient = SyntheticPatient(scenario({"at": "event:nibp_done and sbp>110", "say": "done"}))
    patient.advance(10)
    patient.cuff_started(10)
    patient.advance(40)
    reading = patient.cuff_pressures()
    patient.cuff_ended(40)
    assert reading.failure is None
    assert abs(reading.systolic_mmhg - patient.truth().systolic_mmhg) <= 4.5
    assert abs(reading.diastolic_mmhg - patient.truth().diastolic_mmhg) <= 2.5
    assert reading.diastolic_mmhg < reading.mean_mmhg < reading.systolic_mmhg
    assert patient.last_reading is not None
    assert patient.last_reading.pressures == reading
    patient.advance(42)
    assert [u.text for u in patient.take_utterances()] == ["done"]


def test_a_monitor_that_deflates_first_counts_too_and_a_stopped_cycle_does_not() -> None:
    patient = sitting()
    patient.cuff_started(1)
    patient.cuff_ended(5)
    assert patient.readings == []
    patient.cuff_pressures()
    assert len(patient.readings) == 1
    patient.cuff_pressures()
    assert len(patient.readings) == 1


@pytest.mark.parametrize(
    ("act", "failure"),
    [
        (LoosenCuff(), NibpFailure.CUFF_LOOSE),
        (BreakCuff(NibpFailure.LEAK), NibpFailure.LEAK),
        (Move(0.9), NibpFailure.MOTION),
    ],
)
def test_cuff_failures(act: LoosenCuff | BreakCuff | Move, failure: NibpFailure) -> None:
    patient = sitting()
    patient.bedside.post(act)
    patient.advance(1)
    assert patient.cuff_pressures().failure is failure
    patient.cuff_started(1)
    patient.cuff_ended(2)  # given up without a reading
    patient.bedside.post(Move(0))
    patient.bedside.post(PlaceCuff())
    patient.advance(2)
    assert "nibp_failed" in [event.name for event in patient.history]
    assert patient.cuff_pressures().failure is None


@pytest.mark.parametrize(("hr", "failure"), [(39, NibpFailure.WEAK), (45, None), (245, NibpFailure.WEAK)])
def test_cuff_needs_a_measurable_rate(hr: float, failure: NibpFailure | None) -> None:
    patient = SyntheticPatient(scenario({"at": "1", "set": {"hr": hr}}))
    patient.advance(5)
    if hr == 39:
        patient.physiology.set_to("hr", 35)
        patient.advance(6)
    assert patient.cuff_pressures().failure is failure


def test_staged_pressures_are_shown_once() -> None:
    patient = SyntheticPatient(scenario({"at": "1", "staged": {"sbp": 201, "dbp": 119}}))
    patient.advance(3)
    patient.cuff_started(3)
    first = patient.cuff_pressures()
    patient.cuff_ended(3)
    assert (first.systolic_mmhg, first.diastolic_mmhg) == (201, 119)
    assert patient.cuff_pressures().systolic_mmhg < 130


def test_cuff_on_the_probe_limb_takes_pulse_and_saturation() -> None:
    for limb, gone in (("left arm", False), ("right arm", True)):
        patient = sitting()
        patient.bedside.post(PlaceCuff(limb), 0.5)
        patient.advance(10)
        patient.cuff_started(10)
        patient.advance(30)
        pleth = patient.wave("PLETH", 50, 20 * 50, 10 * 50)
        assert pleth is not None
        assert bool(np.ptp(pleth) < 0.02) is gone
        assert (patient.numerics().spo2_percent is None) is gone
        assert patient.numerics().hr_per_min is not None
        patient.cuff_ended(30)
        patient.advance(40)
        assert patient.numerics().spo2_percent is not None
        back = patient.wave("PLETH", 50, 35 * 50, 5 * 50)
        assert back is not None
        assert np.ptp(back) > 0.4


def test_sensor_acts_cut_the_waves_at_their_instant() -> None:
    patient = sitting()
    patient.bedside.post(SetLeadsOff(("RA",)), 10.3)
    patient.bedside.post(SetLeadsOff(()), 12.7)
    patient.bedside.post(RemoveProbe(), 10.3)
    patient.bedside.post(PlaceProbe(), 12.7)
    patient.advance(11)
    numerics = patient.numerics()
    assert (numerics.hr_per_min, numerics.rr_per_min, numerics.spo2_percent, numerics.pr_per_min) == (
        None,
    ) * 4
    assert patient.sensors().ecg_leads_off == ("RA",)
    patient.advance(15)
    ecg, pleth = patient.wave("ECG_II", 250, 0, 15 * 250), patient.wave("PLETH", 50, 0, 15 * 50)
    assert ecg is not None
    assert pleth is not None
    off = np.flatnonzero(ecg == 0.0)
    assert (off[0], off[-1], off.size) == (2575, 3174, 600)
    assert not pleth[515:635].any()
    assert pleth[:515].all()


def test_motion_shows_and_cable_comes_out() -> None:
    patient, still = sitting(), sitting()
    patient.bedside.post(Move(1.0), 5)
    patient.bedside.post(SetCable(out=True), 6)
    for each in (patient, still):
        each.advance(30)
    moved, calm = patient.wave("ECG_II", 250, 0, 7500), still.wave("ECG_II", 250, 0, 7500)
    assert moved is not None
    assert calm is not None
    assert np.array_equal(moved[:1250], calm[:1250])
    assert (moved - calm)[1250:].std() == pytest.approx(0.6, rel=0.4)
    assert patient.cable_out
    assert not still.cable_out


@pytest.mark.parametrize("hertz", [50.0, 60.0])
def test_mains(hertz: float) -> None:
    patient = SyntheticPatient(scenario(), 3, mains_hz=hertz)
    patient.advance(10)
    ecg = patient.wave("ECG_II", 500, 0, 5000)
    assert ecg is not None
    power = np.abs(np.fft.rfft(ecg))
    assert np.fft.rfftfreq(5000, 1 / 500)[np.argmax(power[400:]) + 400] == hertz


@pytest.mark.parametrize(
    ("start", "phase", "effect"), [("baseline", "BASE", 0), ("inf", "INF", 0), ("rec", "REC", 0.93)]
)
def test_told_alone_from_any_phase(start: str, phase: str, effect: float) -> None:
    told = scenario()
    patient = SyntheticPatient(told, 3, timeline=timeline_of(told, StartPhase(start)))
    assert patient.now_s == 0
    assert patient.bedside.phase == phase
    assert patient.physiology.effect == pytest.approx(effect, abs=0.01)
    patient.advance(2)
    ecg = patient.wave("ECG_II", 250, 0, 500)
    assert ecg is not None
    assert np.isfinite(ecg).all()


def test_a_baseline_not_given_is_drawn_by_the_seed() -> None:
    drawn = parse_scenario('{"id":"T","title":"t","patient":{"age":40,"weight":80}}', name="T")
    first, again, other = (SyntheticPatient(drawn, seed).truth() for seed in (1, 1, 2))
    assert first == again != other
