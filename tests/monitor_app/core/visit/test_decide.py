"""What commands become: the entries of each step, refusals in words, taking back, signing."""

from dataclasses import replace

import pytest

from monitor_app.core.commands import (
    Acknowledge,
    Advance,
    Answer,
    Emergency,
    FreezeBaseline,
    NibpNow,
    RecordCare,
    RecordInfusion,
    SetOrder,
    Sign,
)
from monitor_app.core.journal import (
    AnswerEntry,
    BaselineEntry,
    CareEntry,
    Order,
    PhaseEntry,
    RefusalEntry,
    SignatureEntry,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.signing import addendum_unsigned

P = Phase
MIN = 60 * 1_000_000_000
NURSE, LEAD = Actor("Nina", "nurse"), Actor("Lea", "clinical lead")
DOC = Actor("Dr Ode", "prescriber")


def kinds(entries):
    return [type(entry).__name__ for entry in entries]


def test_going_on_freezes_the_baseline_first(chair, routes):
    chair.go(*routes[P.BASE])
    chair.prepare(P.READY)
    frozen, step = chair.accepted(Advance(P.READY, NURSE))
    assert isinstance(frozen, BaselineEntry)
    assert isinstance(step, PhaseEntry)
    assert frozen.nibp_ids == ("n1", "n2")
    assert chair.visit.baseline is frozen


def test_a_baseline_frozen_before_is_kept(chair, routes):
    chair.go(*routes[P.BASE])
    chair.accepted(FreezeBaseline(NURSE))
    assert "needs a reason" in chair.refused(FreezeBaseline(NURSE))[0]
    chair.accepted(FreezeBaseline(NURSE, "patient had been walking"))
    chair.prepare(P.READY)
    assert kinds(chair.accepted(Advance(P.READY, NURSE))) == ["PhaseEntry"]


def test_no_baseline_after_the_start(chair, routes):
    chair.go(*routes[P.INF])
    assert "before the infusion" in chair.refused(FreezeBaseline(NURSE, "too high"))[0]


def test_start_pause_resume_and_end_are_recorded_at_the_pump(chair, routes):
    chair.go(*routes[P.READY])
    chair.prepare(P.INF)
    _, started = chair.accepted(Advance(P.INF, NURSE))
    assert (started.action, started.rate_ml_per_h) == ("started", pytest.approx(52.5))
    chair.wait(10)
    answer, step, paused = chair.accepted(Advance(P.PAUSE, NURSE, reason="Blood pressure"))
    assert isinstance(answer, AnswerEntry)
    assert answer.value == "blood pressure"
    assert (step.to_phase, paused.action, paused.reason) == (P.PAUSE, "paused", "blood pressure")
    chair.wait(5)
    chair.answer("cause_cleared", True)
    _, resumed = chair.accepted(Advance(P.INF, NURSE))
    assert resumed.action == "resumed"
    chair.wait(30)
    volume, _, done = chair.accepted(Advance(P.REC, NURSE, pump_volume_ml=35.2))
    assert (volume.key, volume.value) == ("pump_volume_ml", 35.2)
    assert (done.action, done.pump_volume_ml, done.reason) == ("completed", 35.2, "")
    infusion = infusion_of(chair.visit)
    assert infusion.given_mg(chair.t_ns + 60 * MIN) == pytest.approx(35.0)
    assert infusion.running_s(chair.t_ns) == pytest.approx(40 * 60)
    assert not infusion.pump_checks[-1].disagrees


def test_words_outside_the_list_become_another_reason(chair, routes):
    chair.go(*routes[P.INF])
    answer, _, paused = chair.accepted(Advance(P.PAUSE, NURSE, reason="  fire   drill "))
    assert answer.value == "other: fire drill"
    assert paused.reason == "other: fire drill"


def test_an_early_end_needs_its_reason_and_volume(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(20)
    volume, reason = chair.refused(Advance(P.REC, NURSE))
    assert "pump's display" in volume
    assert "of 35 mg given" in reason
    entries = chair.accepted(Advance(P.REC, NURSE, reason="patient wants to stop", pump_volume_ml=18))
    assert kinds(entries) == ["AnswerEntry", "AnswerEntry", "PhaseEntry", "InfusionEntry"]
    assert (entries[-1].action, entries[-1].reason) == ("stopped", "patient wants to stop")


def test_the_end_is_when_the_pump_stopped_not_the_click(chair, routes):
    chair.go(*routes[P.INF])
    t0 = infusion_of(chair.visit).t0_ns
    chair.wait(42)
    chair.answer("end_min_ago", 2)
    clicked = chair.t_ns
    entries = chair.accepted(Advance(P.REC, NURSE, pump_volume_ml=35))
    end = entries[-1]
    assert end.stamp.t_ns == clicked - 2 * MIN
    assert end.stamp.utc_ms == entries[-2].stamp.utc_ms - 120_000
    assert infusion_of(chair.visit).t_end_ns == end.stamp.t_ns > t0


def test_an_end_before_the_start_is_questioned(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(5)
    chair.answer("end_min_ago", 50)
    reasons = chair.refused(Advance(P.REC, NURSE, reason="other", pump_volume_ml=3))
    assert "before it last started" in reasons[0]


def test_ending_a_pause_ends_when_the_pump_stopped(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(10)
    chair.accepted(Advance(P.PAUSE, NURSE, reason="heart rate"))
    paused = chair.t_ns
    chair.wait(8)
    chair.accepted(Advance(P.REC, NURSE, reason="heart rate", pump_volume_ml=9))
    assert infusion_of(chair.visit).t_end_ns == paused


def test_the_start_can_be_dated_back_within_the_time_out(chair, routes):
    chair.go(*routes[P.READY])
    chair.wait(10)
    chair.prepare(P.INF)
    chair.answer("start_min_ago", 3)
    _, started = chair.accepted(Advance(P.INF, NURSE))
    assert started.stamp.t_ns == chair.t_ns - 3 * MIN


@pytest.mark.parametrize(("seconds", "who", "ok"), [(59, LEAD, True), (61, LEAD, False), (30, NURSE, False)])
def test_started_by_mistake(chair, routes, seconds, who, ok):
    chair.go(*routes[P.READY])
    chair.prepare(P.INF)
    _, started = chair.accepted(Advance(P.INF, NURSE))
    chair.wait(seconds / 60)
    command = Advance(P.READY, who, reason="wrong button")
    if not ok:
        chair.refused(command)
        return
    _, step, void = chair.accepted(command)
    assert step.to_phase is P.READY
    assert isinstance(void, VoidEntry)
    assert void.entry_id == started.entry_id
    assert infusion_of(chair.visit).t0_ns is None


@pytest.mark.parametrize("phase", [P.BASE, P.READY, P.INF, P.PAUSE, P.REC, P.DCA])
def test_an_emergency_asks_nothing_and_nobody(chair, routes, phase):
    chair.go(*routes[phase])
    (step,) = chair.accepted(Emergency(Actor("", "auditor")))
    assert (step.from_phase, step.to_phase) == (phase, P.EMERG)


def test_no_emergency_without_a_patient(chair):
    assert "no step" in chair.refused(Emergency(NURSE))[0]


def test_leaving_an_emergency_needs_the_pump_off(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(10)
    chair.accepted(Emergency(NURSE))
    leave = Advance(P.DONE, NURSE, reason="transferred to hospital")
    assert "pump was stopped" in chair.refused(leave)[0]
    chair.wait(1)
    chair.accepted(RecordInfusion("stopped", NURSE, pump_volume_ml=9.6))
    chair.accepted(leave)
    assert infusion_of(chair.visit).given_mg(chair.t_ns + MIN) == pytest.approx(11.5 / 40 * 35)
    reasons = " ".join(chair.refused(Sign(NURSE)))
    assert "serious-event form" in reasons
    assert "pain after the infusion" in reasons


@pytest.mark.parametrize("role", ["auditor", "admin", "trainer"])
def test_who_only_looks_on_cannot_act(chair, role):
    by = Actor("Ada", role)
    for command in (Advance(P.CHECKIN, by), Answer("identity", True, by), RecordCare("note", "x", by)):
        assert any("looks on" in reason for reason in chair.refused(command))


def test_a_trainer_may_act_in_a_simulated_visit(chair):
    chair.open(simulated=True)
    chair.accepted(Answer("identity", True, Actor("Tom", "trainer")))


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Order(5, 70, 1, 40), "hard limit of 2.5 mg/kg"),
        (Order(0.014, 70, 1, 40), "unit error"),
        (Order(0.5, 7000, 1, 40), "between 30 and 250 kg"),
        (Order(0.5, 70, 0, 40), "Concentration must be between"),
        (Order(0.5, 70, 1, 10), "below the hard limit of 20 min"),
        (Order(0.5, 70, 1, 40, verbal=True), "name of who gave it"),
        (Order(0.5, 70, 1, 40, drug="esketamine"), "for ketamine"),
    ],
)
def test_orders_that_cannot_be_meant(chair, routes, order, words):
    chair.go(*routes[P.BASE])
    assert any(words in reason for reason in chair.refused(SetOrder(order, DOC)))


def test_a_tenfold_step_from_the_last_dose_stops(chair, routes):
    chair.open(last_dose_mg_per_kg=0.1)
    chair.go(*routes[P.BASE])
    assert "decimal point" in chair.refused(SetOrder(Order(1.0, 70, 1, 60), DOC))[0]


def test_another_bag_is_another_infusion(chair, routes):
    chair.go(*routes[P.INF])
    assert "while the infusion goes on" in chair.refused(SetOrder(Order(0.5, 70, 2, 40), DOC))[0]
    chair.accepted(SetOrder(Order(0.6, 70, 1, 48), DOC))


def test_the_nurse_signs_then_the_prescriber_locks(chair, routes):
    chair.go(*routes[P.DONE])
    assert "nurse signs first" in chair.refused(Sign(DOC))[0]
    assert "typed name" in chair.refused(Sign(Actor("", "nurse")))[0]
    (first,) = chair.accepted(Sign(NURSE))
    assert isinstance(first, SignatureEntry)
    assert "signed already" in chair.refused(Sign(NURSE))[0]
    second, locked = chair.accepted(Sign(DOC, "reviewed"))
    assert (second.meaning, second.record_sha256, locked.to_phase) == ("reviewed", "ab" * 32, P.SIGNED)
    for command in (Answer("escort", "x", NURSE), RecordCare("note", "x", NURSE), Sign(DOC)):
        chair.refused(command)


def test_no_signature_on_a_record_still_being_stored(chair, routes):
    chair.go(*routes[P.DONE])
    chair.outside = replace(chair.outside, record_sha256="")
    assert "still being stored" in chair.refused(Sign(NURSE))[0]


def test_a_verbal_order_is_cosigned_before_the_record(chair, routes):
    chair.go(*routes[P.READY])
    chair.accepted(SetOrder(Order(0.5, 70, 1, 40, ordered_by="Dr Ode", verbal=True), NURSE))
    chair.go(P.INF, P.REC, P.DCA, P.DONE)
    chair.accepted(Sign(NURSE))
    assert "I gave this verbal order" in chair.refused(Sign(DOC))[0]
    chair.accepted(Answer("order_cosign", True, DOC))
    chair.accepted(Sign(DOC))


def test_an_addendum_is_signed_itself(chair, routes):
    chair.go(*routes[P.SIGNED])
    assert not addendum_unsigned(chair.visit)
    _, step, note = chair.accepted(Advance(P.SIGNED, NURSE, reason="Called the next day: well."))
    assert isinstance(note, CareEntry)
    assert (step.to_phase, note.fields) == (P.SIGNED, {"addendum": True})
    assert addendum_unsigned(chair.visit)
    chair.wait(0.1)
    chair.accepted(Sign(NURSE, "addendum"))
    assert not addendum_unsigned(chair.visit)


def test_alarms_and_the_cuff_are_answered_elsewhere(chair):
    assert chair.do(Acknowledge(NURSE)) == ()
    assert chair.do(NibpNow(NURSE)) == ()


def test_a_refusal_names_what_was_asked_and_by_whom(chair):
    (entry,) = chair.do(Advance(P.INF, NURSE))
    assert isinstance(entry, RefusalEntry)
    assert (entry.action, entry.by) == ("Scheduled to Infusion", NURSE)


def test_unknown_questions_and_impossible_answers(chair):
    assert "no question" in chair.refused(Answer("shoe_size", 43, NURSE))[0]
    assert "yes or no" in chair.refused(Answer("identity", 1, NURSE))[0]
    assert "0 to 10" in chair.refused(Answer("pre_vas", 11, NURSE))[0]
    assert "one of" in chair.refused(Answer("asa_class", "VI", NURSE))[0]
    assert "needs words" in chair.refused(Answer("allergies", "  ", NURSE))[0]
