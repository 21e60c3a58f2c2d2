"""Alarms after a restart: the engine rebuilt from its own record goes on as one that never stopped."""

from monitor_app.core.alarm.facts import NibpFacts, Noted, NurseFacts
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import AlarmEntry, Baseline, JournalEntry, NibpEntry
from monitor_app.core.stamp import SYSTEM, Actor, Stamp
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves, reading

NURSE = Actor("Nina")
B = Baseline(120, 80, 72, 98, None)


class Recorded:
    """An engine whose steps and readings are recorded as the bedside records them."""

    def __init__(self) -> None:
        self.alarms = engine()
        self.entries: list[JournalEntry] = []
        self.readings: tuple = ()

    def cuff(self, t_s: float, systolic: float, diastolic: float, *, retake: bool = False) -> None:
        self.readings = (
            *self.readings,
            reading(len(self.readings) + 1, t_s, systolic, diastolic, retake=retake),
        )
        stamp = Stamp(round(t_s * S), 0)
        entry = NibpEntry(stamp, "n", "a@b", "auto", None, systolic, diastolic, 90, False, 70)
        self.entries.append(entry)

    def see(self, t_s: float, **known: object) -> list[tuple[str, str, str]]:
        if self.readings:
            known["nibp"] = NibpFacts(self.readings)
        steps = self.alarms.evaluate(facts(t_s, **known))
        self.entries += [step.entry(Stamp(step.t_ns, 0)) for step in steps]
        return moves(steps)

    def press(self, rule: str, t_s: float) -> None:
        steps = self.alarms.acknowledge(rule, round(t_s * S))
        self.entries += [step.entry(Stamp(step.t_ns, 0), NURSE) for step in steps]

    def restart(self, t_s: float) -> list[tuple[str, str, str]]:
        self.alarms = engine()
        return moves(self.alarms.restore(self.entries, round(t_s * S)))

    @property
    def states(self) -> dict[str, str]:
        return {c.rule.id: c.state.value for c in self.alarms.conditions}


def test_active_acknowledged_and_latched_go_on():
    chair = Recorded()
    for t in range(70):
        chair.see(t, hr=125, spo2=84 if t < 20 else 95, baseline=B)
        if t == 5:
            chair.press("AL-HR-03", 5)
    before = {c.rule.id: c for c in chair.alarms.conditions}
    assert {r: c.state.value for r, c in before.items()} == {
        "AL-SP-01": "LATCHED",
        "AL-HR-03": "ACTIVE_ACK",
        "AL-HR-04": "ACTIVE",
        "AL-HR-05": "ACTIVE",
    }
    assert chair.restart(90) == []
    after = {c.rule.id: c for c in chair.alarms.conditions}
    for rule, old in before.items():
        new = after[rule]
        assert (new.occurrence_id, new.state, new.announced_t_ns, new.acknowledged_t_ns) == (
            old.occurrence_id,
            old.state,
            old.announced_t_ns,
            old.acknowledged_t_ns,
        ), rule
        assert (new.shown, new.unacknowledged, new.text) == (old.shown, old.unacknowledged, old.text)
    assert chair.see(91, hr=125, spo2=95, baseline=B) == []
    assert [m for m in chair.see(92, hr=100, spo2=95, baseline=B) if m[2] != "PENDING"] == []
    told = chair.see(97, hr=100, spo2=95, baseline=B)
    assert ("AL-HR-03", "ACTIVE_ACK", "IDLE") in told


def test_a_running_delay_begins_anew_and_its_pending_is_closed():
    chair = Recorded()
    chair.see(0, hr=125)
    assert chair.states == {"AL-HR-03": "PENDING", "AL-HR-04": "PENDING"}
    assert chair.restart(20) == [("AL-HR-03", "PENDING", "IDLE"), ("AL-HR-04", "PENDING", "IDLE")]
    assert chair.states == {}
    assert chair.see(20, hr=125) == [("AL-HR-03", "IDLE", "PENDING"), ("AL-HR-04", "IDLE", "PENDING")]
    assert chair.alarms.next_deadline_ns() == 23 * S


def test_what_was_hidden_is_hidden_again():
    chair = Recorded()
    for t in range(20):
        chair.see(t, spo2=84)
    chair.restart(30)
    assert {c.rule.id: c.suppressed_by for c in chair.alarms.conditions} == {
        "AL-SP-01": "",
        "AL-SP-02": "AL-SP-01",
    }


def test_ended_alarms_stay_ended():
    chair = Recorded()
    for t in range(20):
        chair.see(t, hr=125 if t < 10 else 100)
    chair.restart(30)
    assert chair.states == {}


def test_a_retake_after_the_restart_still_says_not_confirmed():
    chair = Recorded()
    chair.cuff(0, 185, 95)
    chair.see(0)
    chair.restart(30)
    assert chair.alarms.conditions[0].state is AlarmState.ACTIVE
    chair.see(31)  # the newest reading is judged again, and counts once
    assert next(c for c in chair.alarms.conditions if c.rule.id == "AL-BP-01").unconfirmed
    chair.cuff(60, 130, 80, retake=True)
    chair.see(60)
    (latched,) = chair.alarms.conditions
    assert (latched.rule.id, latched.state.value, latched.note) == ("AL-BP-01", "LATCHED", "not confirmed")


def test_readings_before_the_restart_count_for_ten_minutes_of_hypertension():
    chair = Recorded()
    for t in (0, 300):
        chair.cuff(t, 165, 90)
        chair.see(t)
    chair.restart(310)
    assert [m for m in chair.see(311) if m[0] == "AL-BP-06"] == []
    chair.cuff(600, 165, 90)
    assert ("AL-BP-06", "IDLE", "ACTIVE") in chair.see(600)


def test_an_acknowledged_event_is_not_told_again():
    chair = Recorded()
    panic = NurseFacts(distress=Noted(S, "Panic attack"))
    chair.see(2, nurse=panic)
    chair.press("AL-SD-04", 3)
    chair.restart(10)
    assert chair.see(11, nurse=panic) == []
    assert chair.see(21, nurse=NurseFacts(distress=Noted(20 * S, "Panic attack"))) != []


def test_an_event_nobody_acknowledged_is_still_there():
    chair = Recorded()
    panic = NurseFacts(distress=Noted(S, "Panic attack"))
    chair.see(2, nurse=panic)
    chair.restart(10)
    assert chair.states == {"AL-SD-04": "ACTIVE"}
    assert chair.see(11, nurse=panic) == []
    chair.press("AL-SD-04", 12)
    assert chair.see(13, nurse=panic) == []


def test_rules_of_another_version_are_left_alone():
    chair = Recorded()
    chair.see(0, spo2=84)
    entry = next(e for e in chair.entries if isinstance(e, AlarmEntry))
    foreign = AlarmEntry(
        entry.stamp,
        "x",
        "AL-XX-99",
        entry.alarm_class,
        entry.priority,
        "IDLE",
        "ACTIVE",
        entry.phase,
        1,
        2,
        "?",
        by=SYSTEM,
    )
    alarms = engine()
    assert alarms.restore([foreign], 0) == []
    assert alarms.conditions == ()
