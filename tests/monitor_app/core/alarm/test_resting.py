"""The short cut for rules at which nothing goes on changes nothing but where the next instant is kept."""

from dataclasses import replace

import pytest

from monitor_app.core.alarm.life_cycle import Seen, advance, resting
from monitor_app.core.alarm.rule import NOT_MET, UNKNOWN, Verdict
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts

STATES = (
    IDLE,
    replace(IDLE, deadline_t_ns=9 * S),
    replace(IDLE, released_t_ns=3 * S),
    replace(IDLE, met_since_t_ns=2 * S),
    replace(IDLE, cap_t_ns=4 * S),
    replace(IDLE, held=True, hold="cuff"),
    replace(IDLE, state=AlarmState.PENDING, met_since_t_ns=2 * S),
    replace(IDLE, state=AlarmState.ACTIVE, met_since_t_ns=2 * S),
)
VERDICTS = (
    None,
    UNKNOWN,
    NOT_MET,
    Verdict(met=False, ended=True, recheck_t_ns=8 * S),
    Verdict(met=True),
    Verdict(hold="cuff"),
    Verdict(cap_t_ns=5 * S),
)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_rule_that_rests_moves_nothing_but_its_deadline(state: RuleState, verdict: Verdict | None) -> None:
    if not resting(state, verdict):
        return
    after = advance(state, Seen(5 * S, verdict, 3 * S, 3 * S, latching=False), lambda: "never")
    assert replace(after, deadline_t_ns=None) == replace(state, deadline_t_ns=None)
    assert after.deadline_t_ns == (verdict.recheck_t_ns if verdict else None)


def test_only_a_quiet_rule_rests() -> None:
    assert [resting(state, NOT_MET) for state in STATES] == [True] * 3 + [False] * 5
    assert [resting(IDLE, verdict) for verdict in VERDICTS] == [True] * 4 + [False] * 3


def test_the_engine_still_names_the_instant_of_a_rule_that_rests() -> None:
    made = engine()
    made.evaluate(facts(0.0, infusion_end_t_ns=0, hr=130.0, phase=facts(0).phase))
    first = made.next_deadline_ns()
    assert first is not None
    made.evaluate(facts(1.0, hr=80.0))
    assert made.next_deadline_ns() is None, (
        "back below the limit before its delay was over, nothing is awaited"
    )
