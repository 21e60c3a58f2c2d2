"""What was just recorded, beside the trend, with undo for 10 s (screen.md, Actions; clinical.md §16.5).

Sentences that must be read now stand on top, each whole: of those that do not fit, the count is said, and a touch or
Enter turns to the next.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from monitor_app.services.screen import FeedLine
from monitor_app.ui.keys import is_press_key
from monitor_app.ui.look import Look
from monitor_app.ui.style_sheet import style_sheet

ROWS = 4
SPACING = 8


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
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda: self.undo.emit(self._entry_id))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)

    def height_at(self, width: int) -> int:
        """Return how high it stands at a width."""
        self.label.ensurePolished()
        self.button.ensurePolished()
        layout = self.layout()
        return (
            0
            if layout is None
            else max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        )

    def show_line(self, line: FeedLine) -> None:
        """Take a line; the button is there while the entry can be undone."""
        self._entry_id = line.entry_id
        self.label.setText(line.text)
        self.button.setVisible(line.undo_left_s > 0)
        self.button.setText(self.tr("Undo %d") % line.undo_left_s)
        self.button.setAccessibleName(self.tr("Undo: %s") % line.text)


class NoticeLabel(QLabel):
    """The sentences on top. Signals: ``pressed``."""

    pressed = Signal()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Report the touch."""
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the press of Enter."""
        if is_press_key(event):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


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
        self._first = 0
        self.notice = NoticeLabel(self)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.pressed.connect(self._turn)
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
            layout.setContentsMargins(*self._look_margins())
            layout.setSpacing(look.px(SPACING))
        self._fill()

    def show_lines(self, lines: tuple[FeedLine, ...], notices: tuple[str, ...]) -> None:
        """Take what was recorded (newest first) and sentences that must be read now."""
        if len(notices) != len(self._notices):  # not when one of them counts its seconds
            self._first = 0
        if (lines, notices) != (self._lines, self._notices):
            self._lines, self._notices = lines, notices
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let more or fewer sentences stand."""
        super().resizeEvent(event)
        self._fill()

    def _turn(self) -> None:
        """Show the sentences that did not fit."""
        if len(self._notices) > 1:
            self._first = (self._first + 1) % len(self._notices)
            self._fill()

    def _fill(self) -> None:
        lines = self._lines or ()
        room = self.contentsRect().height() - self._margins()
        room -= self._fill_notices(room - self._undo_height())
        self.empty.setVisible(not lines and not self._notices)
        most = 2 if self._look.metrics.compact else ROWS
        least = 0 if self._notices else 1
        for index, row in enumerate(self.rows):
            if index < min(len(lines), most):
                row.show_line(lines[index])
                room -= row.height_at(self._width()) + self._look.px(SPACING)
                most = most if room >= 0 or index < least else index
            row.setVisible(index < min(len(lines), most))

    def _undo_height(self) -> int:
        """Return what the newest line takes while it can be taken back: sentences leave it its place."""
        if not self._lines or self._lines[0].undo_left_s <= 0:
            return 0
        self.rows[0].show_line(self._lines[0])
        return self.rows[0].height_at(self._width()) + self._look.px(SPACING)

    def _fill_notices(self, room: int) -> int:
        """Write as many sentences as stand whole; return the height they take."""
        self.notice.setVisible(bool(self._notices))
        if not self._notices:
            self.notice.clear()
            return 0
        self.notice.ensurePolished()
        ordered = (*self._notices[self._first :], *self._notices[: self._first])
        for count in range(len(ordered), 0, -1):
            rest = len(ordered) - count
            more = (self.tr("+%d more: touch to read") % rest,) if rest else ()
            self.notice.setText("\n".join((*ordered[:count], *more)))
            if self.notice.heightForWidth(self._width()) <= room:
                break
        self.notice.setFocusPolicy(Qt.FocusPolicy.TabFocus if more else Qt.FocusPolicy.NoFocus)
        return self.notice.heightForWidth(self._width()) + self._look.px(SPACING)

    def _width(self) -> int:
        left, _top, right, _bottom = self._look_margins()
        return self.contentsRect().width() - left - right

    def _margins(self) -> int:
        _left, top, _right, bottom = self._look_margins()
        return top + bottom

    def _look_margins(self) -> tuple[int, int, int, int]:
        px = self._look.px
        return px(12), px(10), px(16), px(8)
