"""The whole live program on a tapped wire: emulated monitor, link, bedside, recorder, window, sound, each in its thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from devices.simulators.emulator import Emulator
from monitor_app.cli.bench.paint_watch import PaintWatch
from monitor_app.cli.bench.tap import Tap
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.live import LiveChair, LivePlan
from monitor_app.services.ports import Sounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.ui.live_window import LiveWindow

__all__ = ["PaintWatch", "Rig", "Running", "TappedChair", "live_rig", "running", "wait_for"]

SCENARIO = "S02"
SEED = 1
WINDOW_SIZE = (1920, 1080)


class TappedChair(SimulatedChair):
    """The simulated chair, whose monitor's bytes are noted as they are sent."""

    def __init__(self) -> None:
        super().__init__(find_scenario(SCENARIO), seed=SEED)
        self.tap = Tap(self._monitor_end)
        self.emulator = Emulator(self._monitor(), self.patient, self.tap, seed=SEED)


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
