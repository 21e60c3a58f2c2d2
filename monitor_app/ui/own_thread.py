"""What lives in a thread of its own: others hand it tasks, and ask whether it still does them."""

from collections.abc import Callable
from queue import SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal

UNANSWERED = 3
"""So many questions in a row that nobody answered: a system call hangs."""

Task = Callable[[], None]


class OwnThread(QObject):
    """Does what it is handed, one task after another, in the thread that ``start`` begins.

    Whether it hangs is counted in questions, not in seconds: a computer that slept has hung nothing.

    Signals: ``_posted`` carries a task into the thread.
    """

    _posted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tasks: SimpleQueue[Task] = SimpleQueue()
        self._asked = False
        self._unanswered = 0
        self._posted.connect(self._do_next)

    def start(self, name: str) -> QThread:
        """Begin to live in a thread of this name, and return it; to be ended by ``quit`` and ``wait``."""
        thread = QThread()
        thread.setObjectName(name)
        self.moveToThread(thread)
        thread.started.connect(self.begin)
        thread.finished.connect(self.end)
        thread.start(QThread.Priority.HighPriority)
        return thread

    def post(self, task: Task) -> None:
        """Have something done in this thread; from any other."""
        self._tasks.put(task)
        self._posted.emit()

    @property
    def hangs(self) -> bool:
        """Whether it no longer does what it is handed."""
        return self._unanswered >= UNANSWERED

    def ask(self) -> None:
        """See whether it still answers; to be called at even times, from one other thread."""
        self._unanswered = self._unanswered + 1 if self._asked else 0
        if not self._asked:
            self._asked = True
            self.post(self._answer)

    def begin(self) -> None:
        """Make what must be made in this thread; subclasses do."""
        raise NotImplementedError

    def end(self) -> None:
        """Let go in this thread what was made in it; subclasses do."""
        raise NotImplementedError

    def _do_next(self) -> None:
        self._tasks.get_nowait()()

    def _answer(self) -> None:
        self._asked = False
