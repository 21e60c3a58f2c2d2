"""Panels give alarms and keys their whole room, and no button a ring that nobody asked for (clinical.md §5.4)."""

from dataclasses import replace

import pytest
import sample_limits as limits
import sample_screens as samples
from layout_eye import assert_whole
from panel_hands import NURSE, click, open_panel, press
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea


class TestAlarmList:
    LINES = (
        samples.SPO2_84,
        samples.SYS_168,
        replace(samples.SYS_168, rule="AL-HR-02", headline="HR ↑131 > 120", detail="Tachycardia · 12 s"),
        replace(samples.LEAD_OFF, unacknowledged=True),
    )

    @pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
    @pytest.mark.parametrize("count", [1, 2, 3, 4])
    def test_no_line_and_no_key_of_four_alarms_is_cut(self, open_window, size, count) -> None:
        bar = replace(samples.high().alarm_bar, lines=self.LINES[:count])
        window = open_window(size, replace(samples.high(), alarm_bar=bar))
        panel = open_panel(window, "alarms")
        QApplication.processEvents()
        area = next(
            a
            for a in panel.findChildren(QScrollArea)
            if "84 < 85" in " ".join(label.text() for label in a.findChildren(QLabel))
        )
        assert not area.verticalScrollBar().isVisible()
        assert sum(text.startswith("Acknowledge\n") for text in buttons(area)) == count
        for words in area.findChildren(QLabel):
            assert_whole(words)


class TestRings:
    """A ring after a touch looks like a choice: there is none but after a key."""

    def test_a_touch_gives_no_button_the_focus(self, open_window) -> None:
        window = open_window((1366, 768), replace(samples.quiet(), limits=limits.with_baseline))
        window.user = NURSE
        panel = open_panel(window, "limits")
        for text in ("Heart rate", "Tachycardia", "Switch off…", "Cause is being treated"):
            press(panel, text)
            assert not isinstance(window.focusWidget(), QPushButton), text

    def test_a_field_that_is_gone_hands_the_focus_to_no_button(self, open_window) -> None:
        window = open_window((1366, 768), samples.quiet())
        panel = open_panel(window, "note")
        field = panel.findChild(QLineEdit)
        field.setFocus()
        field.hide()
        assert window.focusWidget() is panel
        QTest.keyClick(panel, Qt.Key.Key_Tab)
        assert isinstance(window.focusWidget(), QPushButton)


def buttons(widget) -> list[str]:
    return [b.text() for b in widget.findChildren(QPushButton) if b.isVisible()]


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=lambda size: f"{size[0]}")
def test_the_alarm_log_is_one_of_the_large_buttons(open_window, size) -> None:
    window = open_window(size, samples.medium())
    panel = open_panel(window, "more")
    button = next(b for b in panel.findChildren(QPushButton) if b.text() == "Alarm log")
    assert button.geometry().height() >= window.look.metrics.button_px - 1
    assert_whole(button)
    click(button)
    assert window.panels.key == "alarm_log"
