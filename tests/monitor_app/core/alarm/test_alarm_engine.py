"""The engine: acknowledging, display order, deadlines, suppression, phases, and what must hold whatever happens."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.core.alarm.facts import (
    BeatFacts,
    LinkFacts,
    NibpFacts,
    PulseFacts,
    Shown,
    SystemFacts,
)
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


def test_a_lead_off_changes_its_priority_with_the_phase_without_a_new_delay():
    off = {"ecg_leads_off": ("RA",), "ecg_lead_off_since_t_ns": 0}
    alarms = engine()
    alarms.evaluate(facts(0, phase=Phase.READY, **off))
    alarms.evaluate(facts(3, phase=Phase.READY, **off))
    steps = moves(alarms.evaluate(facts(4, **off)))
    assert ("TE-01-M", "IDLE", "ACTIVE") in steps
    assert ("TE-01-L", "ACTIVE", "IDLE") in steps


def test_leads_off_hide_what_came_from_the_ecg_but_no_unacknowledged_high_alarm():
    off = {"ecg_leads_off": ("RA",), "ecg_lead_off_since_t_ns": 9 * S}
    alarms = engine()
    for t in (0, 3, 5):
        alarms.evaluate(facts(t, hr=150))
    alarms.evaluate(facts(9, hr=Shown(None, 0, "ECG", 9 * S), **off))
    assert {c.rule.id: c.suppressed_by for c in alarms.conditions if c.rule.id.startswith("AL-HR-0")} == {
        "AL-HR-02": "",
        "AL-HR-03": "TE-01-M",
        "AL-HR-09": "",
    }
    alarms.acknowledge("AL-HR-02", 10 * S)
    alarms.evaluate(facts(10, hr=Shown(None, 0, "ECG", 9 * S), **off))
    hidden = next(c for c in alarms.conditions if c.rule.id == "AL-HR-02")
    assert hidden.suppressed_by == "TE-01-M"
    alarms.evaluate(facts(11, hr=150))
    assert next(c for c in alarms.conditions if c.rule.id == "AL-HR-02").suppressed_by == ""


def test_v25_the_one_cable_is_pulled():
    def at(t_s: float):
        gone = Shown(None, 0.0, "ECG", 0)
        link = LinkFacts("berry@ttyUSB0", 0, 0.1, connected=False)
        return facts(t_s, hr=gone if t_s > 3 else Shown(80, 1, "ECG", 0), links=(link,))

    alarms = engine()
    told = []
    t_ns: int | None = 0
    while t_ns is not None and t_ns <= 60 * S:
        told += alarms.evaluate(at(t_ns / S))
        t_ns = alarms.next_deadline_ns() if t_ns >= 4 * S else t_ns + S
    assert [(x.t_ns / S, x.rule) for x in told if x.to_state is AlarmState.ACTIVE] == [
        (3, "TE-09-L"),
        (10, "AL-HR-09"),
        (10, "TE-09-M"),
    ]


def test_a_slow_device_may_be_silent_for_longer():
    alarms = engine()
    link = LinkFacts("slow@x", 0, 10.0, connected=True)
    alarms.evaluate(facts(1, links=(link,)))
    assert alarms.next_deadline_ns() == 22 * S
    assert moves(alarms.evaluate(facts(22, links=(link,)))) == [("TE-09-L", "IDLE", "ACTIVE")]
    assert moves(alarms.evaluate(facts(40, links=(link,)))) == [("TE-09-M", "IDLE", "ACTIVE")]
    assert next(c for c in alarms.conditions if c.rule.id == "TE-09-L").suppressed_by == "TE-09-M"
    back = replace(link, last_frame_t_ns=41 * S)
    assert len(alarms.evaluate(facts(41, links=(back,)))) == 2


@pytest.mark.parametrize(
    ("known", "rule", "priority", "at_s"),
    [
        ({"spo2_sensor_off_since_t_ns": 0}, "TE-03-M", "MEDIUM", 5),
        ({"spo2_sensor_off_since_t_ns": 0, "phase": Phase.REC}, "TE-03-M", "MEDIUM", 5),
        ({"spo2_sensor_off_since_t_ns": 0, "phase": Phase.BASE}, "TE-03-L", "LOW", 5),
        ({"system": SystemFacts("disk full", 0)}, "TE-12", "HIGH", 0),
        ({"system": SystemFacts("disk full", 0), "phase": Phase.CHECKIN}, "TE-12", "HIGH", 0),
        ({"system": SystemFacts(sound_error="muted", sound_error_since_t_ns=0)}, "TE-14", "MEDIUM", 2),
        ({"system": SystemFacts(simulated_in_clinical=True)}, "TE-18", "HIGH", 0),
        ({"system": SystemFacts(restarted_at_t_ns=0, restart_gap_s=20)}, "TE-20", "MEDIUM", 0),
        ({"nibp": NibpFacts(failures_in_a_row=1, last_failure_t_ns=0)}, "TE-07-L", "LOW", 0),
        ({"ecg_leads_off": ("RA",), "phase": Phase.BASE}, "TE-01-L", "LOW", 3),
    ],
)
def test_technical_rules(known, rule, priority, at_s):
    alarms = engine()
    told = []
    for tenth in range(80):
        told += alarms.evaluate(facts(tenth / 10, **known))
    active = [(x.rule, x.priority.value, x.t_ns / S) for x in told if x.to_state is AlarmState.ACTIVE]
    assert active == [(rule, priority, at_s)]
    ended = moves(alarms.evaluate(facts(9, phase=known.get("phase", Phase.INF))))
    assert ended == [(rule, "ACTIVE", "IDLE")]


def test_the_sensor_being_off_says_why_saturation_is_missing():
    known = {"spo2": Shown(None, 0, "x", 0), "spo2_sensor_off_since_t_ns": 0}
    alarms = engine()
    for t in (0, 5, 30):
        alarms.evaluate(facts(t, **known))
    assert {c.rule.id: c.suppressed_by for c in alarms.conditions} == {"TE-03-M": "", "TE-06": "TE-03-M"}


def test_te_06_waits_again_after_the_cuff_has_left_the_limb():
    gone = {"spo2": Shown(None, 0, "x", 0)}
    alarms = engine()
    cuff = NibpFacts(inflating_on_spo2_limb_since_t_ns=1 * S)
    for t in (1, 30, 41):
        assert alarms.evaluate(facts(t, nibp=cuff, **gone)) == []
    alarms.evaluate(facts(42, **gone))
    assert alarms.next_deadline_ns() == 72 * S


HEART = st.one_of(st.none(), st.sampled_from([30, 41, 48, 60, 110, 118, 121, 138, 145]))
OXYGEN = st.one_of(st.none(), st.sampled_from([70, 84, 86, 89, 90, 93, 96]))
PRESSURE = st.one_of(
    st.none(), st.sampled_from([(75, 40), (92, 55), (120, 80), (158, 98), (165, 90), (185, 112)])
)
STEP = st.fixed_dictionaries(
    {
        "dt": st.sampled_from([0.0, 0.3, 1.0, 4.0, 11.0, 61.0]),
        "hr": HEART,
        "spo2": OXYGEN,
        "pressure": PRESSURE,
        "lead_off": st.booleans(),
        "cuff": st.booleans(),
        "phase": st.sampled_from([Phase.BASE, Phase.INF, Phase.INF, Phase.REC, Phase.DONE]),
        "ack": st.sampled_from(["", "", "", "first", "AL-SP-01", "AL-BP-01", "AL-HR-02"]),
    }
)


def _shown_high(alarms) -> set[str]:
    return {
        c.rule.id
        for c in alarms.conditions
        if c.rule.latching and c.state.unacknowledged and not c.suppressed_by
    }


@settings(max_examples=120, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=25))
def test_whatever_happens_no_high_alarm_vanishes_unacknowledged_and_none_clears_beyond_its_limit(story):
    alarms, t_s, readings = engine(), 0.0, ()
    for step in story:
        t_s += step["dt"]
        if step["pressure"]:
            readings = (*readings, reading(len(readings) + 1, t_s, *step["pressure"]))[-6:]
        before = _shown_high(alarms)
        told = facts(
            t_s,
            phase=step["phase"],
            hr=Shown(step["hr"], 1.0, "ECG", round(t_s * S)),
            spo2=step["spo2"],
            nibp=NibpFacts(
                readings, inflating_on_spo2_limb_since_t_ns=round(t_s * S) if step["cuff"] else None
            ),
            ecg_lead_off_since_t_ns=round(t_s * S) if step["lead_off"] else None,
            baseline=B,
        )
        moved = alarms.evaluate(told)
        _check(alarms, before, moved)
        if step["ack"]:
            alarms.acknowledge(None if step["ack"] == "first" else step["ack"], round(t_s * S))
        deadline = alarms.next_deadline_ns()
        assert deadline is None or deadline >= round(t_s * S)


def _check(alarms, before: set[str], moved) -> None:
    present = {c.rule.id: c for c in alarms.conditions}
    for rule in before:
        assert rule in present, f"{rule} vanished"
        assert present[rule].state.unacknowledged
        assert (
            not present[rule].suppressed_by
            or present[present[rule].suppressed_by].rule.priority is Priority.HIGH
        )
    for step in moved:
        over = step.to_state in {AlarmState.IDLE, AlarmState.LATCHED} and step.from_state.running
        if over and step.phase is not Phase.DONE and step.value is not None:
            if step.rule in {"AL-HR-02", "AL-HR-03"}:
                assert step.value <= step.limit - 5
            if step.rule in {"AL-SP-01", "AL-SP-02"}:
                assert step.value > step.limit


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
