"""The panel of the second sound output, and the self-test of it: what they offer and ask for (clinical.md §5.3, §5.4)."""

from dataclasses import replace

import pytest
import sample_screens as samples
from layout_eye import assert_picture
from panel_hands import click, open_panel, press
from PySide6.QtWidgets import QApplication, QPushButton

from monitor_app.core.alarm_commands import ChooseSecondSound, TrySecondSound
from monitor_app.core.commands import SelfTest
from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_FAILED
from monitor_app.services.screen import Screen
from monitor_app.services.states_view import SecondSoundChoices, SoundChoices
from monitor_app.ui.panels.second_sound import _distinct

NURSE = Actor("K. L.", "nurse")
SIZES = [(1920, 1080), (1366, 768)]
DESK = SoundOutput("usb-1", "Desk speaker")
HALL = SoundOutput("bt-7", "Hall loudspeaker")
HDMI = [SoundOutput(f"hdmi-{n}", f"Built-in Audio Digital Surround 5.1 (HDMI {n})") for n in range(1, 5)]
MISSING = "Hall loudspeaker is not connected."
LEAD_ONLY = "Only the clinical lead can do without the second output now."
CASES = {
    "nothing there": SecondSoundChoices(),
    "none chosen": SecondSoundChoices(outputs=(DESK, HALL)),
    "chosen": SecondSoundChoices(DESK, (DESK, HALL)),
    "missing": SecondSoundChoices(HALL, (DESK, HALL), MISSING, LEAD_ONLY),
    "many": SecondSoundChoices(HDMI[2], (DESK, HALL, *HDMI), none_refusal=LEAD_ONLY),
}


def with_second(choices: SecondSoundChoices) -> Screen:
    return replace(samples.quiet(), sound=SoundChoices(self_test="passed", second=choices))


@pytest.fixture
def panel(open_window):
    def make(name="chosen", *, key="second_sound", size=(1920, 1080)):
        window = open_window(size, with_second(CASES[name]))
        window.user = NURSE
        return window, open_panel(window, key)

    return make


def visible(panel) -> list[str]:
    QApplication.processEvents()  # what was just added to a layout is shown by the event loop
    return [b.accessibleName() for b in panel.findChildren(QPushButton) if b.isVisible()]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize(
    ("key", "name"),
    [*(("second_sound", name) for name in CASES), ("selftest", "missing"), ("sound", "missing")],
)
def test_it_stands_whole_on_every_screen(panel, tmp_path, size, name, key) -> None:
    window, _ = panel(name, size=size, key=key)
    assert_picture(window)
    assert window.grab().toImage().save(str(tmp_path / f"{key}-{name}-{size[0]}.png"))


def test_an_output_is_chosen_and_tried(panel) -> None:
    window, made = panel("none chosen")
    assert made.chips.value == "None"
    assert not made.test.isVisible()
    press(made, "Hall loudspeaker")
    assert window.heard == [ChooseSecondSound(HALL, NURSE)]
    window.show_screen(with_second(CASES["chosen"]), 1)
    assert made.chips.value == "Desk speaker"
    press(made, "Test this output softly")
    assert window.heard[-1] == TrySecondSound(NURSE)
    press(made, "None")
    assert window.heard[-1] == ChooseSecondSound(NO_OUTPUT, NURSE)


def test_one_that_is_missing_is_said_and_still_marked(panel) -> None:
    _, made = panel("missing")
    assert made.chips.value == "Hall loudspeaker, not connected"
    assert not made.test.isEnabled()
    assert made.words.text() == MISSING


def test_who_may_not_do_without_is_told_why_and_not_offered_it(panel) -> None:
    _, made = panel("missing")
    assert "None" not in visible(made)
    assert made.hint.text() == LEAD_ONLY


def test_an_output_that_is_connected_appears_by_itself(panel) -> None:
    window, made = panel("nothing there")
    assert "connect one" in made.words.text()
    window.show_screen(with_second(CASES["none chosen"]), 1)
    assert {"None", "Desk speaker", "Hall loudspeaker"} <= set(visible(made))
    assert not made.words.isVisible()


def test_a_picture_that_changes_nothing_leaves_the_buttons_alone(panel) -> None:
    window, made = panel()
    before = made.chips
    window.show_screen(with_second(CASES["chosen"]), 1)
    assert made.chips is before


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("USB Audio", "USB Audio"), ["USB Audio (1)", "USB Audio (2)"]),
        (("None", "Line"), ["None (1)", "Line"]),
        (
            (HDMI[0].name, HDMI[1].name),
            ["Built-in Audio Di…ound 5.1 (HDMI 1)", "Built-in Audio Di…ound 5.1 (HDMI 2)"],
        ),
    ],
)
def test_every_output_has_words_of_its_own(names, said) -> None:
    assert _distinct([SoundOutput(f"k{n}", name) for n, name in enumerate(names)]) == said


class TestWays:
    def test_from_the_sound_panel_which_says_when_it_cannot_be_heard(self, panel) -> None:
        window, made = panel("missing", key="sound")
        assert made.hint.text() == "Self-test: passed"
        assert made.unheard.isVisible()
        assert made.unheard.text() == "Second output: not connected"
        press(made, "Second output…")
        assert window.panels.key == "second_sound"


class TestSelfTest:
    def try_all(self, made) -> None:
        for name in ("HIGH", "MEDIUM", "LOW"):
            click(made.keys[name])

    def test_without_one_there_are_three_to_hear(self, panel) -> None:
        _, made = panel("none chosen", key="selftest")
        assert not made.second.isVisible()
        self.try_all(made)
        assert made.passed.isEnabled()
        assert made.words.text() == "Did you hear all three, and see red, yellow and cyan?"

    def test_with_one_it_is_to_be_heard_too(self, panel) -> None:
        window, made = panel("chosen", key="selftest")
        self.try_all(made)
        assert not made.passed.isEnabled()
        click(made.second)
        assert window.heard == [
            *(SelfTest(n, NURSE) for n in ("HIGH", "MEDIUM", "LOW")),
            TrySecondSound(NURSE),
        ]
        assert made.passed.isEnabled()
        assert "one from the second output" in made.words.text()

    def test_one_that_is_missing_cannot_be_touched_and_nothing_passes(self, panel) -> None:
        window, made = panel("missing", key="selftest")
        self.try_all(made)
        assert made.words.text() == f"{MISSING} Connect it, or touch Not heard."
        assert made.second.accessibleName() == "Second output: not connected"
        assert not made.second.isEnabled()
        assert not made.passed.isEnabled()
        press(made, "Not heard or not seen")
        assert window.heard[-1] == SelfTest(SELF_TEST_FAILED, NURSE)

    def test_one_that_was_lost_and_came_back_is_to_be_heard_anew(self, panel) -> None:
        window, made = panel("chosen", key="selftest")
        assert made.second.text() == "!!!  HIGH, second output"
        self.try_all(made)
        click(made.second)
        window.show_screen(with_second(CASES["missing"]), 1)
        window.show_screen(with_second(CASES["chosen"]), 2)
        assert made.second.isEnabled()
        assert not made.passed.isEnabled()
        click(made.second)
        assert made.passed.isEnabled()

    def test_one_that_is_there_and_silent_is_called_so(self, panel) -> None:
        muted = SecondSoundChoices(HALL, (DESK, HALL), "Hall loudspeaker is muted.")
        window, made = panel("chosen", key="selftest")
        window.show_screen(with_second(muted), 1)
        assert made.second.accessibleName() == "Second output: no sound"
        assert made.words.text() == "Hall loudspeaker is muted. Put it right, or touch Not heard."
