"""The scenarios that ship, told alone: what they are for really happens (clinical.md §17.3)."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from devices.patient import CuffPressures
from devices.signals import NibpFailure
from devices.simulators.acts import Act, PausePump, PlaceCuff, StopPump
from devices.simulators.scenario import list_scenarios, load_scenario
from devices.simulators.scenario_timeline import timeline_of
from devices.simulators.synthetic_patient import SyntheticPatient

SCENARIOS = Path(__file__).resolve().parents[3] / "resources" / "scenarios"
START_S = 600
END_S = 3000
SEEDS = (None, 101)


@dataclass
class Told:
    """A story told alone, its vitals each second and a cuff every five minutes (30 s cycles)."""

    patient: SyntheticPatient
    hr: list[float]
    spo2: list[float]
    readings: dict[int, CuffPressures]
    said: list[tuple[float, str]]
    cable_out: list[int]


def tell(name: str, *acts: tuple[Act, float], seed: int | None = None) -> Told:
    scenario = load_scenario(name, scenario_dir=SCENARIOS)
    patient = SyntheticPatient(scenario, seed, timeline=timeline_of(scenario))
    for act, at_s in acts:
        patient.bedside.post(act, at_s)
    told = Told(patient, [], [], {}, [], [])
    for second in range(1, 7201):
        patient.advance(second)
        told.hr.append(patient.truth().hr_per_min)
        told.spo2.append(patient.truth().spo2_percent)
        if second % 300 == 0:
            patient.cuff_started(second)
        if second % 300 == 30:
            told.readings[(second - START_S) // 60] = patient.cuff_pressures()
            patient.cuff_ended(second)
        told.said += [(u.at_s, u.text) for u in patient.take_utterances()]
        told.cable_out += [second] if patient.cable_out else []
    return told


def test_all_seven_are_there_and_read() -> None:
    scenarios = list_scenarios(SCENARIOS)
    assert [scenario.id for scenario in scenarios] == ["S01", "S02", "S03", "S04", "S05", "S09", "S11"]
    for scenario in scenarios:
        assert scenario.expect
        assert scenario.summary
        baseline = scenario.patient.baseline
        assert baseline is not None
        # The gates of clinical.md §3.2 T3 are passed, noise of a reading included.
        assert baseline.sbp + 4 < 140
        assert baseline.dbp + 2 < 90
        assert 50 <= baseline.hr <= 110
        assert baseline.spo2 >= 94


@pytest.mark.parametrize("seed", SEEDS)
def test_s01_stays_quiet(seed: int | None) -> None:
    told = tell("S01", seed=seed)
    assert max(r.systolic_mmhg for r in told.readings.values()) < 135
    assert max(r.diastolic_mmhg for r in told.readings.values()) < 85
    assert 55 < min(told.hr) < max(told.hr) < 90
    assert min(told.spo2) >= 95


@pytest.mark.parametrize("seed", SEEDS)
def test_s02_is_highest_at_forty_minutes(seed: int | None) -> None:
    told = tell("S02", seed=seed)
    assert told.readings[40].systolic_mmhg == pytest.approx(149, abs=5)
    assert max(told.readings.values(), key=lambda r: r.systolic_mmhg).systolic_mmhg <= 154
    assert told.readings[90].systolic_mmhg < 132


@pytest.mark.parametrize("seed", SEEDS)
def test_s03_is_severe_at_25_minutes_and_settles(seed: int | None) -> None:
    told = tell("S03", seed=seed)
    assert told.readings[20].systolic_mmhg < 160
    assert told.readings[25].systolic_mmhg >= 180
    assert told.readings[25].diastolic_mmhg >= 110
    assert told.readings[25].systolic_mmhg == pytest.approx(190, abs=4)
    assert told.readings[40].systolic_mmhg < 155
    paused = tell("S03", (PausePump(), START_S + 26 * 60), seed=seed)
    assert paused.readings[40].systolic_mmhg < 155
    assert paused.readings[35].systolic_mmhg < told.readings[35].systolic_mmhg - 10


def test_s03_does_not_happen_to_somebody_who_was_stopped_before() -> None:
    told = tell("S03", (StopPump(), START_S + 10 * 60))
    assert max(r.systolic_mmhg for r in told.readings.values()) < 155


@pytest.mark.parametrize("seed", SEEDS)
def test_s04_comes_twenty_minutes_after_the_end(seed: int | None) -> None:
    told = tell("S04", seed=seed)
    during = [r.systolic_mmhg for minute, r in told.readings.items() if minute <= 55]
    assert max(during) < 155
    assert told.readings[65].systolic_mmhg > 160
    assert told.readings[65].diastolic_mmhg > 100
    assert told.readings[85].systolic_mmhg < 155
    assert any("head is pounding" in text for _, text in told.said)


@pytest.mark.parametrize("seed", SEEDS)
def test_s05_races_and_asks_to_stop(seed: int | None) -> None:
    told = tell("S05", seed=seed)
    fright_s = START_S + 14 * 60
    assert max(told.hr[:fright_s]) < 100
    assert sum(rate > 120 for rate in told.hr[fright_s : fright_s + 600]) > 120
    assert 122 < max(told.hr) < 140
    assert told.hr[fright_s + 1500] < 100
    assert max(r.systolic_mmhg for r in told.readings.values()) < 160
    said_at = {text: at_s for at_s, text in told.said}
    stop_s = next(at_s for text, at_s in said_at.items() if "I want to stop" in text)
    assert stop_s == fright_s + 90
    assert any("passing" in text for text in said_at)


def test_s09_fails_until_the_cuff_is_put_on_again() -> None:
    told = tell("S09")
    failed = [minute for minute, r in told.readings.items() if r.failure is NibpFailure.CUFF_LOOSE]
    assert failed == [15, 20, 25]
    cared = tell("S09", (PlaceCuff(), START_S + 17 * 60))
    assert [minute for minute, r in cared.readings.items() if r.failure] == [15]


def test_s11_drops_out_for_90_seconds() -> None:
    told = tell("S11")
    assert told.cable_out == list(range(START_S + 900, START_S + 990))
