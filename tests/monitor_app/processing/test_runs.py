import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.processing.runs import finite_runs

NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "runs"),
    [
        ([], []),
        ([1.0], [(0, 1)]),
        ([NAN], []),
        ([1, NAN, 2, 3, NAN], [(0, 1), (2, 4)]),
        ([NAN, 1, 2], [(1, 3)]),
        ([float("inf"), 1], [(1, 2)]),
    ],
)
def test_runs(values, runs):
    assert list(finite_runs(np.array(values, dtype=np.float64))) == runs


@given(st.lists(st.booleans()))
def test_runs_cover_exactly_the_finite_values(mask):
    values = np.where(mask, 1.0, np.nan) if mask else np.empty(0)
    covered = np.zeros(len(values), dtype=bool)
    for start, stop in finite_runs(values):
        assert not covered[start:stop].any()
        covered[start:stop] = True
    assert covered.tolist() == mask
