"""Ratings and entries of the nurse (clinical.md §6.5)."""

import pytest

from monitor_app.core.alarm.facts import Noted, NurseFacts, Rating
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves


def rated(**values: tuple[float, float]) -> NurseFacts:
    return NurseFacts(**{name: Rating(value, round(t_s * S)) for name, (value, t_s) in values.items()})


TABLE = [
    (rated(moaas=(5, 0)), []),
    (rated(moaas=(4, 0)), []),
    (rated(moaas=(3, 0)), ["AL-SD-02"]),
    (rated(moaas=(2, 0)), ["AL-SD-01"]),
    (rated(moaas=(0, 0)), ["AL-SD-01"]),
    (rated(poss=(2, 0)), []),
    (rated(poss=(3, 0)), ["AL-SD-02"]),
    (rated(poss=(4, 0)), ["AL-SD-01"]),
    (rated(moaas=(5, 0), poss=(4, 0)), ["AL-SD-01"]),  # entered together: the graver
    (rated(moaas=(5, 1), poss=(4, 0)), []),  # the newest counts
    (rated(moaas=(2, 0), poss=(1, 1)), []),
    (rated(rass=(1, 0)), []),
    (rated(rass=(2, 0)), ["AL-SD-03-M"]),
    (rated(rass=(3, 0)), ["AL-SD-03-H"]),
    (rated(rass=(-5, 0)), []),
    (NurseFacts(distress=Noted(0, "Panic attack")), ["AL-SD-04"]),
    (NurseFacts(suicidal=Noted(0, "Suicidal ideation")), ["AL-SD-05"]),
    (NurseFacts(vomiting=Noted(0, "Vomiting")), []),
    (NurseFacts(vomiting=Noted(0, "Vomiting"), moaas=Rating(5, 0)), []),
    (NurseFacts(vomiting=Noted(0, "Vomiting"), moaas=Rating(4, 0)), ["AL-SD-06"]),
]


@pytest.mark.parametrize(("nurse", "expected"), TABLE)
@pytest.mark.parametrize("phase", [Phase.BASE, Phase.INF, Phase.REC])
def test_what_is_announced(nurse, expected, phase):
    alarms = engine()
    alarms.evaluate(facts(1, phase=phase, nurse=nurse))
    assert [c.rule.id for c in alarms.conditions if c.shown] == expected


def test_suicidal_intent_is_told_at_check_in_too():
    alarms = engine()
    alarms.evaluate(facts(1, phase=Phase.CHECKIN, nurse=NurseFacts(suicidal=Noted(0, "Suicidal ideation"))))
    assert [c.rule.id for c in alarms.conditions] == ["AL-SD-05"]
    alarms = engine()
    alarms.evaluate(facts(1, phase=Phase.CHECKIN, nurse=rated(moaas=(2, 0))))
    assert alarms.conditions == ()


def test_a_better_rating_latches_the_grave_and_shows_the_milder():
    alarms = engine()
    alarms.evaluate(facts(1, nurse=rated(moaas=(2, 1))))
    told = moves(alarms.evaluate(facts(300, nurse=rated(moaas=(3, 300)))))
    assert told == [("AL-SD-01", "ACTIVE", "LATCHED")]
    assert {c.rule.id: c.suppressed_by for c in alarms.conditions} == {"AL-SD-01": "", "AL-SD-02": ""}
    told = moves(alarms.evaluate(facts(600, nurse=rated(moaas=(5, 600)))))
    assert told == [("AL-SD-02", "ACTIVE", "IDLE")]


def test_what_was_entered_is_told_until_acknowledged_and_again_when_entered_again():
    alarms = engine()
    panic = NurseFacts(distress=Noted(5 * S, "Panic attack"))
    alarms.evaluate(facts(6, nurse=panic))
    assert alarms.conditions[0].text == "Panic attack"
    assert alarms.evaluate(facts(500, nurse=panic)) == []
    assert moves(alarms.acknowledge("AL-SD-04", 501 * S)) == [("AL-SD-04", "ACTIVE", "IDLE")]
    assert alarms.evaluate(facts(502, nurse=panic)) == []
    again = NurseFacts(distress=Noted(600 * S, "Feeling of impending death"))
    assert moves(alarms.evaluate(facts(601, nurse=again))) == [("AL-SD-04", "IDLE", "ACTIVE")]


def test_an_entry_taken_back_is_over():
    alarms = engine()
    alarms.evaluate(facts(6, nurse=NurseFacts(distress=Noted(5 * S, "Panic attack"))))
    assert moves(alarms.evaluate(facts(10))) == [("AL-SD-04", "ACTIVE", "IDLE")]


def test_vomiting_counts_for_the_drowsiness_of_the_next_quarter_of_an_hour():
    vomiting = Noted(0, "Vomiting")
    for at_s, told in ((899, True), (901, False)):
        alarms = engine()
        alarms.evaluate(facts(1, nurse=NurseFacts(vomiting=vomiting, moaas=Rating(5, 0))))
        alarms.evaluate(facts(at_s, nurse=NurseFacts(vomiting=vomiting, moaas=Rating(3, at_s * S))))
        assert ("AL-SD-06" in {c.rule.id for c in alarms.conditions}) is told


def test_each_has_its_card():
    alarms = engine()
    assert all(rule.card for rule in alarms._rules if rule.id.startswith("AL-SD"))
