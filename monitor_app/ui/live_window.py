"""The live window's heart: takes what the bedside published, draws it, and passes presses on."""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from devices.clock import NS_PER_S, Clock, SystemClock
from devices.errors import KnownError
from monitor_app.core.commands import Command
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.bedside.thread import Outlet
from monitor_app.services.display import DisplayModel
from monitor_app.services.view.stalled import STALLED_AFTER_S
from monitor_app.ui.chair_screen import ChairScreen
from monitor_app.ui.requests import Request, SecondSoundChosen, VolumeChosen

FRAME_MS = 25
"""Forty pictures a second: smooth at 25 mm/s, a third less work than sixty."""
FLASH_EVERY_FRAMES = 2
"""Flashing at 2 Hz is kept in time by looking every 50 ms."""
WARM_UP_MS = 3000
"""When the plotting library is loaded: after the first waveform, before there is a trend worth plotting."""

SOUND_CHOICES = ("The volume", "The second alarm sound")


class LiveWindow(QObject):
    """Drains an outlet once a frame, and at once when there is a new state in it. Qt thread only.

    ``post`` passes commands to the bedside; ``remember`` is told of choices about the screen itself.
    """

    _state_came = Signal()

    def __init__(
        self,
        outlet: Outlet,
        post: Callable[[Command], None],
        remember: Callable[[Request], None],
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        self._outlet = outlet
        self._post = post
        self._remember = remember
        self._clock = clock or SystemClock()
        self.chair = ChairScreen(DisplayModel())
        self.window = self.chair.window
        self.window.asked.connect(self._on_asked)
        self._frames = 0
        self._heard_ns = 0
        self._waves = 0
        self._kept: tuple[Request, ...] = ()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.frame)
        self._state_came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Show the window and begin to draw."""
        self.window.show()
        self._timer.start()
        self._outlet.on_state = self._state_came.emit
        QTimer.singleShot(WARM_UP_MS, self._warm_up)

    def _warm_up(self) -> None:
        """Load what is wanted later. What stands then stays: a search for garbage among it stops every thread for 0.1 s."""
        self.chair.trend.warm_up()
        gc.freeze()

    def stop(self) -> None:
        """Stop drawing and close the window without asking."""
        self._outlet.on_state = None
        self._timer.stop()
        self.window.close_now()

    def frame(self) -> None:
        """Take what has come and draw it."""
        now_ns = self._take()
        self._frames += 1
        if self._frames % FLASH_EVERY_FRAMES == 0:
            self.chair.draw_frame(now_ns)
        else:
            self.chair.strips.draw_frame()

    def _take(self) -> int:
        """Show what has come, but for samples, whose turn is each frame; return the monotonic time of it."""
        changed = False
        for publication in self._outlet.drain():
            self.chair.model.apply(publication)
            changed |= isinstance(publication, BedsideState)
        now_ns = self._clock.monotonic_ns()
        model = self.chair.model
        if changed:
            self._heard_ns = now_ns
            self._keep_sound()
        elif model.state is not None and now_ns - self._heard_ns > STALLED_AFTER_S * NS_PER_S:
            self.chair.show_stalled((now_ns - self._heard_ns) / NS_PER_S, now_ns)
        new_wave = model.state is not None and len(model.waves) > self._waves
        if changed or new_wave:  # a wave that begins is not kept waiting for the next whole second
            self._waves = len(model.waves)
            self.chair.refresh(now_ns)
        return now_ns

    def _keep_sound(self) -> None:
        """Remember what has been chosen of the sound at the bedside, whose thread must not wait for a disk."""
        state = self.chair.model.state
        if state is None:
            return
        system = state.alarm_system
        chosen: tuple[Request, ...] = (
            VolumeChosen(system.volume_step),
            SecondSoundChosen(system.second_sound.output),
        )
        before, self._kept = self._kept or chosen, chosen
        for choice, what in zip(chosen, SOUND_CHOICES, strict=True):
            if choice in before:
                continue
            try:
                self._remember(choice)
            except KnownError as error:
                self.window.say(f"{what} is not remembered for the next session: {error}")

    def _on_asked(self, what: object) -> None:
        if isinstance(what, Command):
            self._post(what)
        elif isinstance(what, Request):
            self._remember(what)
