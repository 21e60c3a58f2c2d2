"""Presses become the right commands; keys, undo, refusals, the floating strip."""

from dataclasses import replace

import pytest
import sample_screens
from panel_hands import NURSE, click
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from monitor_app.core import commands
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import ActionView, Emphasis, FeedLine, PhasePanelView
from monitor_app.ui.press import meaning
from monitor_app.ui.requests import CalibrationChosen, ResolvedSeen, ThemeChosen, UserChosen
from monitor_app.ui.style import Theme

SCREEN = sample_screens.medium


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("ack", commands.Acknowledge(NURSE)),
        ("pause_sound", commands.PauseAudio(NURSE, 120.0)),
        ("nibp", commands.NibpNow(NURSE)),
    ],
)
def test_one_press_is_one_command(window, key, asked) -> None:
    click(window.action_row.button(key))
    assert window.heard == [asked]


@pytest.mark.parametrize(
    ("key", "panel"),
    [
        ("event", "event"),
        ("check", "check"),
        ("oxygen", "oxygen"),
        ("drug", "drug"),
        ("note", "note"),
        ("pump_pause", "pump_pause"),
        ("pump_stop", "pump_stop"),
        ("emergency", "emergency"),
    ],
)
def test_what_asks_for_more_opens_its_panel_and_a_second_press_closes_it(window, key, panel) -> None:
    click(window.action_row.button(key))
    assert window.panels.key == panel
    assert window.heard == []
    click(window.action_row.button(key))
    assert window.panels.key == ""


@pytest.mark.parametrize(
    ("key", "asked"),
    [("pause_sound", commands.PauseAudio(NURSE, 0.0)), ("nibp", commands.NibpCancel(NURSE))],
)
def test_an_active_button_takes_back(key, asked) -> None:
    screen = sample_screens.quiet()
    active = tuple(replace(x, emphasis=Emphasis.ACTIVE) if x.key == key else x for x in screen.actions)
    assert meaning(key, replace(screen, actions=active), NURSE) == asked


def test_resuming_the_pump_asks_only_where_something_is_missing() -> None:
    ready = PhasePanelView("To resume", Phase.INF, (), ready=True, button="Resume", missing_text="")
    screen = replace(sample_screens.quiet(), phase=Phase.PAUSE, phase_panel=ready)
    assert meaning("pump_pause", screen, NURSE) == commands.Advance(Phase.INF, NURSE)
    assert meaning("pump_pause", replace(screen, phase_panel=replace(ready, ready=False)), NURSE) == "phase"
    assert meaning("unheard of", screen, NURSE) == ""


@pytest.mark.parametrize(
    ("key", "kind"), [(Qt.Key.Key_F1, commands.Acknowledge), (Qt.Key.Key_F2, commands.NibpNow)]
)
def test_function_keys_press(window, key, kind) -> None:
    QTest.keyClick(window, key)
    assert [type(x) for x in window.heard] == [kind]


def test_space_presses_nothing_anywhere(window) -> None:
    for widget in (window, window.action_row.button("ack"), window.tiles.tiles["NIBP"], window.alarm_bar):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Space)
    assert window.heard == []
    assert window.panels.key == ""


def test_enter_presses_what_is_focused(window) -> None:
    ack = window.action_row.button("ack")
    ack.setFocus()
    QTest.keyClick(ack, Qt.Key.Key_Return)
    assert window.heard == [commands.Acknowledge(NURSE)]


def test_enter_presses_nothing_at_the_start(window) -> None:
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert window.heard == []


def test_tab_walks_the_actions_in_their_order(window) -> None:
    start = window.action_row.button("ack")
    start.setFocus()
    seen = [start.key]
    for _ in range(10):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(getattr(window.focusWidget(), "key", ""))
    assert seen == [view.key for view in sample_screens.medium().actions]


def test_a_disabled_acknowledge_is_silent(open_window) -> None:
    window = open_window(screen=sample_screens.quiet())
    QTest.keyClick(window, Qt.Key.Key_F1)
    click(window.action_row.button("ack"))
    assert window.heard == []


def test_a_press_is_felt_at_once_and_seen_to_arrive(window) -> None:
    note = window.action_row.button("note")
    click(note)
    assert note.mark == "pressed"
    more = (FeedLine("e9", "Note: calm", 10), *sample_screens.FEED)
    window.show_screen(replace(sample_screens.medium(), feed=more), 200_000_000)
    assert note.mark == "recorded"
    window.show_screen(replace(sample_screens.medium(), feed=more), 4_000_000_000)
    assert note.mark == ""


def test_a_press_that_never_arrives_is_not_called_recorded(window) -> None:
    note = window.action_row.button("note")
    click(note)
    for seconds in (1, 3, 6):
        window.show_screen(sample_screens.medium(), seconds * 1_000_000_000)
        assert note.mark != "recorded"


def test_undo_names_its_entry(window) -> None:
    rows = [row for row in window.feed.rows if row.isVisible()]
    assert [row.button.isVisible() for row in rows] == [True, False, False]
    assert rows[0].button.text() == "Undo 7"
    click(rows[0].button)
    assert window.heard == [commands.Undo("e3", NURSE)]


def test_undo_is_gone_when_its_time_is_over(window) -> None:
    later = (replace(sample_screens.FEED[0], undo_left_s=0), *sample_screens.FEED[1:])
    window.show_screen(replace(sample_screens.medium(), feed=later), 0)
    assert not any(row.button.isVisible() for row in window.feed.rows)


def test_closing_is_refused_in_words_while_monitored(window) -> None:
    assert not window.close()
    assert window.isVisible()
    assert "being monitored" in window.feed.notice.text()
    assert window.feed.notice.isVisible()


def test_closing_after_the_visit_is_allowed(open_window, qtbot) -> None:
    window = open_window(screen=sample_screens.left())
    with qtbot.waitSignal(window.closed):
        assert window.close()


def test_the_strip_floats_while_the_window_is_away(window) -> None:
    assert not window.floating.isVisible()
    window.showMinimized()
    assert window.floating.isVisible()
    assert window.floating.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    window.floating.grab()
    written = " ".join(placed.text for placed in window.floating.placed)
    for part in ("SYS ↑168 > 160", "98", "96", "168", "1:36 ago"):
        assert part in written
    click(window.floating)
    assert not window.isMinimized()
    assert not window.floating.isVisible()


def test_no_strip_floats_when_nobody_is_monitored(open_window) -> None:
    window = open_window(screen=sample_screens.check_in())
    window.showMinimized()
    assert not window.floating.isVisible()


def test_a_window_never_shown_floats_nothing(qtbot) -> None:
    from PySide6.QtWidgets import QWidget

    from monitor_app.ui.main_window import MainWindow

    window = MainWindow(QWidget(), QWidget())
    window.resize(1920, 1080)
    window.show_screen(sample_screens.medium(), 0)
    assert not window.floating.isVisible()
    window.close_now()


@pytest.mark.parametrize(
    ("tile", "title"),
    [("HR", "Heart rate"), ("SPO2", "SpO₂"), ("RR", "Respiration")],
)
def test_pressing_a_number_opens_its_limits_and_again_closes_them(window, tile, title) -> None:
    click(window.tiles.tiles[tile])
    assert (window.panels.key, window.panels.current.title.text()) == ("limits", title)
    click(window.tiles.tiles[tile])
    assert window.panels.key == ""


def test_pressing_another_number_turns_to_its_limits(window) -> None:
    click(window.tiles.tiles["HR"])
    click(window.tiles.tiles["SPO2"])
    assert (window.panels.key, window.panels.current.title.text()) == ("limits", "SpO₂")


def test_pressing_the_pressure_opens_the_cuff_which_leads_to_its_limits(window) -> None:
    click(window.tiles.tiles["NIBP"])
    assert window.panels.key == "nibp"
    click(window.panels.current.limits)
    assert (window.panels.key, window.panels.current.title.text()) == ("limits", "Blood pressure")


def test_pressing_the_sedation_opens_the_check(window) -> None:
    click(window.tiles.tiles["SEDATION"])
    assert window.panels.key == "check"


def test_pressing_a_phase_shows_its_guards(window) -> None:
    window.grab()
    spot = window.header.step_rect("REC").center().toPoint()
    QTest.mouseClick(window.header, Qt.MouseButton.LeftButton, pos=spot)
    assert window.panels.key == "phase"
    assert window.panels.current.title.text() == "To start the infusion"


def test_the_alarm_bar_opens_the_alarms(window) -> None:
    click(window.alarm_bar)
    assert window.panels.key == "alarms"


def test_escape_closes_a_panel(window) -> None:
    window.open_panel("note")
    QTest.keyClick(window.panels.current.text, Qt.Key.Key_Escape)
    assert window.panels.key == ""


def test_colours_change_at_once_and_are_reported(window) -> None:
    window.open_panel("settings")
    click(window.panels.current.theme.buttons["Night"])
    assert window.theme is Theme.NIGHT
    assert window.heard == [ThemeChosen(Theme.NIGHT)]


def test_calibration_changes_the_sizes(window) -> None:
    before = window.look.metrics.number_px
    window._on_asked(CalibrationChosen(window.px_per_mm * 1.3))
    assert window.look.metrics.number_px > before


def test_whoever_takes_over_signs_the_next_press(window) -> None:
    window.open_panel("user")
    panel = window.panels.current
    panel.name.setText("B. C.")
    click(panel.role.buttons["prescriber"])
    click(panel.take)
    click(window.action_row.button("nibp"))
    other = Actor("B. C.", "prescriber")
    assert window.heard == [UserChosen(other), commands.NibpNow(other)]


def test_resolved_lines_are_marked_seen(open_window) -> None:
    window = open_window(screen=sample_screens.baseline())
    window.open_panel("alarms")
    from PySide6.QtWidgets import QPushButton

    seen = next(b for b in window.panels.current.findChildren(QPushButton) if b.text() == "Seen")
    click(seen)
    assert window.heard == [ResolvedSeen(window.user)]


def test_small_screens_keep_the_rest_one_press_away(open_window) -> None:
    window = open_window((1366, 768), sample_screens.medium())
    click(window.action_row.button("more"))
    more = window.panels.current
    assert set(more.buttons) == {"oxygen", "drug", "note", "pump_pause", "pump_stop"}
    click(more.buttons["drug"])
    assert window.panels.key == "drug"


def test_shortcuts_work_for_actions_without_room(open_window) -> None:
    window = open_window((1366, 768), sample_screens.medium())
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.panels.key == "drug"


def test_a_shortcut_follows_its_action(window) -> None:
    moved = ActionView("note", "Note", "F2", "F2")
    kept = tuple(moved if x.key == "note" else x for x in sample_screens.medium().actions if x.key != "nibp")
    window.show_screen(replace(sample_screens.medium(), actions=kept), 0)
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert window.panels.key == "note"
    assert window.heard == []


def test_what_was_recorded_is_not_said_of_what_the_button_says_now(window) -> None:
    pump = window.action_row.button("pump_pause")
    pump.mark_recorded(0)
    assert pump.mark == "recorded"
    row = tuple(
        replace(x, title="Pump resumed") if x.key == "pump_pause" else x for x in sample_screens.actions()
    )
    window.show_screen(replace(sample_screens.medium(), actions=row), 100_000_000)
    assert pump.mark == ""


def test_a_closed_panel_leaves_nothing_focused(window) -> None:
    window.open_panel("drug")
    window.panels.current.findChild(QPushButton).setFocus()
    window.panels.close_panel()
    assert not hasattr(window.focusWidget(), "key")
