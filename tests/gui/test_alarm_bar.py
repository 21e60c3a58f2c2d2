"""The alarm bar in words, its quiet state, its flashing, and what gives way when room is short."""

from dataclasses import replace

import pytest
import sample_screens as samples
from PySide6.QtCore import QPoint

from monitor_app.services.screen import SoundView
from monitor_app.ui.alarm_bar import AlarmBar
from monitor_app.ui.canvas import fit_clauses
from monitor_app.ui.fonts import load_fonts, make_font, text_width
from monitor_app.ui.frame import Stage
from monitor_app.ui.look import Look
from monitor_app.ui.style import DARK


@pytest.fixture
def bar(qtbot):
    load_fonts()
    made = AlarmBar()
    qtbot.addWidget(made)
    made.set_look(Look())
    made.resize(1904, 60)
    return made


def written(bar: AlarmBar) -> list[str]:
    bar.grab()
    return [placed.text for placed in bar.placed]


def colour(widget, x: int, y: int) -> str:
    return widget.grab().toImage().pixelColor(QPoint(x, y)).name().upper()


def test_quiet_is_background_words_sound_and_clock(bar) -> None:
    bar.show_view(samples.BAR, 0)
    assert {"No alarms", "Sound on", "K. L.", "14:32:10"} <= set(written(bar))
    assert colour(bar, 3, 3) == DARK.background


def test_one_condition_has_the_whole_bar(bar) -> None:
    bar.show_view(replace(samples.BAR, lines=(samples.SYS_168,)), 0)
    assert "!!  SYS ↑168 > 160" in written(bar)
    assert samples.SYS_168.detail in written(bar)
    assert colour(bar, 3, 3) == colour(bar, 1900, 3) == DARK.medium


def test_three_conditions_stand_highest_first_with_the_count_of_the_rest(bar) -> None:
    bar.show_view(samples.high().alarm_bar, 0)
    heads = [text for text in written(bar) if text.startswith("!")]
    assert heads == ["!!!  SpO₂ ↓84 < 85", "!!  SYS ↑168 > 160", "!  ECG lead off: LA"]
    assert "+1 more" in written(bar)
    assert colour(bar, 3, 56) == DARK.high


def test_details_give_up_whole_clauses_only(bar) -> None:
    bar.show_view(samples.high().alarm_bar, 0)
    whole = samples.SYS_168.detail.split(" · ")
    shown = next(text for text in written(bar) if text.startswith("Hypertension"))
    assert shown.split(" · ") == whole[: len(shown.split(" · "))]


@pytest.mark.parametrize(("now_ms", "lit"), [(0, True), (249, True), (250, False), (499, False), (500, True)])
def test_high_flashes_twice_a_second(bar, now_ms, lit) -> None:
    bar.show_view(replace(samples.BAR, lines=(samples.SPO2_84,)), now_ms * 1_000_000)
    assert bar.lit(samples.SPO2_84) is lit
    assert (colour(bar, 20, 8) == DARK.high) is lit
    assert "!!!  SpO₂ ↓84 < 85" in written(bar)


@pytest.mark.parametrize(
    ("state", "text", "left"),
    [("paused", "Sound paused", "1:42"), ("off", "Sound off", ""), ("missing", "No sound output", "")],
)
def test_the_sound_s_state_is_in_words_with_its_countdown(bar, state, text, left) -> None:
    bar.show_view(replace(samples.BAR, sound=SoundView(state, text, left)), 0)
    assert text in written(bar)
    assert not left or left in written(bar)


def test_resolved_lines_stay_in_the_quiet_bar(bar) -> None:
    bar.show_view(samples.baseline().alarm_bar, 0)
    assert any("resolved 14:29" in text for text in written(bar))


def test_a_screen_reader_hears_every_condition(bar) -> None:
    bar.show_view(samples.high().alarm_bar, 0)
    assert "HIGH: SpO₂ ↓84 < 85" in bar.accessibleDescription()
    assert "Check overdue" in bar.accessibleDescription()


def test_clauses_are_dropped_from_the_asked_end() -> None:
    font = make_font("Inter", 15, 500)
    text = "58 y · 82 kg · penicillin"
    room = text_width(font, "82 kg · penicillin") + 1
    assert fit_clauses(text, font, room, drop=0) == "82 kg · penicillin"
    assert fit_clauses(text, font, room) == "58 y · 82 kg"
    assert fit_clauses(text, font, 3) == ""
    assert fit_clauses(text, font, 10_000) == text


def test_the_border_flashes_inside_the_hatch(qtbot) -> None:
    from monitor_app.core.priority import Priority

    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.show_state(simulated=True, border=Priority.HIGH, now_ns=0)
    assert stage.border_lit
    assert colour(stage, 200, 6) == DARK.high
    outer = {colour(stage, x, 1) for x in range(20, 60, 3)}
    assert DARK.high not in outer
    assert DARK.hatch in outer
    stage.show_state(simulated=True, border=Priority.HIGH, now_ns=300_000_000)
    assert not stage.border_lit


def test_the_simulated_hatch_runs_around_the_whole_window(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.show_state(simulated=True, border=None, now_ns=0)
    image = stage.grab().toImage()
    for points in (
        [(x, 4) for x in range(400)],
        [(x, 295) for x in range(400)],
        [(4, y) for y in range(300)],
        [(395, y) for y in range(300)],
    ):
        assert DARK.hatch in {image.pixelColor(*point).name().upper() for point in points}
    stage.show_state(simulated=False, border=None, now_ns=0)
    assert stage.grab().toImage().pixelColor(4, 4).name().upper() == DARK.background
