"""Adverse events: one touch for the term, one for the grade (clinical.md §10.1)."""

from functools import partial

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from monitor_app.core.adverse_event import GRADE_WORDS, ROW_OF
from monitor_app.core.commands import Answer, RecordCare
from monitor_app.core.journal import Scalar
from monitor_app.core.visit.closing_questions import NONE_OBSERVED as NONE_OBSERVED_ANSWER
from monitor_app.services.screen import Screen
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import Panel, Who, button, clear, label

NONE_OBSERVED = "None observed"
OUTCOMES_KEY = "outcome"
ONE_LINE_LETTERS = 15
PROPOSED = ("Hypertension",)
"""Terms whose grade follows from readings (clinical.md §10.3)."""


class EventPanel(Panel):
    """Term, then grade; terms asked only at a follow-up come last."""

    def __init__(self, who: Who) -> None:
        super().__init__(self.tr("Event"), who)
        self._terms = sorted(ROW_OF, key=lambda term: ROW_OF[term].follow_up)
        self._page = 0
        self.term = ""
        self._proposed: dict[str, int] = {}
        self._pages = QStackedWidget()
        self._grid = QGridLayout()
        terms_page = QWidget()
        terms_page.setLayout(self._grid)
        self._grades = QVBoxLayout()
        grades_page = QWidget()
        grades_page.setLayout(self._grades)
        for page in (terms_page, grades_page):
            self._pages.addWidget(page)
        self.body.addWidget(self._pages)

    def set_look(self, look: Look) -> None:
        """Lay the terms out for the room there is."""
        super().set_look(look)
        for layout in (self._grid, self._grades):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(look.px(8))
        self._fill_terms()

    def show_screen(self, screen: Screen) -> None:
        """Take the grades that numbers propose, ``event.`` and the term; the person decides."""
        found = {name: screen.fields.get(f"event.{name}") for name in PROPOSED}
        self._proposed = {name: grade for name, grade in found.items() if isinstance(grade, int)}

    def begin(self) -> None:
        """Start with the terms."""
        self._page = 0
        self._fill_terms()
        self._pages.setCurrentIndex(0)

    @property
    def per_page(self) -> int:
        """How many terms stand on the screen at once."""
        columns, rows = self._shape()
        return columns * rows - 3

    def _shape(self) -> tuple[int, int]:
        return (5, 2) if self.look.metrics.compact else (8, 3)

    def _fill_terms(self) -> None:
        clear(self._grid)
        columns, _ = self._shape()
        start = self._page * self.per_page
        names = self._terms[start : start + self.per_page]
        cells = [button(on_two_lines(self.tr(name)), partial(self.choose, name)) for name in names]
        for cell, name in zip(cells, names, strict=True):
            cell.setAccessibleName(self.tr(name))
        cells.append(button(self.tr(NONE_OBSERVED), self._record_none, "quiet"))
        cells.append(button(self.tr("Outcomes…"), lambda: self.open_panel.emit(OUTCOMES_KEY), "quiet"))
        if len(self._terms) > self.per_page:
            cells.append(button(self.tr("More terms"), self._turn, "quiet"))
        for index, cell in enumerate(cells):
            self._grid.addWidget(cell, index // columns, index % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.hint.setText(self.tr("1. What happened?"))

    def _turn(self) -> None:
        pages = -(-len(self._terms) // self.per_page)
        self._page = (self._page + 1) % pages
        self._fill_terms()

    def choose(self, term: str) -> None:
        """Take the term and ask for the grade."""
        self.term = term
        proposed = self._proposed.get(term)
        clear(self._grades)
        self._grades.addWidget(label(self.tr(term), "figure"))
        row = QGridLayout()
        row.setSpacing(self.look.px(8))
        for index, (grade, words) in enumerate(grades_of(term)):
            text = f"{grade} · {self.tr(words)}"
            role = "primary" if grade == proposed else ""
            row.addWidget(button(text, partial(self._record, grade), role), index // 2, index % 2)
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._grades.addWidget(holder)
        asked = self.tr("2. How bad? The number is the grade.")
        self.hint.setText(f"{asked} {self.tr('The readings say the bright one.')}" if proposed else asked)
        self._pages.setCurrentIndex(1)

    def _record(self, grade: int) -> None:
        fields: dict[str, Scalar] = {"term": self.term, "grade": grade}
        self.send(RecordCare("adverse_event", f"{self.term}, grade {grade}", self.who(), fields))

    def _record_none(self) -> None:
        """Looking and finding nothing is an answer of its own, not an event (clinical.md §10.1)."""
        self.send(Answer("ae_review", NONE_OBSERVED_ANSWER, self.who()))


def on_two_lines(text: str) -> str:
    """Break a long term in its middle, so that it is whole on its button."""
    if len(text) <= ONE_LINE_LETTERS or " " not in text:
        return text
    gaps = [index for index, letter in enumerate(text) if letter == " "]
    middle = min(gaps, key=lambda index: abs(index - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def grades_of(term: str) -> list[tuple[int, str]]:
    """Return the grades this term can have with what each looks like; all four where the document gives no hint."""
    hinted = [(grade, words) for grade, words in enumerate(ROW_OF[term].hints, start=1) if words]
    return hinted or list(enumerate(GRADE_WORDS[:4], start=1))
