"""Leaving rules out changes nothing: an engine that asks every rule every time says the same."""

from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.alarm.facts import (
    NOTHING_HELD,
    DueTask,
    Holds,
    Noted,
    NurseFacts,
    Rating,
    SystemFacts,
    WorkFacts,
)
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves

NURSES = [
    NurseFacts(),
    NurseFacts(moaas=Rating(5, 0)),
    NurseFacts(moaas=Rating(2, S)),
    NurseFacts(distress=Noted(2 * S, "Panic attack")),
    NurseFacts(vomiting=Noted(3 * S, "Vomiting"), moaas=Rating(4, S)),
]
WORKS = [WorkFacts(), WorkFacts(due=(DueTask("Nausea", 5 * S),)), WorkFacts(paused_since_t_ns=0)]
SYSTEMS = [
    SystemFacts(),
    SystemFacts(screen_alive_t_ns=4 * S),
    SystemFacts(clock_jump=Noted(S, "jump", 9)),
    SystemFacts(on_battery=True, battery_percent=10),
    SystemFacts("disk full", 0),
]
HOLDS = [
    NOTHING_HELD,
    NOTHING_HELD,
    NOTHING_HELD,
    Holds(rules_off={"AL-SD-02": None}),
    Holds(alarms_paused_until_t_ns=200 * S),
]
STEP = st.tuples(
    st.sampled_from([0.0, 0.5, 1.5, 20.0, 130.0, 400.0]),
    st.integers(0, len(NURSES) - 1),
    st.integers(0, len(WORKS) - 1),
    st.integers(0, len(SYSTEMS) - 1),
    st.integers(0, len(HOLDS) - 1),
    st.sampled_from([Phase.BASE, Phase.INF, Phase.PAUSE, Phase.REC]),
    st.sampled_from([None, None, None, "", "AL-SD-04", "TE-15"]),
)


@given(st.lists(STEP, min_size=2, max_size=20))
def test_asking_everything_says_the_same(story):
    lazy, eager, t_s = engine(), engine(), 0.0
    for dt, nurse, work, system, holds, phase, press in story:
        t_s += dt
        told = facts(
            t_s,
            phase=phase,
            nurse=NURSES[nurse],
            work=WORKS[work],
            system=SYSTEMS[system],
            holds=HOLDS[holds],
        )
        eager.limits = eager.limits  # which forgets what need not be asked
        assert moves(lazy.evaluate(told)) == moves(eager.evaluate(told))
        assert lazy.next_deadline_ns() == eager.next_deadline_ns()
        if press is not None:
            for alarms in (lazy, eager):
                alarms.acknowledge(press or None, round(t_s * S))
    assert [(c.rule.id, c.state, c.text) for c in lazy.conditions] == [
        (c.rule.id, c.state, c.text) for c in eager.conditions
    ]
