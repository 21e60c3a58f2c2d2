"""The engine: its steps, acknowledging, latching, deadlines, re-takes, phases and their limits (clinical.md §5.4)."""

import pytest

from monitor_app.core.alarm.facts import BeatFacts, PulseFacts
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import AlarmEntry, Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import SYSTEM, Stamp
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves, reading

B = Baseline(120, 80, 72, 98, None)


def states(alarms) -> dict[str, str]:
    return {c.rule.id: c.state.value for c in alarms.conditions}


def test_a_transition_says_everything():
    alarms = engine()
    (step,) = alarms.evaluate(facts(5, readings=(reading(1, 5, 150, 112),)))[:1]
    assert (step.rule, step.alarm_class, step.priority) == (
        "AL-BP-01",
        AlarmClass.PHYSIOLOGICAL,
        Priority.HIGH,
    )
    assert (step.t_ns, step.phase, step.occurrence_id) == (5 * S, Phase.INF, "o1")
    assert (step.value, step.limit, step.text) == (112, 110, "DIA ↑112 ≥ 110")
    entry = step.entry(Stamp(step.t_ns, 0), SYSTEM)
    assert isinstance(entry, AlarmEntry)
    assert (entry.from_state, entry.to_state, entry.by) == ("IDLE", "ACTIVE", SYSTEM)


def test_v20_acknowledge_and_a_return_is_a_new_alarm():
    alarms = engine()
    for t in range(4):
        alarms.evaluate(facts(t, hr=125))
    assert moves(alarms.acknowledge("AL-HR-03", 4 * S)) == [("AL-HR-03", "ACTIVE", "ACTIVE_ACK")]
    assert alarms.acknowledge("AL-HR-03", 4 * S) == []
    first = alarms.conditions[0]
    assert (first.acknowledged, first.acknowledged_t_ns, first.unacknowledged) == (True, 4 * S, False)
    for t in range(4, 14):
        alarms.evaluate(facts(t, hr=100))
    assert alarms.conditions == ()
    for t in range(14, 18):
        alarms.evaluate(facts(t, hr=125))
    again = alarms.conditions[0]
    assert again.occurrence_id != first.occurrence_id
    assert again.unacknowledged


def test_v22_a_high_alarm_stays_until_acknowledged():
    alarms = engine()
    alarms.evaluate(facts(0, spo2=84))
    alarms.evaluate(facts(10, spo2=83))
    alarms.evaluate(facts(11, spo2=95))
    alarms.evaluate(facts(16, spo2=95))
    (latched,) = [c for c in alarms.conditions if c.rule.id == "AL-SP-01"]
    assert latched.state is AlarmState.LATCHED
    assert latched.unacknowledged
    assert (latched.worst_value, latched.text) == (83, "SpO2 ↓83 < 85")
    assert moves(alarms.acknowledge(None, 20 * S)) == [("AL-SP-01", "LATCHED", "IDLE")]
    assert alarms.conditions == ()


@pytest.mark.parametrize(
    ("rule", "worst", "text"), [("AL-SP-01", 83, "SpO2 ↓83 < 85"), ("AL-SP-02", 86, "SpO2 ↓86 < 90")]
)
def test_the_step_that_ends_it_keeps_the_words_of_the_worst(rule, worst, text):
    alarms = engine()
    steps = []
    for t, spo2 in enumerate([worst, *[worst + 1] * 20, *[97] * 6]):
        steps += alarms.evaluate(facts(t, spo2=spo2))
    over = [s for s in steps if s.rule == rule and s.from_state is AlarmState.ACTIVE]
    assert [(s.text, s.value) for s in over] == [(text, 97)]


def test_deadlines_are_the_next_instants_of_change():
    alarms = engine()
    alarms.evaluate(facts(1, hr=125))
    assert alarms.next_deadline_ns() == 4 * S
    alarms.evaluate(facts(4, hr=125))
    assert alarms.next_deadline_ns() == 61 * S
    alarms.evaluate(facts(5, hr=100))
    assert alarms.next_deadline_ns() == 10 * S
    alarms.evaluate(facts(10, hr=100))
    assert alarms.next_deadline_ns() is None


def test_evaluating_twice_changes_nothing():
    alarms = engine()
    alarms.evaluate(facts(1, hr=125, readings=(reading(1, 1, 190, 100),)))
    before = alarms.conditions
    assert alarms.evaluate(facts(1, hr=125, readings=(reading(1, 1, 190, 100),))) == []
    assert alarms.conditions == before


def test_time_does_not_go_back():
    alarms = engine()
    alarms.evaluate(facts(5))
    with pytest.raises(ValueError, match="after"):
        alarms.evaluate(facts(4))


def test_reset_forgets_everything():
    alarms = engine()
    alarms.evaluate(facts(5, readings=(reading(7, 5, 190, 100),)))
    alarms.reset()
    assert alarms.conditions == ()
    assert alarms.evaluate(facts(0, readings=(reading(1, 0, 190, 100),)))


def test_the_retake_is_wanted_by_the_rules_that_ask_for_one():
    alarms = engine()
    for seq, systolic, wanted in ((1, 165, True), (2, 150, False), (3, 85, True), (4, 146, False)):
        alarms.evaluate(facts(60 * seq, readings=(reading(seq, 60 * seq, systolic, 70),), baseline=B))
        assert alarms.retake_wanted is wanted, systolic
        alarms.evaluate(facts(60 * seq + 1, readings=(reading(seq, 60 * seq, systolic, 70),)))
        assert alarms.retake_wanted is wanted, systolic


def test_leaving_monitoring_ends_what_is_not_latched():
    alarms = engine()
    for t in (0, 3, 10):
        alarms.evaluate(facts(t, hr=125, spo2=80))
    steps = moves(alarms.evaluate(facts(11, hr=125, spo2=80, phase=Phase.DONE)))
    assert ("AL-HR-03", "ACTIVE", "IDLE") in steps
    assert ("AL-SP-01", "ACTIVE", "LATCHED") in steps
    assert states(alarms) == {"AL-SP-01": "LATCHED"}
    assert alarms.conditions[0].note == "the phase ended"


def test_a_phase_may_have_limits_of_its_own():
    alarms = engine()
    profile = Phase.REC.alarm_profile
    alarms.limits = alarms.limits.replaced("AL-HR-03", "limit_per_min", 100, profile)
    alarms.evaluate(facts(0, hr=110))
    assert states(alarms) == {}
    alarms.evaluate(facts(1, hr=110, phase=Phase.REC))
    assert alarms.conditions[0].limit == 100


def test_asystole_with_and_without_a_pulse_v6_v7():
    beats = BeatFacts(last_beat_t_ns=0, signal_since_t_ns=0)
    good = PulseFacts(78, 0.95, None, 4)
    flat = engine()
    flat.evaluate(facts(1, beats=beats))
    assert flat.next_deadline_ns() == 4 * S
    assert moves(flat.evaluate(facts(4, beats=beats))) == [("AL-HR-01", "IDLE", "ACTIVE")]
    pulsing = engine()
    steps = moves(pulsing.evaluate(facts(4, beats=beats, pulse=good)))
    assert steps == [("AL-HR-01", "IDLE", "PENDING"), ("TE-21", "IDLE", "ACTIVE")]
    assert pulsing.next_deadline_ns() == 10 * S
    steps = moves(pulsing.evaluate(facts(10, beats=beats, pulse=good)))
    assert steps == [("AL-HR-01", "PENDING", "ACTIVE")]
    assert pulsing.conditions[0].note == "not confirmed by pulse"
    stops = engine()
    stops.evaluate(facts(4, beats=beats, pulse=good))
    assert ("AL-HR-01", "PENDING", "ACTIVE") in moves(stops.evaluate(facts(6, beats=beats)))
