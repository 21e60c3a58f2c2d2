"""Beside the trend: sentences stand whole, or their count is said; what can be taken back keeps its place."""

from dataclasses import replace

import pytest
import sample_screens as samples
from layout_eye import assert_feed_whole, assert_picture
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

SIZES = [(1920, 1080), (1366, 768)]
SIGN = "The patient has left and the record is not signed yet: press Sign."
SILENT = (
    "Berry PM6750 / PM1200 / BM series: port open, no data for 0:26: check that the monitor is on and its cable"
    " is in place"
)
DISK = "The record cannot be written: free some disk space. Nothing recorded so far is lost."
ALL = (DISK, SIGN, SILENT)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}")
def window(request, open_window):
    return open_window(request.param, samples.quiet())


def show(window, *notices: str) -> str:
    window.show_screen(replace(samples.quiet(), banners=notices), 0)
    QApplication.processEvents()
    assert_picture(window)
    assert_feed_whole(window.feed)
    return window.feed.notice.text()


@pytest.mark.parametrize("notices", [(), (SIGN,), (SILENT,), (SIGN, SILENT), ALL])
def test_nothing_is_cut_however_many_there_are(window, notices) -> None:
    text = show(window, *notices)
    assert text.startswith(notices[0] if notices else "")


def test_what_has_no_room_is_counted_and_a_touch_turns_to_it(open_window) -> None:
    window = open_window((1366, 768), samples.quiet())
    assert show(window, *ALL).endswith("+2 more: touch to read")
    seen = set()
    for _ in ALL:
        seen |= {notice for notice in ALL if notice in window.feed.notice.text()}
        QTest.mouseClick(window.feed.notice, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        assert_feed_whole(window.feed)
    assert seen == set(ALL)
    assert window.feed.notice.text().startswith(DISK)


def test_enter_turns_as_a_touch_does_and_seconds_that_pass_do_not_turn_back(open_window) -> None:
    window = open_window((1366, 768), samples.quiet())
    show(window, *ALL)
    QTest.keyClick(window.feed.notice, Qt.Key.Key_Return)
    assert window.feed.notice.text().startswith(SIGN)
    assert show(window, DISK, SIGN, SILENT.replace("0:26", "0:27")).startswith(SIGN)
    assert show(window, DISK, SIGN).startswith(DISK)


def test_the_line_that_can_be_taken_back_keeps_its_place(window) -> None:
    show(window, *ALL)
    assert window.feed.rows[0].isVisible()
    assert window.feed.rows[0].button.isVisible()
