"""Paused, off, held: the states of clinical.md §5.5, and what the engine makes of them."""

from dataclasses import replace

import pytest

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.facts import NOTHING_HELD, Shown, SystemFacts
from monitor_app.core.alarm.system_state import (
    AlarmSystem,
    enter_phase,
    extend_sensors_off,
    lines,
    observed,
    pause_alarms,
    resume_alarms,
    switch_off,
    switch_on,
    switch_sound_off,
    switch_sound_on,
    take_sensors_off,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves

NURSE, LEAD = Actor("Nina", "nurse"), Actor("Lea", "clinical lead")
BY_ID = {rule.id: rule for rule in RULES}


def sensors_off(
    phase: Phase, *, moaas: float | None = 5, who: str = "Sam", why: str = "toilet"
) -> AlarmSystem:
    return take_sensors_off(AlarmSystem(phase), 0, by=NURSE, moaas=moaas, with_patient=who, reason=why)


# Alarm pause.


@pytest.mark.parametrize("phase", list(Phase))
def test_alarms_are_paused_only_while_leads_are_placed(phase):
    if phase in {Phase.CHECKIN, Phase.BASE}:
        state = pause_alarms(AlarmSystem(phase), 10 * S)
        assert state.alarms_paused_until_t_ns == 130 * S
        assert resume_alarms(state).holds is NOTHING_HELD
        return
    with pytest.raises(RefusedError, match="Check-in and Baseline only"):
        pause_alarms(AlarmSystem(phase), 0)


@pytest.mark.parametrize(("duration_s", "allowed"), [(29, False), (30, True), (180, True), (181, False)])
def test_a_pause_is_180_s_at_most(duration_s, allowed):
    if allowed:
        assert pause_alarms(AlarmSystem(Phase.BASE), 0, duration_s=duration_s).deadline_t_ns == duration_s * S
        return
    with pytest.raises(RefusedError, match="30 to 180 s"):
        pause_alarms(AlarmSystem(Phase.BASE), 0, duration_s=duration_s)


def test_a_pause_ends_with_its_time_and_with_the_phase():
    state = pause_alarms(AlarmSystem(Phase.CHECKIN), 0)
    assert enter_phase(state, Phase.BASE).alarms_paused_until_t_ns == 120 * S
    assert enter_phase(state, Phase.READY).alarms_paused_until_t_ns is None
    assert observed(state, facts(119, phase=Phase.CHECKIN)) is state
    assert observed(state, facts(120, phase=Phase.CHECKIN)).holds is NOTHING_HELD


def test_while_paused_nothing_of_the_patient_is_announced_but_the_program_is():
    holds = pause_alarms(AlarmSystem(Phase.BASE), 0).holds
    alarms = engine()
    broken = {"system": SystemFacts("disk full", 0)}
    told = []
    for t in range(120):
        told += alarms.evaluate(
            facts(t, phase=Phase.BASE, hr=150, ecg_leads_off=("V",), holds=holds, **broken)
        )
        assert [c.rule.id for c in alarms.conditions if c.shown] == ["TE-12"]
    # Recorded as it happens, with what keeps it from being announced.
    active = [(x.t_ns / S, x.rule, x.suppressed) for x in told if x.to_state.value == "ACTIVE"]
    paused = "alarms paused"
    assert active == [
        (0, "TE-12", ""),
        (3, "AL-HR-03", paused),
        (3, "TE-01-L", paused),
        (5, "AL-HR-02", paused),
    ]
    assert {c.rule.id for c in alarms.conditions if c.suppressed_by == paused} == {
        r for _, r, p in active if p
    }
    # And announced the instant the pause is over, however long it has been true.
    assert alarms.next_deadline_ns() == 120 * S
    alarms.evaluate(facts(120, phase=Phase.BASE, hr=150, ecg_leads_off=("V",), holds=holds))
    assert {c.rule.id for c in alarms.conditions if c.shown} == {"AL-HR-02", "TE-01-L"}


def test_what_came_and_went_within_a_pause_is_in_the_log_alone():
    holds = pause_alarms(AlarmSystem(Phase.BASE), 0).holds
    alarms = engine()
    told = []
    for t in range(125):
        told += alarms.evaluate(facts(t, phase=Phase.BASE, hr=150 if 10 <= t < 20 else 70, holds=holds))
    steps = [(x.rule, x.to_state.value) for x in told if x.rule == "AL-HR-02"]
    assert steps == [("AL-HR-02", "PENDING"), ("AL-HR-02", "ACTIVE"), ("AL-HR-02", "IDLE")]
    assert not alarms.conditions


def test_a_high_alarm_nobody_has_acknowledged_stays_through_a_pause():
    alarms = engine()
    for t in (0, 5):
        alarms.evaluate(facts(t, phase=Phase.BASE, hr=150))
    holds = pause_alarms(AlarmSystem(Phase.BASE), 5 * S).holds
    alarms.evaluate(facts(6, phase=Phase.BASE, hr=150, holds=holds))
    by_rule = {c.rule.id: c for c in alarms.conditions}
    assert by_rule["AL-HR-02"].unacknowledged
    assert by_rule["AL-HR-03"].suppressed_by == "alarms paused"
    alarms.acknowledge("AL-HR-02", 7 * S)
    alarms.evaluate(facts(8, phase=Phase.BASE, hr=150, holds=holds))
    assert not any(c.shown for c in alarms.conditions)
    alarms.evaluate(facts(126, phase=Phase.BASE, hr=150, holds=holds))
    assert {c.rule.id for c in alarms.conditions if c.shown} == {"AL-HR-02"}


# A rule switched off.


@pytest.mark.parametrize(
    ("rule", "phase", "reason", "refused"),
    [
        ("AL-HR-02", Phase.INF, "why", "HIGH alarm"),
        ("AL-HR-02", Phase.PAUSE, "why", "HIGH alarm"),
        ("AL-BP-01", Phase.REC, "why", "HIGH alarm"),
        ("TE-12", Phase.DCA, "why", "HIGH alarm"),
        ("AL-HR-02", Phase.BASE, "", "Say why"),
        ("AL-HR-02", Phase.BASE, "why", ""),
        ("AL-HR-03", Phase.INF, "  ", "Say why"),
        ("AL-HR-03", Phase.INF, "known", ""),
        ("AL-HR-04", Phase.INF, "", ""),
        ("AL-HR-04", Phase.EMERG, "why", "emergency"),
    ],
)
def test_which_rule_may_be_off(rule, phase, reason, refused):
    state = AlarmSystem(phase)
    if refused:
        with pytest.raises(RefusedError, match=refused):
            switch_off(state, BY_ID[rule], by=NURSE, reason=reason, t_ns=0)
        return
    assert set(switch_off(state, BY_ID[rule], by=NURSE, reason=reason, t_ns=0).holds.rules_off) == {rule}


def test_medium_is_on_again_in_the_next_phase_low_when_somebody_says_so():
    state = AlarmSystem(Phase.INF)
    for rule in ("AL-HR-03", "AL-HR-04"):
        state = switch_off(state, BY_ID[rule], by=NURSE, reason="known", t_ns=0)
    assert set(enter_phase(state, Phase.REC).off) == {"AL-HR-04"}
    assert enter_phase(state, Phase.EMERG).off == {}
    assert switch_on(enter_phase(state, Phase.REC), "AL-HR-04").holds is NOTHING_HELD


def test_a_rule_that_is_off_is_not_announced_and_returns():
    state = switch_off(AlarmSystem(Phase.INF), BY_ID["AL-HR-03"], by=NURSE, reason="known", t_ns=0)
    alarms = engine()
    for t in range(10):
        alarms.evaluate(facts(t, hr=125, holds=state.holds))
    assert not any(c.shown for c in alarms.conditions)
    told = []
    for t in range(10, 15):
        told += moves(alarms.evaluate(facts(t, hr=125)))
    assert ("AL-HR-03", "PENDING", "ACTIVE") in told


def test_nothing_is_muted_in_an_emergency():
    state = switch_sound_off(AlarmSystem(Phase.INF), 0, by=LEAD)
    state = enter_phase(state, Phase.EMERG)
    assert state == AlarmSystem(Phase.EMERG)
    with pytest.raises(RefusedError, match="emergency"):
        switch_sound_off(state, 0, by=LEAD)


# Sensors off on purpose.


@pytest.mark.parametrize("phase", list(Phase))
def test_sensors_come_off_only_when_nothing_runs_in(phase):
    if phase in {Phase.REC, Phase.DCA, Phase.PAUSE}:
        assert sensors_off(phase).deadline_t_ns == 300 * S
        return
    with pytest.raises(RefusedError, match="never in the infusion"):
        sensors_off(phase)


@pytest.mark.parametrize(
    ("known", "said"),
    [({"moaas": 3}, "MOAA/S 4"), ({"moaas": None}, "MOAA/S 4"), ({"who": " "}, "who"), ({"why": ""}, "what")],
)
def test_what_must_be_known_before(known, said):
    with pytest.raises(RefusedError, match=said):
        sensors_off(Phase.REC, **known)


def test_five_minutes_once_extendable():
    state = extend_sensors_off(sensors_off(Phase.REC))
    assert state.deadline_t_ns == 600 * S
    with pytest.raises(RefusedError, match="once"):
        extend_sensors_off(state)
    with pytest.raises(RefusedError, match="not recorded"):
        extend_sensors_off(AlarmSystem(Phase.REC))
    assert observed(state, facts(599, phase=Phase.REC)).sensors_off is not None
    assert observed(state, facts(600, phase=Phase.REC)).sensors_off is None


GONE = {
    "hr": Shown(None, 0, "ECG", 0),
    "spo2": Shown(None, 0, "SPO2", 0),
    "ecg_leads_off": ("RA", "LA"),
    "ecg_lead_off_since_t_ns": 0,
    "spo2_sensor_off_since_t_ns": 0,
}


def test_it_ends_by_itself_when_the_signals_return_not_before_they_went():
    state = sensors_off(Phase.REC)
    there = {"hr": 80, "spo2": 97, "phase": Phase.REC}
    assert observed(state, facts(1, **there)) is state
    missed = observed(state, facts(2, phase=Phase.REC, **GONE))
    assert missed.sensors_off is not None
    half = {**GONE, "hr": Shown(80, 1, "PR", 9 * S)}
    assert observed(missed, facts(9, phase=Phase.REC, **half)).sensors_off is not None
    assert observed(missed, facts(10, **there)).sensors_off is None


def test_missing_signals_are_held_and_everything_else_is_live():
    state = sensors_off(Phase.REC)
    alarms = engine()
    for t in range(0, 300, 5):
        alarms.evaluate(
            facts(t, phase=Phase.REC, holds=state.holds, system=SystemFacts("disk full", 0), **GONE)
        )
        assert [c.rule.id for c in alarms.conditions if c.shown] == ["TE-12"]
    for t in range(300, 340):
        alarms.evaluate(facts(t, phase=Phase.REC, holds=state.holds, **GONE))
    assert {c.rule.id for c in alarms.conditions if c.shown} == {"TE-01-L", "TE-03-M"}


def test_what_was_announced_before_is_hidden_by_it():
    alarms = engine()
    for t in (0, 6):
        alarms.evaluate(facts(t, phase=Phase.REC, **GONE))
    assert {c.rule.id for c in alarms.conditions if c.shown} == {"TE-01-L", "TE-03-M"}
    alarms.evaluate(facts(7, phase=Phase.REC, holds=sensors_off(Phase.REC).holds, **GONE))
    assert {c.suppressed_by for c in alarms.conditions} == {"sensors off on purpose"}


def test_no_heart_rate_in_a_pause_is_held_too():
    alarms = engine()
    holds = sensors_off(Phase.PAUSE).holds
    for t in range(60):
        alarms.evaluate(facts(t, phase=Phase.PAUSE, holds=holds, **GONE))
    assert not any(c.shown for c in alarms.conditions)
    assert enter_phase(sensors_off(Phase.PAUSE), Phase.INF).sensors_off is None
    assert enter_phase(sensors_off(Phase.REC), Phase.DCA).sensors_off is not None


# Sound off, standby, words.


def test_only_the_lead_switches_the_sound_off_until_the_next_phase():
    with pytest.raises(RefusedError, match="Only the clinical lead"):
        switch_sound_off(AlarmSystem(Phase.INF), 0, by=NURSE)
    state = switch_sound_off(AlarmSystem(Phase.INF), 5 * S, by=LEAD)
    off = state.audio_off
    assert off is not None
    assert [off.reminder_t_ns(t * S) / S for t in (5, 124, 125, 300)] == [125, 125, 245, 365]
    assert enter_phase(state, Phase.INF) is state
    assert enter_phase(state, Phase.PAUSE).audio_off is None
    assert switch_sound_on(state).audio_off is None


@pytest.mark.parametrize("phase", list(Phase))
def test_standby_only_without_a_patient(phase):
    assert AlarmSystem(phase).standby is (phase in {Phase.SCHED, Phase.DONE, Phase.SIGNED, Phase.CANCEL})


def test_the_screen_says_each_state_with_its_countdown():
    state = pause_alarms(switch_sound_off(AlarmSystem(Phase.BASE), 0, by=LEAD), 0)
    state = switch_off(state, BY_ID["AL-HR-04"], by=NURSE, reason="", t_ns=0)
    assert [x.by for x in lines(state, 30 * S)] == [LEAD.name, "", NURSE.name]
    assert [(x.state, x.left_s) for x in lines(state, 30 * S)] == [
        ("AUDIO OFF", None),
        ("ALARM PAUSED", 90),
        ("ALARM OFF", None),
    ]
    (line,) = lines(sensors_off(Phase.REC), 60 * S)
    assert (line.state, line.left_s) == ("SENSORS OFF", 240)
    assert "Sam" in line.words
    assert lines(AlarmSystem(), 0)[0].state == "STANDBY"
    assert lines(AlarmSystem(Phase.INF), 0) == ()
    assert lines(replace(state, alarms_paused_until_t_ns=0), 30 * S)[1].left_s == 0


def test_who_paused_the_alarms_is_known_as_long_as_they_are_paused():
    paused = pause_alarms(AlarmSystem(Phase.CHECKIN), 0, by=NURSE)
    assert lines(paused, 0)[0].by == NURSE.name
    assert lines(enter_phase(paused, Phase.BASE), 0)[0].by == NURSE.name
    for over in (resume_alarms(paused), observed(paused, facts(120)), enter_phase(paused, Phase.READY)):
        assert over.alarms_paused_by is None
