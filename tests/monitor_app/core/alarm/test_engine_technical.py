"""The engine on what is technical: leads off, silent monitors, sensors off, the program itself (clinical.md §6.6)."""

from dataclasses import replace

import pytest

from monitor_app.core.alarm.facts import LinkFacts, NibpFacts, Shown, SystemFacts
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves


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
