"""A verdict is an entry of care like any other: decided on, refused in words, taken back."""

import itertools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import-mode=importlib does not offer neighbours
from alarm_lives import ANA, at

from monitor_app.core.alarm_verdict import Verdict, judgements, verdict_fields
from monitor_app.core.commands import RecordCare, Undo
from monitor_app.core.journal import CareEntry, RefusalEntry, VoidEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.decide import decide
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.state import Visit


def ask(visit, command, t_s=10.0):
    ids = (f"e{n}" for n in itertools.count(1))
    return decide(visit, command, facts=VisitFacts(at(t_s).t_ns), stamp=at(t_s), new_id=lambda: next(ids))


def test_the_words_of_the_record_are_those_of_the_document() -> None:
    assert [v.value for v in Verdict] == ["true-actionable", "true-not-actionable", "artefact", "test"]
    assert len({v.title for v in Verdict}) == 4


def test_it_is_recorded_and_can_be_taken_back() -> None:
    visit = Visit(phase=Phase.DONE)  # also after the patient has left
    fields = verdict_fields("000042", "AL-HR-03", Verdict.ACTED)
    (entry,) = ask(visit, RecordCare("verdict", "HR: true, acted on", ANA, fields))
    assert isinstance(entry, CareEntry)
    visit = visit.apply(entry)
    assert judgements([entry])["000042"].verdict is Verdict.ACTED
    (void,) = ask(visit, Undo(entry.entry_id, ANA), t_s=15)
    assert isinstance(void, VoidEntry)
    assert judgements([entry, void]) == {}


@pytest.mark.parametrize(
    ("fields", "phase", "by", "word"),
    [
        ({"verdict": "artefact"}, Phase.INF, ANA, "which alarm"),
        ({"occurrence": "1", "verdict": "maybe"}, Phase.INF, ANA, "true-actionable"),
        ({"occurrence": "1", "verdict": "artefact"}, Phase.SIGNED, ANA, "Signed"),
        ({"occurrence": "1", "verdict": "artefact"}, Phase.INF, Actor("X", "auditor"), "looks on"),
    ],
)
def test_what_is_no_verdict_is_refused_in_words(fields, phase, by, word) -> None:
    (refusal,) = ask(Visit(phase=phase), RecordCare("verdict", "", by, fields))
    assert isinstance(refusal, RefusalEntry)
    assert any(word in reason for reason in refusal.reasons)
