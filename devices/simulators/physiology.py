"""How a body answers ketamine and what is done to it, in steps of one second (clinical.md §17.2).

Deterministic: the same profile, seed and inputs give the same values, whatever steps the caller's clock takes.
"""

import math
from dataclasses import dataclass

import numpy as np

from devices.simulators.overrides import Override
from devices.simulators.population import Baseline, FloatArray, Gains
from devices.simulators.vitals import VITAL_KEYS, Vitals, vitals_from

EFFECT_TAU_S = 900.0  # clinical.md §17.2, τ = 15 min
REFERENCE_MG_PER_KG = 0.5  # clinical.md §17.2
REFERENCE_S = 2400.0  # clinical.md §17.2, 40 min
PEAK_EFFECT = 0.931  # clinical.md §17.2, E at 40 min of the reference dose

OXYGEN_GAIN_PERCENT = 3.0  # clinical.md §17.2, O2 +3 SpO2
OXYGEN_RISE_S = 60.0
FRIGHT_RISE_S = 120.0  # clinical.md §17.2, anxiety event: 2-min rise
FRIGHT_DECAY_S = 360.0  # and 6-min decay
FRIGHT_HEART_RATE_PER_MIN = 20.0
FRIGHT_SYSTOLIC_MMHG = 15.0
MIDAZOLAM_REFERENCE_MG = 2.0  # clinical.md §17.2
MIDAZOLAM_LASTS_S = 1800.0
MIDAZOLAM_ONSET_S = 120.0
MIDAZOLAM_OFFSET_S = 300.0

# clinical.md §17.2 gives "±"; read as a bound of two standard deviations.
HEART_RATE_NOISE = 2.0
SPO2_NOISE = 0.6
SYSTOLIC_READING_NOISE_MMHG = 4.0
DIASTOLIC_READING_NOISE_MMHG = 2.0  # none stated; less than systolic, as cuffs do

_HEART_RATE_MEMORY = 0.95
_SPO2_MEMORY = 0.98


@dataclass(frozen=True, slots=True)
class Profile:
    """One person: resting values and rises at the reference peak."""

    baseline: Baseline
    gains: Gains


def drive(mg_per_kg: float, seconds: float) -> float:
    """Return u, the drive of a dose running at this rate: 1 for 0.5 mg/kg over 40 min (clinical.md §17.2)."""
    return mg_per_kg / REFERENCE_MG_PER_KG * (REFERENCE_S / seconds)


def effect_after(effect: FloatArray | float, u: float, seconds: float) -> FloatArray | float:
    """Return E after a time at constant drive: the exact solution of dE/dt = (u - E)/τ."""
    return u + (effect - u) * math.exp(-seconds / EFFECT_TAU_S)


class Physiology:
    """One body. ``step`` moves it by one second; everything else reads it or acts on it at its present second."""

    def __init__(self, profile: Profile, *, seed: int, start_s: int = 0) -> None:
        self.profile = profile
        self.now_s = start_s
        self.effect = 0.0
        self._rng = np.random.default_rng([seed, 1])
        self._hr_noise = 0.0
        self._spo2_noise = 0.0
        self._oxygen = 0.0
        self._frights: list[float] = []
        self._sedations: list[tuple[float, float]] = []
        self._overrides = {key: Override() for key in VITAL_KEYS}
        self._sedation_rr, self._sedation_spo2 = (
            np.random.default_rng([seed, 2]).uniform((2, 1), (3, 2)).tolist()
        )

    def step(self, mg_per_kg: float, *, oxygen_l_min: float) -> None:
        """Move by one second, in which this much ketamine ran in and this much oxygen flowed."""
        self.effect = float(effect_after(self.effect, drive(mg_per_kg, 1.0), 1.0))
        self.now_s += 1
        goal = OXYGEN_GAIN_PERCENT if oxygen_l_min > 0 else 0.0
        pace = OXYGEN_GAIN_PERCENT / OXYGEN_RISE_S
        self._oxygen += min(max(goal - self._oxygen, -pace), pace)
        first, second = self._rng.standard_normal(2).tolist()
        self._hr_noise = _autoregressive(self._hr_noise, first, (_HEART_RATE_MEMORY, HEART_RATE_NOISE))
        self._spo2_noise = _autoregressive(self._spo2_noise, second, (_SPO2_MEMORY, SPO2_NOISE))

    def vitals(self) -> Vitals:
        """Return the true values now, with the beat-to-beat restlessness of a living body."""
        values = self._quiet()
        if values["hr"] > 0:
            values["hr"] += self._hr_noise
        values["spo2"] += self._spo2_noise
        return vitals_from(values)

    def quiet_vitals(self) -> Vitals:
        """Return the values now without noise: what published figures are compared with (clinical.md §17.2)."""
        return vitals_from(self._quiet())

    def frighten(self) -> None:
        """Begin an anxiety event: +20 HR and +15 SBP, 2 min up, 6 min down (clinical.md §17.2)."""
        self._frights.append(self.now_s)

    def give_midazolam(self, dose_mg: float) -> None:
        """Begin 30 min of less breathing and saturation, in proportion to 2 mg (clinical.md §17.2)."""
        self._sedations.append((self.now_s, dose_mg / MIDAZOLAM_REFERENCE_MG))

    def set_to(self, key: str, target: float, *, ramp_s: float = 0.0, ease: bool = False) -> None:
        """Bring a variable to a value and hold it there until released."""
        self._overrides[key].set_to(target, self._model()[key], (self.now_s, ramp_s, ease))

    def offset_by(self, key: str, amount: float, *, ramp_s: float = 0.0, ease: bool = False) -> None:
        """Add to a variable, on top of whatever moves it."""
        self._overrides[key].offset_by(amount, (self.now_s, ramp_s, ease))

    def release(self, key: str, *, ramp_s: float = 0.0, ease: bool = False) -> None:
        """Give a variable back to the model."""
        self._overrides[key].release((self.now_s, ramp_s, ease))

    def _model(self) -> dict[str, float]:
        base, gains = self.profile.baseline, self.profile.gains
        rise = self.effect / PEAK_EFFECT
        return {
            "hr": base.hr_per_min + gains.hr_per_min * rise,
            "sbp": base.systolic_mmhg + gains.systolic_mmhg * rise,
            "dbp": base.diastolic_mmhg + gains.diastolic_mmhg * rise,
            "spo2": base.spo2_percent,
            "rr": base.rr_per_min,
            "temp": base.temperature_c,
            "pi": base.perfusion_index_percent,
        }

    def _quiet(self) -> dict[str, float]:
        model = self._model()
        values = {key: self._overrides[key].apply(model[key], self.now_s) for key in VITAL_KEYS}
        fright = sum(fright_level(self.now_s - at_s) for at_s in self._frights)
        if values["hr"] > 0:
            values["hr"] += FRIGHT_HEART_RATE_PER_MIN * fright
        values["sbp"] += FRIGHT_SYSTOLIC_MMHG * fright
        sedation = sum(size * sedation_level(self.now_s - at_s) for at_s, size in self._sedations)
        values["rr"] -= self._sedation_rr * sedation
        values["spo2"] = min(values["spo2"] - self._sedation_spo2 * sedation + self._oxygen, 100.0)
        return values


def fright_level(since_s: float) -> float:
    """Return 0..1 of an anxiety event: straight up in 2 min, straight down in 6 (clinical.md §17.2)."""
    if since_s <= FRIGHT_RISE_S:
        return max(since_s, 0.0) / FRIGHT_RISE_S
    return max(1.0 - (since_s - FRIGHT_RISE_S) / FRIGHT_DECAY_S, 0.0)


def sedation_level(since_s: float) -> float:
    """Return 0..1 of a midazolam dose: on in 2 min, fading over the last 5 of its 30 min (clinical.md §17.2)."""
    rise = since_s / MIDAZOLAM_ONSET_S
    fall = (MIDAZOLAM_LASTS_S - since_s) / MIDAZOLAM_OFFSET_S
    return min(max(min(rise, fall), 0.0), 1.0)


def cuff_noise(seed: int, at_s: float) -> tuple[float, float]:
    """Return what a cuff misreads in systolic and diastolic at this moment, in mmHg; a function of the second only."""
    first, second = np.random.default_rng([seed, 3, max(int(at_s), 0)]).standard_normal(2).tolist()
    return (
        _bounded(0.5 * SYSTOLIC_READING_NOISE_MMHG * first, SYSTOLIC_READING_NOISE_MMHG),
        _bounded(
            0.5 * DIASTOLIC_READING_NOISE_MMHG * (0.6 * first + 0.8 * second), DIASTOLIC_READING_NOISE_MMHG
        ),
    )


def _autoregressive(previous: float, normal: float, memory_and_bound: tuple[float, float]) -> float:
    memory, bound = memory_and_bound
    moved = memory * previous + math.sqrt(1.0 - memory**2) * 0.5 * bound * normal
    return _bounded(moved, bound)


def _bounded(value: float, bound: float) -> float:
    return min(max(value, -bound), bound)
