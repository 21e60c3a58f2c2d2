"""Which readings are accepted, and how their age is drawn (clinical.md §8.4)."""

import pytest

from devices.signals import NibpFailure, NibpResult
from monitor_app.core.nibp_acceptance import ReadingAge, judge_reading, reading_age

ROWS = [
    (120, 80, 93, ""),
    (270, 100, 150, ""),
    (271, 100, 150, "above 270"),
    (60, 30, 40, ""),
    (60, 29, 40, "below 30"),
    (95, 80, 85, ""),
    (94, 80, 85, "less than 15 apart"),
    (120, 80, 80, "does not lie between"),
    (120, 80, 120, "does not lie between"),
    (120, 80, 130, "does not lie between"),
    (80, 120, 93, "less than 15 apart"),
    (None, 80, 93, "missing"),
    (120, None, 93, "missing"),
]


@pytest.mark.parametrize(("systolic", "diastolic", "mean", "why"), ROWS)
def test_acceptance(systolic, diastolic, mean, why):
    verdict = judge_reading(NibpResult(systolic, diastolic, mean))
    assert why in verdict.rejected
    assert bool(verdict.rejected) == bool(why)
    assert (verdict.systolic_mmhg, verdict.diastolic_mmhg, verdict.mean_mmhg) == (systolic, diastolic, mean)


def test_a_missing_mean_is_calculated_and_marked():
    verdict = judge_reading(NibpResult(124, 79, None))
    assert verdict.mean_mmhg == pytest.approx(94)
    assert verdict.mean_calculated
    assert not judge_reading(NibpResult(124, 79, 94)).mean_calculated


def test_what_the_monitor_does_not_vouch_for():
    assert "disturbed" in judge_reading(NibpResult(120, 80, 93, questionable=True)).rejected


def test_a_failed_cycle_is_no_reading_and_no_rejection():
    verdict = judge_reading(NibpResult(None, None, None, failure=NibpFailure.MOTION))
    assert (verdict.systolic_mmhg, verdict.rejected) == (None, "")


@pytest.mark.parametrize(
    ("age_s", "interval_s", "drawn"),
    [
        (360, 300, ReadingAge.NORMAL),
        (361, 300, ReadingAge.DIM),
        (600, 300, ReadingAge.DIM),
        (601, 300, ReadingAge.BLANK),
        (120, 60, ReadingAge.NORMAL),
        (121, 60, ReadingAge.BLANK),
        (660, 600, ReadingAge.NORMAL),
        (661, 600, ReadingAge.DIM),
        (901, 600, ReadingAge.BLANK),
        (900, 1800, ReadingAge.NORMAL),
        (901, 1800, ReadingAge.BLANK),
        (360, None, ReadingAge.NORMAL),
        (601, None, ReadingAge.BLANK),
    ],
)
def test_age(age_s, interval_s, drawn):
    assert reading_age(age_s, interval_s) is drawn
