"""Ending a command that runs until it is told to: Ctrl-C, a service manager's TERM, a closed terminal."""

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class StopSignal:
    """While in use (``with``), the first such signal only sets ``requested`` and calls what ``on_stop`` was given.

    A second one kills as usual, for a command that does not end.
    """

    def __init__(self) -> None:
        self._action: Callable[[], object] | None = None
        self._before: dict[int, object] = {}
        self.requested = False

    def on_stop(self, action: Callable[[], object]) -> None:
        """Call this when told to stop; at once if that has happened."""
        self._action = action
        if self.requested:
            action()

    def __enter__(self) -> Self:
        """Take over the signals."""
        if threading.current_thread() is threading.main_thread():  # elsewhere the system does not allow it
            self._before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give them back."""
        self._restore()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._restore()
        self.requested = True
        if self._action is not None:
            self._action()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() itself gave
        self._before = {}
