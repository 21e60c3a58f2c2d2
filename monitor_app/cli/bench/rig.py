"""The whole live program on a tapped wire: emulated monitor, link, bedside, recorder, window, sound, each in its thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

from devices.simulators.emulator import Emulator
from monitor_app.cli.bench.tap import Tap
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.live import LiveChair, LivePlan
from monitor_app.services.ports import Sounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.ui.live_window import LiveWindow

SCENARIO = "S02"
SEED = 1
WINDOW_SIZE = (1920, 1080)


class TappedChair(SimulatedChair):
    """The simulated chair, whose monitor's bytes are noted as they are sent."""

    def __init__(self) -> None:
        super().__init__(find_scenario(SCENARIO), seed=SEED)
        self.tap = Tap(self._monitor_end)
        self.emulator = Emulator(self._monitor(), self.patient, self.tap, seed=SEED)


class PaintWatch(QObject):
    """Calls ``painted`` with the monotonic time once a widget's painting has been handed to the screen.

    What was painted beside it in the same go belongs to it: only then does any of it appear.
    """

    def __init__(self, widget: QWidget, painted: Callable[[int], None]) -> None:
        super().__init__(widget)
        self._painted = painted
        self._due = False
        widget.installEventFilter(self)
        _WindowWatch.of(widget.window()).watches.append(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See ``QObject``."""
        if event.type() == QEvent.Type.Paint:
            self._due = True
            QTimer.singleShot(0, self.tell)  # for a painting that the system asked for
        return False

    def tell(self) -> None:
        """The window has been drawn: pass it on, once for each painting."""
        if self._due:
            self._due = False
            self._painted(time.monotonic_ns())


class _WindowWatch(QObject):
    """Lets a window draw what is due, and tells the watches of its widgets when that is done."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.watches: list[PaintWatch] = []
        window.installEventFilter(self)

    @classmethod
    def of(cls, window: QWidget) -> "_WindowWatch":
        """The one of this window."""
        found = next((child for child in window.children() if isinstance(child, cls)), None)
        return cls(window) if found is None else found

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See ``QObject``."""
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        self._window.event(event)
        for watch in self.watches:
            watch.tell()
        return True


@dataclass(frozen=True, slots=True)
class Running:
    """A chair and its window, every part in its thread."""

    live: LiveChair
    screen: LiveWindow


@dataclass(frozen=True, slots=True)
class Rig(Running):
    """One whose only monitor is on a tapped wire."""

    chair: TappedChair


@contextmanager
def live_rig(folder: Path, sounder: Sounder) -> Iterator[Rig]:
    """Start everything, and end it in order."""
    chair = TappedChair()
    plan = LivePlan(
        data_dir=folder,
        head=head_of(chair.scenario, "bench-live", SEED),
        sounder=sounder,
        self_test=SELF_TEST_SIMULATED,
        chair=chair,
        resume=False,
    )
    with running(plan) as run:
        yield Rig(run.live, run.screen, chair)


@contextmanager
def running(plan: LivePlan) -> Iterator[Running]:
    """Run a chair with its window, and end both in order."""
    live = LiveChair(plan)
    screen = LiveWindow(live.outlet(), live.post, lambda _request: None)
    screen.window.resize(*WINDOW_SIZE)
    live.start()
    screen.start()
    try:
        yield Running(live, screen)
    finally:
        screen.stop()
        live.close()


def wait_for(done: Callable[[], bool], *, seconds: float) -> bool:
    """Let Qt run until ``done`` or the time is over; False then."""
    loop, poll, end = QEventLoop(), QTimer(), time.monotonic() + seconds
    poll.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
    poll.start(1)
    loop.exec()
    poll.stop()
    return done()
