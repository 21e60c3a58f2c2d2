"""The words on a button are large enough to be read from the chair, whatever they say (screen.md, Type, Actions)."""

from dataclasses import replace

import pytest
import sample_screens as samples
from layout_eye import assert_texts_fit
from PySide6.QtGui import QFontMetricsF

from monitor_app.services.screen import ActionView, Emphasis
from monitor_app.ui.action_button import ActionButton, halved
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import REFERENCE_PX_PER_MM, Metrics
from monitor_app.ui.style import BODY

NOT_REFRESHED = "Acknowledge SpO₂ not refreshed"


@pytest.fixture
def button(qtbot) -> ActionButton:
    load_fonts()
    made = ActionButton("ack")
    qtbot.addWidget(made)
    made.set_look(Look(metrics=Metrics(1920, 1080, REFERENCE_PX_PER_MM)))
    made.resize(254, 66)
    return made


def written(button: ActionButton) -> list[str]:
    button.grab()
    assert_texts_fit(button)
    return [placed.text for placed in button.placed]


def view(title: str, caption: str = "F1", emphasis: Emphasis = Emphasis.PRIMARY) -> ActionView:
    return ActionView("ack", title, caption, "F1", emphasis)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("alarm", ["SYS 168", "SpO₂ not refreshed", "Infusion running longer than planned"])
def test_the_primary_button_is_never_set_smaller_than_body(open_window, size, alarm) -> None:
    window = open_window(size, replace(samples.medium(), actions=samples.actions(alarm)))
    ack = window.action_row.button("ack")
    texts = written(ack)
    least = QFontMetricsF(window.look.name(BODY)).tightBoundingRect("A").height()
    title = next(placed for placed in ack.placed if placed.text.startswith("Acknowledge"))
    assert title.rect.height() >= least - 0.1
    assert " ".join(text for text in texts if text != "F1") == f"Acknowledge {alarm}"


def test_how_to_press_it_gives_way_before_the_title_does(button) -> None:
    button.show_view(view("Acknowledge SYS 168"))
    assert written(button) == ["Acknowledge SYS 168", "F1"]
    button.show_view(view(NOT_REFRESHED))
    assert written(button) == ["Acknowledge SpO₂", "not refreshed"]


def test_a_countdown_and_what_is_recorded_stay(button) -> None:
    button.show_view(view(NOT_REFRESHED, "due in 0:50", Emphasis.DUE))
    assert written(button)[-1] == "due in 0:50"
    button.show_view(view(NOT_REFRESHED))
    button.mark_recorded(0)
    assert written(button) == ["Acknowledge SpO₂", "not refreshed", "recorded"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Pump paused", ("Pump", "paused")),
        (NOT_REFRESHED, ("Acknowledge SpO₂", "not refreshed")),
        ("Acknowledge ECG lead off: LA", ("Acknowledge ECG", "lead off: LA")),
    ],
)
def test_two_lines_are_as_equal_as_the_words_allow(title, lines) -> None:
    assert halved(title) == lines
