"""One line for one deed, in the words of screen.md and clinical.md §16.2."""

import pytest

from monitor_app.core.alarm_commands import SetPulseTone, SetVolume
from monitor_app.core.journal import (
    AnswerEntry,
    Baseline,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    NibpStarted,
    Order,
    OrderEntry,
    PhaseEntry,
    SignatureEntry,
    SystemEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.services.view.deeds import deed
from tests.monitor_app.services.bedside.bench import Bench
from tests.monitor_app.services.view.looked_at import screen

AT = Stamp(1_000_000_000, 1_767_600_000_000)
NURSE = Actor("Robin Hale", "nurse")
PRESCRIBER = Actor("Dr. K.", "prescriber")


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("started", "Pump started · recorded, not controlled"),
        ("paused", "Pump paused · recorded, not controlled"),
        ("resumed", "Pump resumed · recorded, not controlled"),
        ("completed", "Infusion complete · recorded, not controlled"),
        ("stopped", "Pump stopped early · recorded, not controlled"),
    ],
)
def test_what_is_done_at_the_pump_is_only_recorded(action, said) -> None:
    assert deed(InfusionEntry(AT, "e1", action, None, NURSE)) == said


def test_volume_and_rate_carry_their_figures() -> None:
    volume = InfusionEntry(AT, "e1", "volume", None, NURSE, pump_volume_ml=12.34)
    rate = InfusionEntry(AT, "e2", "rate", 61.5, NURSE)
    assert deed(volume) == "Pump volume 12.3 mL · recorded"
    assert deed(rate) == "Pump rate 61.5 mL/h · recorded, not controlled"


STEPS = [(a, b) for a in Phase for b in Phase]


@pytest.mark.parametrize(("before", "after"), STEPS, ids=lambda phase: phase.value)
def test_a_step_that_writes_its_own_entry_is_not_told_twice(before, after) -> None:
    said = deed(PhaseEntry(AT, before, after, NURSE))
    pump = {
        (Phase.READY, Phase.INF),
        (Phase.INF, Phase.PAUSE),
        (Phase.PAUSE, Phase.INF),
        (Phase.INF, Phase.REC),
    }
    if (before, after) in pump or (before, after) == (Phase.BASE, Phase.READY):
        assert said == ""
    assert not said or said.endswith("recorded")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (CareEntry(AT, "e1", "drug", "Midazolam 2 mg IV", NURSE), "Midazolam 2 mg IV · recorded"),
        (PhaseEntry(AT, Phase.SCHED, Phase.CHECKIN, NURSE), "Patient checked in · recorded"),
        (PhaseEntry(AT, Phase.EMERG, Phase.DONE, NURSE), "Emergency over · recorded"),
        (PhaseEntry(AT, Phase.DCA, Phase.REC, NURSE), "Back to recovery · recorded"),
        (PhaseEntry(AT, Phase.INF, Phase.READY, NURSE), "Start taken back · recorded"),
        (OrderEntry(AT, Order(0.5, 82, 1, 40), NURSE), "Order 41 mg over 40 min · recorded"),
        (BaselineEntry(AT, Baseline(131.6, 79.5, 72, 97, 14), (), NURSE), "Baseline 132/80 frozen"),
        (SignatureEntry(AT, PRESCRIBER, "reviewed", "00"), "Signed by Dr. K., prescriber"),
        (SystemEntry(AT, "CLOCK_JUMP", "the computer's clock jumped by +3600.0 s"),
         "the computer's clock jumped by +3600.0 s"),
        (SystemEntry(AT, "VOLUME", "alarm volume 3 of 4", {"step": 3, "by": "RN Ito"}), "Alarm volume 3 of 4 · RN Ito"),
        (SystemEntry(AT, "PULSE_TONE", "pulse tone off", {"on": False, "by": "RN Ito"}), "Pulse tone off · RN Ito"),
        (SystemEntry(AT, "PULSE_TONE", "pulse tone on", {"on": True, "by": ""}), "Pulse tone on · recorded"),
        (SystemEntry(AT, "SECOND_SOUND", "no second alarm sound", {"by": "Lea Moor"}),
         "No second alarm sound · Lea Moor"),
        (SystemEntry(AT, "DEVICE_STATUS", "SPO2_SEARCHING began"), ""),
        (NibpStarted(AT, "berry", "auto"), ""),
    ],
)  # fmt: skip
def test_every_kind_has_its_words(entry, said) -> None:
    assert deed(entry) == said


def test_an_answer_is_told_where_it_is_a_decision_or_the_review_of_events() -> None:
    assert deed(AnswerEntry(AT, "consent", value=True, by=NURSE)) == ""
    review = AnswerEntry(AT, "ae_review", "none observed", NURSE)
    assert deed(review) == "Adverse events: none observed · recorded"
    passed = AnswerEntry(AT, "escort", None, NURSE, PRESCRIBER, "neighbour comes")
    assert deed(passed) == "Escort: name, relation, phone Decided by Dr. K.: neighbour comes"


def test_how_the_chair_sounds_is_told_with_who_changed_it_and_the_newest_step_alone(bench: Bench) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    for step in (1, 2, 3):
        assert bench.do(SetVolume(step, NURSE)) == ()
    assert bench.do(SetPulseTone(on=True, by=NURSE)) == ()
    told = [line.text for line in screen(bench).feed]
    assert told[:2] == ["Pulse tone on · Robin Hale", "Alarm volume 3 of 4 · Robin Hale"]
    assert sum("volume" in text for text in told) == 1
