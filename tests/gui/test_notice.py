"""The watchdog's window: in front of all others, readable, one button; and the courier of recorded waves."""

import threading

import pytest
import sample_alarms
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from devices.errors import StorageError
from monitor_app.core.stamp import NS_PER_S, Actor
from monitor_app.ui.panels.alarm_log import AlarmLogPanel
from monitor_app.ui.panels.host import PanelHost
from monitor_app.ui.snapshot_courier import SnapshotCourier
from monitor_app.ui.style import DARK
from monitor_app.watchdog import notice as module
from monitor_app.watchdog.notice import BUTTON, Notice

WORDS = "Chairside has stopped (chair 2). Watch the patient and the monitor itself."


@pytest.fixture
def notice(qtbot):
    made = Notice(WORDS)
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_stays_in_front_and_says_all_of_it(notice) -> None:
    assert notice.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert WORDS in notice.words.text()
    assert notice.words.text().startswith("!!!")  # never colour alone (clinical.md §5.2)
    needed = notice.words.heightForWidth(notice.words.width())
    assert notice.words.height() >= needed
    assert notice.button.height() >= 57  # 15 mm at 96 dpi


def test_its_colours_are_those_of_a_high_alarm(notice) -> None:
    assert (DARK.high, DARK.on_alarm) == (module.GROUND, module.INK)
    picture = notice.grab().toImage()
    assert picture.pixelColor(3, 3).name().upper() == DARK.high


def test_the_button_closes_it(notice) -> None:
    assert notice.button.text() == BUTTON
    QTest.mouseClick(notice.button, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


@pytest.mark.parametrize("fails", [False, True])
def test_waves_are_read_apart_and_come_in_the_qt_thread(qtbot, fails) -> None:
    threads = []

    def read(t_ns):
        threads.append(threading.current_thread())
        if fails:
            raise StorageError("the record cannot be read: restore a backup")
        return sample_alarms.shot(t_ns / NS_PER_S)

    parent = QWidget()
    qtbot.addWidget(parent)
    host = PanelHost({"alarm_log": lambda: AlarmLogPanel(lambda: Actor("K. L."))}, parent, slide_ms=0)
    courier = SnapshotCourier(host, read)
    panel = host.panel("alarm_log")
    with qtbot.waitSignal(courier.arrived, timeout=10_000):
        panel.open_row(sample_alarms.ROWS[3])
    assert threads[0] is not threading.main_thread()
    shown = panel.strip.strip.accessibleName()
    assert ("restore a backup" in shown) if fails else ("ECG II, Pleth" in shown)
