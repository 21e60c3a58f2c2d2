"""The baseline of clinical.md §4.2."""

import pytest

from devices.signals import NibpFailure
from monitor_app.core.baseline import Series, propose_baseline, steady_median
from monitor_app.core.journal import NibpEntry
from monitor_app.core.stamp import Stamp

MIN = 60 * 1_000_000_000
STEADY = Series([72] * 120, [98] * 120, [14] * 120)


def readings(*rows, **more):
    """Rows of (minutes, systolic, diastolic)."""
    return [
        NibpEntry(
            Stamp(round(minutes * MIN), 0),
            f"n{i}",
            "berry@loop",
            "entry",
            None,
            systolic,
            diastolic,
            (systolic + 2 * diastolic) / 3,
            mean_calculated=False,
            pulse_per_min=None,
            **more,
        )
        for i, (minutes, systolic, diastolic) in enumerate(rows)
    ]


# Rows of (minutes, systolic, diastolic); the mean taken; which readings; a word of the reason when there is none.
CASES = [
    ([], None, (), "two are needed"),
    ([(0, 124, 78)], None, ("n0",), "a second is needed"),
    ([(0, 120, 80), (2, 130, 76)], (125, 78), ("n0", "n1"), ""),
    ([(0, 120, 80), (1.99, 130, 76)], None, ("n1",), "a second is needed"),
    ([(0, 120, 80), (2, 135, 90)], (127.5, 85), ("n0", "n1"), ""),
    ([(0, 120, 80), (2, 136, 80)], None, ("n0", "n1"), "a third is needed"),
    ([(0, 120, 80), (2, 120, 91)], None, ("n0", "n1"), "a third is needed"),
    ([(0, 120, 80), (2, 140, 80), (4, 124, 80)], (122, 80), ("n0", "n2"), ""),
    ([(0, 120, 80), (2, 140, 80), (4, 138, 80)], (139, 80), ("n1", "n2"), ""),
    ([(0, 160, 80), (2, 140, 80), (4, 120, 80)], (130, 80), ("n1", "n2"), ""),
    ([(0, 150, 90), (5, 120, 80), (10, 122, 82)], (121, 81), ("n1", "n2"), ""),
    ([(-6, 120, 80), (10, 122, 82)], None, ("n1",), "a second is needed"),
    ([(0, 120, 80), (3, 124, 80), (4, 126, 80)], (123, 80), ("n0", "n2"), ""),
]


@pytest.mark.parametrize(("rows", "mean", "ids", "reason"), CASES)
def test_which_readings_make_the_baseline(rows, mean, ids, reason):
    proposal = propose_baseline(readings(*rows), STEADY, 10 * MIN)
    assert proposal.nibp_ids == ids
    assert proposal.ready == (mean is not None)
    if mean is None:
        assert proposal.baseline is None
        assert reason in proposal.reasons[0]
        return
    assert proposal.reasons == ()
    assert (proposal.baseline.systolic_mmhg, proposal.baseline.diastolic_mmhg) == mean
    assert proposal.baseline.hr_per_min == 72
    assert proposal.baseline.rr_per_min == 14


def test_rejected_and_failed_readings_do_not_count():
    good = readings((0, 120, 80), (3, 122, 80))
    rejected = readings((5, 190, 80), rejected="systolic and diastolic")
    failed = readings((6, 190, 80), failure=NibpFailure.MOTION)
    proposal = propose_baseline(good + rejected + failed, STEADY, 10 * MIN)
    assert proposal.baseline is not None
    assert proposal.baseline.systolic_mmhg == 121


def test_rate_and_saturation_are_required_breathing_is_not():
    rows = readings((0, 120, 80), (3, 122, 80))
    without = propose_baseline(rows, Series(), 10 * MIN)
    assert not without.ready
    assert len(without.reasons) == 2
    no_breathing = propose_baseline(rows, Series([72] * 120, [98] * 120), 10 * MIN)
    assert no_breathing.ready
    assert no_breathing.baseline is not None
    assert no_breathing.baseline.rr_per_min is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([70] * 96 + [None] * 24, 70),
        ([70] * 95 + [None] * 25, None),
        ([70] * 95, None),
        ([70] * 96, 70),
        ([200] * 100 + [70] * 120, 70),
        ([70] * 60 + [80] * 60, 75),
        ([], None),
    ],
)
def test_the_median_needs_eighty_percent_of_two_minutes(values, expected):
    assert steady_median(values) == expected
