"""All alarms in full, each to be acknowledged, with the questions of its card (clinical.md §5.4, §6.2).

Below them what is paused, off or held, by whom, and for how long (clinical.md §5.5).
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from monitor_app.core.alarm_commands import PauseAlarms
from monitor_app.core.commands import Acknowledge
from monitor_app.services.screen import AlarmBarView, AlarmLine, CardView, Screen
from monitor_app.services.states_view import StateMark
from monitor_app.ui.look import Look
from monitor_app.ui.panels.alarm_cards import GAP_PX, WholeRows, alarm_card, resolved_row, state_row
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.panels.scrolled import ScrolledPage
from monitor_app.ui.requests import ResolvedSeen

HEADING_GAP_PX, BAR_GAP_PX = 4, 8
STATES_ACROSS = 3
"""So many states stand beside each other below two columns of alarms."""
LIST_SHARE, CARD_SHARE = {1: 1, 2: 10}, {1: 1, 2: 3}
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
        self._card_page = ScrolledPage(self._card)
        self._halves.addWidget(WholeRows(self._list))
        self._halves.addWidget(self._card_page)
        self.body.addLayout(self._halves)
        self.add_below_title(
            button(self.tr("Sound and pauses"), lambda: self.open_panel.emit("sound"), "quiet")
        )
        self.add_beside_close(button(self.tr("Log"), lambda: self.open_panel.emit("alarm_log"), "quiet"))

    def set_look(self, look: Look) -> None:
        """Take another colour set or size; what is shown is made anew with the next picture."""
        super().set_look(look)
        self._shown = ()
        self._list.setContentsMargins(0, 0, look.px(BAR_GAP_PX), 0)
        self._list.setHorizontalSpacing(look.px(GAP_PX))
        self._list.setVerticalSpacing(look.px(GAP_PX))
        self._halves.setSpacing(look.px(GAP_PX))

    def show_screen(self, screen: Screen) -> None:
        """Take the conditions; rebuilt only when what they say changed."""
        bar = screen.alarm_bar
        alarms = tuple((x.rule, x.priority, x.headline, x.detail, x.unacknowledged) for x in bar.lines)
        states = tuple((mark.state, mark.title, mark.told) for mark in bar.states)
        shown = (alarms, states, bar.resolved, bar.quiet_text, screen.cards)
        if shown != self._shown and not self._is_pressed():
            self._shown = shown
            self._fill_list(bar, has_card=bool(screen.cards))
            self._fill_card(screen.cards)
        for mark in bar.states:
            if mark.state in self._states:
                self._states[mark.state].setText(f"{mark.title} {mark.countdown_text}".strip())

    def _is_pressed(self) -> bool:
        """Whether a finger is on a key: none may go or move between press and release, or the press is lost."""
        return any(key.isDown() and key.isVisible() for key in self.findChildren(QPushButton))

    def _fill_list(self, bar: AlarmBarView, *, has_card: bool) -> None:
        clear(self._list)
        self._states.clear()
        for row in range(self._list.rowCount()):
            self._list.setRowStretch(row, 0)
        columns = 1 if max(len(bar.lines), len(bar.states)) <= 1 else 2
        cells = [self._line(line) for line in bar.lines] or [label(bar.quiet_text)]
        row = _put(self._list, cells, columns)
        if bar.states:
            across = 1 if columns == 1 else STATES_ACROSS
            self._list.addWidget(self._states_in_force(bar.states, across), row, 0, 1, 2)
            row += 1
        if bar.resolved:
            seen = button(self.tr("Seen"), lambda: self.asked.emit(ResolvedSeen(self.who())), "quiet")
            self._list.addWidget(resolved_row(bar.resolved, seen), row, 0, 1, 2)
            row += 1
        self._list.setRowStretch(row, 1)
        _share(self._list, columns)
        self._halves.setStretch(0, LIST_SHARE[columns])
        self._halves.setStretch(1, CARD_SHARE[columns])
        self._card_page.setVisible(columns == 1 or has_card)

    def _line(self, line: AlarmLine) -> QWidget:
        return alarm_card(line, self.look, partial(self._acknowledge, line.rule))

    def _states_in_force(self, marks: tuple[StateMark, ...], across: int) -> QWidget:
        """The states under a heading of their own: they are no alarms, and nothing of them is acknowledged."""
        holder = QWidget()
        stack = QVBoxLayout(holder)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(self.look.px(HEADING_GAP_PX))
        stack.addWidget(label(self.tr("Paused or off"), "muted_row"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.look.px(GAP_PX))
        grid.setVerticalSpacing(self.look.px(HEADING_GAP_PX))
        _put(grid, [self._state(mark) for mark in marks], across)
        _share(grid, across)
        stack.addLayout(grid)
        return holder

    def _state(self, mark: StateMark) -> QWidget:
        """A state in force; its time is written with every picture."""
        title = self._states[mark.state] = label(mark.title, "strong")
        key = None
        if mark.state == "ALARM PAUSED":
            key = button(self.tr("Alarms on again"), lambda: self.asked.emit(PauseAlarms(self.who(), 0.0)))
        return state_row(mark, self.look, title, key)

    def _fill_card(self, cards: tuple[CardView, ...]) -> None:
        clear(self._card)
        for card in cards:
            self._card.addWidget(label(card.title, "strong"))
            for number, step in enumerate(card.steps, start=1):
                self._card.addWidget(label(f"{number}  {step}"))
        self._card.addStretch(1)

    def _acknowledge(self, rule: str) -> None:
        self.asked.emit(Acknowledge(self.who(), rule))


def _put(grid: QGridLayout, cells: Sequence[QWidget], columns: int) -> int:
    """Put cells into a grid from its top; return the first row that is left."""
    for place, cell in enumerate(cells):
        grid.addWidget(cell, place // columns, place % columns)
    return -(-len(cells) // columns)


def _share(grid: QGridLayout, columns: int) -> None:
    """Make the columns in use equally wide."""
    for column in range(grid.columnCount()):
        grid.setColumnStretch(column, 1 if column < columns else 0)
