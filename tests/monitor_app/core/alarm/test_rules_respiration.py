"""Respiration with its two sources: device and nurse (clinical.md §6.4)."""

import pytest

from monitor_app.core.alarm.facts import NurseFacts, Rating, Shown
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves


def counted(per_min: float, t_s: float) -> NurseFacts:
    return NurseFacts(rr_counted=Rating(per_min, t_s * S))


def rr(per_min: float | None, t_s: float) -> Shown:
    return Shown(per_min, 1.0, "RESP", t_s * S)


@pytest.mark.parametrize(
    ("per_min", "rules"),
    [(7, {"AL-RR-02", "AL-RR-03"}), (9, {"AL-RR-03"}), (10, set()), (30, set()), (31, {"AL-RR-04"})],
)
def test_a_count_tells_at_once(per_min, rules):
    alarms = engine()
    told = alarms.evaluate(facts(0, nurse=counted(per_min, 0)))
    assert {x.rule for x in told if x.to_state.value == "ACTIVE"} == rules
    assert alarms.evaluate(facts(1, phase=Phase.BASE, nurse=counted(per_min, 0))) is not None


def test_a_count_is_no_rule_before_the_infusion():
    assert engine().evaluate(facts(0, phase=Phase.BASE, nurse=counted(6, 0))) == []


def test_a_new_count_ends_what_a_count_began():
    alarms = engine()
    alarms.evaluate(facts(0, nurse=counted(9, 0)))
    assert alarms.next_deadline_ns() == 900 * S
    assert (
        alarms.evaluate(facts(900, nurse=counted(9, 0))) == []
    )  # too old to judge, and nobody counted again
    assert [c.rule.id for c in alarms.conditions] == ["AL-RR-03"]
    alarms.evaluate(facts(1000, nurse=counted(14, 1000)))
    assert moves(alarms.evaluate(facts(1010, nurse=counted(14, 1000)))) == [("AL-RR-03", "ACTIVE", "IDLE")]


def test_either_source_keeps_the_alarm():
    alarms = engine()
    slow = counted(7, 0)
    alarms.evaluate(facts(0, rr=rr(14, 0), nurse=slow))
    for t in (1, 30, 60):
        assert alarms.evaluate(facts(t, rr=rr(14, t), nurse=slow)) == []
    alarms.acknowledge("AL-RR-02", 61 * S)
    alarms.evaluate(facts(62, rr=rr(14, 62), nurse=counted(14, 62)))
    told = moves(alarms.evaluate(facts(72, rr=rr(14, 72), nurse=counted(14, 62))))
    assert ("AL-RR-02", "ACTIVE_ACK", "IDLE") in told


def test_no_breath():
    alarms = engine()
    still = {"rr": rr(12, 0), "no_breath_since_t_ns": 0}
    assert alarms.evaluate(facts(1, **still)) == []
    assert alarms.next_deadline_ns() == 20 * S
    assert moves(alarms.evaluate(facts(20, **still))) == [("AL-RR-01", "IDLE", "ACTIVE")]
    assert alarms.conditions[0].text == "No breath for 20 s"
    alarms.evaluate(facts(21, rr=rr(7, 21), no_breath_since_t_ns=None))
    assert [c.state.value for c in alarms.conditions if c.rule.id == "AL-RR-01"] == ["LATCHED"]


def test_no_breath_hides_slow_breathing():
    alarms = engine()
    for t in range(40):
        alarms.evaluate(facts(t, rr=rr(6, t), no_breath_since_t_ns=0))
    assert {c.rule.id: c.suppressed_by for c in alarms.conditions} == {
        "AL-RR-01": "",
        "AL-RR-02": "AL-RR-01",
        "AL-RR-03": "AL-RR-01",
    }


def test_a_poor_value_is_none():
    alarms = engine()
    for t in range(60):
        assert alarms.evaluate(facts(t, rr=Shown(5, 0.4, "RESP", t * S))) == []
