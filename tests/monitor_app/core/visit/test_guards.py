"""Each guard of clinical.md §3.2 and §12 blocks by itself, and gives way only to whom the document names."""

from dataclasses import replace

import pytest

from monitor_app.core.baseline import BaselineProposal
from monitor_app.core.commands import Advance, Answer, RecordCare, SetOrder
from monitor_app.core.journal import Order, PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.guards import guards_for

P = Phase
S = 1_000_000_000
NURSE, SAM = Actor("Nina", "nurse"), Actor("Sam", "nurse")
DOC, OTHER_DOC = Actor("Dr Ode", "prescriber"), Actor("Dr Weiss", "prescriber")

# The questions of each step that a nurse answers, and whether the document flags them (⚑, or O in §12).
ASKED = [
    (P.SCHED, P.CHECKIN, "identity", False),
    *(
        (P.CHECKIN, P.BASE, key, flagged)
        for key, flagged in {
            "consent": False,
            "contra_cardiovascular": True,
            "contra_liver": True,
            "contra_psychosis": True,
            "contra_delirium": True,
            "contra_substance": True,
            "allergies": False,
            "asa_class": False,
            "history_cardiac": False,
            "history_airway": False,
            "history_sleep_apnoea": False,
            "today_antihypertensive": False,
            "today_stimulant": False,
            "today_maoi": False,
            "today_benzodiazepine": False,
            "today_opioid": False,
            "monitor_on_patient": False,
            "room_check": False,
            "weight_kg": False,
            "weight_measured": True,
            "escort": True,
            "fasting": False,
            "pregnancy": True,
            "medication_change": False,
            "pre_vas": False,
        }.items()
    ),
    (P.READY, P.INF, "monitor_alarms", False),
    (P.READY, P.INF, "iv_site", False),
    (P.INF, P.PAUSE, "pause_reason", False),
    (P.PAUSE, P.INF, "cause_cleared", False),
    (P.INF, P.REC, "pump_volume_ml", False),
    (P.INF, P.REC, "stop_reason", False),
    (P.REC, P.DCA, "post_vas", False),
    (P.REC, P.DCA, "ae_review", False),
    *(
        (P.DCA, P.DONE, key, flagged)
        for key, flagged in {
            "d7_orientation": False,
            "d8_dissociation": True,
            "d9_calm": False,
            "d10_nausea": True,
            "d11_gait": True,
            "d13_score": True,
            "d14_vision_balance": True,
            "d15_iv_out": False,
            "d18_escort": True,
            "d19_instructions": False,
            "d20_waste": False,
            "d22_release": False,
        }.items()
    ),
    (P.BASE, P.CANCEL, "cancel_reason", False),
    (P.EMERG, P.REC, "emergency_outcome", False),
]


@pytest.mark.parametrize(("source", "target", "key", "flagged"), ASKED)
def test_a_question_blocks_by_itself(chair, routes, source, target, key, flagged):
    chair.go(*routes[source])
    chair.prepare(target, leave=key)
    reasons = chair.refused(Advance(target, NURSE))
    assert len(reasons) == 1
    assert ("A prescriber may decide otherwise" in reasons[0]) == flagged
    decision = Answer(key, None, NURSE, override_by=DOC, reason="seen")
    if not flagged:
        assert "cannot be passed by a decision" in chair.refused(decision)[0]
        return
    assert chair.refused(replace(decision, reason=" ")) == ("Passing this needs a reason.",)
    assert "Only a prescriber" in chair.refused(replace(decision, override_by=SAM))[0]
    chair.accepted(decision)
    step = next(e for e in chair.accepted(Advance(target, NURSE)) if isinstance(e, PhaseEntry))
    assert step.overrides == (key,)


WRONG = [
    (P.CHECKIN, P.BASE, "consent", False),
    (P.CHECKIN, P.BASE, "contra_psychosis", True),
    (P.CHECKIN, P.BASE, "weight_measured", "longer ago"),
    (P.CHECKIN, P.BASE, "pregnancy", "pregnant"),
    (P.CHECKIN, P.BASE, "room_check", False),
    (P.READY, P.INF, "iv_site", False),
    (P.PAUSE, P.INF, "cause_cleared", False),
    (P.DCA, P.DONE, "d8_dissociation", "distressing or strong"),
    (P.DCA, P.DONE, "d10_nausea", "more than mild"),
    (P.DCA, P.DONE, "d13_score", 8),
    (P.DCA, P.DONE, "d19_instructions", False),
]


@pytest.mark.parametrize(("source", "target", "key", "value"), WRONG)
def test_an_answer_that_does_not_pass_blocks(chair, routes, source, target, key, value):
    chair.go(*routes[source])
    chair.prepare(target)
    chair.answer(key, value)
    (reason,) = chair.refused(Advance(target, NURSE))
    assert QUESTIONS[key].text in reason


OUTSIDE = [
    (P.BASE, P.READY, {"baseline": BaselineProposal(ready=False, reasons=("Too few.",))}, "", "Too few."),
    (P.BASE, P.READY, {"hr_per_min": 121}, "hr_gate", "Heart rate 121"),
    (P.BASE, P.READY, {"hr_per_min": 39}, "hr_gate", "Heart rate 39"),
    (P.BASE, P.READY, {"hr_per_min": None}, "hr_gate", "No heart rate"),
    (P.BASE, P.READY, {"spo2_percent": 89}, "spo2_gate", "SpO2 89 %"),
    (P.READY, P.INF, {"unacknowledged_high": ("SpO2 84 < 85",)}, "", "SpO2 84 < 85"),
    (P.READY, P.INF, {"self_test": "not run"}, "", "not run"),
    (P.READY, P.INF, {"self_test": "simulated"}, "", "simulated"),
    (P.READY, P.INF, {"ecg_valid_since_t_ns": None}, "ecg_steady", "ECG not valid now"),
    (P.READY, P.INF, {"spo2_valid_since_t_ns": None}, "spo2_steady", "SpO2 not valid now"),
    (P.PAUSE, P.INF, {"active_high_physiological": ("SYS 182",)}, "resume_alarm", "SYS 182"),
    (P.DCA, P.DONE, {"hr_median_5_min_per_min": 112}, "d3_hr", "Heart rate 112"),
    (P.DCA, P.DONE, {"hr_median_5_min_per_min": 97}, "d3_hr", "baseline 72"),
    (P.DCA, P.DONE, {"hr_median_5_min_per_min": 51}, "d3_hr", "Heart rate 51"),
    (P.DCA, P.DONE, {"spo2_lowest_10_min_percent": 93}, "d4_spo2", "93 %"),
    (P.DCA, P.DONE, {"rr_per_min": 9}, "d5_rr", "Breathing 9"),
    (P.DCA, P.DONE, {"rr_per_min": None}, "d5_rr", "Count the breathing"),
    (P.DCA, P.DONE, {"standing_alarms": ("HR 122 > 120",)}, "", "HR 122 > 120"),
]


@pytest.mark.parametrize(("source", "target", "change", "flagged", "words"), OUTSIDE)
def test_what_the_program_sees_blocks_by_itself(chair, routes, source, target, change, flagged, words):
    chair.go(*routes[source])
    chair.prepare(target)
    chair.outside = replace(chair.outside, **change)
    (reason,) = chair.refused(Advance(target, NURSE))
    assert words in reason
    if not flagged:
        assert "prescriber may" not in reason
        return
    chair.answer(flagged, True)
    assert len(chair.refused(Advance(target, NURSE))) == 1
    chair.override(flagged)
    assert chair.accepted(Advance(target, NURSE))


@pytest.mark.parametrize(
    ("seconds", "met"), [(29.9, False), (30.0, True)], ids=["29.9 s of signal", "30 s of signal"]
)
def test_thirty_seconds_of_signal(chair, routes, seconds, met):
    chair.go(*routes[P.READY])
    chair.prepare(P.INF)
    since = chair.t_ns - round(seconds * S)
    chair.outside = replace(chair.outside, ecg_valid_since_t_ns=since)
    guard = next(g for g in guards_for(chair.visit, P.INF, chair.facts) if g.key == "ecg_steady")
    assert guard.met == met


# clinical.md §3.2 T3: the band a reading falls into.
BANDS = [
    (139, 89, "pass"),
    (140, 80, "amber"),
    (120, 90, "amber"),
    (159, 99, "amber"),
    (160, 80, "red"),
    (120, 100, "red"),
    (179, 109, "red"),
    (180, 80, "no start"),
    (120, 110, "no start"),
]


@pytest.mark.parametrize(("systolic", "diastolic", "band"), BANDS)
def test_the_pressure_gate(chair, routes, systolic, diastolic, band):
    chair.go(*routes[P.BASE])
    chair.reading(systolic, diastolic)
    step = Advance(P.READY, NURSE)
    if band == "pass":
        chair.accepted(step)
        return
    assert f"{systolic}/{diastolic}" in chair.refused(step)[0]
    chair.answer("bp_gate", True)
    if band == "amber":
        chair.accepted(step)
        return
    assert chair.refused(step)
    chair.override("bp_gate", DOC)
    if band == "no start":
        assert "second prescriber" in chair.refused(step)[0]
        chair.override("bp_gate_second", DOC)
        assert "Dr Ode has already decided" in chair.refused(step)[0]
        chair.override("bp_gate_second", OTHER_DOC)
    chair.accepted(step)


def test_a_decision_on_a_pressure_does_not_cover_the_next_reading(chair, routes):
    chair.go(*routes[P.BASE])
    chair.reading(165, 95)
    chair.override("bp_gate")
    chair.wait(5)
    chair.reading(172, 97)
    assert "172/97" in chair.refused(Advance(P.READY, NURSE))[0]


@pytest.mark.parametrize(
    ("change", "key", "met", "amber"),
    [
        ({"hr_per_min": 50}, "hr_gate", True, False),
        ({"hr_per_min": 110}, "hr_gate", True, False),
        ({"hr_per_min": 111}, "hr_gate", False, True),
        ({"hr_per_min": 49}, "hr_gate", False, True),
        ({"hr_per_min": 40}, "hr_gate", False, True),
        ({"hr_per_min": 120}, "hr_gate", False, True),
        ({"hr_per_min": 121}, "hr_gate", False, False),
        ({"spo2_percent": 94}, "spo2_gate", True, False),
        ({"spo2_percent": 93}, "spo2_gate", False, True),
        ({"spo2_percent": 90}, "spo2_gate", False, True),
        ({"spo2_percent": 89}, "spo2_gate", False, False),
    ],
)
def test_the_gates_of_rate_and_saturation(chair, routes, change, key, met, amber):
    chair.go(*routes[P.BASE])
    chair.reading()
    chair.outside = replace(chair.outside, **change)
    guard = next(g for g in guards_for(chair.visit, P.READY, chair.facts) if g.key == key)
    assert (guard.met, guard.amber) == (met, amber)
    chair.answer(key, True)
    after = next(g for g in guards_for(chair.visit, P.READY, chair.facts) if g.key == key)
    assert after.met == (met or amber)


def test_a_good_value_on_oxygen_is_confirmed(chair, routes):
    chair.go(*routes[P.BASE])
    chair.reading()
    chair.accepted(RecordCare("oxygen", "2 L", NURSE, {"l_per_min": 2}))
    assert "98 % on 2 L/min oxygen" in chair.refused(Advance(P.READY, NURSE))[0]
    chair.answer("spo2_gate", True)
    chair.accepted(Advance(P.READY, NURSE))


def test_questions_that_do_not_apply_are_not_asked(chair):
    def keys(**patient):
        chair.open(**patient)
        return {g.key for g in guards_for(chair.visit, P.BASE, chair.facts)}

    chair.go(P.CHECKIN)
    assert "pregnancy" in keys(sex="F", age_years=40)
    assert "pregnancy" not in keys(sex="M")
    assert "pregnancy" not in keys(sex="F", age_years=56)
    assert "weight_change" not in keys(last_weight_kg=70)
    chair.answer("weight_kg", 70)
    assert "weight_change" not in keys(last_weight_kg=67)
    assert "weight_change" in keys(last_weight_kg=66)


def test_a_monitor_that_names_somebody_else_is_warned_about(chair, routes):
    chair.go(*routes[P.CHECKIN])
    chair.prepare(P.BASE)
    chair.outside = replace(chair.outside, monitor_mismatch="The monitor says patient 4711.")
    guard = next(g for g in guards_for(chair.visit, P.BASE, chair.facts) if g.key == "monitor_on_patient")
    assert guard.met
    assert guard.amber
    assert "4711" in guard.text


def order(dose=0.5, weight=70.0, **more):
    return Order(dose, weight, 1.0, 40.0, **more)


def test_who_signs_the_order(chair, routes):
    chair.go(*routes[P.READY])
    step = Advance(P.INF, NURSE)
    assert "No dose order" in chair.refused(step)[0]
    chair.accepted(SetOrder(order(), NURSE))
    chair.prepare(P.INF, leave="order_signed")
    assert "needs the prescriber's signature" in chair.refused(step)[0]
    assert "has to be answered by a prescriber" in chair.refused(Answer("order_signed", True, NURSE))[0]
    chair.accepted(Answer("order_signed", True, DOC))
    chair.wait(0.1)
    chair.accepted(SetOrder(order(ordered_by="Dr Ode", verbal=True), NURSE))
    assert "read it back" in chair.refused(step)[0]
    chair.answer("order_readback", True)
    chair.accepted(step)


def test_above_the_soft_limit_a_second_person_enters_it_blind(chair, routes):
    chair.go(*routes[P.READY])
    chair.accepted(SetOrder(order(dose=1.2), NURSE))
    chair.accepted(Answer("order_signed", True, DOC))
    chair.answer("monitor_alarms", True)
    chair.answer("iv_site", True)
    step = Advance(P.INF, NURSE)
    assert len(chair.refused(step)) == 2
    chair.answer("second_check_weight_kg", 70, NURSE)
    chair.answer("second_check_dose_mg_per_kg", 1.0, SAM)
    weight, dose = chair.refused(step)
    assert "another person" in weight
    assert "does not agree" in dose
    chair.answer("second_check_weight_kg", 70, SAM)
    chair.answer("second_check_dose_mg_per_kg", 1.2, SAM)
    chair.accepted(step)


def test_an_order_for_another_weight_is_confirmed(chair, routes):
    chair.go(*routes[P.READY])
    chair.accepted(SetOrder(order(weight=62), DOC))
    chair.prepare(P.INF, leave="order_weight")
    assert "62 kg, the scale says 70 kg" in chair.refused(Advance(P.INF, NURSE))[0]
    chair.answer("order_weight", True)
    chair.accepted(Advance(P.INF, NURSE))


def test_a_run_without_sound_counts_in_a_simulated_visit(chair, routes):
    chair.open(simulated=True)
    chair.go(*routes[P.READY])
    chair.prepare(P.INF)
    chair.outside = replace(chair.outside, self_test="simulated")
    chair.accepted(Advance(P.INF, NURSE))


def test_answers_about_the_moment_are_asked_again_in_the_next_phase(chair, routes):
    chair.go(*routes[P.DCA])
    chair.answer_for(P.DONE)
    chair.wait(1)
    chair.accepted(Advance(P.REC, NURSE))
    chair.wait(1)
    chair.go(P.DCA)
    asked = {g.key: g.met for g in guards_for(chair.visit, P.DONE, chair.facts)}
    assert not asked["d11_gait"]
    assert asked["d15_iv_out"]
