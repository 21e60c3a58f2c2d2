"""The heart of the live window: what comes is drawn with the next picture, a new state at once."""

import gc
import threading

import pytest
from PySide6.QtWidgets import QApplication

from monitor_app.core.phase import Phase
from monitor_app.services.bedside.thread import Outlet
from monitor_app.ui import live_window
from monitor_app.ui.live_window import LiveWindow
from tests.monitor_app.services.bedside.bench import Bench

NEVER_MS = 3_600_000


@pytest.fixture
def chair(qtbot, monkeypatch):
    """A bedside and its live window, whose next picture is an hour away."""
    monkeypatch.setattr(live_window, "FRAME_MS", NEVER_MS)
    monkeypatch.setattr(live_window, "WARM_UP_MS", NEVER_MS)
    bench, outlet = Bench(), Outlet()
    live = LiveWindow(outlet, bench.do, lambda _request: None, clock=bench.clock)
    qtbot.addWidget(live.window, before_close_func=lambda made: made.close_now())
    live.start()
    bench.bedside.begin()
    bench.plug()
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.run(3)
    yield bench, outlet, live
    live.stop()


def from_another_thread(bench: Bench, outlet: Outlet) -> None:
    def put() -> None:
        for publication in bench.published:
            outlet.put(publication)

    other = threading.Thread(target=put)
    other.start()
    other.join()


def test_a_new_state_does_not_wait_for_the_next_picture(chair, qtbot):
    bench, outlet, live = chair
    assert live.chair.screen is None
    from_another_thread(bench, outlet)
    assert (
        live.chair.screen is None
    )  # it is drawn by the thread of the window, not by the one that brought it
    qtbot.waitUntil(lambda: live.chair.screen is not None)
    assert live.chair.screen.phase is Phase.BASE


def test_what_was_taken_at_once_is_not_taken_again(chair, qtbot):
    bench, outlet, live = chair
    from_another_thread(bench, outlet)
    qtbot.waitUntil(lambda: live.chair.screen is not None)
    assert outlet.drain() == []


def test_a_closed_window_is_told_nothing(chair):
    bench, outlet, live = chair
    live.stop()
    from_another_thread(bench, outlet)
    QApplication.processEvents()
    assert live.chair.screen is None


def test_what_stands_when_it_is_warm_is_kept_out_of_collections(chair, qtbot, monkeypatch):
    """A full collection among all that was loaded stops every thread for a tenth of a second."""
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    monkeypatch.setattr(live_window, "WARM_UP_MS", 0)
    _, _, live = chair
    live.start()
    qtbot.waitUntil(lambda: bool(frozen))
