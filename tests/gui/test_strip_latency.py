"""How soon the strip on top shows a new HIGH alarm: with the very next picture (design.md §8, §9)."""

import time

import pytest
import sample_screens as samples
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from monitor_app.core.phase import Phase
from monitor_app.services.bedside.thread import Outlet
from monitor_app.ui.live_window import FRAME_MS, LiveWindow
from monitor_app.ui.tile import Tile
from tests.monitor_app.services.bedside.bench import Bench

BOUND_MS = 100.0
"""design.md §9: Alarm condition met → drawn, sounded, recorded."""
DEADLINE_MS = 20.0
"""design.md §5: alarms are judged never later than this; and the picture may have to wait for its turn."""


class Chair:
    """A bedside on a manual clock under the live window."""

    def __init__(self, qtbot) -> None:
        self.bench = Bench()
        self.bench.bedside.begin()
        self.monitor = self.bench.plug()
        self.outlet = Outlet()
        self.live = LiveWindow(self.outlet, self.bench.do, lambda _request: None, clock=self.bench.clock)
        self.window = self.live.window
        qtbot.addWidget(self.window, before_close_func=lambda made: made.close_now())
        self.window.resize(1920, 1080)
        self.window.show()
        with qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.told = 0
        self.bench.enter(Phase.CHECKIN, Phase.BASE)
        self.run(3)

    def run(self, seconds: float) -> None:
        self.bench.run(seconds)
        self.frame()

    def frame(self) -> None:
        """One picture, with what was published before it."""
        for publication in self.bench.published[self.told :]:
            self.outlet.put(publication)
        self.told = len(self.bench.published)
        self.live.frame()
        QApplication.processEvents()

    def until_high(self) -> None:
        """Let the heart race until it is announced; the picture is not drawn yet."""
        self.monitor.numbers.update(HR=156.0, PR=156.0)
        for _ in range(12):
            self.bench.run(1)
            if "AL-HR-02" in self.bench.standing():
                return
            self.frame()
        raise AssertionError("no alarm")

    def strip_says(self, words: str) -> bool:
        strip = self.window.floating
        return strip.isVisible() and any(words in placed.text for placed in strip.placed)


@pytest.fixture
def chair(qtbot):
    return Chair(qtbot)


def minimised(chair: Chair, _monkeypatch: pytest.MonkeyPatch) -> None:
    chair.window.showMinimized()


def behind(chair: Chair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program is in front: the platform of the tests has no other programs, so the word for it is given."""
    inactive = Qt.ApplicationState.ApplicationInactive
    monkeypatch.setattr(QGuiApplication, "applicationState", staticmethod(lambda: inactive))


@pytest.mark.parametrize("away", [minimised, behind])
def test_the_next_picture_shows_it_and_the_sound_has_begun(chair, monkeypatch, away) -> None:
    away(chair, monkeypatch)
    chair.frame()
    assert chair.window.floating.isVisible()
    assert not chair.strip_says("HR ↑156 > 140")
    chair.until_high()
    assert chair.bench.sounder.bursts[-1].urgency == "HIGH"
    assert not chair.strip_says("HR ↑156 > 140")
    begun_ns = time.thread_time_ns()
    chair.frame()
    cost_ms = (time.thread_time_ns() - begun_ns) / 1e6
    assert chair.strip_says("!!!  HR ↑156 > 140")
    assert cost_ms < BOUND_MS - FRAME_MS - DEADLINE_MS


def test_a_window_sent_away_shows_the_strip_with_the_alarm_that_stands(chair) -> None:
    chair.until_high()
    chair.frame()
    assert not chair.window.floating.isVisible()
    begun_ns = time.thread_time_ns()
    chair.window.showMinimized()
    QApplication.processEvents()
    assert chair.strip_says("!!!  HR ↑156 > 140")
    assert (time.thread_time_ns() - begun_ns) / 1e6 < BOUND_MS


def texts(widget) -> str:
    return " ".join(placed.text for placed in widget.placed)


def test_an_alarm_is_painted_before_everything_that_is_due_with_it(open_window) -> None:
    window = open_window(screen=samples.quiet())
    QApplication.processEvents()
    before = [texts(tile) for tile in window.tiles.findChildren(Tile)]
    window.show_screen(samples.high(), 0)
    assert "!!!  SpO₂ ↓84 < 85" in texts(window.alarm_bar)  # with no turn of the event loop
    assert [texts(tile) for tile in window.tiles.findChildren(Tile)] == before
    QApplication.processEvents()
    assert [texts(tile) for tile in window.tiles.findChildren(Tile)] != before


def test_so_it_is_on_the_strip(open_window) -> None:
    window = open_window(screen=samples.quiet())
    window.showMinimized()
    QApplication.processEvents()
    window.show_screen(samples.high(), 0)
    assert "!!!  SpO₂ ↓84 < 85" in texts(window.floating)
