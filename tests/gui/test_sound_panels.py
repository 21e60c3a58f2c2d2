"""The panels about sound, pauses and sensors: what they offer, what they ask for, what they refuse (clinical.md §5.5)."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_picture
from panel_hands import click, open_panel, press
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from monitor_app.core.alarm_commands import (
    ExtendSensorsOff,
    PauseAlarms,
    PutSensorsOn,
    SetPulseTone,
    SetVolume,
    SwitchSound,
    TakeSensorsOff,
)
from monitor_app.core.commands import SelfTest
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import FeedLine
from monitor_app.services.states_view import SoundChoices

LEAD = Actor("Lea Moor", "clinical lead")
ANYTHING = SoundChoices(self_test="passed", me="K. L. (nurse)", can_extend=True)
SIZES = [(1920, 1080), (1366, 768)]
CASES = {
    "all of it": ANYTHING,
    "nothing of it": states.INFUSING,
    "alarms paused": replace(ANYTHING, pause_left="1:42"),
    "sensors off": replace(states.INFUSING, sensors_left="4:12"),
    "sensors off once more": replace(states.INFUSING, sensors_left="9:59", can_extend=False),
    "sound off": replace(states.INFUSING, sound_off=True),
    "quiet, with tone": replace(ANYTHING, volume_step=1, pulse_tone=True),
}


def with_sound(choices: SoundChoices):
    return replace(samples.quiet(), sound=choices)


@pytest.fixture
def panel(open_window):
    def make(choices=ANYTHING, *, user=LEAD, key="sound", size=(1920, 1080)):
        window = open_window(size, with_sound(choices))
        window.user = user
        return window, open_panel(window, key)

    return make


def visible(panel) -> set[str]:
    return {b.text() for b in panel.findChildren(QPushButton) if b.isVisible()}


class TestSound:
    @pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
    @pytest.mark.parametrize("name", CASES)
    def test_it_stands_whole_on_every_screen(self, panel, tmp_path, size, name) -> None:
        window, _ = panel(CASES[name], size=size)
        assert_picture(window)
        assert window.grab().toImage().save(str(tmp_path / f"{name}-{size[0]}.png"))

    def test_a_volume_is_heard_at_once_and_softly(self, panel) -> None:
        window, made = panel()
        press(made, "2")
        assert window.heard == [SetVolume(2, LEAD), SelfTest("MEDIUM", LEAD)]
        assert window.panels.key == "sound"

    def test_the_volume_in_force_is_marked_and_none_is_silent(self, panel) -> None:
        _, made = panel(replace(ANYTHING, volume_step=3))
        assert made.volume.value == "3"
        assert list(made.volume.buttons) == ["1", "2", "3", "4"]

    @pytest.mark.parametrize("on", [True, False])
    def test_the_pulse_tone(self, panel, on) -> None:
        window, made = panel(replace(ANYTHING, pulse_tone=not on))
        press(made, "Pulse tone on" if on else "Pulse tone off")
        assert window.heard == [SetPulseTone(on, LEAD)]

    def test_alarms_are_paused_and_come_back(self, panel) -> None:
        window, made = panel()
        press(made, "Pause alarms 2:00")
        assert window.heard == [PauseAlarms(LEAD, 120.0)]
        window.show_screen(with_sound(CASES["alarms paused"]), 0)
        press(made, "Alarms on again · 1:42 left")
        assert window.heard[-1] == PauseAlarms(LEAD, 0.0)

    def test_what_the_phase_forbids_is_a_sentence_and_no_button(self, panel) -> None:
        _, made = panel(states.INFUSING)
        assert not visible(made) & {"Pause alarms 2:00", "Sensors off…", "Sound off…"}
        for place, why in (
            (made.pause_place, states.NOT_HERE),
            (made.sensors_place, states.NEVER_NOW),
            (made.off_place, states.LEAD_ONLY),
        ):
            assert place.currentWidget() is place.why
            assert place.why.text() == why

    def test_sensors_come_back_or_get_five_minutes_more_once(self, panel) -> None:
        window, made = panel(CASES["sensors off"])
        press(made, "5 min more")
        press(made, "Sensors on again · 4:12 left")
        assert window.heard == [ExtendSensorsOff(LEAD), PutSensorsOn(LEAD)]
        window.show_screen(with_sound(CASES["sensors off once more"]), 0)
        assert "5 min more" not in visible(made)

    def test_sound_off_is_asked_twice(self, panel) -> None:
        window, made = panel()
        press(made, "Sound off…")
        assert window.heard == []
        press(made, "No")
        press(made, "Sound off…")
        press(made, "Off until the next phase")
        assert window.heard == [SwitchSound(False, LEAD)]

    def test_a_question_left_open_is_forgotten(self, panel) -> None:
        window, made = panel()
        press(made, "Sound off…")
        window.panels.close_panel()
        window.open_panel("sound")
        assert "Sound off…" in visible(made)

    def test_anybody_may_switch_the_sound_on_again(self, panel) -> None:
        nurse = Actor("K. L.", "nurse")
        window, made = panel(CASES["sound off"], user=nurse)
        press(made, "Sound on again")
        assert window.heard == [SwitchSound(True, nurse)]

    def test_it_leads_to_the_self_test_and_says_how_it_went(self, panel) -> None:
        window, made = panel()
        assert made.hint.text() == "Self-test: passed"
        press(made, "Alarm self-test")
        assert window.panels.key == "selftest"

    def test_a_refusal_is_shown_in_the_panel(self, panel) -> None:
        window, made = panel()
        press(made, "Pause alarms 2:00")
        refused = FeedLine("refused-1", "Not done: not now.", refused=True)
        window.show_screen(replace(with_sound(ANYTHING), feed=(refused,)), 1)
        assert made.refusal.text() == "Not done: not now."


class TestWays:
    def test_from_the_alarms(self, open_window) -> None:
        window = open_window()
        press(open_panel(window, "alarms"), "Sound and pauses")
        assert window.panels.key == "sound"

    def test_from_more_on_a_small_screen(self, open_window) -> None:
        window = open_window((1366, 768))
        press(open_panel(window, "more"), "Sound, pauses")
        assert window.panels.key == "sound"

    def test_to_the_sensors(self, panel) -> None:
        window, made = panel()
        press(made, "Sensors off…")
        assert window.panels.key == "sensors_off"


class TestSensorsOff:
    @pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
    @pytest.mark.parametrize("choices", [ANYTHING, states.INFUSING], ids=["asked", "refused"])
    def test_it_stands_whole(self, panel, size, choices) -> None:
        window, _ = panel(choices, key="sensors_off", size=size)
        assert_picture(window)

    def test_both_answers_are_needed(self, panel) -> None:
        window, made = panel(key="sensors_off")
        assert not made.take.isEnabled()
        press(made, "toilet")
        assert not made.take.isEnabled()
        press(made, "companion")
        click(made.take)
        assert window.heard == [TakeSensorsOff(LEAD, "companion", "toilet")]
        assert window.panels.key == ""

    def test_me_is_recorded_by_name(self, panel) -> None:
        window, made = panel(key="sensors_off")
        press(made, "repositioning")
        press(made, "me")
        click(made.take)
        assert window.heard == [TakeSensorsOff(LEAD, "K. L. (nurse)", "repositioning")]

    def test_a_name_takes_the_place_of_the_choice_and_the_other_way_round(self, panel) -> None:
        _, made = panel(key="sensors_off")
        press(made, "prescriber")
        QTest.keyClicks(made.name, "Ann Lee")
        assert (made.person, made.with_patient.value) == ("Ann Lee", "")
        press(made, "companion")
        assert (made.person, made.name.text()) == ("companion", "")

    def test_it_starts_empty_each_time(self, panel) -> None:
        window, made = panel(key="sensors_off")
        press(made, "toilet")
        press(made, "me")
        window.panels.close_panel()
        window.open_panel("sensors_off")
        assert (made.reason.value, made.person) == ("", "")

    def test_where_it_is_not_possible_only_the_reason_stands(self, panel) -> None:
        _, made = panel(states.INFUSING, key="sensors_off")
        assert made.why.text() == states.NEVER_NOW
        assert visible(made) == {"Close"}
