"""Guards of the start met by odd records, and by what stands in nobody's way."""

from dataclasses import replace

import pytest

from monitor_app.core.baseline import NOTHING_MEASURED
from monitor_app.core.commands import Advance, FreezeBaseline, RecordCare, SetOrder, Undo
from monitor_app.core.journal import Order, OrderEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.guards import JUDGED
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.state import Visit

P = Phase
NURSE, LEAD, DOC = Actor("Nina", "nurse"), Actor("Lea", "clinical lead"), Actor("Dr Ode", "prescriber")


def judge(chair, key):
    guard = JUDGED[key](chair.visit, chair.facts)
    assert guard is not None
    return guard


@pytest.mark.parametrize(
    ("order", "words"),
    [(Order(5, 70, 1, 40), "hard limit"), (Order(0.5, 70, 0, 40), "Concentration must be between")],
)
def test_an_order_from_elsewhere_is_judged_again(chair, routes, order, words):
    chair.go(*routes[P.READY])
    chair.store(OrderEntry(chair.stamp, order, DOC))
    guard = judge(chair, "dose_consistent")
    assert not guard.met
    assert words in guard.text
    assert judge(chair, "second_check_dose_mg_per_kg").met is False


def test_an_order_nobody_can_work_out_plans_nothing(chair, routes):
    chair.go(*routes[P.INF])
    assert infusion_of(chair.visit).rate_ml_per_h == pytest.approx(52.5)
    chair.store(OrderEntry(chair.stamp, Order(0.5, 70, 0, 40), DOC))
    assert infusion_of(chair.visit).ordered is None
    assert infusion_of(Visit()).rate_ml_per_h == 0


def test_soft_findings_pass_in_amber(chair, routes):
    chair.go(*routes[P.READY])
    chair.accepted(SetOrder(Order(0.5, 70, 1, 25), DOC))
    guard = judge(chair, "dose_consistent")
    assert guard.met
    assert guard.amber
    assert "below the soft limit of 30 min" in guard.text
    assert JUDGED["second_check_weight_kg"](chair.visit, chair.facts) is not None  # 1.2 mg/kg/h


def test_an_infusion_gone_on_is_no_mistake(chair, routes):
    chair.go(*routes[P.INF])
    chair.accepted(Advance(P.PAUSE, NURSE, reason="heart rate"))
    chair.answer_for(P.INF)
    chair.accepted(Advance(P.INF, NURSE))
    assert "end it instead" in chair.refused(Advance(P.READY, LEAD, reason="wrong button"))[0]


def test_gates_without_anything_measured(chair, routes):
    chair.go(*routes[P.BASE])
    chair.outside = replace(chair.outside, spo2_percent=None, baseline=NOTHING_MEASURED)
    reasons = chair.refused(Advance(P.READY, NURSE))
    assert "No blood pressure measured yet" in reasons[0]
    assert "No blood pressure has been measured" in reasons[1]
    assert "No SpO2 now" in reasons[2]
    assert "No blood pressure measured yet" in chair.refused(FreezeBaseline(NURSE))[0]
    assert judge(chair, "bp_recovered").met is False
    assert judge(chair, "d13_score").met is False


def test_orders_and_undo_have_their_time(chair, routes):
    chair.go(*routes[P.DCA])
    assert "cannot be written in Discharge" in chair.refused(SetOrder(Order(0.5, 70, 1, 40), DOC))[0]
    (note,) = chair.accepted(RecordCare("note", "well", NURSE))
    chair.go(P.DONE, P.SIGNED)
    assert "addendum" in chair.refused(Undo(note.entry_id, NURSE, "late"))[0]


def test_what_a_care_entry_must_say(chair, routes):
    chair.go(*routes[P.BASE])
    assert "needs its term" in chair.refused(RecordCare("adverse_event", "", NURSE, {"grade": 1}))[0]
    assert "must be a number" in chair.refused(RecordCare("check", "", NURSE, {"rr": "slow"}))[0]
    (event,) = chair.accepted(RecordCare("adverse_event", "", NURSE, {"term": "Anxiety"}))
    assert event.fields == {"phase": "BASE", "hr": 74, "spo2": 98, "term": "Anxiety"}


def test_a_group_written_with_a_drug_counts(chair, routes):
    chair.go(*routes[P.REC])
    fields = {"drug": "new-pril", "dose": 1, "route": "IV", "group": "Antihypertensive"}
    chair.wait(5)
    chair.accepted(RecordCare("drug", "", NURSE, fields))
    chair.wait(31)
    assert "60 min after new-pril" in judge(chair, "d1_observation").text
