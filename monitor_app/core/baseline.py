"""The patient's own normal, worked out from the baseline readings (clinical.md §4.2).

The proposal is pure: it says whether a baseline can be frozen, what it would be, and in words what is still missing.
Premedication given afterwards does not move a frozen baseline.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median

from monitor_app.core.journal import Baseline, NibpEntry
from monitor_app.core.stamp import NS_PER_S

READING_WINDOW_S = 15 * 60.0  # clinical.md §4.2
READING_SPACING_S = 2 * 60.0  # clinical.md §4.2
AGREE_SYSTOLIC_MMHG = 15.0  # clinical.md §4.2
AGREE_DIASTOLIC_MMHG = 10.0  # clinical.md §4.2
SERIES_S = 120  # clinical.md §4.2: 1-Hz values of the last 120 s
SERIES_VALID = 0.8  # clinical.md §4.2


@dataclass(frozen=True, slots=True)
class Series:
    """1-Hz displayed values, newest last, None where there was no valid one; only the last 120 are looked at."""

    hr_per_min: Sequence[float | None] = ()
    spo2_percent: Sequence[float | None] = ()
    rr_per_min: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class BaselineProposal:
    """What freezing now would store. ``reasons`` say in words what is missing; empty when ``ready``."""

    ready: bool
    baseline: Baseline | None = None
    reasons: tuple[str, ...] = ()
    nibp_ids: tuple[str, ...] = ()


NOTHING_MEASURED = BaselineProposal(ready=False, reasons=("No blood pressure measured yet.",))


def propose_baseline(readings: Sequence[NibpEntry], series: Series, t_ns: int) -> BaselineProposal:
    """Work out the baseline from the cuff readings so far and the last two minutes of 1-Hz values.

    Respiration is stored where it has a source and is not required; heart rate and SpO2 are.
    """
    used, reason = _readings_used(_eligible(readings, t_ns))
    hr_per_min = steady_median(series.hr_per_min)
    spo2_percent = steady_median(series.spo2_percent)
    reasons = [reason] if reason else []
    if hr_per_min is None:
        reasons.append("Heart rate was not valid for 80 % of the last 120 s.")
    if spo2_percent is None:
        reasons.append("SpO2 was not valid for 80 % of the last 120 s.")
    ids = tuple(entry.nibp_id for entry in used)
    if reasons:
        return BaselineProposal(ready=False, reasons=tuple(reasons), nibp_ids=ids)
    baseline = Baseline(
        systolic_mmhg=_mean(entry.systolic_mmhg for entry in used),
        diastolic_mmhg=_mean(entry.diastolic_mmhg for entry in used),
        mean_mmhg=_mean(entry.mean_mmhg for entry in used),
        hr_per_min=hr_per_min,
        spo2_percent=spo2_percent,
        rr_per_min=steady_median(series.rr_per_min),
    )
    return BaselineProposal(ready=True, baseline=baseline, nibp_ids=ids)


def steady_median(values: Sequence[float | None]) -> float | None:
    """Median of the last 120 values, or None when fewer than 80 % of those 120 seconds were valid."""
    valid = [value for value in values[-SERIES_S:] if value is not None]
    return median(valid) if len(valid) >= SERIES_VALID * SERIES_S else None


def _eligible(readings: Sequence[NibpEntry], t_ns: int) -> list[NibpEntry]:
    """Accepted readings of the last 15 min, of which two in a row are at least 2 min apart, oldest first.

    The newest always counts; going back, one that came too soon before the next counted one is passed over.
    """
    earliest_ns = t_ns - round(READING_WINDOW_S * NS_PER_S)
    kept: list[NibpEntry] = []
    for entry in sorted(readings, key=lambda e: e.stamp.t_ns, reverse=True):
        if not entry.accepted or not earliest_ns <= entry.stamp.t_ns <= t_ns:
            continue
        if not kept or kept[-1].stamp.t_ns - entry.stamp.t_ns >= READING_SPACING_S * NS_PER_S:
            kept.append(entry)
    return kept[::-1]


def _readings_used(eligible: Sequence[NibpEntry]) -> tuple[tuple[NibpEntry, ...], str]:
    """The two readings to average, or why there are not two yet."""
    if not eligible:
        return (), "No accepted blood pressure in the last 15 min; two are needed, at least 2 min apart."
    if len(eligible) == 1:
        return tuple(eligible), "One blood pressure so far; a second is needed at least 2 min after it."
    last_two = (eligible[-2], eligible[-1])
    if _agree(*last_two):
        return last_two, ""
    if len(eligible) == 2:
        return last_two, f"The two readings differ too much ({_pair_text(last_two)}); a third is needed."
    closest = min(combinations(eligible[-3:], 2), key=_distance)
    return closest, ""


def _agree(first: NibpEntry, second: NibpEntry) -> bool:
    systolic, diastolic = _apart(first, second)
    return systolic <= AGREE_SYSTOLIC_MMHG and diastolic <= AGREE_DIASTOLIC_MMHG


def _distance(pair: tuple[NibpEntry, NibpEntry]) -> tuple[float, int]:
    """Distance in both pressures, each against its own tolerance; of equals the newer pair."""
    systolic, diastolic = _apart(*pair)
    apart = systolic / AGREE_SYSTOLIC_MMHG + diastolic / AGREE_DIASTOLIC_MMHG
    return apart, -sum(entry.stamp.t_ns for entry in pair)


def _apart(first: NibpEntry, second: NibpEntry) -> tuple[float, float]:
    return (
        abs((first.systolic_mmhg or 0.0) - (second.systolic_mmhg or 0.0)),
        abs((first.diastolic_mmhg or 0.0) - (second.diastolic_mmhg or 0.0)),
    )


def _pair_text(pair: Sequence[NibpEntry]) -> str:
    return " and ".join(f"{entry.systolic_mmhg:.0f}/{entry.diastolic_mmhg:.0f}" for entry in pair)


def _mean(values: Iterable[float | None]) -> float:
    return fmean(value for value in values if value is not None)
