"""Which keys press things. Space never does: a book laid on the keyboard must not acknowledge an alarm (screen.md)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_PRESS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_press_key(event: QKeyEvent) -> bool:
    """Whether this key presses the focused widget."""
    return event.key() in _PRESS and not event.isAutoRepeat()
