"""The virtual bedside tells what hands do, and looks unlike the clinical window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from monitor_app.ui.bedside_panel import BedsidePanel


@pytest.fixture
def bedside(qtbot):
    panel = BedsidePanel()
    qtbot.addWidget(panel)
    panel.resize(760, 720)
    panel.show_pump("running")
    panel.show()
    panel.heard_signals = []
    for name in ("pump", "oxygen", "drug", "cuff", "lead", "finger", "motion", "talk"):
        getattr(panel, name).connect(lambda *values, kind=name: panel.heard_signals.append((kind, *values)))
    return panel


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("ready", {"start"}),
        ("running", {"pause", "stop"}),
        ("paused", {"resume", "stop"}),
        ("done", set()),
        ("unheard of", set()),
    ],
)
def test_the_pump_offers_what_it_can_do(bedside, state, allowed) -> None:
    bedside.show_pump(state, "12.5 mL given")
    assert {name for name, key in bedside.pump_keys.items() if key.isEnabled()} == allowed
    assert bedside.pump_state.text() == "12.5 mL given"


def test_every_hand_has_its_signal(bedside) -> None:
    click(bedside.pump_keys["pause"])
    click(bedside.flow.buttons["4"])
    click(bedside.cuff_on)
    click(bedside.limb.buttons["right arm"])
    click(bedside.leads["LA"])
    click(bedside.finger_on)
    bedside.movement.setValue(40)
    bedside.words.setText(" How do you feel? ")
    QTest.keyClick(bedside.words, Qt.Key.Key_Return)
    assert bedside.heard_signals == [
        ("pump", "pause"),
        ("oxygen", 4.0),
        ("cuff", False, "left arm"),
        ("cuff", False, "right arm"),
        ("lead", "LA", False),
        ("finger", False),
        ("motion", 0.4),
        ("talk", "How do you feel?"),
    ]
    assert "How do you feel?" in bedside.heard.toPlainText()


def test_a_drug_comes_with_its_dose(bedside) -> None:
    from PySide6.QtWidgets import QPushButton

    click(next(b for b in bedside.findChildren(QPushButton) if b.text() == "Midazolam 2 mg"))
    assert bedside.heard_signals == [("drug", "Midazolam", 2.0)]


def test_it_says_that_it_is_simulated_and_what_the_patient_says(bedside) -> None:
    bedside.add_line("Patient: my head is pounding")
    assert "my head is pounding" in bedside.heard.toPlainText()
    assert "simulated" in bedside.windowTitle().lower()
    edge = bedside.grab().toImage().pixelColor(1, 300).name().upper()
    assert edge == "#6E52D6"
