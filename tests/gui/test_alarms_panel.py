"""The list of alarms: each with its own key, and below them what is paused or off and by whom (clinical.md §5.4, §5.5)."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_panel_whole
from panel_hands import open_panel, press
from PySide6.QtWidgets import QApplication, QLabel

from monitor_app.core import commands


def texts(panel) -> list[str]:
    return [words.text() for words in panel.findChildren(QLabel) if words.isVisibleTo(panel) and words.text()]


def test_each_alarm_is_acknowledged_by_its_own_rule(open_window) -> None:
    window = open_window(screen=samples.high())
    panel = open_panel(window, "alarms")
    press(panel, "Acknowledge")
    assert window.heard == [commands.Acknowledge(window.user, "AL-SP-01")]


def test_a_pause_names_who_asked_for_it_and_counts_down_in_its_place(open_window) -> None:
    window = open_window(screen=states.alarms_paused())
    panel = open_panel(window, "alarms")
    shown = texts(panel)
    at = shown.index("Alarms paused 1:42")
    assert shown[at - 1 : at + 2] == ["Alarms paused · none is announced", "Alarms paused 1:42", "by RN Ito"]
    before = panel._states["ALARM PAUSED"]
    bar = states.alarms_paused().alarm_bar
    later = replace(bar, states=(replace(bar.states[0], countdown_text="1:41"),))
    window.show_screen(replace(states.alarms_paused(), alarm_bar=later), 0)
    assert panel._states["ALARM PAUSED"] is before
    assert "Alarms paused 1:41" in texts(panel)
    assert "Alarms paused 1:42" not in texts(panel)


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        (states.sound_off, ["Alarm sound off", "until the next phase · by Dr. Kim Lind"]),
        (states.rule_off, ["Alarm off: Tachycardia", "athlete, known sinus tachycardia · by RN Ito"]),
        (states.sensors_off, ["Sensors off 4:12", "toilet · with the patient: Ann Lee"]),
    ],
)
def test_what_is_off_stands_with_why_and_by_whom(open_window, screen, words) -> None:
    shown = texts(open_panel(open_window(screen=screen()), "alarms"))
    assert shown[shown.index(words[0]) :][:2] == words


def test_the_list_follows_a_state_that_ends(open_window) -> None:
    window = open_window(screen=states.rule_off())
    panel = open_panel(window, "alarms")
    window.show_screen(samples.quiet(), 0)
    QApplication.processEvents()
    assert "No alarms" in texts(panel)
    assert not any("Tachycardia" in text for text in texts(panel)), texts(panel)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("name", ["sound_off", "alarms_paused", "everything"])
def test_pictures(open_window, tmp_path, size, name) -> None:
    window = open_window(size, states.ALL[name]())
    panel = open_panel(window, "alarms")
    QApplication.processEvents()
    window.grab().save(str(tmp_path / f"alarms-{name}-{size[0]}.png"))
    assert_panel_whole(panel)
