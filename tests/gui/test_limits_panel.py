"""The limits panel as it is read and turned over: the words on each page, and that each can be touched with gloves."""

from dataclasses import replace

import layout_eye
import pytest
import sample_limits as limits
from limit_hands import FIELDS, SMALL, from_baseline, open_rule, show, showing, texts
from panel_hands import NURSE, open_panel, press
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from monitor_app.ui.panels.limit_rows import filled

SIZE, SCREEN = SMALL, from_baseline


class TestReading:
    def test_the_first_page_has_every_sign_and_the_presets_in_words(self, window) -> None:
        panel = open_panel(window, "limits")
        shown = texts(panel)
        for words in (
            "Heart rate\n120 high · 50 low",
            "Blood pressure\n160/100 high · 90 low",
            "SpO₂\n90 low",
            "Respiration\n30 high · 10 low",
            "All other rules",
            "Factory 2 > Pain 1",
            "Indication: Pain",
            "Infusion, as in the preset",
        ):
            assert words in shown

    def test_a_rule_shows_marker_limit_range_delay_and_who_changed_it(self, window) -> None:
        show(window, limits.changed())
        panel = open_panel(window, "limits")
        assert "Heart rate · 1 off" in texts(panel)
        press(panel, "Heart rate")
        row = panel.rows.rows["AL-HR-03"]
        lines = [w.text() for w in row.findChildren(QLabel)]
        assert lines[:4] == [
            "!!",
            "Tachycardia",
            "↑130 /min",
            "limit can be set 100–160 · after 3 s, at worst 4 s",
        ]
        assert lines[4].endswith("by Kim Lee, was 120: walks in at 118, prescriber told")
        off = [w.text() for w in panel.rows.rows["AL-HR-04"].findChildren(QLabel)]
        assert off[2] == "off"
        assert "off: known, prescriber told" in off

    def test_the_rest_is_in_groups_of_its_own(self, window) -> None:
        show(window, limits.view())
        panel = open_panel(window, "limits")
        press(panel, "All other rules")
        shown = texts(panel)
        for title in (
            "Sedation and state",
            "Sensors and signals",
            "Program and computer",
            "Tasks of the visit",
        ):
            assert f"{title}\n" in shown
        press(panel, "Sedation and state")
        assert list(panel.rows.rows) == [rule.rule for rule in limits.view().groups[4].rules]
        press(panel, "Back")
        assert panel.page == "rest"

    def test_what_the_monitor_allows_is_said_as_before(self, window) -> None:
        panel = open_panel(window, "limits")
        press(panel, "What this monitor allows…")
        assert FIELDS["limits.delays"] in panel.equipment.text()
        assert f"cannot do: {FIELDS['limits.cannot']}" in panel.equipment.text()

    def test_on_a_large_screen_it_stands_on_the_first_page(self, open_window) -> None:
        panel = open_panel(open_window((1920, 1080), showing(limits.view())), "limits")
        assert FIELDS["limits.delays"] in texts(panel)
        assert not panel.home.monitor.isVisible()

    def test_back_leads_up_page_by_page(self, window) -> None:
        panel = open_rule(window, "Tachycardia")
        press(panel, "Switch off…")
        pages = []
        for _ in range(3):
            press(panel, "Back")
            pages.append(panel.page)
        assert pages == ["rule", "rules", "home"]
        assert not panel.back.isVisible()


PAGES = {
    "heart rate": lambda panel: panel.home.group.emit(0),
    "pressure": lambda panel: panel.home.group.emit(1),
    "rest": lambda panel: panel.home.page.emit("rest"),
    "signals": lambda panel: panel.home.group.emit(5),
    "baseline": lambda panel: panel.home.page.emit("auto"),
    "indication": lambda panel: panel.home.page.emit("indication"),
    "monitor": lambda panel: panel.home.page.emit("monitor"),
}


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
def test_every_page_is_whole_and_can_be_touched_with_gloves(open_window, size) -> None:
    view = limits.changed(limits.LONG[:120], limits.LONG[:120])
    window = open_window(size, showing(replace(limits.with_baseline(), groups=view.groups, rules=view.rules)))
    window.user = NURSE
    panel = open_panel(window, "limits")
    least = window.look.metrics.button_px - 1
    rules = view.rules if size == (1366, 768) else ("AL-HR-08", "AL-SP-03", "AL-HR-04", "AL-SD-01")
    for name in ("", *PAGES, *rules):
        if name in view.rules:
            panel.rows.chosen.emit(name)
        elif name:
            PAGES[name](panel)
        QApplication.processEvents()
        layout_eye.assert_panel_whole(panel)
        for key in panel.findChildren(QPushButton):
            if key.isVisible():
                assert key.height() >= least, f"{name}: {key.text()!r}"
                assert key.width() >= least, f"{name}: {key.text()!r}"
                assert key.accessibleName() or key.text()


def test_the_pressure_panel_leads_to_the_limits(window) -> None:
    press(open_panel(window, "nibp"), "Limits…")
    assert (window.panels.key, window.panels.current.title.text()) == ("limits", "Blood pressure")


@pytest.mark.parametrize(
    ("tile", "key", "panel"),
    [("NIBP", "Cuff…", "nibp"), ("SPO2", "Oxygen…", "oxygen"), ("RR", "Check…", "check")],
)
def test_what_else_belongs_to_a_number_is_one_touch_from_its_limits(window, tile, key, panel) -> None:
    limits_panel = open_panel(window, f"limits/{tile}")
    press(limits_panel, key)
    assert window.panels.key == panel
    press(window.panels.current, "Close")
    assert (window.panels.key, limits_panel.at_page) == ("limits", tile)
    press(limits_panel, "Back")
    assert limits_panel.page == "home"
    assert not limits_panel.beside.isVisible()


@pytest.mark.parametrize("tile", ["HR", "NIBP", "SPO2", "RR"])
@pytest.mark.parametrize("view", [limits.with_baseline(), limits.changed()], ids=["plain", "changed"])
def test_in_a_small_window_no_row_is_cut_in_half(window, tile, view) -> None:
    show(window, view)
    rows = open_panel(window, f"limits/{tile}").rows
    for _ in range(3):  # Qt lays out, then finds whether a scroll bar is needed, then lays out again
        QApplication.processEvents()
    room, bar = rows.viewport().height(), rows.verticalScrollBar()
    pitch = room + rows.widget().layout().verticalSpacing()
    assert bar.maximum() % pitch == 0
    for top in range(0, bar.maximum() + 1, pitch):
        for row in rows.rows.values():
            above, below = row.y() + row.height() <= top, row.y() >= top + room
            assert above or below or (row.y() >= top and row.y() + row.height() <= top + room)


@pytest.mark.parametrize(
    ("heights", "shown"),
    [
        ([], (0,)),
        ([57, 57], (57, 57, 0)),  # all of them are seen: nothing grows
        ([57, 57, 57], (78, 77, 57, 106)),
        ([95, 57, 75, 95], (97, 58, 163, 95, 68)),
        ([200, 57], (200, 57, 106)),  # a row taller than the page has a page of its own
    ],
)
def test_rows_fill_their_pages(heights, shown) -> None:
    assert filled(heights, 163, 8) == shown


def test_what_else_belongs_to_a_number_stands_at_the_foot(window) -> None:
    panel = open_panel(window, "limits/SPO2")
    QApplication.processEvents()
    assert panel.beside.y() + panel.beside.height() <= panel.close_button.y()
    assert panel.close_button.y() - panel.beside.y() < 2 * panel.close_button.height()
    assert panel.hint.text() == ""


def test_the_heart_rate_has_nothing_beside_it(window) -> None:
    panel = open_panel(window, "limits/HR")
    assert panel.title.text() == "Heart rate"
    assert not panel.beside.isVisible()


def test_before_the_limits_are_known_it_opens_at_its_first_page(window) -> None:
    show(window, type(limits.view())())
    panel = open_panel(window, "limits/HR")
    assert panel.page == "home"
    assert panel.at_page == ""
