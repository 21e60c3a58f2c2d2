"""Which observations are due (clinical.md §4.1)."""

import pytest

from monitor_app.core.commands import Advance, RecordCare
from monitor_app.core.observation import DueItem, due_items
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.infusion import infusion_of

P = Phase
S = 1_000_000_000
MIN = 60 * S
NURSE = Actor("Nina", "nurse")
RULES = ClinicRules()
ALL = {"moaas": 5, "dissociation": 0, "nausea": 0, "rr": 14, "iv_site": "dry"}


def due(chair, from_ns=0):
    return {d.item: (d.due_t_ns - from_ns) / MIN for d in due_items(chair.visit, RULES)}


@pytest.mark.parametrize(
    ("late_s", "priority"),
    [(-60, None), (120, None), (121, Priority.LOW), (300, Priority.LOW), (301, Priority.MEDIUM)],
)
def test_lateness(late_s, priority):
    assert DueItem("rr", "Breathing", 1000 * S).overdue((1000 + late_s) * S) is priority


def test_baseline_asks_each_once(chair, routes):
    chair.go(*routes[P.BASE])
    # Pain was rated at check-in.
    assert set(due(chair)) == {"moaas", "dissociation", "nausea", "rr", "iv_site"}
    chair.check(moaas=5, rr=14)
    assert set(due(chair)) == {"dissociation", "nausea", "iv_site"}


def test_every_fifteen_minutes_from_the_start(chair, routes):
    chair.go(*routes[P.BASE])
    chair.check(**ALL)
    chair.go(P.READY, P.INF)
    t0 = infusion_of(chair.visit).t0_ns
    assert due(chair, t0) == dict.fromkeys(ALL, 15)
    chair.t_ns = t0 + 14 * MIN
    chair.check(moaas=5, rr=14)
    assert due(chair, t0) == {"moaas": 29, "rr": 29, "dissociation": 15, "nausea": 15, "iv_site": 15}


def test_closer_watch_below_five_and_after_a_sedative(chair, routes):
    chair.go(*routes[P.INF])
    t0 = infusion_of(chair.visit).t0_ns
    chair.t_ns = t0 + 10 * MIN
    chair.check(moaas=4)
    assert due(chair, t0)["moaas"] == 15
    chair.t_ns = t0 + 15 * MIN
    chair.check(moaas=5)
    assert due(chair, t0)["moaas"] == 30
    chair.t_ns = t0 + 16 * MIN
    chair.accepted(RecordCare("drug", "", NURSE, {"drug": "Midazolam", "dose": 1, "unit": "mg"}))
    assert due(chair, t0)["moaas"] == 21
    chair.t_ns = t0 + 21 * MIN
    chair.check(moaas="not disturbed", rr=13)
    assert due(chair, t0)["moaas"] == 36


def test_a_pause_changes_nothing(chair, routes):
    chair.go(*routes[P.INF])
    before = due(chair)
    chair.accepted(Advance(P.PAUSE, NURSE, reason="heart rate"))
    assert due(chair) == before


def test_recovery_counts_from_the_end_and_asks_pain_twice(chair, routes):
    chair.go(*routes[P.REC])
    end = infusion_of(chair.visit).t_end_ns
    assert due(chair, end) == {
        "vas": 5,
        "moaas": 15,
        "dissociation": 15,
        "nausea": 15,
        "rr": 15,
        "iv_site": 15,
    }
    chair.check(iv_site="dry")
    chair.accepted(RecordCare("vas", "", NURSE, {"value": 3}))
    assert due(chair, end) == {"vas": 30, "moaas": 15, "dissociation": 15, "nausea": 15, "rr": 15}
    chair.t_ns = end + 16 * MIN
    chair.answer("post_vas", 2)
    assert "vas" not in due(chair, end)


@pytest.mark.parametrize("phase", [P.SCHED, P.CHECKIN, P.DONE, P.CANCEL, P.EMERG])
def test_nothing_is_due_elsewhere(chair, routes, phase):
    chair.go(*routes[phase])
    assert due_items(chair.visit, RULES) == ()


def test_soonest_first(chair, routes):
    chair.go(*routes[P.REC])
    times = [d.due_t_ns for d in due_items(chair.visit, RULES)]
    assert times == sorted(times)
