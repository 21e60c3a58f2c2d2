"""The proposed lines of PADSS and Aldrete (clinical.md §2.4)."""

import pytest

from monitor_app.core.journal import Baseline, NibpEntry
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.score import aldrete_circulation_line, padss_vital_line

BASELINE = Baseline(100, 60, 70, 98, 14)


def reading(systolic, diastolic):
    return NibpEntry(
        Stamp(0, 0),
        "n",
        "b",
        "auto",
        None,
        systolic,
        diastolic,
        None,
        mean_calculated=False,
        pulse_per_min=None,
    )


@pytest.mark.parametrize(
    ("systolic", "diastolic", "padss", "aldrete"),
    [
        (100, 60, 2, 2),
        (120, 72, 2, 2),
        (80, 48, 2, 2),
        (121, 60, 1, 1),
        (79, 60, 1, 1),
        (140, 60, 1, 1),
        (141, 60, 0, 1),
        (149, 60, 0, 1),
        (150, 60, 0, 0),
        (100, 84, 1, 1),
        (100, 90, 0, 0),
        (50, 60, 0, 0),
    ],
)
def test_lines(systolic, diastolic, padss, aldrete):
    readings = [reading(100, 60), reading(systolic, diastolic)]
    assert padss_vital_line(readings, BASELINE) == padss
    assert aldrete_circulation_line(readings, BASELINE) == aldrete
    assert padss_vital_line(readings[::-1], BASELINE) == padss


def test_nothing_is_proposed_without_its_inputs():
    assert padss_vital_line([reading(100, 60)], BASELINE) is None
    assert aldrete_circulation_line([reading(100, 60)] * 2, None) is None
