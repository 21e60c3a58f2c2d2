"""When what a widget shows has reached the screen."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class PaintWatch(QObject):
    """Calls ``painted`` with the monotonic time once a widget's painting has been handed to the screen.

    What was painted beside it in the same go belongs to it: only then does any of it appear.
    """

    def __init__(self, widget: QWidget, painted: Callable[[int], None]) -> None:
        super().__init__(widget)
        self._painted = painted
        self._due = False
        widget.installEventFilter(self)
        _WindowWatch.of(widget.window()).watches.append(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See ``QObject``."""
        if event.type() == QEvent.Type.Paint:
            self._due = True
            QTimer.singleShot(0, self.tell)  # for a painting that the system asked for
        return False

    def tell(self) -> None:
        """The window has been drawn: pass it on, once for each painting."""
        if self._due:
            self._due = False
            self._painted(time.monotonic_ns())


class _WindowWatch(QObject):
    """Lets a window draw what is due, and tells the watches of its widgets when that is done."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.watches: list[PaintWatch] = []
        window.installEventFilter(self)

    @classmethod
    def of(cls, window: QWidget) -> "_WindowWatch":
        """The one of this window."""
        found = next((child for child in window.children() if isinstance(child, cls)), None)
        return cls(window) if found is None else found

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See ``QObject``."""
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        self._window.event(event)
        for watch in self.watches:
            watch.tell()
        return True
