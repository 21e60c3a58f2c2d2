"""What a tile says in each state (screen.md, Tiles; clinical.md §8.4, §5.2)."""

from dataclasses import replace

import pytest
import sample_screens as samples
import sample_states as states
from layout_eye import assert_texts_fit
from PySide6.QtGui import QColor

from monitor_app.core.priority import Priority
from monitor_app.services.screen import Freshness, TileLine, TileView
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import CAP_HEIGHT_EM, REFERENCE_PX_PER_MM, Metrics
from monitor_app.ui.style import DARK
from monitor_app.ui.tile import Tile, spoken
from monitor_app.ui.tile_column import TileColumn
from monitor_app.ui.tile_number import number_shape

HALF_S = 500_000_000


@pytest.fixture
def tile(qtbot):
    load_fonts()
    made = Tile("NIBP")
    qtbot.addWidget(made)
    made.set_look(Look(metrics=Metrics(1920, 1080, REFERENCE_PX_PER_MM)))
    made.resize(640, 168)
    return made


def written(tile: Tile) -> list[str]:
    tile.grab()
    return [placed.text for placed in tile.placed]


def ground(tile: Tile) -> str:
    return tile.grab().toImage().pixelColor(4 + 4, 12).name().upper()


def test_everything_is_written_once(tile) -> None:
    tile.show_view(samples.NIBP, 0)
    texts = written(tile)
    assert texts.count("NIBP") == 1
    for part in (
        "138",
        "/",
        "84",
        "mmHg · left arm · 14:30",
        "mean 102 · 1:36 ago",
        "160/100",
        "next 14:35 · in 3 min",
    ):
        assert part in texts


def test_name_is_above_the_limits_and_both_left_of_the_number(tile) -> None:
    tile.show_view(samples.NIBP, 0)
    tile.grab()
    place = {placed.text: placed.rect for placed in tile.placed}
    assert place["NIBP"].bottom() < place["160/100"].top()
    assert place["160/100"].right() < place["138"].left()
    assert place["138"].height() > place["84"].height() > place["NIBP"].height()


@pytest.mark.parametrize(
    ("priority", "mark", "fill"),
    [(Priority.HIGH, "!!!", DARK.high), (Priority.MEDIUM, "!!", DARK.medium), (Priority.LOW, "!", DARK.low)],
)
def test_an_alarm_fills_the_whole_tile_and_marks_its_name(tile, priority, mark, fill) -> None:
    tile.show_view(replace(samples.NIBP_ALARM, alarm=priority), 0)
    assert ground(tile) == fill
    assert f"{mark} NIBP" in written(tile)
    assert "↑" in written(tile)
    assert tile.grab().toImage().pixelColor(630, 150).name().upper() == fill


@pytest.mark.parametrize(
    ("priority", "half_period_ns"), [(Priority.HIGH, HALF_S // 2), (Priority.MEDIUM, 2 * HALF_S)]
)
def test_unlit_half_keeps_the_number_in_the_alarm_colour(tile, priority, half_period_ns) -> None:
    view = replace(samples.NIBP_ALARM, alarm=priority)
    tile.show_view(view, 0)
    assert tile.lit
    tile.show_view(view, half_period_ns)
    assert not tile.lit
    assert ground(tile) == DARK.background
    assert "168" in written(tile)


def test_acknowledged_is_steady(tile) -> None:
    view = replace(samples.NIBP_ALARM, unacknowledged=False)
    for now_ns in range(0, 4_000_000_000, 100_000_000):
        tile.show_view(view, now_ns)
        assert tile.lit


def test_pending_is_an_outline_in_no_alarm_colour(tile) -> None:
    tile.show_view(replace(samples.NIBP, pending=True), 0)
    image = tile.grab().toImage()
    assert image.pixelColor(2, 80) == QColor(DARK.muted)
    assert ground(tile) == DARK.background


@pytest.mark.parametrize("freshness", [Freshness.DIM, Freshness.HOLD])
def test_ageing_and_held_numbers_are_dimmed(tile, freshness) -> None:
    tile.show_view(replace(samples.NIBP, freshness=freshness, pill="HOLD 0:42"), 0)
    image = tile.grab().toImage()
    seen = {image.pixelColor(x, y).name().upper() for x in range(320, 620) for y in range(40, 120, 4)}
    assert DARK.muted in seen
    assert DARK.nibp not in seen
    assert "HOLD 0:42" in written(tile)


def test_a_blank_is_a_dash_and_never_a_zero(tile) -> None:
    tile.show_view(replace(samples.NIBP, value="—", freshness=Freshness.BLANK, lines=(), foot=""), 0)
    texts = written(tile)
    assert "—" in texts
    assert not any(text.strip("0") == "" for text in texts)


def test_doubt_stands_before_the_number(tile) -> None:
    tile.show_view(replace(samples.HR, doubt=True), 0)
    tile.grab()
    place = {placed.text: placed.rect for placed in tile.placed}
    assert place["?"].right() < place["98"].left()


def test_a_bell_cross_stands_where_the_limit_of_a_rule_that_is_off_stood(tile) -> None:
    tile.show_view(samples.HR, 0)
    before = tile.grab().toImage()
    figure = next(placed.rect for placed in tile.placed if placed.text == "120").toAlignedRect()
    tile.show_view(states.rule_off().tiles[0], 0)
    texts = written(tile)
    assert "120" not in texts
    assert {"high off", "50", "low", "+26 from 72"} <= set(texts)
    words = next(placed.rect for placed in tile.placed if placed.text == "high off")
    assert words.left() > figure.left() + 10  # the bell's place
    bell = tile.grab(figure.adjusted(-2, -8, -8, 4)).toImage()
    assert bell != before.copy(figure.adjusted(-2, -8, -8, 4))
    drawn = {bell.pixelColor(x, y).name().upper() for x in range(bell.width()) for y in range(bell.height())}
    assert DARK.text in drawn


def test_on_one_line_the_bell_comes_first_and_no_limit_is_lost(qtbot) -> None:
    load_fonts()
    tile = Tile("RR")
    qtbot.addWidget(tile)
    tile.set_look(Look(metrics=Metrics(1366, 768, 96 / 25.4)))
    tile.resize(270, 58)
    low_off = (TileLine("30", "high"), TileLine("", "low off", weight=5, off=True))
    tile.show_view(replace(samples.RR, lines=low_off, rule_off=True), 0)
    assert "low off · 30 high" in written(tile)
    assert_texts_fit(tile)


@pytest.mark.parametrize("compact", [False, True])
def test_every_line_of_a_tile_with_a_rule_off_stands_whole(qtbot, compact) -> None:
    load_fonts()
    metrics = Metrics(1366, 768, 96 / 25.4) if compact else Metrics(1920, 1080, REFERENCE_PX_PER_MM)
    for view in (states.rule_off().tiles[0], states.standby().tiles[2]):
        tile = Tile(view.key)
        qtbot.addWidget(tile)
        tile.set_look(Look(metrics=metrics))
        tile.resize(540 if compact else 634, 94 if compact else 150)
        tile.show_view(view, 0)
        tile.grab()
        assert_texts_fit(tile)


@pytest.mark.parametrize("value", ["88/44", "138/84", "168/96", "190/112", "240/140"])
@pytest.mark.parametrize("compact", [False, True])
def test_systolic_keeps_its_height_whatever_the_reading(qtbot, value, compact) -> None:
    load_fonts()
    metrics = Metrics(1366, 768, 96 / 25.4) if compact else Metrics(1920, 1080, REFERENCE_PX_PER_MM)
    tile = Tile("NIBP")
    qtbot.addWidget(tile)
    tile.set_look(Look(metrics=metrics))
    tile.resize(540 if compact else 634, 106 if compact else 162)
    tile.show_view(replace(samples.NIBP_ALARM, value=value), 0)
    tile.grab()
    systolic = next(placed for placed in tile.placed if placed.text == value.split("/")[0])
    assert systolic.rect.height() >= (15 if compact else 20) * metrics.px_per_mm * 0.985


def test_a_number_shrinks_rather_than_leave_its_tile() -> None:
    load_fonts()
    shape = number_shape(samples.NIBP_ALARM, Look(), 118, 120)
    assert not shape.full_size
    assert shape.width <= 124


def test_digits_of_the_bundled_font_are_as_high_as_the_metrics_say(qapp) -> None:
    from PySide6.QtGui import QFontMetricsF

    from monitor_app.ui.fonts import FAMILY, make_font

    assert load_fonts() == FAMILY
    font = make_font(FAMILY, 100, 600)
    assert QFontMetricsF(font).capHeight() / 100 == pytest.approx(CAP_HEIGHT_EM, rel=0.01)
    widths = [QFontMetricsF(font).horizontalAdvance(digit) for digit in "0123456789"]
    assert max(widths) - min(widths) < 0.2


def test_a_screen_reader_hears_value_limits_and_alarm() -> None:
    said = spoken(samples.NIBP_ALARM)
    for part in ("168/96", "mmHg", "1:36 ago", "160/100 high", "MEDIUM alarm"):
        assert part in said
    assert "blank" in spoken(replace(samples.HR, value="—", freshness=Freshness.BLANK))


def test_nothing_is_repainted_while_nothing_changes(tile) -> None:
    painted = []
    tile.paint = painted.append
    tile.show_view(samples.NIBP, 0)
    tile.repaint()
    painted.clear()
    tile.update = lambda: painted.append("asked")
    tile.show_view(replace(samples.NIBP), 10 * HALF_S)
    assert painted == []
    tile.show_view(replace(samples.NIBP, value="140/84"), 10 * HALF_S)
    assert painted == ["asked"]


def test_the_column_gives_an_absent_tile_s_room_to_the_others(qtbot) -> None:
    column = TileColumn()
    qtbot.addWidget(column)
    column.resize(640, 560)
    column.show_views(samples.TILES, 0)
    before = column.tiles["NIBP"].height()
    column.show_views(samples.TILES[:3], 0)
    assert column.tiles["RR"].isHidden()
    assert column.tiles["NIBP"].height() > before
    column.show_views((TileView("HR", "HR", "/min", "70", (TileLine("120", "high"),)),), 0)
    assert column.tiles["HR"].height() == 560


@pytest.mark.parametrize("width", [1920, 1366])
@pytest.mark.parametrize(
    "why", ["movement", "cuff loose or not connected", "no pulse found under the cuff, tried twice"]
)
def test_what_is_said_of_a_failure_stands_beside_the_lines(open_window, width, why) -> None:
    size = (1920, 1080) if width == 1920 else (1366, 768)
    failed = replace(samples.NIBP, foot=f"4:23 ago · last try failed: {why}")
    made = open_window(size, replace(samples.quiet(), tiles=(samples.HR, samples.SPO2, failed, samples.RR)))
    tile = made.tiles.tiles["NIBP"]
    assert any(text.startswith("4:23 ago") for text in written(tile))
    assert any(text.startswith("next") for text in written(tile))
    assert_texts_fit(tile)
