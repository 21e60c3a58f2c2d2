"""Who sits in the chair: resting values and sensitivity to ketamine, drawn per seed (clinical.md §17.2, §2.1).

Everything is vectorised, so that one call draws a patient or a whole study.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

AT_RISK_AGE_Y = 50
"""Age from which the answer to ketamine is larger (clinical.md §17.2)."""

AT_RISK_FACTOR = 1.5
"""How much larger it is, at that age or with known hypertension (clinical.md §17.2)."""

SYSTOLIC_SPREAD_MMHG = 8.0  # clinical.md §17.2, spread of gS
DIASTOLIC_SPREAD_MMHG = 6.0  # clinical.md §17.2, spread of gD
HEART_RATE_SPREAD_PER_MIN = 6.0  # clinical.md §17.2, N(6, 6)
PRESSURE_CORRELATION = 0.7  # clinical.md §17.2, gD with gS


@dataclass(frozen=True, slots=True)
class Population:
    """A published group: its mean rises at the peak, and the share of it that is at risk."""

    name: str
    systolic_rise_mmhg: float
    diastolic_rise_mmhg: float
    heart_rate_rise_per_min: float = 6.0
    at_risk_share: float = 0.4


YALE = Population("Yale 2024 (W3)", 16.0, 11.0)
"""138 patients, 2 342 infusions; the default, since it is the one with a published spread (clinical.md §2.1)."""

GUANGZHOU = Population("Guangzhou (W1)", 7.4, 6.0, heart_rate_rise_per_min=1.9)
"""135 patients, 741 infusions (clinical.md §2.1)."""

EMORY = Population("Emory 2018 (W2)", 3.28, 3.17, at_risk_share=0.36)
"""66 patients, 684 infusions, 36 % hypertensive (clinical.md §2.1)."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Resting values before the infusion."""

    hr_per_min: float
    systolic_mmhg: float
    diastolic_mmhg: float
    spo2_percent: float
    rr_per_min: float
    temperature_c: float = 36.7
    perfusion_index_percent: float = 3.0


@dataclass(frozen=True, slots=True)
class Gains:
    """Rises at the peak of 0.5 mg/kg over 40 min."""

    systolic_mmhg: float
    diastolic_mmhg: float
    hr_per_min: float


def is_at_risk(age_years: float, *, hypertensive: bool) -> bool:
    """Whether this person answers more strongly."""
    return hypertensive or age_years >= AT_RISK_AGE_Y


def centre_before_cut(mean: float, spread: float) -> float:
    """Return the centre of a normal whose mean, with everything below 0 set to 0, is ``mean``."""
    low, high = -4.0 * spread, max(mean, 0.0)
    for _ in range(60):
        centre = 0.5 * (low + high)
        x = centre / spread
        cut_mean = centre * 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
        cut_mean += spread * math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
        low, high = (centre, high) if cut_mean < mean else (low, centre)
    return 0.5 * (low + high)


def draw_gains(population: Population, at_risk: BoolArray, rng: np.random.Generator) -> FloatArray:
    """Return rises of shape (3, n): systolic, diastolic, heart rate, for n people of whom ``at_risk`` says who.

    Pressure rises are cut at 0 (clinical.md §17.2); the heart rate may fall. The cut alone would lift the means of W1
    and W2 by 1.2 and 2.4 mmHg over the published ones, so the centres are re-fitted to the mean after the cut.
    """
    count = at_risk.shape[0]
    normal = rng.standard_normal((3, count))
    shared = PRESSURE_CORRELATION
    diastolic_normal = shared * normal[0] + np.sqrt(1.0 - shared**2) * normal[1]
    dilution = 1.0 + (AT_RISK_FACTOR - 1.0) * population.at_risk_share
    factor = np.where(at_risk, AT_RISK_FACTOR, 1.0)
    systolic_centre = centre_before_cut(population.systolic_rise_mmhg / dilution, SYSTOLIC_SPREAD_MMHG)
    diastolic_centre = centre_before_cut(population.diastolic_rise_mmhg / dilution, DIASTOLIC_SPREAD_MMHG)
    systolic = systolic_centre + SYSTOLIC_SPREAD_MMHG * normal[0]
    diastolic = diastolic_centre + DIASTOLIC_SPREAD_MMHG * diastolic_normal
    rate = population.heart_rate_rise_per_min / dilution + HEART_RATE_SPREAD_PER_MIN * normal[2]
    return np.stack([factor * np.maximum(systolic, 0.0), factor * np.maximum(diastolic, 0.0), factor * rate])


def draw_baselines(count: int, rng: np.random.Generator) -> FloatArray:
    """Return resting values of shape (5, n): HR, systolic, diastolic, SpO2, RR.

    Systolic is N(122, 12) (clinical.md §17.2). The rest has no published figure there: diastolic N(74, 7) correlated
    0.6 with systolic, HR N(72, 8), SpO2 N(97.5, 0.8) within 95..99, RR N(14, 1.5).
    """
    normal = rng.standard_normal((5, count))
    systolic = 122.0 + 12.0 * normal[1]
    diastolic = 74.0 + 7.0 * (0.6 * normal[1] + 0.8 * normal[2])
    spo2 = np.clip(97.5 + 0.8 * normal[3], 95.0, 99.0)
    return np.stack([72.0 + 8.0 * normal[0], systolic, diastolic, spo2, 14.0 + 1.5 * normal[4]])


def draw_one_gain(population: Population, rng: np.random.Generator, *, at_risk: bool) -> Gains:
    """Return one person's rises."""
    systolic, diastolic, rate = draw_gains(population, np.array([at_risk]), rng)[:, 0].tolist()
    return Gains(systolic, diastolic, rate)


def draw_one_baseline(rng: np.random.Generator) -> Baseline:
    """Return one person's resting values."""
    return Baseline(*draw_baselines(1, rng)[:, 0].tolist())
