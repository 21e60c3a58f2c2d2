"""The strip that stays on top: the alarm, the states and the numbers while the window is away (design.md §8)."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_texts_fit

from monitor_app.services.screen import SoundView
from monitor_app.ui.floating_strip import STATES_PX, FloatingStrip
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import REFERENCE_PX_PER_MM, Metrics
from monitor_app.ui.style import DARK

LOOKS = {
    "1920": Metrics(1920, 1080, REFERENCE_PX_PER_MM),
    "1366": Metrics(1366, 768, 96 / 25.4),
    "4k": Metrics(3840, 2160, 2 * REFERENCE_PX_PER_MM),
}


@pytest.fixture(params=LOOKS)
def strip(qtbot, request):
    load_fonts()
    made = FloatingStrip()
    qtbot.addWidget(made)
    made.set_look(Look(metrics=LOOKS[request.param]))
    made.resize(made.sizeHint())
    return made


def written(strip) -> list[str]:
    strip.grab()
    return [placed.text for placed in strip.placed]


def colours(strip, rows: range) -> set[str]:
    image = strip.grab().toImage()
    return {image.pixelColor(x, y).name().upper() for x in range(8, image.width() - 8, 2) for y in rows}


@pytest.mark.parametrize("name", [*samples.ALL, *states.ALL])
def test_nothing_is_cut_off_in_any_state(strip, name) -> None:
    strip.show_screen({**samples.ALL, **states.ALL}[name](), 0)
    strip.grab()
    assert_texts_fit(strip)


def test_a_new_high_alarm_fills_its_line_and_its_number(strip) -> None:
    strip.show_screen(samples.quiet(), 0)
    assert DARK.high not in colours(strip, range(10, 130, 4))
    strip.show_screen(samples.high(), 0)
    assert "!!!  SpO₂ ↓84 < 85 · +3" in written(strip)
    assert DARK.high in colours(strip, range(10, 30))
    assert DARK.high in colours(strip, range(strip.look.px(60), strip.look.px(100)))
    strip.show_screen(samples.high(), 250_000_000)  # the dark half of 2 Hz
    dark_half = strip.grab().toImage().pixelColor(strip.look.px(12), strip.look.px(10))
    assert dark_half.name().upper() != DARK.high
    assert "!!!  SpO₂ ↓84 < 85 · +3" in written(strip)


def test_the_states_stand_below_the_alarm_and_the_strip_makes_room(strip) -> None:
    strip.show_screen(samples.quiet(), 0)
    before = strip.height()
    strip.show_screen(states.sensors_off(), 0)
    assert strip.height() == before + strip.look.px(STATES_PX)
    assert "Sensors off 4:12" in written(strip)
    strip.show_screen(samples.quiet(), 0)
    assert strip.height() == before


def test_the_gravest_state_keeps_its_words(strip) -> None:
    strip.show_screen(states.everything(), 0)
    assert "Alarm sound off" in written(strip)


def test_a_pause_of_the_alarms_is_said_in_place_of_the_sound(strip) -> None:
    strip.show_screen(states.alarms_paused(), 0)
    assert written(strip).count("Alarms paused 1:42") == 2
    row = range(strip.look.px(46), strip.look.px(66))
    assert DARK.text in colours(strip, row)  # a bright ground, as under a sound that is off
    bells = [strip.grab().toImage()]
    bar = replace(states.alarms_paused().alarm_bar, sound=SoundView("paused", "Sound paused", "0:40"))
    strip.show_screen(replace(states.alarms_paused(), alarm_bar=bar), 0)
    assert "Sound paused 0:40" in written(strip)
    assert strip.grab().toImage() != bells[0]


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (SoundView("on", "Sound on"), ""),
        (SoundView("paused", "Sound paused", "1:42"), "Sound paused 1:42"),
        (SoundView("off", "Sound off"), "Sound off"),
        (SoundView("missing", "No sound: this computer has no sound output"), "No sound"),
    ],
)
def test_whether_it_could_be_heard(strip, sound, words) -> None:
    bar = replace(samples.medium().alarm_bar, sound=sound)
    strip.show_screen(replace(samples.medium(), alarm_bar=bar), 0)
    said = [text for text in written(strip) if "ound" in text]
    assert said == ([words] if words else [])
    assert "!!  SYS ↑168 > 160" in written(strip)


def test_a_screen_reader_hears_alarms_states_and_sound(strip) -> None:
    strip.show_screen(states.everything(), 0)
    told = strip.accessibleDescription()
    for part in ("HIGH: SpO₂ ↓84 < 85", "Alarm sound off", "Sensors off 0:09", "Sound off"):
        assert part in told


def test_it_shows_the_high_alarm_that_begins_while_the_window_is_away(open_window) -> None:
    window = open_window(screen=samples.quiet())
    window.showMinimized()
    assert window.floating.isVisible()
    window.show_screen(samples.high(), 0)
    window.floating.grab()
    assert any(placed.text.startswith("!!!") for placed in window.floating.placed)
    assert window.floating.height() == window.floating.sizeHint().height()
