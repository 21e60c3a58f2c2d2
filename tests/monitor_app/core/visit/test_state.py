"""A visit is a fold over its journal: rebuilt from a stored journal it is the same, wherever it was cut."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.signals import WaveScale
from monitor_app.core.commands import Advance, Emergency, RecordCare, RecordInfusion, Undo
from monitor_app.core.journal import (
    AlarmEntry,
    LimitEntry,
    NibpEntry,
    NumericEntry,
    RefusalEntry,
    WaveBlock,
)
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import SYSTEM, Actor, Stamp
from monitor_app.core.visit.state import Visit, fold

P = Phase
NURSE = Actor("Nina", "nurse")


def alarm(state, note="", rule="AL-BP-01", occurrence="o1", t_ns=0):
    return AlarmEntry(
        Stamp(t_ns, 0),
        occurrence,
        rule,
        AlarmClass.PHYSIOLOGICAL,
        Priority.HIGH,
        "PENDING",
        state,
        P.INF,
        182,
        180,
        "SYS 182 > 180",
        note=note,
    )


def test_rebuilding_gives_the_same_visit(chair, routes):
    chair.go(*routes[P.SIGNED])
    assert fold(chair.entries) == chair.visit
    assert chair.visit.phase is P.SIGNED


def test_rebuilding_after_every_single_entry(chair, routes):
    chair.go(*routes[P.INF])
    chair.wait(5)
    chair.accepted(RecordInfusion("rate", NURSE, rate_ml_per_h=40))
    (note,) = chair.accepted(RecordCare("note", "music louder", NURSE))
    chair.accepted(Undo(note.entry_id, NURSE))
    chair.accepted(Emergency(NURSE))
    visit = Visit()
    for i, entry in enumerate(chair.entries):
        visit = visit.apply(entry)
        assert visit == fold(chair.entries[: i + 1])
    assert visit == chair.visit
    assert visit.had_emergency


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_fold_can_be_cut_anywhere(data):
    """Any entries in any order: folding in two parts is folding in one."""
    stamps = st.builds(Stamp, st.integers(0, 10**12), st.integers(0, 10**12))
    entry = st.one_of(
        st.builds(
            NibpEntry,
            stamps,
            st.uuids().map(str),
            st.just("b"),
            st.just("auto"),
            st.none(),
            st.floats(90, 190),
            st.floats(40, 80),
            st.none(),
            mean_calculated=st.booleans(),
            pulse_per_min=st.none(),
        ),
        st.builds(
            alarm,
            st.sampled_from(["PENDING", "ACTIVE", "IDLE"]),
            st.sampled_from(["", "not confirmed"]),
            occurrence=st.sampled_from(["o1", "o2"]),
        ),
        st.builds(RefusalEntry, stamps, st.text(), st.just(("no",)), st.just(NURSE)),
        st.builds(NumericEntry, stamps, st.just("b"), st.just("HR"), st.floats(30, 200), st.just("/min")),
    )
    entries = data.draw(st.lists(entry, max_size=30))
    cut = data.draw(st.integers(0, len(entries)))
    assert fold(entries[cut:], fold(entries[:cut])) == fold(entries)


def test_waves_and_numerics_leave_a_visit_as_it_is(chair, routes):
    chair.go(*routes[P.BASE])
    block = WaveBlock(
        chair.stamp, "b", "PLETH", 100, 0, np.zeros(50, np.int32), WaveScale(0, None, "", 0, 100)
    )
    assert chair.visit.apply(block) is chair.visit
    numeric = NumericEntry(chair.stamp, "b", "HR", 72, "/min")
    assert chair.visit.apply(numeric) is chair.visit


def test_only_accepted_readings_count(chair):
    chair.reading(120, 80)
    rejected = replace(chair.visit.readings[0], rejected="too close")
    assert chair.visit.apply(rejected).readings == chair.visit.readings


@pytest.mark.parametrize(
    ("steps", "counted"),
    [
        ([alarm("PENDING")], {}),
        ([alarm("PENDING"), alarm("ACTIVE")], {"o1": True}),
        ([alarm("ACTIVE"), alarm("LATCHED", "not confirmed")], {"o1": False}),
        ([alarm("ACTIVE"), alarm("LATCHED", "not confirmed"), alarm("IDLE")], {"o1": False}),
        ([alarm("ACTIVE"), alarm("IDLE")], {"o1": True}),
        ([alarm("ACTIVE", rule="AL-BP-03")], {}),
        (
            [alarm("ACTIVE"), alarm("ACTIVE", "not confirmed"), alarm("ACTIVE", occurrence="o2")],
            {"o1": False, "o2": True},
        ),
    ],
)
def test_which_pressure_alarms_were_confirmed(steps, counted):
    assert dict(fold(steps).pressure_alarms) == counted


def test_who_last_did_something(chair, routes):
    chair.go(*routes[P.BASE])
    seen = chair.visit.last_interaction_t_ns
    chair.wait(3)
    chair.store(LimitEntry(chair.stamp, "AL-HR-03", "high", 120, SYSTEM))
    assert chair.visit.last_interaction_t_ns == seen
    chair.refused(Advance(P.DONE, NURSE))
    assert chair.visit.last_interaction_t_ns == chair.t_ns


def test_a_new_visit_knows_nothing():
    visit = Visit()
    assert (visit.phase, visit.simulated, visit.patient("age_years"), visit.value("x")) == (
        P.SCHED,
        False,
        None,
        None,
    )
