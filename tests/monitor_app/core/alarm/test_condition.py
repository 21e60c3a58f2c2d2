"""What stands on the bar, in which order, and in which words (clinical.md §5.2-§5.4)."""

from monitor_app.core.alarm.facts import SystemFacts
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves

B = Baseline(120, 80, 72, 98, None)


def states(alarms) -> dict[str, str]:
    return {c.rule.id: c.state.value for c in alarms.conditions}


def test_while_it_clears_the_condition_still_tells_the_worst():
    alarms = engine()
    for t, spo2 in enumerate([86, *[88] * 16, 97]):
        alarms.evaluate(facts(t, spo2=spo2))
    (clearing,) = [c for c in alarms.conditions if c.rule.id == "AL-SP-02"]
    assert (clearing.text, clearing.worst_text, clearing.clearing) == ("SpO2 97", "SpO2 ↓86 < 90", True)
    assert (clearing.state, clearing.returned) == (AlarmState.ACTIVE, False)


def test_v28_the_order_on_the_bar():
    alarms = engine()
    for t in range(61):
        alarms.evaluate(facts(t, hr=121, spo2=84, baseline=B))
    shown = [c.rule.id for c in alarms.conditions if c.shown]
    assert shown[0] == "AL-SP-01"
    assert shown[1] == "AL-HR-03"
    assert set(shown[2:]) == {"AL-HR-04", "AL-HR-05"}
    assert [c.rule.id for c in alarms.conditions if c.suppressed_by] == ["AL-SP-02", "AL-SP-03"]
    alarms.acknowledge("AL-SP-01", 61 * S)
    assert alarms.conditions[0].rule.id == "AL-SP-01"
    assert moves(alarms.acknowledge(None, 61 * S)) == [("AL-HR-03", "ACTIVE", "ACTIVE_ACK")]


def test_unacknowledged_comes_before_acknowledged_and_newer_before_older():
    known = {"system": SystemFacts(restarted_at_t_ns=0), "phase": Phase.BASE}
    alarms = engine()
    alarms.evaluate(facts(0, **known))
    alarms.evaluate(facts(1, hr=125, **known))
    alarms.evaluate(facts(4, hr=125, **known))
    assert [c.rule.id for c in alarms.conditions] == ["AL-HR-03", "TE-20"]
    alarms.acknowledge("AL-HR-03", 5 * S)
    assert [c.rule.id for c in alarms.conditions] == ["TE-20", "AL-HR-03"]


def test_a_hidden_condition_is_shown_when_what_hid_it_ends():
    alarms = engine()
    for t in (0, 10, 20):
        alarms.evaluate(facts(t, spo2=84))
    hidden = next(c for c in alarms.conditions if c.rule.id == "AL-SP-02")
    assert (hidden.suppressed_by, hidden.announced_t_ns, hidden.shown) == ("AL-SP-01", None, False)
    alarms.evaluate(facts(21, spo2=88))
    alarms.evaluate(facts(26, spo2=88))
    back = next(c for c in alarms.conditions if c.rule.id == "AL-SP-02")
    assert (back.suppressed_by, back.announced_t_ns, back.unacknowledged) == ("", 26 * S, True)
    assert states(alarms)["AL-SP-01"] == "LATCHED"
