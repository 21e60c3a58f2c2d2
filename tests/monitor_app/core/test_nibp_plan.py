"""What the plan knows about the next reading (clinical.md §8.4)."""

import pytest

from monitor_app.core.nibp_plan import Due, NibpPlan, Trigger

S = 1_000_000_000


def test_a_plan_starts_disarmed_and_plans_nothing():
    plan = NibpPlan()
    assert not plan.armed
    assert plan.next_due is None
    assert plan.next_due_t_ns is None
    assert plan.countdown_s(0) is None


def test_a_mark_counts_only_while_armed():
    assert NibpPlan(next_mark_t_ns=100 * S).next_due is None
    assert NibpPlan(next_mark_t_ns=100 * S, armed=True).next_due == Due(100 * S, Trigger.AUTO)


def test_the_countdown_stops_at_zero():
    plan = NibpPlan(next_mark_t_ns=100 * S, armed=True)
    assert plan.countdown_s(40 * S) == 60
    assert plan.countdown_s(140 * S) == 0


@pytest.mark.parametrize(
    ("trigger", "rest_s", "quiet_s"),
    [
        (Trigger.MANUAL, 30, 0),
        (Trigger.ENTRY, 30, 0),
        (Trigger.STAT, 5, 0),
    ],
)
def test_what_a_person_asks_for_waits_for_the_cuff_only(trigger, rest_s, quiet_s):
    plan = NibpPlan(armed=True, asked=Due(100 * S, trigger), last_end_t_ns=99 * S, quiet_until_t_ns=200 * S)
    assert plan.next_due_t_ns == (99 + rest_s + quiet_s) * S


def test_what_goes_by_itself_waits_for_the_quiet_time():
    plan = NibpPlan(armed=True, next_mark_t_ns=100 * S, last_end_t_ns=80 * S, quiet_until_t_ns=200 * S)
    assert plan.next_due_t_ns == 200 * S


def test_the_order_of_who_wins():
    due = [Due(100 * S, Trigger.MANUAL), Due(100 * S, Trigger.RETAKE)]
    plan = NibpPlan(armed=True, asked=due[0], repeat=due[1], next_mark_t_ns=100 * S)
    assert plan.next_due == due[0]
    assert NibpPlan(armed=True, repeat=due[1], next_mark_t_ns=100 * S).next_due == due[1]


def test_a_monitor_with_another_interval_is_named():
    plan = NibpPlan(host_timed=False, armed=True, previous_end_t_ns=0, last_end_t_ns=600 * S)
    assert plan.interval_differs == "The monitor measured after 10.0 min; the plan says 5 min."
    assert NibpPlan(armed=True, previous_end_t_ns=0, last_end_t_ns=600 * S).interval_differs == ""
    near = NibpPlan(host_timed=False, armed=True, previous_end_t_ns=0, last_end_t_ns=330 * S)
    assert near.interval_differs == ""
