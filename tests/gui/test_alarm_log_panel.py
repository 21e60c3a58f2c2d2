"""The alarm log in the window: found, filtered, opened, judged, with its waves; pictures at both sizes."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import sample_alarms
import sample_screens as samples
from panel_hands import NURSE, click, open_panel, press
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitor_app.core.alarm_query import Sort
from monitor_app.core.alarm_verdict import Judgement, Verdict
from monitor_app.core.commands import RecordCare
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.wave_snapshot import Snapshot
from monitor_app.ui.alarm_list import ROW

SIZES = [(1920, 1080), (1366, 768)]
both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")


def screen(rows=sample_alarms.ROWS, t_s: float = 2800.0):
    return replace(samples.medium(), alarm_log=lambda: rows, t_ns=round(t_s * NS_PER_S))


SCREEN = screen


@pytest.fixture
def panel(window):
    return open_panel(window, "alarm_log")


def listed(panel) -> list[str]:
    model = panel.list.rows
    return [model.index(n).data(ROW).rule for n in range(model.rowCount())]


def touch(panel, rule: str) -> None:
    index = panel.list.rows.index(listed(panel).index(rule))
    QTest.mouseClick(
        panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualRect(index).center()
    )


def test_it_opens_from_the_alarms_and_from_more(window) -> None:
    press(open_panel(window, "alarms"), "Log")
    assert window.panels.key == "alarm_log"
    press(open_panel(window, "more"), "Alarm log")
    assert window.panels.key == "alarm_log"


def test_newest_first_with_the_words_a_reader_hears(panel) -> None:
    assert listed(panel) == ["AL-SP-01", "AL-HR-04", "AL-BP-01", "AL-BP-02", "AL-HR-03", "TE-01-M"]
    spoken = panel.list.rows.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    for words in (
        "SYS ↑184 ≥ 180",
        "HIGH",
        "Infusion",
        "lasted 10:00",
        "acknowledged after 0:12",
        "True, acted on",
    ):
        assert words in spoken
    assert "goes on" in panel.list.rows.index(0).data()
    assert panel.hint.text() == "6 of 6"


def test_chips_words_and_orders_filter(panel) -> None:
    press(panel, "Filter")
    press(panel, "HIGH")
    assert listed(panel) == ["AL-SP-01", "AL-BP-01"]
    press(panel, "To be judged")
    assert listed(panel) == ["AL-SP-01"]
    assert panel.hint.text() == "1 of 6: HIGH, to be judged"
    press(panel, "All")
    press(panel, "Equipment")
    assert listed(panel) == ["TE-01-M"]
    press(panel, "All")
    QTest.keyClicks(panel.search, "sys infusion")
    assert listed(panel) == ["AL-BP-01", "AL-BP-02"]
    press(panel, "Longest")
    assert panel.query.sort is Sort.DURATION
    assert panel.sorts[Sort.DURATION].isChecked()
    assert not panel.sorts[Sort.NEWEST].isChecked()
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    assert panel.list.isVisible()
    assert "“sys infusion”" in panel.hint.text()


def test_a_filter_that_finds_nothing_says_what_to_do(panel) -> None:
    press(panel, "Filter")
    QTest.keyClicks(panel.search, "zzz")
    press(panel, "List")
    assert "touch Filter, then All" in panel.empty.text()
    assert panel.empty.isVisible()


def test_no_alarm_so_far(open_window) -> None:
    panel = open_panel(open_window(screen=screen(())), "alarm_log")
    assert panel.empty.text() == "No alarm so far."


def test_a_row_opens_and_its_waves_are_asked_for_once(panel) -> None:
    wanted = []
    panel.wanted.connect(wanted.append)
    touch(panel, "AL-BP-01")
    assert wanted == [1500 * NS_PER_S]
    assert "SYS ↑184 ≥ 180" in panel.hint.text()
    panel.show_snapshot(1500 * NS_PER_S, sample_alarms.shot())
    panel.show_screen(screen(t_s=2810))
    assert wanted == [1500 * NS_PER_S]
    assert panel.verdicts[Verdict.ACTED].isChecked()
    press(panel, "List")
    assert panel.list.isVisible()


def test_enter_opens_and_space_does_not(panel) -> None:
    panel.list.setCurrentIndex(panel.list.rows.index(1))
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert panel.row is None
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert panel.row.rule == "AL-HR-04"


def test_the_waves_of_an_alarm_just_gone_by_are_read_again_until_they_are_whole(open_window) -> None:
    window = open_window(screen=screen(t_s=2702))
    panel = open_panel(window, "alarm_log")
    wanted = []
    panel.wanted.connect(wanted.append)
    touch(panel, "AL-SP-01")
    panel.show_snapshot(2700 * NS_PER_S, sample_alarms.shot(2700, until_s=2702))
    for t_s in range(2703, 2730):
        window.show_screen(screen(t_s=t_s), 0)
    assert len(wanted) == 1 + 5  # 2704, 2706 … until ten seconds after it are there
    panel.show_snapshot(99, sample_alarms.shot(2700))  # an answer for another alarm
    panel.show_snapshot(2700 * NS_PER_S, "the database cannot be read")
    assert "cannot be read" in panel.strip.strip.accessibleName()


def test_a_verdict_is_one_touch_and_shown_once_it_is_recorded(window, panel) -> None:
    touch(panel, "AL-HR-04")
    press(panel, "True, nothing to do")
    fields = {"occurrence": "000005", "rule": "AL-HR-04", "verdict": "true-not-actionable"}
    assert window.heard == [RecordCare("verdict", "HR ↑112 > 110: true, nothing to do", NURSE, fields)]
    chip = panel.verdicts[Verdict.NOT_ACTIONABLE]
    assert not chip.isChecked()
    judged = Judgement(Verdict.NOT_ACTIONABLE, NURSE, sample_alarms.at(2801))
    rows = tuple(replace(r, judgement=judged) if r.rule == "AL-HR-04" else r for r in sample_alarms.ROWS)
    window.show_screen(screen(rows), 0)
    assert chip.isChecked()
    click(chip)
    assert len(window.heard) == 1  # it is recorded already
    assert window.panels.key == "alarm_log"


def test_touch_sizes(panel) -> None:
    least = panel.look.metrics.button_px
    assert panel.list.sizeHintForRow(0) >= least
    press(panel, "Filter")
    QApplication.processEvents()
    chips = [
        *panel.sorts.values(),
        *panel.priorities.values(),
        *panel.classes.values(),
        panel.unjudged,
        panel.all,
    ]
    for chip in (*chips, panel.search, panel.turn):
        assert chip.height() >= least - 4
    assert all(chip.width() >= chip.fontMetrics().horizontalAdvance(chip.text()) for chip in chips)


def test_the_strip_is_true_to_the_millimetre(panel) -> None:
    touch(panel, "AL-BP-01")
    panel.show_snapshot(1500 * NS_PER_S, sample_alarms.shot())
    strip, per_mm = panel.strip.strip, panel.look.metrics.px_per_mm
    assert strip.width() == pytest.approx(20 * 25 * per_mm, abs=1)
    QApplication.processEvents()
    strip.grab()
    captions = [placed.text for placed in strip.placed if "mm/s" in placed.text]
    assert captions[0] == "ECG II · 25 mm/s · 10 mm/mV"
    assert captions[1].startswith("Pleth · 25 mm/s · ×1, uncalibrated")
    alarm = next(placed for placed in strip.placed if placed.text == "alarm")
    assert alarm.rect.center().x() == pytest.approx(10 * 25 * per_mm, abs=2)
    bar = panel.strip.horizontalScrollBar()
    shown = (bar.value(), bar.value() + panel.strip.viewport().width())
    assert shown[0] < alarm.rect.left() < alarm.rect.right() < shown[1]


def test_a_gap_is_drawn_as_a_gap(panel) -> None:
    touch(panel, "AL-BP-01")
    panel.show_snapshot(1500 * NS_PER_S, sample_alarms.shot())
    strip = panel.strip.strip
    image = strip.grab().toImage()
    green = panel.look.colour("ecg")
    per_s = strip.px_per_s

    def inked(from_s: float, to_s: float) -> int:
        columns = range(round((10 + from_s) * per_s) + 3, round((10 + to_s) * per_s) - 3)
        lane = range(image.height() * 6 // 10)
        return sum(any(near(image.pixelColor(x, y), green) for y in lane) for x in columns)

    assert inked(-7, -6) == 0
    assert inked(-5, -4) > 0.9 * (per_s - 6)


def near(one, other) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


def test_an_ecg_too_high_for_its_lane_is_drawn_smaller_and_says_so(panel) -> None:
    wave = sample_alarms.shot().waves[0]
    tall = replace(wave, values=wave.values * 8)
    touch(panel, "AL-BP-01")
    panel.show_snapshot(1500 * NS_PER_S, Snapshot(0, 1490 * NS_PER_S, 1510 * NS_PER_S, (tall,)))
    panel.strip.strip.grab()
    assert any("2.5 mm/mV" in p.text or "scaled to fit" in p.text for p in panel.strip.strip.placed)


@both_sizes
def test_pictures(open_window, tmp_path, size) -> None:
    folder = Path(os.environ.get("CHAIRSIDE_PICTURES") or tmp_path)
    window = open_window(size, screen())
    window.user = NURSE
    panel = open_panel(window, "alarm_log")

    def picture(name: str) -> None:
        QApplication.processEvents()
        image = window.grab().toImage()
        assert (image.width(), image.height()) == size
        assert image.save(str(folder / f"alarm-log-{name}-{size[0]}.png"))

    picture("list")
    press(panel, "Filter")
    picture("filter")
    press(panel, "HIGH")
    press(panel, "List")
    picture("filtered")
    touch(panel, "AL-BP-01")
    panel.show_snapshot(1500 * NS_PER_S, sample_alarms.shot())
    picture("one")
    assert panel.priorities[Priority.HIGH].isChecked()
