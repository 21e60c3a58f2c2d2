"""Which cuff readings may be shown and judged, and for how long (clinical.md §8.4)."""

from dataclasses import dataclass
from enum import Enum

from devices.signals import NibpResult

SYSTOLIC_MAX_MMHG = 270.0  # clinical.md §8.4
DIASTOLIC_MIN_MMHG = 30.0  # clinical.md §8.4
PULSE_PRESSURE_MIN_MMHG = 15.0  # clinical.md §8.4

NORMAL_BEYOND_INTERVAL_S = 60.0  # clinical.md §8.4: normal up to interval + 1 min
BLANK_AFTER_S = 15 * 60.0  # clinical.md §8.4: or 2 x interval, whichever comes first
DEFAULT_INTERVAL_S = 300.0  # clinical.md §1.1 P1, taken where no plan is in force


@dataclass(frozen=True, slots=True)
class NibpVerdict:
    """A reading after acceptance. ``rejected`` says in words why it may not be used; empty when it may.

    A cycle that failed has no pressures and is no rejection: its cause is in ``NibpResult.failure``.
    """

    systolic_mmhg: float | None
    diastolic_mmhg: float | None
    mean_mmhg: float | None
    mean_calculated: bool = False
    rejected: str = ""


class ReadingAge(Enum):
    """How an accepted reading is drawn."""

    NORMAL = "normal"
    DIM = "dim"
    BLANK = "blank"


def judge_reading(result: NibpResult) -> NibpVerdict:
    """Accept a result only if 30 <= DIA < MAP < SYS <= 270, SYS - DIA >= 15 and the device vouches for it.

    A missing MAP becomes (S + 2D)/3 and is marked as calculated.
    """
    systolic, diastolic, mean = result.systolic_mmhg, result.diastolic_mmhg, result.mean_mmhg
    if result.failure is not None:
        return NibpVerdict(None, None, None)
    if systolic is None or diastolic is None:
        return NibpVerdict(systolic, diastolic, mean, rejected="systolic or diastolic is missing")
    calculated = mean is None
    map_mmhg = (systolic + 2 * diastolic) / 3 if mean is None else mean
    reason = _refusal(systolic, diastolic, map_mmhg)
    if not reason and result.questionable:
        reason = "the monitor marked it as disturbed"
    return NibpVerdict(systolic, diastolic, map_mmhg, mean_calculated=calculated, rejected=reason)


def reading_age(age_s: float, interval_s: float | None) -> ReadingAge:
    """Say how a reading of this age is drawn: normal, dimmed, or "-/-" though the trend keeps it."""
    interval = DEFAULT_INTERVAL_S if interval_s is None else interval_s
    if age_s > min(2 * interval, BLANK_AFTER_S):
        return ReadingAge.BLANK
    return ReadingAge.NORMAL if age_s <= interval + NORMAL_BEYOND_INTERVAL_S else ReadingAge.DIM


def _refusal(systolic: float, diastolic: float, mean: float) -> str:
    if diastolic < DIASTOLIC_MIN_MMHG:
        return f"diastolic {diastolic:.0f} is below 30"
    if systolic > SYSTOLIC_MAX_MMHG:
        return f"systolic {systolic:.0f} is above 270"
    if systolic - diastolic < PULSE_PRESSURE_MIN_MMHG:
        return f"systolic {systolic:.0f} and diastolic {diastolic:.0f} are less than 15 apart"
    if not diastolic < mean < systolic:
        return f"the mean {mean:.0f} does not lie between {diastolic:.0f} and {systolic:.0f}"
    return ""
