"""Who may change which limit (clinical.md §0), and limits in the record."""

import math

import pytest

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.limit_change import LimitChange, changed, refusal
from monitor_app.core.alarm.limit_record import limit_entries, recorded_limits
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import Actor, Stamp

NURSE, PRESCRIBER = Actor("Nina", "nurse"), Actor("Dr Ode", "prescriber")
LEAD = Actor("Lea", "clinical lead")
REC, INF = AlarmProfile.REC, AlarmProfile.INF


def hr(value: float, profile: AlarmProfile | None = None) -> LimitChange:
    return LimitChange("AL-HR-03", "limit_per_min", value, profile)


TABLE = [
    (hr(130), NURSE, "", ""),
    (hr(100), NURSE, "", ""),
    (hr(170), NURSE, "marathon runner", "ask the clinical lead"),
    (hr(170), PRESCRIBER, "marathon runner", "ask the clinical lead"),
    (hr(95), NURSE, "careful", "ask the clinical lead"),
    (hr(95), LEAD, "careful", ""),
    (hr(170), LEAD, "", "write down the reason"),
    (hr(170), LEAD, "marathon runner", "no higher than Extreme tachycardia 140 /min"),
    (hr(400), LEAD, "marathon runner", "cannot be"),
    (hr(math.nan), LEAD, "x", "cannot be"),
    (hr(145), NURSE, "", "Tachycardia 145 /min must be no higher than Extreme tachycardia 140 /min."),
    (LimitChange("AL-HR-02", "beats", 16), LEAD, "x", "fixed at 17"),
    (LimitChange("AL-HR-99", "limit_per_min", 16), LEAD, "x", "AL-HR-99 has no limit"),
    (LimitChange("AL-HR-03", "limit", 16), LEAD, "x", "AL-HR-03 has no limit"),
]


@pytest.mark.parametrize(("change", "by", "reason", "said"), TABLE)
def test_who_may(change, by, reason, said):
    found = refusal(default_limits(), change, by=by, reason=reason)
    assert (found == "") is (said == "")
    assert said in found
    assert found.count("\n") == 0


def test_a_change_of_one_phase():
    after = changed(default_limits(), hr(110, REC), by=NURSE)
    assert (after.get("AL-HR-03", "limit_per_min", REC), after.get("AL-HR-03", "limit_per_min", INF)) == (
        110,
        120,
    )
    with pytest.raises(RefusedError, match="ask the clinical lead"):
        changed(default_limits(), hr(90, REC), by=NURSE)


def test_what_the_clinic_locked():
    locked = frozenset({("AL-HR-03", "limit_per_min")})
    assert "locked" in refusal(default_limits(), hr(110), by=NURSE, locked=locked)
    assert refusal(default_limits(), hr(110), by=LEAD, locked=locked) == ""


def test_every_parameter_says_which_way_is_looser():
    expected = {
        ("AL-HR-03", "limit_per_min"): 130, ("AL-HR-06", "limit_per_min"): 45, ("AL-SP-02", "limit_percent"): 88,
        ("AL-BP-02", "systolic_mmhg"): 170, ("AL-BP-08", "systolic_mmhg"): 80, ("AL-BP-09", "mean_mmhg"): 45,
        ("AL-BP-10", "percent"): 65, ("AL-BP-04", "percent"): 130, ("AL-RR-03", "limit_per_min"): 9,
        ("AL-RR-04", "limit_per_min"): 35, ("AL-HR-03", "delay_s"): 6, ("AL-BP-07", "on"): 0,
        ("TE-05", "limit_percent"): 0.3, ("TE-13-M", "free_mb"): 200, ("WF-01-L", "late_min"): 4,
    }  # fmt: skip
    parameters = {(rule.id, p.key): p for rule in RULES for p in rule.parameters}
    for key, value in expected.items():
        assert parameters[key].loosens(value, parameters[key].default), key
        assert not parameters[key].loosens(parameters[key].default, value), key
    assert not parameters["AL-HR-03", "clear_s"].loosens(9, 5)


def test_the_whole_set_and_single_changes_come_back_from_the_record():
    start = default_limits().replaced("AL-HR-03", "limit_per_min", 115)
    entries = [*limit_entries(start, Stamp(0, 0), by=NURSE, reason="Factory 2 > Pain 1")]
    assert {e.reason for e in entries} == {"Factory 2 > Pain 1"}
    assert len(entries) == len(default_limits().values)
    now = changed(start, hr(110, REC), by=NURSE)
    single = limit_entries(now, Stamp(5, 5), by=NURSE, reason="", before=start)
    assert [(e.rule, e.parameter, e.value) for e in single] == [("AL-HR-03", "rec.limit_per_min", 110)]
    assert recorded_limits([*entries, *single], default_limits()) == now


def test_unknown_numbers_of_a_record_are_left_out():
    entry = limit_entries(default_limits(), Stamp(0, 0), by=NURSE, reason="")[0]
    strange = type(entry)(entry.stamp, "AL-XX-01", "limit", 1, NURSE)
    odd_phase = type(entry)(entry.stamp, "AL-HR-03", "lunch.limit_per_min", 1, NURSE)
    assert recorded_limits([strange, odd_phase], default_limits()) == default_limits()
