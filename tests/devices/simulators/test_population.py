"""The drawn populations against the published figures of clinical.md §2.1."""

import numpy as np
import pytest

from devices.simulators.population import (
    EMORY,
    GUANGZHOU,
    YALE,
    Population,
    centre_before_cut,
    draw_baselines,
    draw_gains,
    draw_one_baseline,
    draw_one_gain,
    is_at_risk,
)


def drawn(population: Population, count: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    at_risk = rng.random(count) < population.at_risk_share
    return draw_gains(population, at_risk, rng), draw_baselines(count, rng)


@pytest.mark.parametrize(
    ("population", "systolic", "diastolic", "rate"),
    [(YALE, 16.0, 11.0, 6.0), (GUANGZHOU, 7.4, 6.0, 1.9), (EMORY, 3.28, 3.17, 6.0)],
)
def test_mean_rises_are_the_published_ones(
    population: Population, systolic: float, diastolic: float, rate: float
) -> None:
    gains, _ = drawn(population, 40_000)
    assert gains[0].mean() == pytest.approx(systolic, abs=0.2)
    assert gains[1].mean() == pytest.approx(diastolic, abs=0.2)
    assert gains[2].mean() == pytest.approx(rate, abs=0.2)


def test_400_infusions_lie_inside_the_published_ranges() -> None:
    gains, baselines = drawn(YALE, 400)
    # W3: +16.0 (SD 11.2) and +11.0 (SD 8.45), with the 95 % range of a mean over 138 patients.
    assert abs(gains[0].mean() - 16.0) < 1.96 * 11.2 / np.sqrt(138)
    assert abs(gains[1].mean() - 11.0) < 1.96 * 8.45 / np.sqrt(138)
    assert 0.8 * 11.2 < gains[0].std() < 1.2 * 11.2
    assert 0.8 * 8.45 < gains[1].std() < 1.2 * 8.45
    severe = (baselines[1] + gains[0] >= 180) | (baselines[2] + gains[1] >= 110)
    # W3: 0.98 % of sessions, 12.5 % of patients.
    assert 0.0 < severe.mean() < 0.125


def test_severe_share_of_many_infusions_is_between_sessions_and_patients() -> None:
    gains, baselines = drawn(YALE, 40_000)
    severe = (baselines[1] + gains[0] >= 180) | (baselines[2] + gains[1] >= 110)
    assert 0.0098 <= severe.mean() <= 0.125


def test_no_pressure_falls_and_the_pressures_go_together() -> None:
    gains, _ = drawn(YALE, 20_000)
    assert gains[:2].min() == 0.0
    both = (gains[0] > 0) & (gains[1] > 0)
    assert np.corrcoef(gains[0][both], gains[1][both])[0, 1] == pytest.approx(0.7, abs=0.06)


def test_those_at_risk_answer_half_as_much_again() -> None:
    rng = np.random.default_rng(1)
    calm = draw_gains(YALE, np.zeros(30_000, dtype=bool), rng)[0].mean()
    at_risk = draw_gains(YALE, np.ones(30_000, dtype=bool), rng)[0].mean()
    assert at_risk / calm == pytest.approx(1.5, abs=0.03)


@pytest.mark.parametrize(
    ("age", "hypertensive", "expected"), [(49, False, False), (50, False, True), (30, True, True)]
)
def test_who_is_at_risk(age: int, hypertensive: bool, expected: bool) -> None:
    assert is_at_risk(age, hypertensive=hypertensive) is expected


@pytest.mark.parametrize("mean", [0.5, 3.19, 13.3, 60.0])
def test_centre_before_cut(mean: float) -> None:
    centre = centre_before_cut(mean, 8.0)
    values = np.maximum(np.random.default_rng(2).normal(centre, 8.0, 400_000), 0.0)
    assert values.mean() == pytest.approx(mean, abs=0.05)


def test_one_person_depends_on_the_seed_only() -> None:
    def person(seed: int) -> tuple[object, object]:
        rng = np.random.default_rng(seed)
        return draw_one_baseline(rng), draw_one_gain(YALE, rng, at_risk=True)

    assert person(3) == person(3)
    assert person(3) != person(4)


def test_baseline_systolic_is_as_stated() -> None:
    _, baselines = drawn(YALE, 40_000)
    assert baselines[1].mean() == pytest.approx(122, abs=0.3)
    assert baselines[1].std() == pytest.approx(12, abs=0.3)
