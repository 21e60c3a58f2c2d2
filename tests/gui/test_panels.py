"""Every panel's own presses, down to the command it sends."""

from dataclasses import replace

import pytest
import sample_screens as samples
from panel_hands import NURSE, click, open_panel, press, type_number
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from monitor_app.core import commands
from monitor_app.core.adverse_event import ROW_OF
from monitor_app.core.journal import Order
from monitor_app.core.phase import Phase
from monitor_app.core.visit import questions
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.ui.panels.event import grades_of
from monitor_app.ui.panels.inputs import NumberPad, VasSlider

SCREEN = samples.medium

FOUND_IN_S2 = (
    "Agitation", "Confused state", "Disorientation", "Dissociation", "Feeling cold", "Hallucination", "Hypertension",
    "Nausea", "Nystagmus", "Paresthesia", "Pharyngolaryngeal pain", "Restlessness", "Sedation", "Somnolence",
    "Tachycardia", "Vertigo", "Vomiting",
)  # fmt: skip


def test_an_event_is_two_touches(window) -> None:
    panel = open_panel(window, "event")
    press(panel, "Nausea")
    press(panel, "1 · queasy")
    fields = {"term": "Nausea", "grade": 1}
    assert window.heard == [commands.RecordCare("adverse_event", "Nausea, grade 1", NURSE, fields)]
    assert window.panels.key == ""


@pytest.mark.parametrize("term", FOUND_IN_S2)
def test_every_term_of_the_first_series_is_reached(window, term) -> None:
    panel = open_panel(window, "event")
    for _ in range(6):
        QApplication.processEvents()
        if any(b.accessibleName() == term and b.isVisible() for b in panel.findChildren(QPushButton)):
            break
        press(panel, "More terms")
    press(panel, term)
    press(
        panel, next(b.text() for b in panel.findChildren(QPushButton) if b.isVisible() and " · " in b.text())
    )
    assert window.heard[0].fields["term"] == term


def test_nothing_observed_is_an_entry_of_its_own(window) -> None:
    press(open_panel(window, "event"), "None observed")
    assert window.heard == [commands.Answer("ae_review", "none observed", NURSE)]


def test_only_grades_that_occur_are_offered() -> None:
    assert [grade for grade, _ in grades_of("Feeling of impending death")] == [2, 3]
    assert [grade for grade, _ in grades_of("Mania")] == [1, 2, 3, 4]
    assert all(grades_of(term) for term in ROW_OF)


def test_a_drug_takes_name_dose_and_route(window) -> None:
    panel = open_panel(window, "drug")
    assert not panel.record.isEnabled()
    press(panel, "Midazolam")
    type_number(panel, "2")
    assert panel.written.text() == "Midazolam 2 mg IV"
    click(panel.record)
    fields = {"drug": "Midazolam", "dose": 2.0, "unit": "mg", "route": "IV"}
    assert window.heard == [commands.RecordCare("drug", "Midazolam 2 mg IV", NURSE, fields)]


def test_another_drug_is_typed(window) -> None:
    panel = open_panel(window, "drug")
    press(panel, "Other")
    assert panel.other.isVisible()
    panel.other.setText("Hydralazine")
    type_number(panel, "0.5")
    press(panel, "oral")
    click(panel.record)
    assert window.heard[0].text == "Hydralazine 0.5 mg oral"
    assert window.heard[0].fields["dose"] == 0.5


@pytest.mark.parametrize(
    ("flow", "text", "fields"),
    [
        ("2", "Oxygen 2 L/min, nasal cannula", {"l_per_min": 2.0, "device": "Nasal cannula"}),
        ("Off", "Oxygen off, room air", {"l_per_min": 0.0, "device": "room air"}),
    ],
)
def test_oxygen_is_one_touch(window, flow, text, fields) -> None:
    press(open_panel(window, "oxygen"), flow)
    assert window.heard == [commands.RecordCare("oxygen", text, NURSE, fields)]


def test_a_note_is_typed_or_touched(window) -> None:
    panel = open_panel(window, "note")
    QTest.keyClicks(panel.text, "asked for water")
    QTest.keyClick(panel.text, Qt.Key.Key_Return)
    press(open_panel(window, "note"), "Calm")
    assert window.heard == [
        commands.RecordCare("note", "asked for water", NURSE),
        commands.RecordCare("note", "Calm", NURSE),
    ]


def test_a_check_all_the_same_is_two_touches(window) -> None:
    panel = open_panel(window, "check")
    press(panel, "All same")
    click(panel.record)
    fields = {"moaas": 5, "dissociation": 1, "nausea": 0, "rr": 14, "iv_site": "ok"}
    assert window.heard[0].kind == "check"
    assert dict(window.heard[0].fields) == fields


def test_a_check_moves_on_by_itself(window) -> None:
    panel = open_panel(window, "check")
    press(panel, "3 loud voice")
    press(panel, "2 moderate")
    press(panel, "Same: 0")
    click(panel.record)
    assert dict(window.heard[0].fields) == {"moaas": 3, "dissociation": 2, "nausea": 0}


def test_a_sleeping_patient_is_an_answer(window) -> None:
    panel = open_panel(window, "check")
    press(panel, "eyes closed")
    assert not panel.record.isEnabled()  # clinical.md §4.1: "eyes closed, not disturbed, RR n" is an answer
    assert "count" in panel.hint.text()
    click(panel.tabs["rr"])
    press(panel, "12")
    click(panel.record)
    assert dict(window.heard[0].fields) == {"moaas": "not disturbed", "rr": 12}


def test_same_needs_an_earlier_check(open_window) -> None:
    window = open_window(screen=replace(samples.medium(), fields={}))
    panel = open_panel(window, "check")
    assert not panel.all_same.isEnabled()
    assert not panel.chips["moaas"].buttons["Same"].isEnabled()


@pytest.mark.parametrize(("share", "value"), [(0.0, 0.0), (0.5, 5.0), (1.0, 10.0), (-0.2, 0.0), (1.3, 10.0)])
def test_the_analogue_scale_reads_where_it_is_touched(window, share, value) -> None:
    panel = open_panel(window, "vas")
    window.grab()
    line = panel.slider.line_rect()
    spot = QPointF(line.left() + share * line.width(), line.top()).toPoint()
    QTest.mouseClick(panel.slider, Qt.MouseButton.LeftButton, pos=spot)
    assert panel.slider.value == pytest.approx(value, abs=0.1)
    click(panel.record)
    assert window.heard[0].fields["value"] == panel.slider.value


def test_the_analogue_scale_has_nothing_between_its_ends(qtbot) -> None:
    slider = VasSlider("no pain", "worst pain imaginable")
    qtbot.addWidget(slider)
    slider.resize(600, 120)
    slider.grab()
    assert [placed.text for placed in slider.placed] == ["no pain", "worst pain imaginable"]


def test_a_pause_is_recorded_at_once_and_its_volume_after(window) -> None:
    panel = open_panel(window, "pump_pause")
    press(panel, "Distress or panic")
    assert window.heard == [commands.Advance(Phase.PAUSE, NURSE, "Distress or panic")]
    assert window.panels.key == "pump_pause"
    type_number(panel, "24.5")
    press(panel, "Record")
    assert window.heard[1] == commands.RecordInfusion("volume", NURSE, pump_volume_ml=24.5)
    assert "at the pump" in panel.hint.text()


def test_the_volume_of_a_pause_may_wait(window) -> None:
    panel = open_panel(window, "pump_pause")
    press(panel, "Nausea or vomiting")
    press(panel, "Later")
    assert len(window.heard) == 1
    assert window.panels.key == ""


def at(seconds: float, phase: Phase = Phase.INF, *, early: bool = True):
    fields = samples.FIELDS | {"infusion.early": early}
    return replace(samples.medium(), t_ns=round(seconds * 1e9), phase=phase, fields=fields)


def test_an_early_end_is_recorded_with_reason_and_volume(window) -> None:
    window.show_screen(at(100), 0)
    panel = open_panel(window, "pump_stop")
    press(panel, "Patient wants to stop")
    assert window.heard == []
    type_number(panel, "12.5")
    press(panel, "Record")
    assert window.heard == [commands.Advance(Phase.REC, NURSE, "Patient wants to stop", pump_volume_ml=12.5)]


def test_a_complete_infusion_asks_no_reason_and_ends_when_the_panel_was_opened(window) -> None:
    window.show_screen(at(100, early=False), 0)
    panel = open_panel(window, "pump_stop")
    type_number(panel, "41")
    window.show_screen(at(190, early=False), 0)
    press(panel, "Record")
    assert window.heard == [
        commands.Answer("end_min_ago", 1.5, NURSE),
        commands.Advance(Phase.REC, NURSE, "", pump_volume_ml=41.0),
    ]


def test_in_an_emergency_the_pump_is_recorded_without_a_step(window) -> None:
    window.show_screen(at(100, Phase.EMERG), 0)
    panel = open_panel(window, "pump_stop")
    press(panel, "Blood pressure")
    type_number(panel, "9")
    press(panel, "Record")
    assert window.heard == [
        commands.RecordInfusion("stopped", NURSE, pump_volume_ml=9.0, reason="Blood pressure")
    ]


@pytest.mark.parametrize(
    ("key", "allowed"), [("pump_pause", questions.PAUSE_REASONS), ("pump_stop", questions.STOP_REASONS)]
)
def test_every_reason_of_the_pump_is_one_of_the_record_s(window, key, allowed) -> None:
    panel = open_panel(window, key)
    question = QUESTIONS["pause_reason" if key == "pump_pause" else "stop_reason"]
    for said in panel.reasons.buttons:
        assert question.normalised(said) in allowed
        assert question.fault(question.normalised(said)) == ""


def test_the_order_shows_milligrams_millilitres_and_rate(window) -> None:
    panel = open_panel(window, "order")
    for field, text in (("dose_mg_per_kg", "0.5"), ("weight_kg", "70"), ("concentration_mg_per_ml", "2")):
        click(panel.fields[field])
        type_number(panel, text)
    click(panel.fields["duration_min"])
    type_number(panel, "45")
    # clinical.md §9.3, second row of 70 kg
    assert panel.result.text().startswith("35 mg · 17.5 mL · 23.33")
    assert not panel.record.isEnabled()
    panel.prescriber.setText("Dr. K.")
    click(panel.record)
    assert window.heard == [commands.SetOrder(Order(0.5, 70.0, 2.0, 45.0, ordered_by="Dr. K."), NURSE)]


def test_an_impossible_order_says_why_and_cannot_be_written(window) -> None:
    panel = open_panel(window, "order")
    panel.prescriber.setText("Dr. K.")
    for field, text in (("dose_mg_per_kg", "0.5"), ("weight_kg", "7000"), ("concentration_mg_per_ml", "1")):
        click(panel.fields[field])
        type_number(panel, text)
    click(panel.fields["duration_min"])
    type_number(panel, "40")
    assert "eight" in panel.warnings.text()
    assert not panel.record.isEnabled()


def test_the_order_starts_from_the_patient_s_weight(window) -> None:
    panel = open_panel(window, "order")
    assert panel.texts["weight_kg"] == "82"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("2.5", commands.SetNibpPlan(armed=True, interval_min=2.5, by=NURSE)),
        ("Stop the plan", commands.SetNibpPlan(armed=False, interval_min=5.0, by=NURSE)),
        ("Measure now", commands.NibpNow(NURSE)),
        ("Stop the cuff", commands.NibpCancel(NURSE)),
        ("Skip the repeat", commands.NibpCancel(NURSE, retake_only=True)),
    ],
)
def test_the_cuff_panel(window, text, asked) -> None:
    press(open_panel(window, "nibp"), text)
    assert window.heard == [asked]


def test_emergency_needs_its_confirm(window) -> None:
    panel = open_panel(window, "emergency")
    assert window.heard == []
    press(panel, "No, back")
    assert window.heard == []
    press(open_panel(window, "emergency"), "Yes, EMERGENCY")
    assert window.heard == [commands.Emergency(NURSE)]


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [("12.5", "12.5", 12.5), (".5", "0.5", 0.5), ("007", "7", 7.0), ("1..2", "1.2", 1.2), ("", "", None)],
)
def test_the_pad_writes_numbers_as_doses_are_written(qtbot, keys, text, value) -> None:
    pad = NumberPad()
    qtbot.addWidget(pad)
    for key in keys:
        pad.press(key)
    assert (pad.text, pad.value) == (text, value)
    pad.press("⌫")
    assert pad.text == text[:-1]


def test_about_says_what_the_program_is_not(window) -> None:
    words = open_panel(window, "about").words.text()
    for part in ("does not control the infusion pump", "does not replace", "not a cleared medical device"):
        assert part in words
