"""The lines of clinical.md §12 that the program judges, as tables."""

from dataclasses import replace

import pytest

from monitor_app.core.commands import Advance, Answer, RecordCare
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.guards import JUDGED
from monitor_app.core.visit.recovery import at_risk, recovery_minimum

P = Phase
MIN = 60 * 1_000_000_000
NURSE, DOC = Actor("Nina", "nurse"), Actor("Dr Ode", "prescriber")


def judge(chair, key):
    guard = JUDGED[key](chair.visit, chair.facts)
    assert guard is not None
    return guard


def confirmed_alarm(chair, rule="AL-BP-02"):
    chair.store(
        AlarmEntry(
            chair.stamp,
            "o1",
            rule,
            AlarmClass.PHYSIOLOGICAL,
            Priority.MEDIUM,
            "IDLE",
            "ACTIVE",
            P.INF,
            165,
            160,
            "SYS 165 > 160",
        )
    )


# Readings before the question as (minutes ago, systolic, diastolic); baseline is 124/78 (±20 %: 99-149 / 62-94).
D2 = [
    ([(6, 130, 80), (1, 128, 79)], True),
    ([(5, 148, 92), (0, 146, 90)], True),
    ([(5, 150, 80), (0, 130, 80)], False),
    ([(5, 139, 96), (0, 130, 80)], False),
    ([(5, 98, 70), (0, 96, 68)], True),
    ([(3, 130, 80), (0, 128, 79)], False),
    ([(10, 130, 80), (3, 155, 80), (0, 128, 79)], False),
    ([(11, 130, 80), (6, 128, 78)], False),
    ([(14, 162, 80), (8, 130, 80), (2, 128, 79)], False),
    ([(16, 162, 80), (8, 130, 80), (2, 128, 79)], True),
    ([(14, 120, 100), (8, 130, 80), (2, 128, 79)], False),
    ([], False),
]


@pytest.mark.parametrize(("readings", "met"), D2)
def test_d2(chair, routes, readings, met):
    chair.go(*routes[P.DCA])
    chair.visit = replace(chair.visit, readings=())
    now = chair.t_ns
    for ago, systolic, diastolic in readings:
        chair.t_ns = now - ago * MIN
        chair.reading(systolic, diastolic)
    chair.t_ns = now
    assert judge(chair, "d2_bp").met == met


@pytest.mark.parametrize(
    ("hr", "usual", "met"),
    [
        (50, 60, True),
        (49, 60, False),
        (92, 72, True),
        (93, 72, False),
        (110, 95, True),
        (110, 89, False),
        (111, 100, False),
        (110, 92, True),
        (108, None, True),
        (None, 72, False),
    ],
)
def test_d3(chair, routes, hr, usual, met):
    chair.go(*routes[P.DCA])
    baseline = chair.visit.baseline
    changed = replace(baseline, baseline=replace(baseline.baseline, hr_per_min=usual))
    chair.store(changed)
    chair.outside = replace(chair.outside, hr_median_5_min_per_min=hr)
    assert judge(chair, "d3_hr").met == met


@pytest.mark.parametrize(
    ("usual", "lowest", "off_min", "met"),
    [
        (98, 94, None, True),
        (98, 93, None, False),
        (93, 91, None, True),
        (93, 90, None, False),
        (98, 97, 9, False),
        (98, 97, 10, True),
        (98, None, None, False),
    ],
)
def test_d4(chair, routes, usual, lowest, off_min, met):
    chair.go(*routes[P.DCA])
    baseline = chair.visit.baseline
    chair.store(replace(baseline, baseline=replace(baseline.baseline, spo2_percent=usual)))
    chair.outside = replace(chair.outside, spo2_lowest_10_min_percent=lowest)
    if off_min is not None:
        chair.accepted(RecordCare("oxygen", "", NURSE, {"l_per_min": 2}))
        assert "Still on 2 L/min" in judge(chair, "d4_spo2").text
        chair.accepted(RecordCare("oxygen", "", NURSE, {"l_per_min": 0}))
        chair.wait(off_min)
    assert judge(chair, "d4_spo2").met == met


def test_d4_with_the_oxygen_of_home(chair, routes):
    chair.go(*routes[P.DCA])
    chair.accepted(RecordCare("oxygen", "", NURSE, {"l_per_min": 1.5, "home": True}))
    assert judge(chair, "d4_spo2").met


@pytest.mark.parametrize(("rr", "met"), [(10, True), (24, True), (9, False), (25, False)])
def test_d5_counts_the_monitor_or_the_nurse(chair, routes, rr, met):
    chair.go(*routes[P.DCA])
    chair.outside = replace(chair.outside, rr_per_min=rr)
    assert judge(chair, "d5_rr").met == met
    chair.outside = replace(chair.outside, rr_per_min=None)
    chair.check(rr=rr)
    assert judge(chair, "d5_rr").met == met
    chair.wait(15.1)
    assert "Count the breathing" in judge(chair, "d5_rr").text


# Sedation checks in recovery as (minutes after its start, MOAA/S); what T8 and D6 say.
SEDATION = [
    ([], False, False),
    ([(5, 5)], True, False),
    ([(5, 5), (14, 5)], True, False),
    ([(5, 5), (15, 5)], True, True),
    ([(5, 5), (10, 4), (16, 5)], True, False),
    ([(5, 4), (10, 5), (20, 5)], True, True),
    ([(5, 5), (20, 4)], False, False),
    ([(5, 5), (20, "not disturbed")], True, False),
]


@pytest.mark.parametrize(("rated", "t8", "d6"), SEDATION)
def test_sedation(chair, routes, rated, t8, d6):
    chair.go(*routes[P.INF])
    chair.check(moaas=5)
    chair.go(P.REC)
    start = chair.t_ns
    for minutes, value in rated:
        chair.t_ns = start + minutes * MIN
        chair.check(moaas=value, rr=14)
    assert judge(chair, "moaas_5").met == t8
    assert judge(chair, "d6_sedation").met == d6


@pytest.mark.parametrize(
    ("patient", "risk"),
    [
        ({"age_years": 49}, False),
        ({"age_years": 50}, True),
        ({"age_years": 30, "htn": True}, True),
        ({"age_years": None}, False),
    ],
)
def test_the_risk_badge(chair, patient, risk):
    chair.open(**patient)
    assert at_risk(chair.visit) == risk


def minimum(chair, **rules):
    found = recovery_minimum(chair.visit, ClinicRules(**rules))
    assert found is not None
    return (found.t_ns - end_of(chair)) / MIN, found.reason


def end_of(chair):
    return next(e.stamp.t_ns for e in chair.visit.infusion if e.action in {"completed", "stopped"})


def test_d1_is_the_latest_of_its_rules(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(20)
    confirmed_alarm(chair, "AL-BP-03")
    chair.go(P.REC)
    assert minimum(chair) == (30, "30 min after the infusion")
    assert minimum(chair, recovery_min=120) == (120, "120 min after the infusion")
    confirmed_alarm(chair)
    assert minimum(chair) == (60, "60 min: high pressure was confirmed")
    chair.t_ns = end_of(chair) + 5 * MIN
    chair.accepted(RecordCare("drug", "", NURSE, {"drug": "Labetalol", "dose": 10, "route": "IV"}))
    assert minimum(chair) == (65, "60 min after Labetalol")
    chair.accepted(RecordCare("drug", "", NURSE, {"drug": "clonidine", "dose": 0.1, "route": "oral"}))
    chair.accepted(RecordCare("drug", "", NURSE, {"drug": "ondansetron", "dose": 4, "route": "IV"}))
    assert minimum(chair) == (65, "60 min after Labetalol")


def test_premedication_does_not_lengthen_the_observation(chair, routes):
    chair.go(*routes[P.READY])
    chair.accepted(RecordCare("drug", "", NURSE, {"drug": "midazolam", "dose": 1, "route": "IV"}))
    chair.go(P.INF, P.REC)
    assert minimum(chair)[0] == 30


def test_age_lengthens_it(chair, routes):
    chair.open(age_years=61)
    chair.go(*routes[P.REC])
    assert minimum(chair) == (60, "60 min: risk badge")


def test_leaving_early_is_a_prescribers_decision_that_holds_to_discharge(chair, routes):
    chair.go(*routes[P.REC])
    chair.wait(10)
    chair.check(moaas=5)
    chair.reading()
    chair.answer("post_vas", 2)
    chair.answer("ae_review", "none observed")
    (reason,) = chair.refused(Advance(P.DCA, NURSE))
    assert reason.startswith("19:30 of the minimum observation left")
    chair.override("d1_observation")
    chair.wait(0.2)
    chair.accepted(Advance(P.DCA, NURSE))
    assert judge(chair, "d1_observation").overridden


def test_pressure_not_back_keeps_in_recovery(chair, routes):
    chair.go(*routes[P.REC])
    chair.prepare(P.DCA)
    chair.reading(152, 88)
    (reason,) = chair.refused(Advance(P.DCA, NURSE))
    assert "152/88: not back" in reason
    chair.override("bp_recovered")
    chair.accepted(Advance(P.DCA, NURSE))


def test_pain_before_the_end_is_not_pain_after_it(chair, routes):
    chair.go(*routes[P.INF])
    chair.accepted(RecordCare("vas", "", NURSE, {"value": 3}))
    chair.go(P.REC)
    assert not judge(chair, "post_vas").met
    chair.accepted(RecordCare("vas", "", NURSE, {"value": 0}))
    assert judge(chair, "post_vas").text == "Pain 0 after the infusion."
    chair.wait(1)
    chair.answer("post_vas", 1)
    assert "Pain 1 " in judge(chair, "d12_pain").text


def test_none_observed_does_not_stand_beside_an_event(chair, routes):
    chair.go(*routes[P.DCA])
    (event,) = chair.accepted(RecordCare("adverse_event", "", NURSE, {"term": "Nausea"}))
    chair.answer("ae_review", "none observed")
    assert "cannot be" in judge(chair, "ae_review").text
    chair.answer("ae_review", "all recorded")
    assert judge(chair, "ae_review").met
    assert judge(chair, "d16_events").text == "Grade or outcome missing: Nausea."
    done = {"updates": event.entry_id, "grade": 1, "outcome": "recovering"}
    chair.accepted(RecordCare("adverse_event", "", NURSE, done))
    assert judge(chair, "d16_events").met
    assert judge(chair, "wf07_ongoing").text == "Still going on: Nausea."
    chair.override("wf07_ongoing")
    assert judge(chair, "wf07_ongoing").met
    chair.accepted(
        RecordCare("adverse_event", "", NURSE, {"updates": event.entry_id, "outcome": "recovered"})
    )
    assert JUDGED["wf07_ongoing"](chair.visit, chair.facts) is None


def test_an_ongoing_event_is_confirmed_at_the_signature(chair, routes):
    chair.go(*routes[P.DCA])
    fields = {"term": "Headache", "grade": 1, "outcome": "recovering"}
    chair.accepted(RecordCare("adverse_event", "", NURSE, fields))
    chair.answer("ae_review", "all recorded")
    chair.override("wf07_ongoing")
    chair.go(P.DONE)
    assert not judge(chair, "events_settled").met
    chair.answer("ae_ongoing_confirmed", True)
    assert judge(chair, "events_settled").met


def test_the_score_proposes_its_line_of_vital_signs(chair, routes):
    chair.go(*routes[P.DCA])
    chair.reading(150, 80)
    assert "vital signs 1 (PADSS), circulation 1 (Aldrete)" in judge(chair, "d13_score").text
    chair.accepted(Answer("d13_score", 9, NURSE))
    assert judge(chair, "d13_score").met
