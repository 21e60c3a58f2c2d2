"""The alarm bar in words, its quiet state, its flashing, and what gives way when room is short."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_texts_fit
from PySide6.QtCore import QPoint

from monitor_app.services.screen import SoundView
from monitor_app.ui.alarm_bar import AlarmBar
from monitor_app.ui.canvas import fit_clauses
from monitor_app.ui.fonts import load_fonts, make_font, text_width
from monitor_app.ui.frame import Stage
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import Metrics
from monitor_app.ui.style import DARK

S = 1_000_000_000


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
    assert f"{samples.SYS_168.detail} · {samples.SYS_168.age_text}" in written(bar)
    assert colour(bar, 3, 3) == colour(bar, 1900, 3) == DARK.medium


def heads(bar: AlarmBar) -> list[str]:
    return [text for text in written(bar) if text.startswith("!")]


def test_three_conditions_stand_highest_first_and_what_is_known_takes_turns(bar) -> None:
    first = ["!!!  SpO₂ ↓84 < 85", "!!  SYS ↑168 > 160"]
    seen = []
    for second in range(7):
        bar.show_view(samples.high().alarm_bar, second * S)
        assert heads(bar)[:2] == first
        assert "+1 more" in written(bar)
        seen.append(heads(bar)[2])
    lead, check = "!  ECG lead off: LA", "!  Sedation (MOAA/S) overdue 2 min"
    assert seen == [lead] * 3 + [check] * 3 + [lead]
    assert colour(bar, 3, 56) == DARK.high


@pytest.mark.parametrize("width", [1350, 1084])
def test_where_room_is_short_what_is_known_is_only_counted(bar, width) -> None:
    bar.set_look(Look(metrics=Metrics(1366, 768, 96 / 25.4)))
    bar.resize(width, 60)
    for second in range(10):
        bar.show_view(samples.high().alarm_bar, second * S)
        assert heads(bar) == ["!!!  SpO₂ ↓84 < 85", "!!  SYS ↑168 > 160"]
        assert "+2 more" in written(bar)
        assert_texts_fit(bar)


def test_a_turn_is_drawn_without_anything_else_new(bar) -> None:
    lines = tuple(replace(line, unacknowledged=False) for line in samples.high().alarm_bar.lines)
    view = replace(samples.BAR, lines=lines)
    bar.show_view(view, 0)
    bar.grab()
    drawn: list[int] = []
    bar.update = lambda: drawn.append(bar._now_ns)
    for second in range(4):
        bar.show_view(view, second * S)
    assert drawn == [3 * S]


def test_a_headline_too_long_says_the_rest_below(bar) -> None:
    bar.set_look(Look(metrics=Metrics(1366, 768, 96 / 25.4)))
    bar.resize(1350, 60)
    long = replace(samples.SPO2_84, headline="SpO₂ ↓79 < 85 · CALL HELP · now 90, clearing")
    bar.show_view(replace(samples.BAR, lines=(long, samples.SYS_168, samples.LEAD_OFF)), 0)
    assert "!!!  SpO₂ ↓79 < 85 · CALL HELP" in written(bar)
    assert any(text.startswith("now 90, clearing · ") for text in written(bar))
    bar.show_view(replace(samples.BAR, lines=(long,)), 0)
    assert "!!!  SpO₂ ↓79 < 85 · CALL HELP · now 90, clearing" in written(bar)


def test_a_pause_of_the_alarms_is_the_headline(bar) -> None:
    bar.resized.connect(lambda: bar.resize(1904, bar.sizeHint().height()))
    bar.show_view(states.alarms_paused().alarm_bar, 0)
    assert {"Alarms paused", "1:42"} <= set(written(bar))
    assert "Sound on" not in written(bar)
    large = next(placed.rect for placed in bar.placed if placed.text == "Alarms paused")
    usual = next(placed.rect for placed in bar.placed if placed.text == "14:32:10")
    assert large.height() > usual.height()
    assert large.left() > 40  # its icon stands before it
    with_alarm = replace(states.alarms_paused().alarm_bar, lines=(samples.SPO2_84,))
    bar.show_view(with_alarm, 0)
    texts = written(bar)
    assert {"Alarms paused", "1:42", "!!!  SpO₂ ↓84 < 85"} <= set(texts)
    assert "Sound on" not in texts
    bar.show_view(replace(with_alarm, sound=SoundView("paused", "Sound paused", "0:40")), 0)
    assert {"Sound paused", "0:40"} <= set(written(bar))


def test_details_give_up_whole_clauses_only(bar) -> None:
    whole = [*samples.SYS_168.detail.split(" · "), samples.SYS_168.age_text]
    seen = set()
    for width in range(1100, 1904, 100):
        bar.resize(width, 60)
        bar.show_view(samples.high().alarm_bar, 0)
        shown = next(text for text in written(bar) if text.startswith("Hypertension")).split(" · ")
        assert shown == whole[: len(shown)]
        seen.add(len(shown))
    assert len(seen) > 1


@pytest.mark.parametrize(("now_ms", "lit"), [(0, True), (249, True), (250, False), (499, False), (500, True)])
def test_high_flashes_twice_a_second(bar, now_ms, lit) -> None:
    bar.show_view(replace(samples.BAR, lines=(samples.SPO2_84,)), now_ms * 1_000_000)
    assert bar.lit(samples.SPO2_84) is lit
    assert (colour(bar, 20, 8) == DARK.high) is lit
    assert "!!!  SpO₂ ↓84 < 85" in written(bar)


@pytest.mark.parametrize(
    ("state", "text", "left"),
    [
        ("paused", "Sound paused", "1:42"),
        ("off", "Sound off", ""),
        ("missing", "No sound: this computer has no sound output", ""),
    ],
)
def test_the_sound_s_state_is_in_words_with_its_countdown(bar, state, text, left) -> None:
    bar.show_view(replace(samples.BAR, sound=SoundView(state, text, left)), 0)
    assert text in written(bar)
    assert not left or left in written(bar)


def test_resolved_lines_stay_in_the_quiet_bar(bar) -> None:
    bar.show_view(samples.baseline().alarm_bar, 0)
    assert any("resolved 0:22 ago" in text for text in written(bar))


def test_where_room_is_short_no_alarm_stands_without_the_word_that_it_is_over(bar) -> None:
    for width in range(700, 1300, 40):
        bar.resize(width, 60)
        bar.show_view(samples.baseline().alarm_bar, 0)
        assert all("resolved" in text for text in written(bar) if "<" in text or ">" in text)


def test_a_screen_reader_hears_every_condition(bar) -> None:
    bar.show_view(samples.high().alarm_bar, 0)
    assert "HIGH: SpO₂ ↓84 < 85" in bar.accessibleDescription()
    assert "Sedation (MOAA/S) overdue" in bar.accessibleDescription()


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
