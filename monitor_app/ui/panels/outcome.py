"""Completing adverse events: each needs its grade and how it ended before the patient leaves (clinical.md §10.1, D16)."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import Scalar
from monitor_app.core.visit.care import OUTCOMES
from monitor_app.services.screen import EventView, Screen
from monitor_app.ui.panels.base import Panel, Who, button, clear, label
from monitor_app.ui.panels.inputs import Chips
from monitor_app.ui.panels.scrolled import ScrolledPage

GRADES = ("1", "2", "3", "4", "5")


class OutcomePanel(Panel):
    """One event a row, those not complete first: a touch on an outcome records it."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Outcomes"), who)
        self._events: tuple[EventView, ...] | None = None
        self.chips: dict[str, Chips] = {}
        self._list = QVBoxLayout()
        self.body.addWidget(ScrolledPage(self._list))

    def show_screen(self, screen: Screen) -> None:
        """Take the events of the visit."""
        if screen.events != self._events:
            self._events = screen.events
            self._fill(screen.events)

    def _fill(self, events: tuple[EventView, ...]) -> None:
        clear(self._list)
        self.chips = {}
        for event in events:
            self._list.addWidget(self._event_row(event))
        if not events:
            self._list.addWidget(label(self.tr("No event has been recorded in this visit.")))
            self._list.addWidget(button(self.tr("Event…"), lambda: self.open_panel.emit("event")))
        self._list.addStretch(1)
        left = sum(1 for event in events if not (event.outcome and event.grade))
        self.hint.setText(
            self.tr("%d still to be completed") % left if left else self.tr("Every event is complete.")
        )

    def _event_row(self, event: EventView) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(event.text, "strong"), 2)
        if event.grade is None:
            chips = Chips(GRADES, keep=False)
            chips.chosen.connect(partial(self._grade, event))
        else:
            chips = Chips(OUTCOMES)
            chips.choose(event.outcome)
            chips.chosen.connect(partial(self._outcome, event))
        self.chips[event.entry_id] = chips
        row.addWidget(chips, 7)
        return holder

    def _outcome(self, event: EventView, outcome: str) -> None:
        fields: dict[str, Scalar] = {"updates": event.entry_id, "outcome": outcome}
        self.asked.emit(RecordCare("adverse_event", f"{_name(event)}: {outcome}", self.who(), fields))

    def _grade(self, event: EventView, grade: str) -> None:
        fields: dict[str, Scalar] = {"updates": event.entry_id, "grade": int(grade)}
        self.asked.emit(RecordCare("adverse_event", f"{_name(event)}: grade {grade}", self.who(), fields))


def _name(event: EventView) -> str:
    return event.text.split(",")[0].split(" · ")[0]
