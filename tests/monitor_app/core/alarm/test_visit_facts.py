"""What the rules are told of a visit (clinical.md §6.5, §6.7)."""

import pytest

from monitor_app.core.alarm.facts import NurseFacts, Rating
from monitor_app.core.alarm.visit_facts import nurse_facts, work_facts
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import Phase
from monitor_app.core.visit.discharge_guards import bp_recovered
from monitor_app.core.visit.facts import ClinicRules, VisitFacts
from tests.monitor_app.core.alarm.alarm_helpers import engine, facts, reading
from tests.monitor_app.core.alarm.visit_maker import MIN, Made


def test_nothing_entered():
    assert nurse_facts(Made().visit) == NurseFacts()


def test_the_last_ratings_count():
    made = Made().care(1, "check", moaas=4, rass=0).care(2, "check", moaas="not disturbed", rr=12)
    made.care(3, "check", poss="S", rr=14)
    found = nurse_facts(made.visit)
    assert (found.moaas, found.rass, found.poss) == (Rating(4, MIN), Rating(0, MIN), None)
    assert found.rr_counted == Rating(14, 3 * MIN)


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("adverse_event", {"term": "Panic attack"}, "Panic attack"),
        ("adverse_event", {"term": "Feeling of impending death", "grade": 2}, "Feeling of impending death"),
        ("adverse_event", {"term": "Dissociation", "grade": 3}, "Dissociation"),
        ("check", {"dissociation": 3}, "Severe dissociation"),
        ("adverse_event", {"term": "Dissociation", "grade": 2}, None),
        ("adverse_event", {"term": "Anxiety"}, None),
        ("check", {"dissociation": 2}, None),
    ],
)
def test_distress(kind, fields, text):
    found = nurse_facts(Made().care(5, kind, **fields).visit).distress
    assert (found and found.text) == text
    assert found is None or found.t_ns == 5 * MIN


def test_the_newest_event_counts_and_what_was_taken_back_does_not():
    made = Made().care(1, "adverse_event", term="Vomiting").care(2, "adverse_event", term="Suicidal ideation")
    made.care(3, "adverse_event", term="Vomiting")
    found = nurse_facts(made.visit)
    assert found.vomiting is not None
    assert (found.vomiting.t_ns, found.suicidal is not None) == (3 * MIN, True)
    taken_back = nurse_facts(made.void_last(4).visit).vomiting
    assert taken_back is not None
    assert taken_back.t_ns == MIN


def test_pause_and_recovery_count_from_their_steps():
    made = Made().phase(0, Phase.INF).pump(0, "started").phase(7, Phase.PAUSE)
    assert work_facts(made.visit, ClinicRules()).paused_since_t_ns == 7 * MIN
    made.phase(8, Phase.INF).pump(40, "completed").phase(41, Phase.REC).phase(80, Phase.DCA).phase(
        82, Phase.REC
    )
    found = work_facts(made.visit, ClinicRules())
    assert (found.paused_since_t_ns, found.recovery_since_t_ns) == (None, 41 * MIN)
    assert found.pain_unrated
    made.care(90, "vas", value=3)
    assert not work_facts(made.visit, ClinicRules()).pain_unrated


PRESSURES = [(s, d) for s in range(84, 196, 8) for d in range(46, 112, 6) if s - d >= 20]


@pytest.mark.parametrize("baseline", [(110, 70), (120, 80), (125, 72), (150, 92), (180, 100), None])
def test_al_bp_12_says_what_the_checklist_says(baseline):
    """The alarm, the guard of T8 and line D2 ask the same question of a reading (docs/decisions/0013)."""
    base = None if baseline is None else Baseline(*baseline, 72, 98, None)
    for systolic, diastolic in PRESSURES:
        made = Made().phase(0, Phase.REC).cuff(10, systolic, diastolic)
        if base is not None:
            made.baseline(base)
        alarms = engine()
        reading_then = (reading(1, 600, systolic, diastolic),)
        alarms.evaluate(
            facts(1800, phase=Phase.REC, readings=reading_then, baseline=base, recovery_minimum_t_ns=30 * MIN)
        )
        alarmed = any(c.rule.id == "AL-BP-12" for c in alarms.conditions)
        ready = bp_recovered(made.visit, VisitFacts(30 * MIN)).met
        assert alarmed is not ready, (systolic, diastolic)
