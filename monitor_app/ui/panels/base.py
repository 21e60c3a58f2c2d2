"""What every panel has: a title and Close at the left, its own content at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from monitor_app.core.stamp import Actor
from monitor_app.services.screen import Screen
from monitor_app.ui.look import Look
from monitor_app.ui.style_sheet import style_sheet

SIDE_PX = 190
"""Width of the column with the title and Close."""

Who = Callable[[], Actor]
"""Who presses: asked at the moment of the press."""


class Panel(QFrame):
    """A panel.

    Signals: ``asked(object)`` carries a command or request; ``done`` closes; ``open_panel(key)`` switches; ``sent`` comes
    before ``done`` where something was asked: if that is refused, the panel is shown again as it was left.

    ``body`` is the layout for the content. ``who`` names the person at the chair.
    """

    asked = Signal(object)
    done = Signal()
    open_panel = Signal(str)
    sent = Signal()

    def __init__(self, title: str, who: Who) -> None:
        super().__init__()
        self.who = who
        self.look = Look()
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.title = label(title, "title")
        self.hint = label("", "muted")
        self.refusal = label("", "strong")
        self.refusal.hide()
        self.close_button = button(self.tr("Close"), self.done.emit, "quiet")
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self.title)
        self._below = QVBoxLayout()
        side.addLayout(self._below)
        side.addWidget(self.refusal)
        side.addWidget(self.hint, 1)
        side.addStretch(1)
        self._above_close = QVBoxLayout()
        side.addLayout(self._above_close)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.close_button, 1)
        side.addLayout(self._foot)
        self.body = QVBoxLayout()
        self._row = QHBoxLayout(self)
        self._row.addLayout(side)
        self._row.addLayout(self.body, 1)

    def add_below_title(self, widget: QWidget) -> None:
        """Put something of the panel's own between title and hint."""
        self._below.addWidget(widget)

    def add_above_close(self, widget: QWidget) -> None:
        """Put a button of the panel above Close."""
        self._above_close.addWidget(widget)

    def add_beside_close(self, widget: QWidget) -> None:
        """Put a button of the panel beside Close."""
        self._foot.addWidget(widget, 1)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self.look = look
        edge, pad = look.px(24), look.px(8)
        self._row.setContentsMargins(edge, pad, edge, pad)
        self._row.setSpacing(look.px(20))
        self.body.setSpacing(look.px(8))
        width = look.px(SIDE_PX)
        for widget in (self.title, self.hint, self.refusal):
            widget.setFixedWidth(width)
        self.setStyleSheet(style_sheet(look))

    def show_screen(self, screen: Screen) -> None:
        """Take what is known now; called on opening and with every new picture."""

    def begin(self) -> None:
        """Start afresh: called each time the panel opens."""

    @property
    def at_page(self) -> str:
        """The page it can be opened at that is shown; empty where that is none of them."""
        return ""

    def turn_to(self, page: str) -> None:
        """Show one of its pages; one it has not is ignored."""

    def send(self, command: object) -> None:
        """Ask for something and close."""
        self.sent.emit()
        self.asked.emit(command)
        self.done.emit()

    def show_refusal(self, sentence: str) -> None:
        """Say why what was asked was not done; empty takes it away."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.hint.setVisible(not sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def leave_touched(self) -> None:
        """Take the focus from a field or list that was touched before its page goes: Qt would give it to a button."""
        left = self.window().focusWidget()
        if left is not None and self.isAncestorOf(left) and not isinstance(left, QPushButton):
            self.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - as Qt calls it
        """Go to the next by key; from a field that was touched and is gone, to no button: a ring looks like a choice."""
        left = self.window().focusWidget()
        gone = left is not None and not (left.isVisibleTo(self) and left.isEnabled())
        if gone and not isinstance(left, QPushButton):
            self.setFocus()
            return True
        return super().focusNextPrevChild(forward)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground that the stylesheet gives."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()


def label(text: str, role: str = "") -> QLabel:
    """Return a label that wraps; ``role`` is a name of the stylesheet: title, strong, figure, muted."""
    widget = QLabel(text)
    widget.setProperty("role", role)
    widget.setWordWrap(True)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    return widget


def button(text: str, on_press: Callable[[], object], role: str = "") -> QPushButton:
    """Return a touch-size button; ``role``: primary, quiet, danger, row."""
    widget = QPushButton(text)
    widget.setProperty("role", role)
    widget.setAccessibleName(text)
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a ring after a touch looks like a choice
    # The lambda keeps the signal's "checked" away from callables that take an optional argument.
    widget.clicked.connect(lambda: on_press())  # noqa: PLW0108
    return widget


def clear(layout: QLayout) -> None:
    """Remove every widget from a layout; they are off the screen at once, though Qt frees them later."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if isinstance(widget, QWidget):
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
