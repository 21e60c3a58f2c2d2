"""The window of the chair: rows as screen.md draws them, one view model in, presses out. It decides nothing."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from monitor_app.core.commands import Undo
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import Screen, TrendView
from monitor_app.services.view.trend import TREND_MIN
from monitor_app.services.view.waves import ECG_GAIN_MM_PER_MV
from monitor_app.ui.actions import ActionRow
from monitor_app.ui.alarm_bar import AlarmBar
from monitor_app.ui.far_view import FarView
from monitor_app.ui.feed import Feed
from monitor_app.ui.floating_strip import FloatingStrip
from monitor_app.ui.fonts import load_fonts
from monitor_app.ui.frame import Stage
from monitor_app.ui.header import Header
from monitor_app.ui.icons import window_icon
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import Metrics, plausible_px_per_mm
from monitor_app.ui.panel_set import panel_makers
from monitor_app.ui.panels.base import Panel
from monitor_app.ui.panels.host import SLIDE_MS, PanelHost
from monitor_app.ui.panels.more import MorePanel
from monitor_app.ui.panels.settings import SettingsPanel
from monitor_app.ui.press import TILE_PANELS, meaning, shortcuts
from monitor_app.ui.requests import CalibrationChosen, GainChosen, ThemeChosen, TrendWindowChosen, UserChosen
from monitor_app.ui.rows import Rows, lay_out
from monitor_app.ui.style import PALETTES, Theme
from monitor_app.ui.tile_column import TileColumn

FAR_VIEW_KEY = "F11"
FREEZE_KEY = "Shift+F11"
FROZEN_AT_MOST_NS = 120_000_000_000
"""Waves held still let go by themselves: nobody should look at an old ECG for long and take it for a live one."""


@runtime_checkable
class ShowsTrend(Protocol):
    """What the trend chart offers to the window."""

    def show_trend(self, view: TrendView) -> None:
        """Draw this chart."""
        ...


class MainWindow(QMainWindow):
    """Draws a ``Screen`` and reports presses.

    Signals: ``asked(object)`` carries a command of ``core.commands`` or a request of ``ui.requests``; ``closed`` when
    the window has gone; ``looked(Look)`` when colours or sizes changed, for the strips and the chart; ``frozen(bool)``
    when the waves are to be held still or let go. ``trend_min``: span of the chart in minutes, 0 for the whole visit. ``ecg_gain``:
    mm/mV, 0 for auto. ``user`` is the person in whose name presses are recorded.

    ``strip_area`` and ``trend`` are placed in their slots; the trend gets each new ``TrendView``, the strips are fed
    their samples by whoever owns the rings.
    """

    asked = Signal(object)
    closed = Signal()
    frozen = Signal(bool)
    looked = Signal(object)

    def __init__(self, strip_area: QWidget, trend: QWidget, *, slide_ms: int = SLIDE_MS) -> None:
        super().__init__()
        self.user = Actor()
        self.theme = Theme.DARK
        self.px_per_mm: float | None = None
        self.trend_min = TREND_MIN
        self.ecg_gain = ECG_GAIN_MM_PER_MV
        self._family = load_fonts()
        self._screen: Screen | None = None
        self._notice = ""
        self._rows: Rows | None = None
        self._was_shown = False
        self._trend_view: TrendView | None = None
        self._look: Look | None = None
        self._keys: dict[str, QShortcut] = {}
        self._now_ns = 0
        self._frozen_ns: int | None = None
        self._stage = Stage(self)
        self._stage.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCentralWidget(self._stage)
        self._make_rows(strip_area, trend, slide_ms)
        self.setWindowTitle("Chairside")
        self.setWindowIcon(window_icon())
        self.setMinimumSize(QSize(1100, 700))
        self._connect()

    def _make_rows(self, strip_area: QWidget, trend: QWidget, slide_ms: int) -> None:
        self.alarm_bar = AlarmBar(self._stage)
        self.header = Header(self._stage)
        self.strip_area = strip_area
        self.tiles = TileColumn(self._stage)
        self.trend = trend
        self.feed = Feed(self._stage)
        self.action_row = ActionRow(self._stage)
        self.panels = PanelHost(panel_makers(lambda: self.user), self._stage, slide_ms=slide_ms)
        self.far = FarView(self._stage)
        self.floating = FloatingStrip()
        for part in (strip_area, trend):
            part.setParent(self._stage)
        self.far.hide()

    def _connect(self) -> None:
        self.alarm_bar.pressed.connect(lambda: self.open_panel("alarms"))
        self.alarm_bar.sound_pressed.connect(lambda: self.open_panel("sound"))
        self.alarm_bar.resized.connect(self._apply_look)
        self.header.step_pressed.connect(lambda _key: self.open_panel("phase"))
        self.header.chair_pressed.connect(lambda: self.open_panel("settings"))
        self.header.patient_pressed.connect(lambda: self.open_panel("user"))
        self.tiles.pressed.connect(lambda key: self.open_panel(TILE_PANELS.get(key, "limits")))
        self.action_row.pressed.connect(self.press)
        self.action_row.more_pressed.connect(self._open_more)
        self.feed.undo.connect(lambda entry: self.asked.emit(Undo(entry, self.user)))
        self.panels.asked.connect(self._on_asked)
        self.far.pressed.connect(self.toggle_far_view)
        self.floating.pressed.connect(self._come_back)
        self.panels.made.connect(self._on_panel)
        self.panels.closed.connect(self._stage.setFocus)
        self._shortcut(FAR_VIEW_KEY).activated.connect(self.toggle_far_view)
        self._shortcut(FREEZE_KEY).activated.connect(self.toggle_frozen)
        QGuiApplication.instance().applicationStateChanged.connect(lambda _state: self._place_floating())  # type: ignore[union-attr]

    @property
    def look(self) -> Look:
        """Colours and sizes in force."""
        size = self._stage.size()
        per_mm = self.px_per_mm or _screen_px_per_mm(self)
        return Look(PALETTES[self.theme], Metrics(size.width(), size.height(), per_mm), self._family)

    @property
    def rows(self) -> Rows:
        """Where everything lies."""
        if self._rows is None:
            self._apply_look()
        assert self._rows is not None
        return self._rows

    def show_screen(self, screen: Screen, now_ns: int) -> None:
        """Draw this. ``now_ns`` is the monotonic instant and drives the flashing; the Qt thread only.

        Widgets whose part of the screen is unchanged do not repaint, so this may be called for every frame.
        """
        self._screen, self._now_ns = screen, now_ns
        if not screen.phase.monitoring:
            self._notice = ""
        if self._frozen_ns is not None and now_ns - self._frozen_ns > FROZEN_AT_MOST_NS:
            self.toggle_frozen()
        self.floating.show_screen(screen, now_ns)  # first: while the window is away it stands for it
        self._stage.show_state(simulated=screen.simulated, border=screen.border, now_ns=now_ns)
        self.alarm_bar.show_view(screen.alarm_bar, now_ns)
        self.header.show_view(screen.header)
        self.tiles.show_views(screen.tiles, now_ns)
        self.far.show_views(screen.tiles, now_ns)
        recorded = frozenset(line.entry_id for line in screen.feed if not line.refused)
        self.action_row.show_views(screen.actions, recorded, now_ns)
        self.feed.show_lines(screen.feed, self._notices(screen))
        if isinstance(self.trend, ShowsTrend) and screen.trend is not self._trend_view:
            self._trend_view = screen.trend
            self.trend.show_trend(screen.trend)
        self.panels.show_screen(screen)
        self._refresh_more()
        self._bind(shortcuts(screen.actions))
        self._place_floating()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self._apply_look()

    def set_px_per_mm(self, px_per_mm: float | None) -> None:
        """Use measured pixels per millimetre; None goes back to what the screen says of itself."""
        self.px_per_mm = px_per_mm
        self._apply_look()

    def say(self, sentence: str) -> None:
        """Show a sentence beside the trend until the next one; empty takes it away."""
        self._notice = sentence
        if self._screen is not None:
            self.feed.show_lines(self._screen.feed, self._notices(self._screen))

    def open_panel(self, key: str) -> None:
        """Open a panel over the trend row."""
        self.panels.open(key)

    def press(self, key: str) -> None:
        """Do what pressing an action does."""
        if self._screen is None:
            return
        answer = meaning(key, self._screen, self.user)
        if isinstance(answer, str):
            self.open_panel(answer)
        else:
            self.asked.emit(answer)

    def toggle_far_view(self) -> None:
        """Show the numbers and the alarm only, or everything again."""
        self.far.setVisible(self.far.isHidden())
        self.far.raise_()

    def toggle_frozen(self) -> None:
        """Hold the waves still, or let them go on; numbers, alarms and the record never stop (clinical.md §8.6)."""
        self._frozen_ns = self._now_ns if self._frozen_ns is None else None
        self.frozen.emit(self._frozen_ns is not None)

    def close_now(self) -> None:
        """Close without asking: the program is ending in an orderly way."""
        self._screen = None
        self.close()

    def _notices(self, screen: Screen) -> tuple[str, ...]:
        return tuple(text for text in (self._notice, *screen.banners) if text)

    def _on_asked(self, what: object) -> None:
        if isinstance(what, ThemeChosen):
            self.set_theme(what.theme)
        elif isinstance(what, CalibrationChosen):
            self.set_px_per_mm(what.px_per_mm)
        elif isinstance(what, TrendWindowChosen):
            self.trend_min = what.minutes
        elif isinstance(what, GainChosen):
            self.ecg_gain = what.mm_per_mv
        elif isinstance(what, UserChosen):
            self.user = what.user
        self.asked.emit(what)

    def _on_panel(self, panel: Panel) -> None:
        if isinstance(panel, MorePanel):
            panel.pressed.connect(self.press)
            panel.show_actions(self.action_row.hidden_views)
        if isinstance(panel, SettingsPanel):
            panel.far_view.connect(self.toggle_far_view)
            panel.freeze.connect(self.toggle_frozen)

    def _open_more(self) -> None:
        self._refresh_more()
        self.open_panel("more")

    def _refresh_more(self) -> None:
        more = self.panels.panels.get("more")
        if isinstance(more, MorePanel):
            more.show_actions(self.action_row.hidden_views)

    def _shortcut(self, key: str) -> QShortcut:
        if key not in self._keys:
            self._keys[key] = QShortcut(QKeySequence(key), self)
            self._keys[key].setAutoRepeat(False)
        return self._keys[key]

    def _bind(self, wanted: dict[str, str]) -> None:
        for key, action in wanted.items():
            if key not in self._keys:
                self._shortcut(key).activated.connect(lambda name=key: self._on_key(name))
            self._keys[key].setWhatsThis(action)

    def _on_key(self, key: str) -> None:
        action = shortcuts(self._screen.actions).get(key, "") if self._screen is not None else ""
        if action:
            self.action_row.press(action)

    def _apply_look(self) -> None:
        look = self.look
        for widget in (self._stage, self.alarm_bar, self.header, self.tiles, self.feed, self.action_row):
            widget.set_look(look)
        for other in (self.panels, self.far, self.floating):
            other.set_look(look)
        edge = self._stage.frame_px
        inner = QRect(self._stage.rect()).adjusted(edge, edge, -edge, -edge)
        alarm_px, actions_px = self.alarm_bar.sizeHint().height(), self.action_row.sizeHint().height()
        self._rows = lay_out(inner, look.metrics, alarm_px=alarm_px, actions_px=actions_px)
        self._place(self._rows)
        if look != self._look:
            self._look = look
            self.looked.emit(look)

    def _place(self, rows: Rows) -> None:
        self._stage.set_lines(rows.trend.top(), rows.actions.top())
        self.alarm_bar.setGeometry(rows.alarm_bar)
        self.header.setGeometry(rows.header)
        self.strip_area.setGeometry(rows.strips)
        self.tiles.setGeometry(rows.tiles)
        self.trend.setGeometry(rows.trend.adjusted(0, 1, 0, 0))
        self.feed.setGeometry(rows.feed.adjusted(0, 1, 0, 0))
        self.action_row.setGeometry(rows.actions.adjusted(0, 1, 0, 0))
        self.panels.setGeometry(rows.panel)
        self.far.setGeometry(rows.below_alarms)

    def _away(self) -> bool:
        """Whether the window cannot be seen to be in front: minimised, hidden, or another program is."""
        state = QGuiApplication.applicationState()
        return self.isMinimized() or not self.isVisible() or state.name != "ApplicationActive"

    def _place_floating(self) -> None:
        monitored = self._screen is not None and self._screen.phase.monitoring
        wanted = monitored and self._was_shown and self._away()
        if wanted and self.floating.isHidden():
            self.floating.resize(self.floating.sizeHint())
            area = self.screen().availableGeometry()
            self.floating.move(area.right() - self.floating.width() - 24, area.top() + 24)
        self.floating.setVisible(wanted)

    def _come_back(self) -> None:
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        if QGuiApplication.platformName() != "offscreen":  # which has no stacking order and warns
            self.raise_()
        self.activateWindow()

    def changeEvent(self, event: QEvent) -> None:
        """Show the floating strip while the window is minimised or behind."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.WindowStateChange, QEvent.Type.ActivationChange) and hasattr(
            self, "floating"
        ):
            self._place_floating()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._apply_look()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with no button focused: Enter presses nothing until somebody tabs to it."""
        super().showEvent(event)
        self._was_shown = True
        self._stage.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Refuse while a patient is monitored, and say what to do instead."""
        if self._screen is not None and self._screen.phase.monitoring:
            event.ignore()
            self.say(self.tr("A patient is being monitored: end the visit first, or minimise the window."))
            return
        self.floating.close()
        self.closed.emit()
        super().closeEvent(event)


def _screen_px_per_mm(window: QWidget) -> float:
    screen = window.screen()
    size = screen.geometry()
    return plausible_px_per_mm(size.width(), screen.physicalSize().width(), screen.logicalDotsPerInch())
