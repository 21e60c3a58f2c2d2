"""The body against the table of clinical.md §17.2."""

import numpy as np
import pytest

from devices.simulators.physiology import (
    Physiology,
    Profile,
    cuff_noise,
    drive,
    effect_after,
    fright_level,
    sedation_level,
)
from devices.simulators.population import Baseline, Gains

PROFILE = Profile(Baseline(70, 120, 75, 96, 14), Gains(20, 12, 8))
PER_SECOND = 0.5 / 2400


def body(seed: int = 1) -> Physiology:
    return Physiology(PROFILE, seed=seed)


def live(physiology: Physiology, seconds: int, *, running: bool = False, oxygen: float = 0.0) -> Physiology:
    for _ in range(seconds):
        physiology.step(PER_SECOND if running else 0.0, oxygen_l_min=oxygen)
    return physiology


# clinical.md §17.2: "E = .28, .49, .74, .87, .93 at 5, 10, 20, 30, 40 min; after the end .67, .34, .13, .03"
@pytest.mark.parametrize(("minute", "effect"), [(5, 0.28), (10, 0.49), (20, 0.74), (30, 0.87), (40, 0.93)])
def test_effect_during_the_infusion(minute: int, effect: float) -> None:
    assert live(body(), 60 * minute, running=True).effect == pytest.approx(effect, abs=0.006)


@pytest.mark.parametrize(("minute", "effect"), [(5, 0.67), (15, 0.34), (30, 0.13), (50, 0.03)])
def test_effect_after_the_infusion(minute: int, effect: float) -> None:
    physiology = live(live(body(), 2400, running=True), 60 * minute)
    assert physiology.effect == pytest.approx(effect, abs=0.006)


def test_peak_is_the_gain_and_90_minutes_is_baseline() -> None:
    physiology = live(body(), 2400, running=True)
    peak = physiology.quiet_vitals()
    assert peak.systolic_mmhg == pytest.approx(140, abs=0.05)
    assert peak.diastolic_mmhg == pytest.approx(87, abs=0.05)
    assert peak.hr_per_min == pytest.approx(78, abs=0.05)
    later = live(physiology, 50 * 60).quiet_vitals()
    assert later.systolic_mmhg == pytest.approx(120, abs=1.0)


@pytest.mark.parametrize(
    ("mg_per_kg", "minutes", "u"), [(0.5, 40, 1.0), (0.5, 20, 2.0), (1.0, 40, 2.0), (0.25, 40, 0.5)]
)
def test_drive_follows_dose_and_time(mg_per_kg: float, minutes: float, u: float) -> None:
    assert drive(mg_per_kg, minutes * 60) == pytest.approx(u)


def test_effect_after_is_exact_in_any_steps() -> None:
    whole = effect_after(0.2, 1.0, 600)
    part = 0.2
    for _ in range(60):
        part = effect_after(part, 1.0, 10)
    assert part == pytest.approx(whole, abs=1e-12)


def test_oxygen_adds_three_within_a_minute_and_leaves_again() -> None:
    physiology = live(body(), 60, oxygen=2.0)
    assert physiology.quiet_vitals().spo2_percent == pytest.approx(99)
    assert live(physiology, 30).quiet_vitals().spo2_percent == pytest.approx(97.5)
    assert live(physiology, 60).quiet_vitals().spo2_percent == pytest.approx(96)


@pytest.mark.parametrize(("since_s", "level"), [(0, 0), (60, 0.5), (120, 1), (300, 0.5), (480, 0), (9999, 0)])
def test_fright(since_s: float, level: float) -> None:
    assert fright_level(since_s) == pytest.approx(level)


@pytest.mark.parametrize(
    ("since_s", "level"), [(0, 0), (60, 0.5), (120, 1), (1500, 1), (1650, 0.5), (1800, 0), (9999, 0)]
)
def test_sedation(since_s: float, level: float) -> None:
    assert sedation_level(since_s) == pytest.approx(level)


def test_anxiety_and_midazolam_have_the_stated_size() -> None:
    physiology = body()
    physiology.frighten()
    top = live(physiology, 120).quiet_vitals()
    assert (top.hr_per_min, top.systolic_mmhg) == pytest.approx((90, 135))
    sedated = body()
    sedated.give_midazolam(2.0)
    low = live(sedated, 600).quiet_vitals()
    assert 2 <= 14 - low.rr_per_min <= 3
    assert 1 <= 96 - low.spo2_percent <= 2


def test_a_set_saturation_still_answers_to_oxygen() -> None:
    physiology = body()
    physiology.set_to("spo2", 86)
    assert live(physiology, 60, oxygen=4).quiet_vitals().spo2_percent == pytest.approx(89)


def test_noise_is_bounded_and_moves() -> None:
    physiology = body()
    rates, saturations = [], []
    for _ in range(3000):
        live(physiology, 1)
        vitals = physiology.vitals()
        rates.append(vitals.hr_per_min - 70)
        saturations.append(vitals.spo2_percent - 96)
    assert np.abs(rates).max() <= 2.0
    assert np.abs(saturations).max() <= 0.6 + 1e-9
    assert np.std(rates) == pytest.approx(1.0, abs=0.25)
    assert np.corrcoef(rates[:-1], rates[1:])[0, 1] > 0.85


def test_cuff_noise_belongs_to_the_second() -> None:
    noise = np.array([cuff_noise(7, t) for t in range(2000)])
    assert cuff_noise(7, 100.2) == cuff_noise(7, 100.9)
    assert np.abs(noise[:, 0]).max() <= 4.0
    assert np.abs(noise[:, 1]).max() <= 2.0
    assert noise[:, 0].std() == pytest.approx(2.0, abs=0.2)


def test_standstill_has_no_noise() -> None:
    physiology = body()
    physiology.set_to("hr", 0)
    assert live(physiology, 30).vitals().hr_per_min == 0


def test_same_seed_same_life() -> None:
    assert live(body(4), 500, running=True).vitals() == live(body(4), 500, running=True).vitals()
    assert live(body(4), 500).vitals() != live(body(5), 500).vitals()
