"""Limits from the baseline: the document's own example, the clamps, and that HIGH limits never move (clinical.md §5.6)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from devices.errors import RefusedError
from monitor_app.core.alarm.auto_limits import auto_limits, with_auto_limits
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.limit_check import PROFILES, check_order
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.priority import Priority

EXAMPLE = Baseline(124, 78, 72, 98, 14, 93)
INF, REC = AlarmProfile.INF, AlarmProfile.REC


def test_the_example_of_the_document():
    found = {x.label: round(x.formula, 1) for x in auto_limits(EXAMPLE, default_limits())}
    assert found == {
        "HR low": 57.6,
        "HR high": 90.0,
        "SYS low": 94.3,
        "SYS high": 144.6,
        "DIA low": 59.0,
        "DIA high": 99.1,
        "MAP low": 71.2,
        "RR low": 7.0,
        "RR high": 21.0,
    }


def test_what_would_be_set_stays_inside_the_ranges():
    found = {x.label: x for x in auto_limits(EXAMPLE, default_limits())}
    assert (found["HR high"].value, found["HR high"].clamped, found["HR high"].in_force) == (100, True, 120)
    assert (found["HR low"].value, found["HR low"].clamped) == (57.6, False)
    assert (found["DIA low"].target, found["DIA low"].value) == (None, None)
    assert found["RR low"].value == 8  # AL-RR-02 stays at 8
    assert found["RR high"].value == 22


def test_they_are_set_in_all_phases_and_a_stricter_phase_keeps_its_own():
    limits = default_limits().replaced("AL-HR-03", "limit_per_min", 110, REC)
    limits = limits.replaced("AL-BP-02", "systolic_mmhg", 141, REC)
    hot = Baseline(124, 78, 92, 98, 14, 93)
    after = with_auto_limits(limits, auto_limits(hot, limits))
    assert after.get("AL-HR-03", "limit_per_min", INF) == 115
    assert after.get("AL-HR-03", "limit_per_min", REC) == 110
    assert after.get("AL-BP-02", "systolic_mmhg", INF) == 144.6
    assert after.get("AL-BP-02", "systolic_mmhg", REC) == 141


def test_a_sign_without_a_baseline_has_no_proposal():
    labels = {x.label for x in auto_limits(Baseline(120, 80, None, None, None), default_limits())}
    assert labels == {"SYS low", "SYS high", "DIA low", "DIA high", "MAP low"}


def test_saturation_is_left_alone():
    assert not any(
        x.target and x.target[0].startswith("AL-SP") for x in auto_limits(EXAMPLE, default_limits())
    )


@pytest.mark.parametrize("severe", [160, 200])
def test_no_proposal_goes_beyond_the_high_rule(severe):
    limits = default_limits().replaced("AL-BP-01", "systolic_mmhg", severe)
    high = Baseline(165, 100, 70, 98, 14)
    found = {x.label: x.value for x in auto_limits(high, limits)}
    assert found["SYS high"] == min(179, severe)


BASELINES = st.builds(
    Baseline,
    st.integers(80, 220),
    st.integers(45, 130),
    st.one_of(st.none(), st.integers(35, 150)),
    st.just(98.0),
    st.one_of(st.none(), st.integers(5, 40)),
)
HIGH_KEYS = [(rule.id, p.key) for rule in RULES if rule.priority is Priority.HIGH for p in rule.parameters]


@given(BASELINES, st.integers(160, 200), st.integers(130, 200), st.integers(30, 45))
def test_whatever_the_baseline_high_limits_stay_and_nothing_crosses(baseline, severe, fast, slow):
    assume(baseline.systolic_mmhg > baseline.diastolic_mmhg + 15)
    limits = default_limits().replaced("AL-BP-01", "systolic_mmhg", severe)
    limits = limits.replaced("AL-HR-02", "limit_per_min", fast).replaced("AL-HR-07", "limit_per_min", slow)
    after = with_auto_limits(limits, auto_limits(baseline, limits))
    check_order(after)
    for profile in PROFILES.values():
        assert all(after.get(*key, profile) == limits.get(*key, profile) for key in HIGH_KEYS)
    for rule in RULES:
        assert all(p.allows(after.get(rule.id, p.key, INF)) for p in rule.parameters)


def test_a_confirmed_part_that_would_cross_is_refused():
    limits = default_limits().replaced("AL-HR-06", "limit_per_min", 60)
    (proposal,) = [x for x in auto_limits(EXAMPLE, limits) if x.label == "HR high"]
    crossing = type(proposal)(proposal.label, 63, "/min", proposal.target, 120, 63)
    with pytest.raises(
        RefusedError, match="Bradycardia 60 /min must be at least 5 below Tachycardia 63 /min"
    ):
        with_auto_limits(limits, [crossing])
