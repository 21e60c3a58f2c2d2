"""Screens of a real bedside: what each phase says, asks and offers (clinical.md §3.3, §16.1, §16.2; screen.md)."""

import math
import re
from dataclasses import fields, is_dataclass, replace

import pytest

from devices.clock import NS_PER_S
from devices.simulators.acts import SetCable, StartPump
from monitor_app.core import commands
from monitor_app.core.journal import Order
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.services.headless import HeadlessChair
from monitor_app.services.screen import Emphasis, Freshness
from monitor_app.services.view.builder import build_screen
from monitor_app.training.nurse import Seen, VirtualNurse

NURSE = Actor("Robin Hale", "nurse")
PRESCRIBER = Actor("Dr. Kim Lind", "prescriber")
ORDER = Order(0.5, 70.0, 1.0, 40.0, ordered_by="Dr. Kim Lind")


class Played:
    """A headless visit led by the virtual nurse up to a phase, then by the test."""

    def __init__(self, folder, scenario="S01") -> None:
        self.chair = HeadlessChair(scenario, seed=5, data_dir=folder, step_ns=500_000_000)
        self.nurse = VirtualNurse(ORDER)

    @property
    def screen(self):
        return build_screen(self.chair.display, NURSE)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds * 2)):
            self.chair.step()

    def do(self, command) -> tuple[str, ...]:
        return self.chair.bedside.command(command)

    def lead_to(self, phase: Phase) -> None:
        while self.chair.bedside.visit.phase is not phase:
            assert self.chair.now_s < 3600
            state = self.chair.bedside.state()
            pump = self.chair.chair.bedside.pump
            seen = Seen(
                state.stamp.t_ns, state.visit, state.visit_facts, state.conditions, pump.delivered_mg,
                pump.state.name == "RUNNING", pump.state.name == "FINISHED",
            )  # fmt: skip
            deeds = self.nurse.act(seen)
            for act in deeds.acts:
                self.chair.chair.bedside.post(act)
            for command in deeds.commands:
                self.do(command)
            self.wait(1)


@pytest.fixture
def played(tmp_path):
    made = Played(tmp_path)
    yield made
    made.chair.close()


@pytest.fixture(scope="module")
def infusing(tmp_path_factory):
    """One visit in its infusion, shared: tests only look, or do what leaves the others' words alone."""
    made = Played(tmp_path_factory.mktemp("infusing"))
    made.lead_to(Phase.INF)
    made.wait(20)
    yield made
    made.chair.close()


def texts(value) -> list[str]:
    """Every text of a screen, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in texts(part)]
    if is_dataclass(value):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    return []


def assert_clean(screen) -> None:
    for text in texts(screen):
        assert not re.search(r"\b(None|nan|inf|NaN)\b", text), text
        assert not re.search(r"\d\.\d{4,}", text), text


def action(screen, key: str):
    return next((view for view in screen.actions if view.key == key), None)


def guard(screen, key: str):
    return next(view for view in screen.phase_panel.guards if view.key == key)


def tile(screen, key: str):
    return next(view for view in screen.tiles if view.key == key)


def test_a_visit_begins_with_the_patient_s_identity(played) -> None:
    played.wait(2)
    screen = played.screen
    assert_clean(screen)
    assert screen.alarm_bar.quiet_text == "Standby · no patient monitored"
    assert [g.key for g in screen.phase_panel.guards] == ["identity"]
    assert [view.key for view in screen.actions] == ["ack", "pause_sound", "next", "emergency"]
    assert not action(screen, "emergency").enabled
    assert screen.header.dose_total == "no order yet"


def test_check_in_asks_each_question_without_saying_that_it_is_not_answered(played) -> None:
    played.wait(2)
    played.do(commands.Answer("identity", value=True, by=NURSE))
    played.do(commands.Advance(Phase.CHECKIN, NURSE))
    panel = played.screen.phase_panel
    assert panel.progress_text == f"0 of {len(panel.guards)}"
    assert panel.missing_text == f"{len(panel.guards)} things missing"
    assert guard(played.screen, "consent").text == "Signed consent on file?"
    assert "Not answered" not in " ".join(texts(panel))
    played.do(commands.Answer("weight_kg", 82.5, NURSE))
    played.do(commands.Answer("fasting", value=False, by=NURSE))
    assert guard(played.screen, "weight_kg").text == "Weight: 82.5 kg"
    assert guard(played.screen, "fasting").text == "Fasting as asked? No"
    assert [step.title for step in panel.others] == ["Not treated"]


def test_a_failed_question_may_be_passed_by_a_prescriber_only(played) -> None:
    played.wait(2)
    played.do(commands.Answer("identity", value=True, by=NURSE))
    played.do(commands.Advance(Phase.CHECKIN, NURSE))
    played.do(commands.Answer("contra_liver", value=True, by=NURSE))
    assert guard(played.screen, "contra_liver").can_override
    passed = commands.Answer(
        "contra_liver", value=True, by=NURSE, override_by=PRESCRIBER, reason="known, mild"
    )
    assert played.do(passed) == ()
    view = guard(played.screen, "contra_liver")
    assert view.met
    assert view.override_text == "passed by Dr. Kim Lind: known, mild"
    assert "Decided by Dr. Kim Lind: known, mild" in played.screen.feed[0].text


def test_every_answer_the_panel_offers_has_a_question_of_the_record(played) -> None:
    for phase in (Phase.SCHED, Phase.CHECKIN, Phase.BASE, Phase.READY):
        played.lead_to(phase)
        played.wait(1)
        assert_clean(played.screen)
        for view in played.screen.phase_panel.guards:
            if view.kind != "auto":
                assert view.question in QUESTIONS
                assert QUESTIONS[view.question].kind == view.kind


def test_a_baseline_says_what_it_lacks_and_is_frozen_by_one_button(played) -> None:
    played.lead_to(Phase.BASE)
    screen = played.screen
    assert "two are needed" in guard(screen, "baseline_complete").text
    assert guard(screen, "baseline_complete").opens == "nibp"
    assert screen.phase_panel.button == "Freeze baseline"
    assert not screen.phase_panel.freeze_ready  # the step freezes; a second button would say the same


def test_an_order_is_asked_for_and_its_read_back_answered_under_its_own_key(played) -> None:
    played.lead_to(Phase.READY)
    assert played.screen.phase_panel.order_needed
    verbal = replace(ORDER, verbal=True)
    played.do(commands.SetOrder(verbal, NURSE))
    screen = played.screen
    assert screen.feed[0].text == "Order 35 mg over 40 min · recorded"
    assert guard(screen, "order_readback").kind == "yes_no"
    assert screen.phase_panel.order_text == "Change order"
    played.do(commands.SetOrder(replace(ORDER, verbal=False), NURSE))
    assert guard(played.screen, "order_signed").asked_of == "prescriber"
    assert screen.fields["order.duration_min"] == 40.0


def test_the_infusion_s_screen_is_clean_and_whole(infusing) -> None:
    screen = infusing.screen
    assert_clean(screen)
    assert screen.header.dose_mark == "calc."
    nibp = tile(screen, "NIBP")
    assert nibp.lines[0].strong == "160/100"
    assert nibp.lines[0].rest == "high"
    change = next(line for line in nibp.lines if " from " in line.rest)
    assert re.fullmatch(r"[+−±]\d+/[+−±]\d+ from \d+/\d+", change.rest)
    assert change.rest.startswith(change.short)
    due = next(line for line in nibp.lines if line.rest.startswith("next"))
    assert re.fullmatch(r"next \d\d:\d\d · in \d+ (min|s)", due.rest)
    assert re.fullmatch(r"next in \d+ (min|s)", due.short)
    assert change.weight < due.weight < nibp.lines[0].weight


def test_the_infusion_offers_the_pump_and_no_second_button_for_the_same(infusing) -> None:
    keys = [view.key for view in infusing.screen.actions]
    assert keys == [
        "ack", "pause_sound", "nibp", "event", "check", "oxygen", "drug", "note", "pump_pause", "pump_stop",
        "emergency",
    ]  # fmt: skip
    kept = sorted(infusing.screen.actions[2:-1], key=lambda view: view.rank)[:3]
    assert {view.key for view in kept} == {"event", "pump_pause", "nibp"}


def test_what_was_checked_last_is_offered_as_the_same(infusing) -> None:
    check = {"moaas": "not disturbed", "rr": 12}
    assert infusing.do(commands.RecordCare("check", "eyes closed", NURSE, check)) == ()
    screen = infusing.screen
    assert screen.fields["check.moaas"] == "not disturbed"
    assert screen.fields["check.rr"] == 12
    assert tile(screen, "SEDATION").value == "—"
    assert "not disturbed" in tile(screen, "SEDATION").lines[0].rest
    infusing.do(commands.RecordCare("check", "MOAA/S 4", NURSE, {"moaas": 4}))
    assert re.fullmatch(
        r"\d\d:\d\d · next \d\d:\d\d · in [45] min", tile(infusing.screen, "SEDATION").lines[0].rest
    )


def test_an_entry_can_be_undone_for_ten_seconds_and_then_not(infusing) -> None:
    infusing.do(commands.RecordCare("note", "Calm", NURSE))
    line = infusing.screen.feed[0]
    assert (line.text, line.undo_left_s) == ("Calm · recorded", 10)
    infusing.wait(4)
    assert infusing.screen.feed[0].undo_left_s == 6
    assert infusing.do(commands.Undo(line.entry_id, NURSE)) == ()
    assert infusing.screen.feed[0].text == "Taken back · Calm"
    infusing.do(commands.RecordCare("note", "Talking", NURSE))
    infusing.wait(11)
    assert infusing.screen.feed[0].undo_left_s == 0


def test_a_refusal_is_a_line_of_its_own(infusing) -> None:
    assert infusing.do(commands.RecordCare("vas", "Pain", NURSE, {"value": 11})) != ()
    line = infusing.screen.feed[0]
    assert line.refused
    assert line.text.startswith("Not done: ")
    assert line.undo_left_s == 0


def test_an_event_waits_for_its_outcome(infusing) -> None:
    infusing.do(
        commands.RecordCare("adverse_event", "Nausea, grade 1", NURSE, {"term": "Nausea", "grade": 1})
    )
    event = infusing.screen.events[0]
    assert event.text.startswith("Nausea, grade 1 · ")
    assert event.outcome == ""
    done = {"updates": event.entry_id, "outcome": "recovered"}
    assert infusing.do(commands.RecordCare("adverse_event", "Nausea: recovered", NURSE, done)) == ()
    assert infusing.screen.events[-1].outcome == "recovered"


def test_a_silent_monitor_is_named_in_words(played) -> None:
    played.lead_to(Phase.INF)
    played.wait(10)
    played.chair.chair.bedside.post(SetCable(out=True))
    played.wait(13)
    screen = played.screen
    assert_clean(screen)
    headlines = [line.headline for line in screen.alarm_bar.lines]
    assert "Monitor silent" in headlines
    assert all(wave.stale_text.startswith("no signal 0:1") for wave in screen.waves)
    assert tile(screen, "HR").freshness is Freshness.BLANK
    assert " ago" in tile(screen, "NIBP").foot
    assert action(screen, "ack").emphasis is Emphasis.PRIMARY


def test_the_end_is_offered_when_the_dose_is_in(infusing) -> None:
    state = infusing.chair.display.state
    later = replace(state.stamp, t_ns=state.stamp.t_ns + 45 * 60 * NS_PER_S)
    infusing.chair.display.state = replace(state, stamp=later)
    try:
        ended = action(infusing.screen, "pump_stop")
    finally:
        infusing.chair.display.state = state
    assert ended.title == "Infusion ended"
    assert ended.emphasis is Emphasis.PRIMARY
    assert action(infusing.screen, "pump_stop").title == "Pump stopped"


@pytest.mark.parametrize(("minutes", "text"), [(15, "15 min"), (60, "1 h"), (120, "2 h"), (0, "whole visit")])
def test_the_chart_s_span_is_a_choice(infusing, minutes, text) -> None:
    view = build_screen(infusing.chair.display, NURSE, trend_min=minutes).trend
    assert view.window_text == text
    assert view.start_s <= view.now_s <= view.end_s
    if minutes:
        assert math.isclose(view.end_s - view.start_s, minutes * 60)


def test_the_self_test_is_kept_and_cannot_pass_unheard(played) -> None:
    played.wait(2)
    assert played.screen.fields["self_test"] == "simulated"
    for step in ("HIGH", "MEDIUM", "LOW"):
        assert played.do(commands.SelfTest(step, NURSE)) == ()
    assert [burst.urgency for burst in played.chair.sounder.bursts] == [
        "SOFT_HIGH",
        "SOFT_MEDIUM",
        "SOFT_LOW",
    ]
    assert played.do(commands.SelfTest("passed", NURSE)) == ()
    played.wait(1)
    assert played.screen.fields["self_test"] == "passed"
    assert played.screen.feed[0].text == "Alarm self-test passed, heard and seen by Robin Hale"
    played.chair.sounder.trouble = "this computer has no sound output"
    assert "no sound output" in played.do(commands.SelfTest("passed", NURSE))[0]
    assert played.do(commands.SelfTest("LOUD", NURSE)) != ()


def test_starting_and_stopping_shows_one_line_for_one_deed(played) -> None:
    played.lead_to(Phase.READY)
    played.chair.chair.bedside.post(StartPump())
    played.lead_to(Phase.INF)
    started = [line.text for line in played.screen.feed if "tarted" in line.text]
    assert started == ["Pump started · recorded, not controlled"]
