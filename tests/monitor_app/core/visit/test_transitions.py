"""The table of clinical.md §3.2: every step passes its guards, every other pair is refused."""

from itertools import product

import pytest

from monitor_app.core.commands import Advance
from monitor_app.core.journal import PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.guards import JUDGED
from monitor_app.core.visit.transitions import TRANSITIONS, onward, transition_between

P = Phase
NURSE, LEAD = Actor("Nina", "nurse"), Actor("Lea", "clinical lead")

# Written down by hand from the document, row by row.
DOCUMENT = {
    "T1": {(P.SCHED, P.CHECKIN)},
    "T2": {(P.CHECKIN, P.BASE)},
    "T3": {(P.BASE, P.READY)},
    "T4": {(P.READY, P.INF)},
    "T5": {(P.INF, P.PAUSE)},
    "T6": {(P.PAUSE, P.INF)},
    "T7": {(P.INF, P.REC), (P.PAUSE, P.REC)},
    "T8": {(P.REC, P.DCA)},
    "T9": {(P.DCA, P.REC)},
    "T10": {(P.DCA, P.DONE)},
    "T11": {(p, P.EMERG) for p in (P.BASE, P.READY, P.INF, P.PAUSE, P.REC, P.DCA)},
    "T12": {(P.EMERG, P.REC), (P.EMERG, P.DONE)},
    "T13": {(P.CHECKIN, P.CANCEL), (P.BASE, P.CANCEL), (P.READY, P.CANCEL)},
    "T14": {(P.DONE, P.SIGNED)},
    "T15": {(P.SIGNED, P.SIGNED)},
    "T16": {(P.INF, P.READY)},
}
ALLOWED = {pair for pairs in DOCUMENT.values() for pair in pairs}


def test_the_table_is_the_document():
    written = {}
    for row in TRANSITIONS:
        written.setdefault(row.id, set()).update((p, row.to_phase) for p in row.from_phases)
    assert written == DOCUMENT


def test_no_two_rows_lead_the_same_way():
    pairs = [(p, row.to_phase) for row in TRANSITIONS for p in row.from_phases]
    assert len(pairs) == len(set(pairs))


def test_every_guard_of_the_table_can_be_judged():
    for row in TRANSITIONS:
        assert set(row.guards) <= set(QUESTIONS) | set(JUDGED), row.id
        assert not row.reason_key or row.reason_key in row.guards


@pytest.mark.parametrize(("source", "target"), sorted(ALLOWED, key=lambda p: (p[0].value, p[1].value)))
def test_every_step_passes_with_its_guards_met(chair, routes, source, target):
    chair.go(*routes[source])
    if (source, target) == (P.DONE, P.SIGNED):
        chair.go(P.SIGNED)
    else:
        chair.prepare(target)
        entries = chair.accepted(Advance(target, LEAD if target is P.READY and source is P.INF else NURSE))
        step = next(e for e in entries if isinstance(e, PhaseEntry))
        assert (step.from_phase, step.to_phase, step.overrides) == (source, target, ())
    assert chair.visit.phase is target


@pytest.mark.parametrize("source", list(Phase))
def test_every_other_pair_is_refused_and_audited(chair, routes, source):
    chair.go(*routes[source])
    for target in Phase:
        if (source, target) in ALLOWED:
            continue
        reasons = chair.refused(Advance(target, NURSE))
        assert f"no step from {source.title} to {target.title}" in reasons[0]


def test_looking_up():
    for source, target in product(Phase, Phase):
        assert (transition_between(source, target) is not None) == ((source, target) in ALLOWED)
    assert [row.id for row in onward(P.INF)] == ["T5", "T7", "T11", "T16"]
    assert onward(P.CANCEL) == ()
