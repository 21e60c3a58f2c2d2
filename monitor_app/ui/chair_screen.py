"""The window with its strips and its chart, drawn from a display model: live every frame, or once for a picture."""

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_NOT_RUN
from monitor_app.services.display import DisplayModel
from monitor_app.services.screen import Screen, WaveView
from monitor_app.services.view.builder import build_screen
from monitor_app.services.view.stalled import stalled
from monitor_app.ui.chart_looks import strip_style, trend_style
from monitor_app.ui.flash import phase_of
from monitor_app.ui.look import Look
from monitor_app.ui.main_window import MainWindow
from monitor_app.ui.requests import GainChosen, StepChosen, TrendWindowChosen, UserChosen
from monitor_app.ui.strip_area import StripArea
from monitor_app.ui.trend_chart import TrendChart

PICTURE_SIZE = QSize(1920, 1080)


class ChairScreen:
    """Window, strips and chart over one display model. Qt thread only."""

    def __init__(self, model: DisplayModel) -> None:
        look = Look()
        self.model = model
        self.strips = StripArea(strip_style(look), look.metrics.px_per_mm)
        self.trend = TrendChart(trend_style(look))
        self.window = MainWindow(self.strips, self.trend)
        self.window.looked.connect(self._restyle)
        self.window.asked.connect(self._on_asked)
        self.window.panels.closed.connect(lambda: self._choose_step(None))
        self.window.frozen.connect(self.strips.set_frozen)
        self.strips.pressed.connect(lambda: self.window.open_panel("waves"))
        self.to_phase: Phase | None = None
        self._screen: Screen | None = None
        self._now_ns = 0
        self._lit: tuple[bool, bool] | None = None
        self._offered_test = False

    def _restyle(self, look: Look) -> None:
        self.strips.set_style(strip_style(look), look.metrics.px_per_mm)
        self.trend.set_style(trend_style(look))

    @property
    def screen(self) -> Screen | None:
        """What is shown now."""
        return self._screen

    def refresh(self, now_ns: int) -> None:
        """Work out the screen anew from the model and draw it."""
        self._now_ns = now_ns
        self._screen = self._built()
        if self._screen is not None:
            self.strips.show_waves(self._visible_waves(), self.model.rings)
            self.window.show_screen(self._screen, now_ns)
            self._offer_self_test(self._screen)

    def _built(self) -> Screen | None:
        window = self.window
        return build_screen(
            self.model, window.user, self.to_phase, trend_min=window.trend_min, ecg_gain=window.ecg_gain
        )

    def show_stalled(self, silent_s: float, now_ns: int) -> None:
        """Blank every number and say that the program no longer answers; the next state brings them back."""
        screen = self._built()
        if screen is not None:
            self._screen = stalled(screen, silent_s)
            self.strips.show_waves(self._visible_waves(), self.model.rings)
            self.window.show_screen(self._screen, now_ns)

    def _offer_self_test(self, screen: Screen) -> None:
        """Open the self-test once at the start, where it has not been run (clinical.md §5.3)."""
        if self._offered_test or screen.fields.get("self_test") != SELF_TEST_NOT_RUN:
            return
        self._offered_test = True
        if screen.phase in {Phase.SCHED, Phase.CHECKIN}:
            self.window.open_panel("selftest")

    def _on_asked(self, what: object) -> None:
        """Take choices about the screen itself; commands are for whoever owns the bedside."""
        if isinstance(what, StepChosen):
            self._choose_step(what.to_phase)
        elif isinstance(what, TrendWindowChosen | GainChosen | UserChosen):
            self.refresh(self._now_ns)

    def _choose_step(self, to_phase: Phase | None) -> None:
        if to_phase is not self.to_phase:
            self.to_phase = to_phase
            self.refresh(self._now_ns)

    def _visible_waves(self) -> tuple[WaveView, ...]:
        """Under 17 inches respiration goes (screen.md, Sizes)."""
        assert self._screen is not None
        compact = self.window.look.metrics.compact
        return tuple(w for w in self._screen.waves if not (compact and w.role == "resp"))

    def draw_frame(self, now_ns: int) -> None:
        """Draw the samples that have come, and keep the flashing in time."""
        self.strips.draw_frame()
        lit = phase_of(now_ns)
        if self._screen is not None and lit != self._lit:
            self._lit = lit
            self.window.show_screen(self._screen, now_ns)


class Photographer:
    """``services.ports.PictureTaker``: a window that is never shown, drawn when a picture is wanted."""

    def __init__(self, model: DisplayModel, user: Actor) -> None:
        self._chair = ChairScreen(model)
        self._chair.window.user = user
        self._chair.window.resize(PICTURE_SIZE)
        self._chair.window.show()

    def take(self, path: Path) -> None:
        """Write a PNG of the window as it stands."""
        self._chair.refresh(0)
        QApplication.processEvents()
        self._chair.draw_frame(0)
        QApplication.processEvents()
        self._chair.window.grab().save(str(path))

    def close(self) -> None:
        """Let the window go."""
        self._chair.window.close_now()
