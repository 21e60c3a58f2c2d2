"""The strip that stays on top: the alarm, the states and the numbers while the window is away (design.md §8)."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_texts_fit
from PySide6.QtWidgets import QApplication

from monitor_app.services.screen import SoundView
from monitor_app.ui.floating_lines import state_words
from monitor_app.ui.floating_strip import LINE_PX, STATES_PX, FloatingStrip
from monitor_app.ui.fonts import load_fonts, text_width
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import REFERENCE_PX_PER_MM, Metrics
from monitor_app.ui.style import DARK, SMALL

S = 1_000_000_000
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
    assert "!!!  SpO₂ ↓84 < 85" in written(strip)
    assert DARK.high in colours(strip, range(10, 30))
    below = strip.look.px(2 * LINE_PX)
    assert DARK.high in colours(strip, range(below + strip.look.px(24), below + strip.look.px(64)))
    strip.show_screen(samples.high(), 250_000_000)  # the dark half of 2 Hz
    dark_half = strip.grab().toImage().pixelColor(strip.look.px(12), strip.look.px(10))
    assert dark_half.name().upper() != DARK.high
    assert "!!!  SpO₂ ↓84 < 85" in written(strip)


def heads(strip) -> list[str]:
    return [text for text in written(strip) if text.startswith("!")]


def showing(*lines, states=()):
    bar = replace(samples.high().alarm_bar, lines=lines, states=states)
    return replace(samples.high(), alarm_bar=bar)


LEAD_OFF_WAITS = replace(samples.LEAD_OFF, unacknowledged=True)


def test_alarms_that_have_no_line_of_their_own_take_turns_as_on_the_alarm_bar(strip) -> None:
    seen = []
    for second in range(7):
        strip.show_screen(showing(samples.SPO2_84, samples.SYS_168, LEAD_OFF_WAITS), second * S)
        seen.append((*heads(strip), next(text for text in written(strip) if "more" in text)))
        assert_texts_fit(strip)
    first, pressure = "!!!  SpO₂ ↓84 < 85", (f"!!  {samples.SYS_168.headline}", "+1 more")
    lead = (f"!  {LEAD_OFF_WAITS.headline}", "+1 more")
    assert seen == [(first, *pressure)] * 3 + [(first, *lead)] * 3 + [(first, *pressure)]


def test_it_turns_without_any_other_change(strip) -> None:
    screen = showing(samples.SPO2_84, samples.SYS_168, LEAD_OFF_WAITS)
    strip.show_screen(screen, 0)
    strip.show()
    strip.grab()
    for at_ns in range(0, 4 * S, S // 4):
        strip.show_screen(screen, at_ns)
    QApplication.processEvents()
    assert any("ECG lead off" in placed.text for placed in strip.placed)


def test_what_is_high_never_waits_for_a_turn(strip) -> None:
    """Each HIGH alarm has a line, whatever comes and goes beside it."""
    high = [replace(samples.SPO2_84, rule=f"AL-{n}", headline=f"HIGH {n}") for n in range(3)]
    alone = strip.sizeHint().height()
    for second in range(7):
        strip.show_screen(showing(*high, samples.SYS_168, LEAD_OFF_WAITS), second * S)
        assert heads(strip)[:3] == ["!!!  HIGH 0", "!!!  HIGH 1", "!!!  HIGH 2"]
        assert len(heads(strip)) == 4
        assert_texts_fit(strip)
    assert strip.height() == strip.sizeHint().height() > alone
    strip.show_screen(samples.quiet(), 8 * S)
    assert strip.height() == alone


def test_what_waits_to_be_acknowledged_does_not_wait_for_what_is(strip) -> None:
    known = [replace(samples.LEAD_OFF, rule=f"TE-{n}", headline=f"known {n}") for n in range(2)]
    for second in range(7):
        strip.show_screen(showing(samples.SPO2_84, samples.SYS_168, *known), second * S)
        assert heads(strip) == ["!!!  SpO₂ ↓84 < 85", "!!  SYS ↑168 > 160"]
        assert "+2 more" in written(strip)
    seen = set()
    for second in range(7, 14):
        acknowledged = replace(samples.SYS_168, unacknowledged=False)
        strip.show_screen(showing(samples.SPO2_84, acknowledged, *known), second * S)
        seen.update(heads(strip)[1:])
    assert seen == {"!!  SYS ↑168 > 160", "!  known 0", "!  known 1"}


def test_what_stands_is_drawn_at_once_and_a_turn_waits_for_the_next_picture(strip, monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr(strip, "repaint", lambda: drawn.append(strip._lines.lines[-1].rule))
    strip.show_screen(samples.quiet(), 0)
    strip.show_screen(samples.medium(), 1 * S)
    strip.show_screen(showing(samples.SPO2_84, samples.SYS_168, LEAD_OFF_WAITS), 2 * S)
    for second in range(3, 9):
        strip.show_screen(showing(samples.SPO2_84, samples.SYS_168, LEAD_OFF_WAITS), second * S)
    assert drawn == ["AL-BP-02", "AL-BP-02"]


def test_the_states_stand_below_the_alarm_and_the_strip_makes_room(strip) -> None:
    strip.show_screen(samples.quiet(), 0)
    before = strip.height()
    strip.show_screen(states.sensors_off(), 0)
    assert strip.height() == before + strip.look.px(STATES_PX)
    assert "Sensors off by Ann Lee 4:12" in written(strip)
    strip.show_screen(samples.quiet(), 0)
    assert strip.height() == before


def test_the_gravest_state_keeps_its_words(strip) -> None:
    strip.show_screen(states.everything(), 0)
    assert "Alarm sound off by Dr. Kim Lind" in written(strip)
    assert "Sensors off 0:09" in written(strip)


def test_names_stand_in_what_the_words_of_all_states_leave_over(strip) -> None:
    font, marks = strip.look.name(SMALL), (states.PAUSED, states.RULE_OFF)
    full = ["Alarms paused by RN Ito 1:42", "Alarm off: Tachycardia · by RN Ito"]
    plain = ["Alarms paused 1:42", "Alarm off: Tachycardia"]
    widths = [[text_width(font, words) for words in texts] for texts in (full, plain)]
    assert state_words(marks, sum(widths[0]), font) == full
    assert state_words(marks, widths[0][0] + widths[1][1], font) == [full[0], plain[1]]
    assert state_words(marks, sum(widths[1]), font) == plain
    assert state_words(marks, widths[1][0], font) == [plain[0], ""]
    assert state_words(marks, 0, font) == ["", ""]


def test_a_pause_of_the_alarms_is_said_in_place_of_the_sound(strip) -> None:
    strip.show_screen(states.alarms_paused(), 0)
    assert written(strip).count("Alarms paused by RN Ito 1:42") == 2
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
    for part in ("HIGH: SpO₂ ↓84 < 85", "Alarm sound off by Dr. Kim Lind", "Ann Lee 0:09", "Sound off"):
        assert part in told


def test_it_shows_the_high_alarm_that_begins_while_the_window_is_away(open_window) -> None:
    window = open_window(screen=samples.quiet())
    window.showMinimized()
    assert window.floating.isVisible()
    window.show_screen(samples.high(), 0)
    window.floating.grab()
    assert any(placed.text.startswith("!!!") for placed in window.floating.placed)
    assert window.floating.height() == window.floating.sizeHint().height()
