"""Every arrow of clinical.md §5.4, and the instants at which the times run out."""

import itertools
from dataclasses import replace

import pytest

from monitor_app.core.alarm.life_cycle import (
    LIFE_CYCLE,
    Seen,
    Sign,
    acknowledged,
    advance,
    next_state,
)
from monitor_app.core.alarm.rule import Verdict
from monitor_app.core.alarm.state import IDLE, AlarmState, RuleState

S = 1_000_000_000
MET = Verdict(met=True, value=5.0, limit=4.0, text="five", severity=1.0)
CLEAR = Verdict(met=False, ended=True, value=1.0, limit=4.0, text="one")
BETWEEN = Verdict(met=False, ended=False, value=3.9, limit=4.0, text="between")
UNKNOWN = Verdict()

ARROWS = [
    (AlarmState.IDLE, Sign.DUE, True, AlarmState.ACTIVE),
    (AlarmState.IDLE, Sign.MET, True, AlarmState.PENDING),
    (AlarmState.IDLE, Sign.NOT_MET, True, AlarmState.IDLE),
    (AlarmState.IDLE, Sign.OVER, True, AlarmState.IDLE),
    (AlarmState.IDLE, Sign.GONE, True, AlarmState.IDLE),
    (AlarmState.IDLE, Sign.ACKNOWLEDGED, True, AlarmState.IDLE),
    (AlarmState.PENDING, Sign.NOT_MET, True, AlarmState.IDLE),
    (AlarmState.PENDING, Sign.GONE, True, AlarmState.IDLE),
    (AlarmState.PENDING, Sign.DUE, True, AlarmState.ACTIVE),
    (AlarmState.PENDING, Sign.MET, True, AlarmState.PENDING),
    (AlarmState.PENDING, Sign.ACKNOWLEDGED, True, AlarmState.PENDING),
    (AlarmState.ACTIVE, Sign.NOT_MET, True, AlarmState.ACTIVE),
    (AlarmState.ACTIVE, Sign.OVER, True, AlarmState.LATCHED),
    (AlarmState.ACTIVE, Sign.OVER, False, AlarmState.IDLE),
    (AlarmState.ACTIVE, Sign.GONE, True, AlarmState.LATCHED),
    (AlarmState.ACTIVE, Sign.GONE, False, AlarmState.IDLE),
    (AlarmState.ACTIVE, Sign.ACKNOWLEDGED, True, AlarmState.ACTIVE_ACK),
    (AlarmState.ACTIVE, Sign.ACKNOWLEDGED, False, AlarmState.ACTIVE_ACK),
    (AlarmState.ACTIVE_ACK, Sign.OVER, True, AlarmState.IDLE),
    (AlarmState.ACTIVE_ACK, Sign.GONE, True, AlarmState.IDLE),
    (AlarmState.ACTIVE_ACK, Sign.NOT_MET, True, AlarmState.ACTIVE_ACK),
    (AlarmState.ACTIVE_ACK, Sign.ACKNOWLEDGED, True, AlarmState.ACTIVE_ACK),
    (AlarmState.LATCHED, Sign.ACKNOWLEDGED, True, AlarmState.IDLE),
    (AlarmState.LATCHED, Sign.DUE, True, AlarmState.ACTIVE),
    (AlarmState.LATCHED, Sign.OVER, True, AlarmState.LATCHED),
    (AlarmState.LATCHED, Sign.GONE, True, AlarmState.LATCHED),
    (AlarmState.LATCHED, Sign.NOT_MET, True, AlarmState.LATCHED),
]


class Stepper:
    """One rule's life, stepped by hand."""

    def __init__(self, *, delay_s: float = 3, clear_s: float = 5, latching: bool = False) -> None:
        self.delay_ns, self.clear_ns, self.latching = round(delay_s * S), round(clear_s * S), latching
        self.state = IDLE
        self._ids = (f"o{n}" for n in itertools.count(1))

    def at(self, t_s: float, verdict: Verdict | None) -> str:
        seen = Seen(round(t_s * S), verdict, self.delay_ns, self.clear_ns, self.latching)
        self.state = advance(self.state, seen, lambda: next(self._ids))
        return self.state.state.value

    def acknowledge(self, t_s: float) -> str:
        self.state = acknowledged(self.state, round(t_s * S), latching=self.latching)
        return self.state.state.value


@pytest.mark.parametrize(("origin", "sign", "latching", "target"), ARROWS)
def test_each_arrow(origin, sign, latching, target):
    assert next_state(origin, {sign}, latching=latching) is target


def test_every_row_of_the_table_is_tested():
    told = {(origin, sign, target) for origin, sign, _, target in ARROWS}
    assert {(row.origin, row.sign, row.target) for row in LIFE_CYCLE} <= told


def test_the_delay_is_over_at_exactly_onset_plus_delay():
    life = Stepper()
    assert life.at(10, MET) == "PENDING"
    assert life.state.deadline_t_ns == 13 * S
    assert life.at(12.999, MET) == "PENDING"
    assert life.at(13, MET) == "ACTIVE"
    assert (life.state.since_t_ns, life.state.occurrence_id) == (10 * S, "o1")


@pytest.mark.parametrize("verdict", [CLEAR, BETWEEN, UNKNOWN, None])
def test_a_pending_condition_falls_back_even_at_its_last_instant(verdict):
    life = Stepper()
    life.at(10, MET)
    assert life.at(13, verdict) == "IDLE"
    assert life.at(14, MET) == "PENDING"
    assert life.state.since_t_ns == 14 * S
    assert life.state.occurrence_id == "o2"


def test_without_a_delay_there_is_nothing_to_be_pending_for():
    assert Stepper(delay_s=0).at(1, MET) == "ACTIVE"


def test_at_once_skips_the_delay():
    life = Stepper()
    life.at(1, MET)
    assert life.at(1.5, replace(MET, at_once=True)) == "ACTIVE"


def test_a_dated_condition_counts_from_its_date():
    life = Stepper(delay_s=10)
    dated = replace(MET, since_t_ns=4 * S)
    assert life.at(7, dated) == "PENDING"
    assert life.state.deadline_t_ns == 14 * S
    assert Stepper(delay_s=2).at(7, dated) == "ACTIVE"


def test_the_clear_hold_begins_anew_when_the_value_leaves_the_clear_side():
    life = Stepper()
    life.at(0, MET)
    life.at(3, MET)
    assert life.at(10, CLEAR) == "ACTIVE"
    assert life.state.deadline_t_ns == 15 * S
    assert life.at(14, BETWEEN) == "ACTIVE"
    assert life.at(16, CLEAR) == "ACTIVE"
    assert life.at(18, UNKNOWN) == "ACTIVE"
    assert life.at(20, CLEAR) == "ACTIVE"
    assert life.at(24.999, CLEAR) == "ACTIVE"
    assert life.at(25, CLEAR) == "IDLE"


def test_an_unknown_value_ends_nothing():
    life = Stepper()
    life.at(0, MET)
    life.at(3, MET)
    assert life.at(5000, UNKNOWN) == "ACTIVE"
    assert life.state.text == "five"


def test_a_latched_alarm_waits_for_a_person():
    life = Stepper(latching=True)
    life.at(0, MET)
    life.at(3, MET)
    life.at(10, CLEAR)
    assert life.at(15, CLEAR) == "LATCHED"
    assert life.at(900, None) == "LATCHED"
    assert life.acknowledge(901) == "IDLE"


def test_acknowledged_before_its_end_it_does_not_latch():
    life = Stepper(latching=True)
    life.at(0, MET)
    life.at(3, MET)
    assert life.acknowledge(4) == "ACTIVE_ACK"
    assert life.state.acknowledged_t_ns == 4 * S
    life.at(10, CLEAR)
    assert life.at(15, CLEAR) == "IDLE"


def test_a_latched_alarm_returns_as_a_new_one_after_its_delay():
    life = Stepper(latching=True)
    life.at(0, MET)
    life.at(3, MET)
    life.at(10, CLEAR)
    life.at(15, CLEAR)
    assert life.at(20, MET) == "LATCHED"
    assert life.state.deadline_t_ns == 23 * S
    assert life.state.occurrence_id == "o1"
    assert life.at(23, MET) == "ACTIVE"
    assert (life.state.occurrence_id, life.state.since_t_ns) == ("o2", 20 * S)


def test_acknowledging_behind_a_returned_condition_keeps_its_delay():
    life = Stepper(latching=True)
    life.at(0, MET)
    life.at(3, MET)
    life.at(10, CLEAR)
    life.at(15, CLEAR)
    life.at(20, MET)
    assert life.acknowledge(21) == "IDLE"
    assert life.state.deadline_t_ns == 21 * S
    assert life.at(21, MET) == "PENDING"
    assert life.at(23, MET) == "ACTIVE"


def test_a_hold_stops_pending_keeps_active_and_the_delay_begins_after_it():
    held = Verdict(hold="cuff")
    life = Stepper()
    life.at(0, MET)
    assert life.at(1, held) == "IDLE"
    assert life.at(2, replace(MET, since_t_ns=0)) == "PENDING"
    assert life.state.since_t_ns == 2 * S
    assert life.at(5, MET) == "ACTIVE"
    assert life.at(6, held) == "ACTIVE"


def test_a_doubt_puts_off_and_then_says_so():
    doubted = replace(MET, doubt="not confirmed by pulse", doubt_s=5)
    life = Stepper()
    life.at(0, doubted)
    assert life.at(7.9, doubted) == "PENDING"
    assert life.at(8, doubted) == "ACTIVE"
    assert life.state.note == "not confirmed by pulse"


def test_a_doubt_never_goes_past_its_cap_and_never_before_the_delay():
    doubted = replace(MET, doubt="x", doubt_s=5, cap_t_ns=6 * S)
    life = Stepper()
    life.at(0, doubted)
    assert life.at(5.9, replace(doubted, cap_t_ns=9 * S)) == "PENDING"
    assert life.at(6, doubted) == "ACTIVE"
    early = Stepper()
    early.at(0, replace(doubted, cap_t_ns=1 * S))
    assert early.at(2.9, doubted) == "PENDING"
    assert early.at(3, doubted) == "ACTIVE"


def test_a_doubt_that_goes_leaves_no_note():
    life = Stepper()
    life.at(0, replace(MET, doubt="x", doubt_s=5))
    assert life.at(4, MET) == "ACTIVE"
    assert life.state.note == ""


def test_the_worst_value_and_its_time_are_kept():
    life = Stepper(latching=True)
    life.at(0, MET)
    life.at(3, replace(MET, value=9.0, severity=5.0, text="nine"))
    life.at(4, MET)
    assert (life.state.worst_value, life.state.worst_t_ns, life.state.worst_text) == (9.0, 3 * S, "nine")
    life.at(10, CLEAR)
    life.at(15, CLEAR)
    assert life.state.worst_value == 9.0


def test_at_rest_the_very_same_state_is_kept():
    state = RuleState()
    for verdict in (None, CLEAR, UNKNOWN):
        assert advance(state, Seen(S, verdict, 0, 0, latching=True), lambda: "x") is state
