"""Nothing is clipped, nothing overlaps, nothing is smaller than it must be, in every state at both sizes."""

from itertools import combinations

import pytest
import sample_screens
from layout_eye import assert_panel_whole, assert_texts_fit, painted
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from monitor_app.ui.action_button import ActionButton
from monitor_app.ui.metrics import CAP_HEIGHT_EM

SIZES = [(1920, 1080), (1366, 768)]
PANELS = [
    "event", "drug", "oxygen", "note", "check", "vas", "order", "pump_pause", "pump_stop", "nibp", "limits",
    "alarms", "phase", "emergency", "more", "settings", "calibrate", "user", "about", "outcome", "selftest",
    "limbs", "waves",
]  # fmt: skip
both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")


@both_sizes
@pytest.mark.parametrize("name", sample_screens.ALL)
def test_every_text_is_whole_and_alone(open_window, size, name: str) -> None:
    window = open_window(size, sample_screens.ALL[name]())
    for widget in painted(window):
        assert_texts_fit(widget)


@both_sizes
def test_rows_fill_the_frame_without_overlap(open_window, size) -> None:
    rows = open_window(size).rows
    places = [rows.alarm_bar, rows.header, rows.strips, rows.tiles, rows.trend, rows.feed, rows.actions]
    for one, other in combinations(places, 2):
        assert not one.intersects(other)
    assert rows.tiles.width() >= 420
    assert rows.strips.width() >= rows.tiles.width()
    assert rows.trend.height() == (268 if size == (1920, 1080) else 180)


@both_sizes
@pytest.mark.parametrize("name", ["medium", "high", "paused", "stale"])
def test_digits_have_their_millimetres(open_window, size, name: str) -> None:
    window = open_window(size, sample_screens.ALL[name]())
    metrics = window.look.metrics
    window.grab()
    least = {"HR": 20, "SPO2": 20, "NIBP": 15 if metrics.compact else 20}
    for key, least_mm in least.items():
        tall = max(placed.rect.height() for placed in window.tiles.tiles[key].placed)
        value = window.tiles.tiles[key]._view.value
        if value != "—":
            assert tall >= least_mm * metrics.px_per_mm * 0.985, key
    assert window.alarm_bar.height() * 1.0 >= 7 * metrics.px_per_mm
    assert metrics.number_px * CAP_HEIGHT_EM >= 20 * metrics.px_per_mm - 1


@both_sizes
def test_actions_are_large_enough_and_in_their_places(open_window, size) -> None:
    window = open_window(size, sample_screens.medium())
    shown = [b for b in window.action_row.findChildren(ActionButton) if b.isVisible()]
    least = 15 * window.look.metrics.px_per_mm
    for button in shown:
        assert button.height() >= least
        assert button.width() >= least
    ordered = [b.key for b in sorted(shown, key=lambda b: b.x())]
    assert ordered[:2] == ["ack", "pause_sound"]
    assert ordered[-1] == "emergency"
    if size == (1366, 768):
        assert len([key for key in ordered if key != "more"]) == 6
        assert "check" in ordered
    else:
        assert len(ordered) == 11


@both_sizes
def test_the_fixed_three_never_move(open_window, size) -> None:
    window = open_window(size, sample_screens.medium())
    fixed = ("ack", "pause_sound", "emergency")
    before = [window.action_row.button(key).geometry() for key in fixed]
    for make in sample_screens.ALL.values():
        window.show_screen(make(), 0)
        assert [window.action_row.button(key).geometry() for key in fixed] == before


@both_sizes
@pytest.mark.parametrize("key", PANELS)
def test_panels_stay_over_the_trend_row(open_window, size, key: str) -> None:
    window = open_window(size, sample_screens.medium())
    window.open_panel(key)
    rows = window.rows
    host = window.panels.geometry()
    assert host == rows.panel
    for covered in (rows.alarm_bar, rows.header, rows.strips, rows.tiles, rows.actions):
        assert not host.intersects(covered)


@both_sizes
@pytest.mark.parametrize("key", PANELS)
def test_panels_show_all_they_hold(open_window, size, key: str) -> None:
    window = open_window(size, sample_screens.medium())
    window.open_panel(key)
    window.grab()
    assert_panel_whole(window.panels.current)


@both_sizes
def test_buttons_of_panels_are_large_enough(open_window, size) -> None:
    window = open_window(size, sample_screens.medium())
    least = window.look.metrics.button_px - 1
    for key in PANELS:
        window.open_panel(key)
        window.grab()
        for button in window.panels.current.findChildren(QPushButton):
            if button.isVisible():
                assert button.height() >= least, f"{key}: {button.text()!r}"
                assert button.width() >= least, f"{key}: {button.text()!r}"


def test_the_far_view_leaves_the_alarm_bar(open_window) -> None:
    window = open_window(screen=sample_screens.high())
    window.toggle_far_view()
    assert window.far.isVisible()
    assert not window.far.geometry().intersects(window.rows.alarm_bar)
    window.grab()
    assert_texts_fit(window.far)
    window.toggle_far_view()
    assert not window.far.isVisible()


@both_sizes
def test_everything_to_be_used_has_a_name(open_window, size) -> None:
    window = open_window(size, sample_screens.medium())
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QPushButton | QLineEdit | ActionButton) and widget.isVisible():
            assert widget.accessibleName() or widget.text()
