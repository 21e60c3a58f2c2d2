"""What is recorded at the chair: the pump, care, taking back."""

import pytest

from monitor_app.core.commands import RecordCare, RecordInfusion, Undo
from monitor_app.core.journal import InfusionEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.infusion import infusion_of

P = Phase
MIN = 60 * 1_000_000_000
NURSE = Actor("Nina", "nurse")


def test_a_rate_changes_what_is_counted(chair, routes):
    chair.go(*routes[P.INF])
    start = infusion_of(chair.visit).t0_ns
    chair.t_ns = start + 20 * MIN
    (entry,) = chair.accepted(RecordInfusion("rate", NURSE, rate_ml_per_h=26.25))
    chair.wait(40)
    assert infusion_of(chair.visit).given_mg(chair.t_ns) == pytest.approx(35.0)
    chair.accepted(RecordInfusion("volume", NURSE, pump_volume_ml=30))
    assert infusion_of(chair.visit).pump_checks[-1].disagrees
    chair.accepted(Undo(entry.entry_id, NURSE, "misread"))
    assert infusion_of(chair.visit).given_mg(chair.t_ns) == pytest.approx(52.5)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (RecordInfusion("rate", NURSE), "more than 0"),
        (RecordInfusion("rate", NURSE, rate_ml_per_h=0), "more than 0"),
        (RecordInfusion("rate", NURSE, rate_ml_per_h=float("nan")), "more than 0"),
        (RecordInfusion("volume", NURSE), "Read the volume"),
        (RecordInfusion("volume", NURSE, pump_volume_ml=-1), "from 0 to 2000"),
        (RecordInfusion("paused", NURSE), "step of the visit"),
        (RecordInfusion("bolus", NURSE), "nothing a pump does"),
    ],
)
def test_pump_records_that_make_no_sense(chair, routes, command, words):
    chair.go(*routes[P.INF])
    assert any(words in reason for reason in chair.refused(command))


def test_an_adverse_event_takes_the_moment_along(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(9.5)
    chair.reading(165, 92)
    chair.wait(0.5)
    (event,) = chair.accepted(RecordCare("adverse_event", "", NURSE, {"term": "Hypertension", "grade": 3}))
    assert event.fields == {
        "phase": "INF",
        "given_mg": 9.19,
        "hr": 74,
        "spo2": 98,
        "sys": 165,
        "dia": 92,
        "nibp_age_s": 30,
        "term": "Hypertension",
        "grade": 3,
    }


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("vas", {"value": 11}, "0 to 10"),
        ("vas", {}, "needs value"),
        ("check", {"moaas": 6}, "0 to 5"),
        ("check", {"moaas": "not disturbed"}, "breathing rate"),
        ("check", {}, "Nothing was written"),
        ("oxygen", {"l_per_min": 40}, "0 to 15"),
        ("drug", {}, "needs drug"),
        ("adverse_event", {"term": "Nausea", "grade": 6}, "1 to 5"),
        ("adverse_event", {"term": "Nausea", "outcome": "fine"}, "outcome is one of"),
        ("adverse_event", {"updates": "e999"}, "not in this visit"),
        ("song", {"value": 1}, "not something"),
    ],
)
def test_care_that_cannot_be_recorded(chair, routes, kind, fields, words):
    chair.go(*routes[P.INF])
    assert any(words in reason for reason in chair.refused(RecordCare(kind, "", NURSE, fields)))


def test_undo_within_ten_seconds_and_with_a_reason_later(chair, routes):
    chair.go(*routes[P.INF])
    (note,) = chair.accepted(RecordCare("note", "mask on", NURSE))
    chair.wait(10 / 60)
    chair.accepted(Undo(note.entry_id, NURSE))
    assert chair.visit.care == ()
    assert "already" in chair.refused(Undo(note.entry_id, NURSE))[0]
    (late,) = chair.accepted(RecordCare("note", "mask off", NURSE))
    chair.wait(10.1 / 60)
    assert "give a reason" in chair.refused(Undo(late.entry_id, NURSE))[0]
    chair.accepted(Undo(late.entry_id, NURSE, "another patient"))
    assert "no such entry" in chair.refused(Undo("e999", NURSE))[0]


def test_steps_are_not_undone(chair, routes):
    chair.go(*routes[P.INF])
    started = chair.visit.infusion[0]
    assert isinstance(started, InfusionEntry)
    assert "step of the visit" in chair.refused(Undo(started.entry_id, NURSE))[0]
