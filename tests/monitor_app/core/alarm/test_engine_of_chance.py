"""Whatever patient and people do to the engine: no HIGH alarm vanishes, none clears beyond its limit (clinical.md §5.4)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.core.alarm.facts import NibpFacts, Shown
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, reading

B = Baseline(120, 80, 72, 98, None)
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
