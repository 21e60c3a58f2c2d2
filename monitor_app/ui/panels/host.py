"""Where panels appear: the trend row, and nothing but it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from monitor_app.services.screen import Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel

SLIDE_MS = 120
STAYS_OPEN = "phase"
"""Under this one what was asked elsewhere may still be refused."""
LEADS_BACK = (STAYS_OPEN, "limits")
"""Panels that are come back to from those they open."""
ANSWER_WITHIN_NS = 3_000_000_000
"""A refusal that comes later than this after a press is of something else."""


class PanelHost(QWidget):
    """Shows one open panel and clips it while it slides. A panel is made when it is first opened.

    Signals: ``asked(object)``, ``closed``, ``made(panel)``.
    """

    asked = Signal(object)
    closed = Signal()
    made = Signal(object)

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Panel]],
        parent: QWidget | None = None,
        *,
        slide_ms: int = SLIDE_MS,
    ) -> None:
        super().__init__(parent)
        self._makers = dict(makers)
        self.panels: dict[str, Panel] = {}
        self.key = ""
        self._screen: Screen | None = None
        self._look = Look()
        self._looks: dict[str, Look] = {}
        self._slide_ms = slide_ms
        self._slide = QPropertyAnimation(self)
        self._sent: tuple[str, int] | None = None
        self._refused: frozenset[str] = frozenset()
        self._back = ""
        self._refused_at_once = False
        self.hide()

    def panel(self, key: str) -> Panel:
        """Return a panel, making it if it has not been opened before. Raises KeyError for an unknown key."""
        if key not in self.panels:
            panel = self.panels[key] = self._makers[key]()
            panel.setParent(self)
            panel.hide()
            panel.asked.connect(self.asked)
            panel.done.connect(self._on_done)
            panel.open_panel.connect(self._open_from)
            panel.sent.connect(self._on_sent)
            self.made.emit(panel)
        return self.panels[key]

    def set_look(self, look: Look) -> None:
        """Take another colour set or size; a panel that is not open takes it when it opens."""
        self._look = look
        if self.current is not None:
            self._dress(self.key)

    def _dress(self, key: str) -> None:
        if self._looks.get(key) != self._look:
            self._looks[key] = self._look
            self.panel(key).set_look(self._look)

    def show_screen(self, screen: Screen) -> None:
        """Keep the open panel up to date."""
        self._screen = screen
        panel = self.current
        if panel is not None:
            panel.show_screen(screen)
        self._take_refusals(screen)

    def _open_from(self, key: str) -> None:
        """Open a panel from another; what was opened from the phase panel leads back to it."""
        panel = self.current
        page = panel.at_page if panel is not None else ""
        back = f"{self.key}/{page}" if self.key in LEADS_BACK else ""
        self.open(key)
        self._back = back if self.key == key.partition("/")[0] else ""

    def _on_sent(self) -> None:
        self._sent = None if self._screen is None else (self.key, self._screen.t_ns)

    def _take_refusals(self, screen: Screen) -> None:
        """Show a new refusal in the open panel, or bring the panel back from which it was asked."""
        lines = {line.entry_id: line.text for line in screen.feed if line.refused}
        fresh = [text for entry_id, text in lines.items() if entry_id not in self._refused]
        self._refused = frozenset(lines)
        if not fresh:
            return
        if self._sent is not None:
            key, since_ns = self._sent
            if self.key in {"", STAYS_OPEN} - {key} and screen.t_ns - since_ns <= ANSWER_WITHIN_NS:
                self._show_panel(key)
            elif self.key == key:  # refused within the press itself: the panel must not close after it
                self._refused_at_once = True
        self._sent = None
        if self.current is not None:
            self.current.show_refusal(fresh[0])

    def _on_done(self) -> None:
        if self._refused_at_once:
            self._refused_at_once = False
        else:
            self.close_panel()

    @property
    def current(self) -> Panel | None:
        """The open panel."""
        return self.panels.get(self.key)

    def open(self, key: str) -> None:
        """Open a panel; pressing for the one that is open closes it; an unknown key is ignored.

        ``limits/NIBP`` opens the panel ``limits`` at its page ``NIBP``, and turns to that page where it is open elsewhere.
        """
        key, _, page = key.partition("/")
        if key not in self._makers:
            return
        panel = self.panel(key)
        if key == self.key and page in {"", panel.at_page}:
            self.close_panel()
        elif key == self.key:
            panel.turn_to(page)
        else:
            self._back = ""
            panel.show_refusal("")
            self._show_panel(key)
            panel.begin()
            if page:
                panel.turn_to(page)
            self._slide_in(panel)

    def _show_panel(self, key: str) -> None:
        """Show a panel as it was left."""
        if self.current is not None:
            self.current.hide()
        panel = self.panel(key)
        self.key = key
        self._dress(key)
        panel.resize(self.size())
        if self._screen is not None:
            panel.show_screen(self._screen)
        panel.move(0, 0)
        self.show()
        self.raise_()
        panel.show()

    def _slide_in(self, panel: Panel) -> None:
        self._slide.stop()
        if not self._slide_ms:
            panel.move(0, 0)
            return
        self._slide = QPropertyAnimation(panel, b"pos", self)
        self._slide.setDuration(self._slide_ms)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.setStartValue(QPoint(0, self.height()))
        self._slide.setEndValue(QPoint(0, 0))
        self._slide.start()

    def close_panel(self) -> None:
        """Close what is open."""
        panel, back = self.current, self._back
        self.key = ""
        self._back = ""
        self._slide.stop()
        if panel is not None:
            panel.hide()
        if back:
            self.open(back)
            return
        self.hide()
        if panel is not None:
            self.closed.emit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the panel as large as the row."""
        for panel in self.panels.values():
            panel.resize(self.size())
