"""What was just recorded, beside the trend, with undo for 10 s (screen.md, Actions; clinical.md §16.5)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from monitor_app.services.screen import FeedLine
from monitor_app.ui.look import Look
from monitor_app.ui.style_sheet import style_sheet

ROWS = 4


class FeedRow(QWidget):
    """One line. Signals: ``undo(entry_id)``."""

    undo = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry_id = ""
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(self)
        self.button.setProperty("role", "quiet")
        self.button.clicked.connect(lambda: self.undo.emit(self._entry_id))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)

    def show_line(self, line: FeedLine) -> None:
        """Take a line; the button is there while the entry can be undone."""
        self._entry_id = line.entry_id
        self.label.setText(line.text)
        self.button.setVisible(line.undo_left_s > 0)
        self.button.setText(self.tr("Undo %d") % line.undo_left_s)
        self.button.setAccessibleName(self.tr("Undo: %s") % line.text)


class Feed(QWidget):
    """The newest lines, newest first, with the window's own notices on top. Signals: ``undo(entry_id)``."""

    undo = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("feed")
        self.setAccessibleName(self.tr("Recorded"))
        self._lines: tuple[FeedLine, ...] | None = None
        self._notices: tuple[str, ...] = ()
        self._look = Look()
        self.notice = QLabel(self)
        self.notice.setProperty("role", "strong")
        self.notice.setWordWrap(True)
        self.notice.hide()
        self.empty = QLabel(self.tr("What is recorded appears here"), self)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.rows = [FeedRow(self) for _ in range(ROWS)]
        layout = QVBoxLayout(self)
        layout.addWidget(self.notice)
        layout.addWidget(self.empty)
        for row in self.rows:
            row.undo.connect(self.undo)
            row.hide()
            layout.addWidget(row)
        layout.addStretch(1)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self._look = look
        self.setStyleSheet(style_sheet(look))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(look.px(12), look.px(10), look.px(16), look.px(8))
            layout.setSpacing(look.px(8))
        self._fill()

    def show_lines(self, lines: tuple[FeedLine, ...], notices: tuple[str, ...]) -> None:
        """Take what was recorded (newest first) and sentences that must be read now."""
        if (lines, notices) != (self._lines, self._notices):
            self._lines, self._notices = lines, notices
            self._fill()

    def _fill(self) -> None:
        lines = self._lines or ()
        self.notice.setText("\n".join(self._notices))
        self.notice.setVisible(bool(self._notices))
        self.empty.setVisible(not lines and not self._notices)
        room = (2 if self._look.metrics.compact else ROWS) - len(self._notices)
        for index, row in enumerate(self.rows):
            shown = index < min(len(lines), max(1, room))
            row.setVisible(shown)
            if shown:
                row.show_line(lines[index])
