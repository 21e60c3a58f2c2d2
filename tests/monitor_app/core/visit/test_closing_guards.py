"""Guards of the signature, after a visit that ended otherwise (clinical.md §3.2 T12, T14)."""

import pytest

from monitor_app.core.commands import Advance, Emergency, RecordCare, RecordInfusion, Sign
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.guards import JUDGED, guards_for

P = Phase
NURSE, DOC = Actor("Nina", "nurse"), Actor("Dr Ode", "prescriber")
SERIOUS = {"term": "Chest pain", "grade": 3, "outcome": "recovered", "serious": True}


def missing(chair):
    return {g.key for g in guards_for(chair.visit, P.SIGNED, chair.facts) if not g.met}


def test_a_transfer_is_signed_with_what_could_be_had(chair, routes):
    chair.go(*routes[P.INF])
    chair.accepted(Emergency(NURSE))
    chair.accepted(RecordInfusion("paused", NURSE))
    chair.accepted(RecordInfusion("stopped", NURSE, pump_volume_ml=0.5))
    assert "No infusion is going on" in chair.refused(RecordInfusion("stopped", NURSE))[0]
    chair.accepted(Advance(P.DONE, NURSE, reason="transferred to hospital"))
    assert missing(chair) == {"record_complete", "serious_event_form", "nurse_signed"}
    chair.accepted(RecordCare("adverse_event", "", NURSE, SERIOUS))
    chair.override("record_complete")
    chair.accepted(Sign(NURSE))
    _, locked = chair.accepted(Sign(DOC))
    assert locked.overrides == ("record_complete",)


def test_an_emergency_before_the_infusion_asks_for_no_pump(chair, routes):
    chair.go(*routes[P.BASE])
    chair.accepted(Emergency(NURSE))
    assert {g.key for g in guards_for(chair.visit, P.REC, chair.facts)} == {"emergency_outcome"}
    chair.accepted(Advance(P.DONE, NURSE, reason="transferred to hospital"))
    guard = JUDGED["record_complete"](chair.visit, chair.facts)
    assert guard is not None
    assert guard.text == "Missing: review of adverse events."


def test_recovery_after_an_emergency_without_infusion_counts_from_its_start(chair, routes):
    chair.go(*routes[P.BASE])
    chair.accepted(Emergency(NURSE))
    chair.wait(2)
    chair.accepted(Advance(P.REC, NURSE, reason="resolved, stays here"))
    chair.wait(31)
    guard = JUDGED["d1_observation"](chair.visit, chair.facts)
    assert guard is not None
    assert guard.met


def test_a_rebuilt_record_without_its_parts_says_so(chair, routes):
    chair.go(*routes[P.INF])
    chair.visit = chair.visit.__class__(infusion=chair.visit.infusion)
    guard = JUDGED["record_complete"](chair.visit, chair.facts)
    assert guard is not None
    assert guard.text == (
        "Missing: pain before the infusion, pain after the infusion, end of the infusion, "
        "review of adverse events."
    )


def test_an_incomplete_event_cannot_be_signed(chair, routes):
    chair.go(*routes[P.DONE])
    chair.accepted(RecordCare("adverse_event", "Hiccups", NURSE))
    assert missing(chair) == {"events_settled", "nurse_signed"}


@pytest.mark.parametrize("phase", [P.CHECKIN, P.INF, P.REC, P.DCA])
def test_nobody_signs_before_the_patient_has_left(chair, routes, phase):
    chair.go(*routes[phase])
    assert "after the patient has left" in chair.refused(Sign(NURSE))[0]


def test_only_nurse_and_prescriber_sign_and_the_button_is_sign(chair, routes):
    chair.go(*routes[P.DONE])
    assert "does not" in chair.refused(Sign(Actor("Ada", "auditor")))[0]
    assert "Sign the record" in chair.refused(Advance(P.SIGNED, DOC))[0]
