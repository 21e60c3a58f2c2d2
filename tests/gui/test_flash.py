"""Flash rate and duty measured from the state at instants (clinical.md §5.2, vector V29)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.priority import Priority
from monitor_app.ui.flash import is_lit, phase_of

STEP_NS = 10_000_000
SPAN_NS = 20_000_000_000


def flips(priority: Priority, *, unacknowledged: bool = True) -> tuple[float, float]:
    states = [is_lit(priority, t, unacknowledged=unacknowledged) for t in range(0, SPAN_NS, STEP_NS)]
    rises = sum(1 for a, b in pairwise(states) if b and not a)
    return rises / (SPAN_NS / 1e9), sum(states) / len(states)


@pytest.mark.parametrize(
    ("priority", "low", "high"), [(Priority.HIGH, 1.4, 2.8), (Priority.MEDIUM, 0.4, 0.8)]
)
def test_rate_and_duty_are_within_the_bounds(priority: Priority, low: float, high: float) -> None:
    rate_hz, duty = flips(priority)
    assert low <= rate_hz <= high
    assert 0.2 <= duty <= 0.6


@pytest.mark.parametrize("priority", [Priority.LOW, Priority.INFO])
def test_low_is_steady(priority: Priority) -> None:
    assert flips(priority) == (0.0, 1.0)


@pytest.mark.parametrize("priority", [Priority.HIGH, Priority.MEDIUM])
def test_acknowledged_is_steady(priority: Priority) -> None:
    assert flips(priority, unacknowledged=False) == (0.0, 1.0)


def test_no_alarm_is_never_lit() -> None:
    assert not is_lit(None, 0, unacknowledged=True)


@given(now_ns=st.integers(0, 10**15))
def test_the_phase_is_what_the_areas_show(now_ns: int) -> None:
    high, medium = phase_of(now_ns)
    assert high == is_lit(Priority.HIGH, now_ns, unacknowledged=True)
    assert medium == is_lit(Priority.MEDIUM, now_ns, unacknowledged=True)
