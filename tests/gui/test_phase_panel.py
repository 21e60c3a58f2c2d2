"""The phase panel: guards answered by touch, passed by a prescriber, other ways, refusals, signatures."""

from dataclasses import replace

import pytest
import sample_screens as samples
from layout_eye import assert_panel_whole, assert_whole
from panel_hands import NURSE, click, open_panel, press, type_number
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from monitor_app.core import commands
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.care import care_faults
from monitor_app.core.visit.questions import EMERGENCY_OUTCOMES
from monitor_app.services.screen import EventView, FeedLine, GuardView
from monitor_app.ui.panels.inputs import Figure, VasSlider
from monitor_app.ui.requests import StepChosen

SCREEN = samples.medium


def guard(window, panel, key: str) -> None:
    click(panel.rows[key])


def test_guards_are_listed_in_words_and_the_first_open_one_is_asked(window) -> None:
    panel = open_panel(window, "phase")
    assert list(panel.rows) == [x.key for x in samples.PANEL.guards]
    assert panel.hint.text() == "7 things missing"
    assert not panel.step.isEnabled()
    assert panel.progress.text() == "2 of 9"
    press(panel, "Yes")
    assert window.heard == [commands.Answer("bp_gate", value=True, by=NURSE)]


@pytest.mark.parametrize(
    ("key", "presses", "value"),
    [
        ("iv_site", ["Yes"], True),
        ("iv_site", ["No"], False),
        ("fasting", ["over 6 h"], "over 6 h"),
        ("weight", ["8", "2", ".", "5", "Enter"], 82.5),
    ],
)
def test_guards_are_answered_by_touch(window, key, presses, value) -> None:
    panel = open_panel(window, "phase")
    guard(window, panel, key)
    for text in presses:
        press(panel.answer, text)
    assert window.heard == [commands.Answer(key, value=value, by=NURSE)]


def test_pain_is_answered_on_the_line(window) -> None:
    panel = open_panel(window, "phase")
    guard(window, panel, "pre_vas")
    panel.answer.findChild(VasSlider).set_value(7.2)
    press(panel.answer, "Enter")
    assert window.heard == [commands.Answer("pre_vas", value=7.2, by=NURSE)]


def test_a_prescriber_passes_a_guard_by_name_and_reason(window) -> None:
    panel = open_panel(window, "phase")
    guard(window, panel, "escort")
    press(panel.answer, "Prescriber decides…")
    take = panel.answer.buttons["take"]
    QApplication.processEvents()
    reason, name = (x for x in panel.answer.findChildren(QLineEdit) if x.isVisible())
    assert not take.isEnabled()
    reason.setText("neighbour comes")
    assert not take.isEnabled()
    name.setText("Dr. K.")
    click(take)
    by = Actor("Dr. K.", "prescriber")
    assert window.heard == [
        commands.Answer("escort", value=None, by=NURSE, override_by=by, reason="neighbour comes")
    ]


def test_a_guard_that_cannot_be_passed_offers_no_decision(window) -> None:
    panel = open_panel(window, "phase")
    guard(window, panel, "iv_site")
    assert "override" not in panel.answer.buttons


def met(key: str):
    guards = tuple(replace(x, met=True) if x.key == key else x for x in samples.PANEL.guards)
    return replace(samples.medium(), phase_panel=replace(samples.PANEL, guards=guards))


def test_an_answer_that_is_met_leads_to_the_next_open_guard(window) -> None:
    panel = open_panel(window, "phase")
    window.show_screen(met("bp_gate"), 0)
    assert panel.rows["iv_site"].isChecked()


def test_what_is_being_typed_survives_the_next_picture(window) -> None:
    panel = open_panel(window, "phase")
    guard(window, panel, "weight")
    press(panel.answer, "8")
    later = replace(samples.PANEL, missing_text="6 things missing")
    window.show_screen(replace(samples.medium(), phase_panel=later), 0)
    assert panel.answer.findChild(Figure).pad.text == "8"


def ready(**changes):
    panel = replace(samples.PANEL, guards=(), ready=True, missing_text="", order_needed=False, **changes)
    return replace(samples.medium(), phase_panel=panel)


def test_the_step_is_taken_when_nothing_is_missing(window) -> None:
    window.show_screen(ready(), 0)
    press(open_panel(window, "phase"), "Start infusion")
    assert window.heard == [commands.Advance(Phase.INF, NURSE)]


def test_a_new_baseline_needs_a_reason(window) -> None:
    window.show_screen(ready(freeze_ready=True), 0)
    panel = open_panel(window, "phase")
    press(panel, "Other…")
    assert not panel.ways.freeze.isEnabled()
    panel.ways.reason.setText("cuff was loose")
    press(panel, "New baseline")
    assert window.heard == [commands.FreezeBaseline(NURSE, "cuff was loose")]


def test_other_ways_are_chosen_from_there(window) -> None:
    panel = open_panel(window, "phase")
    press(panel, "Other…")
    press(panel, "Not treated")
    assert window.heard == [StepChosen(Phase.CANCEL)]


def asking(**changes):
    guard = GuardView("order_signed", "The order needs the prescriber's signature", **changes)
    panel = replace(samples.PANEL, guards=(guard,))
    return replace(samples.medium(), phase_panel=panel)


def test_what_a_prescriber_has_to_answer_is_answered_in_that_name(window) -> None:
    window.show_screen(asking(met=False, amber=True, kind="yes_no", asked_of="prescriber"), 0)
    panel = open_panel(window, "phase")
    press(panel, "Yes")
    assert window.heard == []  # nobody has been named yet
    QTest.keyClicks(panel.answer._name, "Dr. K.")
    press(panel, "Yes")
    by = Actor("Dr. K.", "prescriber")
    assert window.heard == [commands.Answer("order_signed", value=True, by=by)]


def test_an_answer_goes_to_the_question_s_own_key(window) -> None:
    window.show_screen(asking(met=False, amber=True, kind="yes_no", question="order_readback"), 0)
    press(open_panel(window, "phase"), "Yes")
    assert window.heard == [commands.Answer("order_readback", value=True, by=NURSE)]


def test_what_is_met_elsewhere_leads_there_and_back(window) -> None:
    window.show_screen(
        asking(met=False, amber=False, kind="auto", opens="order", opens_text="Write order…"), 0
    )
    panel = open_panel(window, "phase")
    press(panel, "Write order…")
    assert window.panels.key == "order"
    press(window.panels.current, "Close")
    assert window.panels.key == "phase"


def test_words_that_change_do_not_take_away_what_is_typed(window) -> None:
    window.show_screen(asking(met=False, amber=False, kind="auto", can_override=True), 0)
    panel = open_panel(window, "phase")
    press(panel, "Prescriber decides…")
    reason = next(x for x in panel.answer.findChildren(QLineEdit) if x.accessibleName() == "Reason")
    reason.setText("seen by me")
    later = asking(met=False, amber=False, kind="auto", can_override=True)
    guard = replace(later.phase_panel.guards[0], text="The order needs a signature since 0:12")
    window.show_screen(replace(later, phase_panel=replace(later.phase_panel, guards=(guard,))), 0)
    QApplication.processEvents()
    assert reason.text() == "seen by me"
    assert reason.isVisible()


def refused(sentence: str):
    line = FeedLine("refused-1", f"Not done: {sentence}", refused=True)
    return replace(samples.medium(), feed=(line, *samples.FEED))


def test_a_refused_press_brings_its_panel_back_with_the_sentence(window) -> None:
    panel = open_panel(window, "drug")
    press(panel, "Midazolam")
    type_number(panel, "2")
    press(panel, "Record")
    assert window.panels.key == ""
    window.show_screen(refused("The role auditor looks on here."), 0)
    assert window.panels.key == "drug"
    assert panel.written.text() == "Midazolam 2 mg IV"  # as it was left
    assert panel.refusal.isVisible()
    assert "looks on" in panel.refusal.text()


def test_a_refusal_is_shown_in_the_panel_that_is_open(window) -> None:
    panel = open_panel(window, "phase")
    window.show_screen(refused("Not in this phase."), 0)
    assert window.panels.key == "phase"
    assert "Not in this phase." in panel.refusal.text()


def test_an_event_is_completed_with_its_outcome(window) -> None:
    event = EventView("e7", "Nausea, grade 1 · 08:31", 1, "")
    window.show_screen(replace(samples.medium(), events=(event,)), 0)
    panel = open_panel(window, "outcome")
    assert panel.hint.text() == "1 still to be completed"
    press(panel, "recovered")
    fields = {"updates": "e7", "outcome": "recovered"}
    assert window.heard == [commands.RecordCare("adverse_event", "Nausea: recovered", NURSE, fields)]
    assert care_faults("adverse_event", "", fields) == ()


def test_a_missing_order_is_written_from_there(window) -> None:
    press(open_panel(window, "phase"), "Write order")
    assert window.panels.key == "order"


def test_signing_takes_a_name_and_a_role(open_window) -> None:
    window = open_window(screen=samples.left())
    panel = open_panel(window, "phase")
    assert not panel.step.isEnabled()
    panel.signer.setText("Dr. K.")
    click(panel.role.buttons["prescriber"])
    assert panel.step.text() == "Sign as prescriber"
    click(panel.step)
    assert window.heard == [commands.Sign(Actor("Dr. K.", "prescriber"), "reviewed")]


def test_a_guard_without_a_question_asks_nothing(window) -> None:
    alone = GuardView("signal", "ECG and SpO₂ valid for 30 s", met=False, amber=False, kind="auto")
    window.show_screen(replace(samples.medium(), phase_panel=replace(samples.PANEL, guards=(alone,))), 0)
    panel = open_panel(window, "phase")
    assert panel.answer.buttons == {}


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=lambda size: f"{size[0]}")
def test_long_choices_are_read_whole(open_window, size) -> None:
    asked = GuardView(
        "emergency_outcome", "How did the emergency end?", met=False, amber=False, kind="choice",
        choices=EMERGENCY_OUTCOMES,
    )  # fmt: skip
    made = open_window(size, replace(samples.medium(), phase_panel=replace(samples.PANEL, guards=(asked,))))
    panel = open_panel(made, "phase")
    for text in EMERGENCY_OUTCOMES:
        assert_whole(panel.answer.buttons[text])
    assert_panel_whole(panel)
