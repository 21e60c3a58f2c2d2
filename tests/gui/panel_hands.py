"""Touches on a panel of the window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from monitor_app.core.stamp import Actor
from monitor_app.ui.panels.inputs import NumberPad

NURSE = Actor("K. L.", "nurse")


def open_panel(window, key):
    window.open_panel(key)
    return window.panels.current


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(panel, text: str) -> None:
    QApplication.processEvents()  # what was just added to a layout is shown by the event loop
    buttons = [
        b for b in panel.findChildren(QPushButton) if text in {b.text(), b.accessibleName()} and b.isVisible()
    ]
    assert buttons, (
        f"no {text!r} among {[b.text() for b in panel.findChildren(QPushButton) if b.isVisible()]}"
    )
    click(buttons[0])


def type_number(panel, text: str) -> None:
    pad = panel.findChild(NumberPad)
    for key in text:
        click(pad.keys[key])
