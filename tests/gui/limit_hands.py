"""Touches on the limits panel, and the screens it is opened on."""

from dataclasses import replace

import sample_limits as limits
import sample_screens
from panel_hands import click, open_panel, press
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

SMALL = (1366, 768)
FIELDS = sample_screens.FIELDS | {
    "limits.delays": "Heart rate (a new value within 5 s), alarm at worst after: tachycardia 8 s",
    "limits.cannot": "It cannot start the cuff: press START on the monitor.",
}


def showing(view):
    return replace(sample_screens.quiet(), phase=view.phase, fields=FIELDS, limits=lambda: view)


def from_baseline():
    return showing(limits.with_baseline())


def show(window, view) -> None:
    window.show_screen(showing(view), 0)
    QApplication.processEvents()


def open_rule(window, title: str, sign: str = "Heart rate"):
    panel = open_panel(window, "limits")
    for name in sign.split(" > "):
        press(panel, name)
    press(panel, title)
    return panel


def texts(panel) -> str:
    shown = [*panel.findChildren(QLabel), *panel.findChildren(QPushButton)]
    return "\n".join(w.text() for w in shown if w.isVisible())


def steps(panel, key: str, times: int) -> None:
    for _ in range(times):
        click(panel.editor.stepper.keys[key])
