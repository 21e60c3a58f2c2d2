"""One alarm as a card with its own key, one state with its icon, and the page they stand on in whole rows.

The key is inside the card's edge and names its alarm: with gloves a neighbour's would be touched otherwise (clinical.md §5.4).
"""

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from monitor_app.services.alarm_log import title_of
from monitor_app.services.screen import AlarmLine
from monitor_app.services.states_view import StateMark
from monitor_app.services.view.actions import LONGEST_NAME
from monitor_app.services.view.wording import said
from monitor_app.ui.alarm_bar import headline
from monitor_app.ui.icons import draw_state
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import button, label
from monitor_app.ui.panels.scrolled import ScrolledPage

GAP_PX = 24
"""Between one card and the next: a gloved finger that misses a key meets nothing (screen.md, Spacing)."""
PAD_PX, KEY_PAD_PX, ICON_PX = 8, 4, 24
LONGEST_ON_KEY = 20
"""Letters in a line of a key; with more it would be wider than the words beside it on a small screen."""
_AFTER_NAME = re.compile(r" [><≥≤] |: ")


class WholeRows(ScrolledPage):
    """A grid that scrolls and ends below a whole row: none is ever cut through its letters before it is scrolled."""

    _grid: QGridLayout | None = None  # Qt reports events of the page before it is set

    def __init__(self, grid: QGridLayout) -> None:
        super().__init__(grid)
        self._grid = grid

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the window on the grid to its rows after each layout; Qt has its scroll areas watch their pages."""
        kept = super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return kept

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit also when the place itself changes."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        page, grid, room = self.widget(), self._grid, self.height()
        if page is None or grid is None:
            return
        spare = 0
        if grid.totalHeightForWidth(page.width()) > room:
            grid.setGeometry(page.contentsRect())  # the page is told of its size after its watchers
            rows = [grid.cellRect(row, 0) for row in range(grid.rowCount())]
            ends = [rect.bottom() + 1 for rect in rows if rect.isValid() and rect.bottom() < room]
            spare = room - max(ends, default=room)
        if spare != self.viewportMargins().bottom():
            self.setViewportMargins(0, 0, 0, spare)


class StateIcon(QWidget):
    """The drawing of a state of the alarm system (clinical.md §5.5)."""

    def __init__(self, state: str, look: Look) -> None:
        super().__init__()
        self._state, self._look = state, look
        side = look.px(ICON_PX)
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in the colour of text: a state is no alarm."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_state(painter, QRectF(self.rect()), self._look.colour("text"), state=self._state)
        painter.end()


def alarm_card(line: AlarmLine, look: Look, acknowledge: Callable[[], object]) -> QFrame:
    """Return an alarm's card: an edge in its priority's colour, its words, its key where it waits for one."""
    card = QFrame()
    card.setProperty("role", f"card_{line.priority.value.lower()}")
    row = QHBoxLayout(card)
    pad = look.px(KEY_PAD_PX)
    row.setContentsMargins(look.px(PAD_PX), pad, pad, pad)
    row.setSpacing(look.px(PAD_PX))
    words = [label(headline(line), f"card_{line.priority.value.lower()}"), label(line.detail, "row_open")]
    row.addLayout(_stack(words), 1)
    if line.unacknowledged:
        name = key_name(line)
        key = button(f"{card.tr('Acknowledge')}\n{_first_words(name)}", acknowledge, "card_key")
        key.setAccessibleName(f"{card.tr('Acknowledge')} {name}")
        row.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
    return card


def state_row(mark: StateMark, look: Look, title: QLabel, key: QPushButton | None = None) -> QWidget:
    """Return a state: icon, ``title`` (its time is written there), who and why below, its key at the right."""
    holder = QFrame()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look.px(PAD_PX))
    row.addWidget(StateIcon(mark.state, look), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(_stack([title, label(mark.told, "row_open")]), 1)
    if key is not None:
        holder.setProperty("role", "card_info")
        pad = look.px(KEY_PAD_PX)
        row.setContentsMargins(look.px(PAD_PX), pad, pad, pad)
        row.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
    return holder


def resolved_row(texts: tuple[str, ...], seen: QPushButton) -> QWidget:
    """Return what is over, until it is marked seen."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addLayout(_stack([label(text, "muted") for text in texts]), 1)
    row.addWidget(seen, 0, Qt.AlignmentFlag.AlignTop)
    return holder


def key_name(line: AlarmLine) -> str:
    """Return what a key calls an alarm: ``SYS 168`` of ``SYS ↑168 > 160``; a long one by its rule's title if shorter."""
    name = _AFTER_NAME.split(line.headline)[0].replace("↑", "").replace("↓", "")
    title = said(title_of(line.rule))
    return name if len(name) <= LONGEST_NAME or title == line.rule else min((name, title), key=len)


def _first_words(name: str) -> str:
    """A name at the width of a key: whole words of it; the card beside it says all."""
    if len(name) <= LONGEST_ON_KEY:
        return name
    return f"{name[:LONGEST_ON_KEY].rpartition(' ')[0] or name[:LONGEST_ON_KEY]}…"


def _stack(words: list[QLabel]) -> QVBoxLayout:
    stack = QVBoxLayout()
    stack.setSpacing(0)
    for text in words:
        if text.text():
            stack.addWidget(text)
    stack.addStretch(1)
    return stack
