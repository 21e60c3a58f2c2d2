"""The guards of a step as a list of rows that can be touched: a mark, the words, the answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from monitor_app.services.screen import GuardView
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import clear, label
from monitor_app.ui.panels.scrolled import ScrolledList

ROW_LETTERS = 76
"""Two lines of a row on a small screen."""


class GuardRow(QPushButton):
    """One guard in the list: a mark and its words, which may run over two lines."""

    def __init__(self, guard: GuardView) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        self.mark, self.words = QLabel(), label("")
        self.mark.setFixedWidth(22)
        for part in (self.mark, self.words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(self.mark)
        layout.addWidget(self.words, 1)
        self.show_guard(guard)

    def show_guard(self, guard: GuardView) -> None:
        """Take how the guard stands."""
        self.setAccessibleName(guard.text)
        self.setAccessibleDescription(mark_words(guard))
        self.mark.setText(mark_of(guard))
        self.words.setText(in_short(guard.text))
        role = "muted_row" if guard.met else "row_open"
        if self.words.property("role") != role:
            self.words.setProperty("role", role)
            self.words.style().polish(self.words)


class GuardList(ScrolledList):
    """Rows in the order of the step. Signals: ``chosen(key)``. Rows stay while their guards do, so no touch is lost."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, GuardRow] = {}
        self._look = Look()

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self._look = look
        for row in self.rows.values():
            row.setMinimumHeight(look.metrics.button_px)

    def show_guards(self, guards: tuple[GuardView, ...]) -> None:
        """Take the guards."""
        if list(self.rows) == [guard.key for guard in guards]:
            for guard in guards:
                self.rows[guard.key].show_guard(guard)
            return
        clear(self.list)
        self.rows = {}
        for guard in guards:
            row = GuardRow(guard)
            row.clicked.connect(lambda _checked=False, key=guard.key: self.chosen.emit(key))
            row.setMinimumHeight(self._look.metrics.button_px)
            self.rows[guard.key] = row
            self.list.addWidget(row)
        self.list.addStretch(1)

    def mark(self, key: str) -> None:
        """Mark the row being answered and bring it into sight, with what comes after it."""
        for name, row in self.rows.items():
            row.setChecked(name == key)
            if name == key:
                self.ensureWidgetVisible(row, 0, row.height())


def in_short(text: str) -> str:
    """Return what fits into two lines of a row: the whole, or its first sentence; the question shows the rest."""
    if len(text) <= ROW_LETTERS:
        return text
    first, dot, _ = text.partition(". ")
    return f"{first}. …" if dot and len(first) <= ROW_LETTERS else f"{text[: ROW_LETTERS - 2].rstrip()} …"


def mark_of(guard: GuardView) -> str:
    """Return the mark before a guard: done, to be confirmed, or open."""
    if guard.met:
        return "✓"
    return "!" if guard.amber else "○"


def mark_words(guard: GuardView) -> str:
    """Return the mark as a screen reader says it."""
    return {"✓": "met", "!": "to be confirmed", "○": "open"}[mark_of(guard)]
