"""Asking the rules: in the order of the table, each with those before it as they are now, and none that rests."""

from dataclasses import replace
from itertools import count

import pytest

from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.facts import Facts, NurseFacts, Rating
from monitor_app.core.alarm.judges import Judges, Round
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.rule import NOT_MET, Case, Verdict
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, facts

WATCHING = {rule.id: rule.watch for rule in RULES if rule.watch}
CALM = NurseFacts(moaas=Rating(5, 0))


class Hearing:
    """Rules that are asked one round after another."""

    def __init__(self, limits: Limits | None = None) -> None:
        numbers = count(1)
        self.judges = Judges(RULES, limits or default_limits(), lambda: f"o{next(numbers)}")
        self.states: dict[str, RuleState] = {rule.id: IDLE for rule in RULES}

    def ask(self, told: Facts) -> Round:
        found = self.judges.ask(told, self.states, None)
        self.states = found.states
        return found


def parts_asked(found: Round) -> set[str]:
    return {WATCHING[rule] for rule in found.verdicts if rule in WATCHING}


def test_the_first_time_every_rule_is_asked_in_the_order_of_the_table() -> None:
    assert list(Hearing().ask(facts(0)).verdicts) == [rule.id for rule in RULES]


def test_rules_that_rest_are_left_out_until_what_they_look_at_changes() -> None:
    hearing = Hearing()
    assert parts_asked(hearing.ask(facts(0, nurse=CALM))) == {"nurse", "work", "system"}
    assert parts_asked(hearing.ask(facts(1, nurse=CALM))) == set()
    assert parts_asked(hearing.ask(facts(2, nurse=NurseFacts(moaas=Rating(3, S))))) == {"nurse"}


@pytest.mark.parametrize("how", ["another phase", "forget", "other limits"])
def test_they_are_all_asked_again_where_anything_else_has_changed(how: str) -> None:
    hearing = Hearing()
    hearing.ask(facts(0))
    if how == "forget":
        hearing.judges.forget()
    elif how == "other limits":
        hearing.judges.limits = default_limits()
    found = hearing.ask(facts(1, phase=Phase.REC if how == "another phase" else Phase.INF))
    assert list(found.verdicts) == [rule.id for rule in RULES]


def test_what_is_left_out_keeps_its_state_and_nothing_is_written_into_the_old_ones() -> None:
    hearing = Hearing()
    before = hearing.states
    hearing.ask(facts(0, hr=125))
    assert before["AL-HR-03"] is IDLE
    pending = hearing.states["AL-HR-03"]
    assert pending.state is AlarmState.PENDING
    hearing.ask(facts(1, hr=125))
    assert hearing.states["AL-HR-03"] is pending  # nothing new is known of it


def test_a_rule_sees_those_before_it_after_these_facts_and_those_behind_it_before() -> None:
    seen: dict[str, tuple[AlarmState, AlarmState]] = {}

    def judge(case: Case) -> Verdict:
        seen[case.rule.id] = (case.peer("first").state, case.peer("last").state)
        return replace(NOT_MET, met=True, ended=False, at_once=True)

    plain = next(rule for rule in RULES if rule.id == "TE-18")
    rules = [replace(plain, id=name, judge=judge, watch="", hidden_by=()) for name in ("first", "last")]
    limits = Limits({(rule.id, p.key): p.default for rule in rules for p in rule.parameters})
    Judges(rules, limits, lambda: "o").ask(facts(0), {rule.id: IDLE for rule in rules}, None)
    idle, active = AlarmState.IDLE, AlarmState.ACTIVE
    assert seen == {"first": (idle, idle), "last": (active, idle)}
