"""All alarms in full, each to be acknowledged, with the questions of its card (clinical.md §5.4, §6.2).

Below them what is paused, off or held, by whom, and for how long (clinical.md §5.5).
"""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from monitor_app.core.commands import Acknowledge
from monitor_app.services.screen import AlarmBarView, AlarmLine, CardView, Screen
from monitor_app.services.states_view import StateMark
from monitor_app.ui.alarm_bar import headline
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.panels.scrolled import ScrolledPage
from monitor_app.ui.requests import ResolvedSeen

ONE_COLUMN = 2
"""So many lines stand whole below each other on a small screen; more take two columns."""
LIST_SHARE, CARD_SHARE = {1: 2, 2: 5}, {1: 3, 2: 2}
"""How the list and the card share the width, by the number of the list's columns."""


class AlarmsPanel(Panel):
    """Lines at the left, the card of the highest alarm at the right, resolved ones until they are seen."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Alarms"), who)
        self._shown: tuple[object, ...] = ()
        self._states: dict[str, QLabel] = {}
        self._list = QGridLayout()
        self._card = QVBoxLayout()
        self._halves = QHBoxLayout()
        self._halves.addWidget(ScrolledPage(self._list))
        self._halves.addWidget(ScrolledPage(self._card))
        self.body.addLayout(self._halves)
        self.add_below_title(
            button(self.tr("Sound and pauses"), lambda: self.open_panel.emit("sound"), "quiet")
        )
        self.add_beside_close(button(self.tr("Log"), lambda: self.open_panel.emit("alarm_log"), "quiet"))

    def show_screen(self, screen: Screen) -> None:
        """Take the conditions; rebuilt only when what they say changed."""
        bar = screen.alarm_bar
        alarms = tuple((x.rule, x.headline, x.detail, x.unacknowledged) for x in bar.lines)
        states = tuple((mark.state, mark.title, mark.told) for mark in bar.states)
        shown = (alarms, states, bar.resolved, bar.quiet_text, screen.cards)
        if shown != self._shown:
            self._shown = shown
            self._fill_list(bar)
            self._fill_card(screen.cards)
        for mark in bar.states:
            self._states[mark.state].setText(f"{mark.title} {mark.countdown_text}".strip())

    def _fill_list(self, bar: AlarmBarView) -> None:
        clear(self._list)
        cells = [self._line(line) for line in bar.lines]
        if not cells:
            cells.append(label(bar.quiet_text))
        cells += [self._state(mark) for mark in bar.states]
        if bar.resolved:
            seen = button(self.tr("Seen"), lambda: self.asked.emit(ResolvedSeen(self.who())), "quiet")
            cells.append(_cell([label(text, "muted") for text in bar.resolved], seen))
        columns = 1 if len(cells) <= ONE_COLUMN else 2
        for place, cell in enumerate(cells):
            self._list.addWidget(cell, place // columns, place % columns)
        rows = -(-len(cells) // columns)
        for row in range(max(rows, self._list.rowCount()) + 1):
            self._list.setRowStretch(row, 1 if row == rows else 0)
        for column in range(2):
            self._list.setColumnStretch(column, 1 if column < columns else 0)
        self._halves.setStretch(0, LIST_SHARE[columns])
        self._halves.setStretch(1, CARD_SHARE[columns])

    def _line(self, line: AlarmLine) -> QWidget:
        words = [label(headline(line), "strong"), label(line.detail, "row_open")]
        if not line.unacknowledged:
            return _cell(words)
        return _cell(words, button(self.tr("Acknowledge"), partial(self._acknowledge, line.rule)))

    def _state(self, mark: StateMark) -> QWidget:
        """A state in force; its time is written with every picture."""
        title = self._states[mark.state] = label(mark.title, "strong")
        return _cell([title, label(mark.told, "row_open")])

    def _fill_card(self, cards: tuple[CardView, ...]) -> None:
        clear(self._card)
        for card in cards:
            self._card.addWidget(label(card.title, "strong"))
            for number, step in enumerate(card.steps, start=1):
                self._card.addWidget(label(f"{number}  {step}"))
        self._card.addStretch(1)

    def _acknowledge(self, rule: str) -> None:
        self.asked.emit(Acknowledge(self.who(), rule))


def _cell(words: list[QLabel], beside: QPushButton | None = None) -> QWidget:
    """Return lines one below the other with a button at their right."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    stack = QVBoxLayout()
    stack.setSpacing(0)
    for text in words:
        stack.addWidget(text)
    stack.addStretch(1)
    row.addLayout(stack, 1)
    if beside is not None:
        row.addWidget(beside, 0, Qt.AlignmentFlag.AlignTop)
    return holder
