"""Ending a command from outside: Ctrl-C, a service manager's TERM, a closed terminal.

Python's own answer to Ctrl-C, an exception wherever the program happens to be, is no way out of Qt: met while Qt loads it
aborts the process, met in a widget's method it is printed and forgotten.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

_ASKED = ("SIGINT", "SIGTERM")
_HUNG_UP = "SIGHUP"
_KILLED = 128
"""What a shell adds to a signal's number for the exit status of a command ended by it."""

_Handler = Callable[[int, FrameType | None], object]


class StopSignal:
    """While in use (``with``), the first such signal only sets ``requested`` and calls what ``on_stop`` was given.

    A second one kills as usual, for a command that does not end. ``lasting``: it changes nothing, for one that has to be
    let end in order; and a terminal that closes is none of these signals.
    """

    def __init__(self, *, lasting: bool = False) -> None:
        self._lasting = lasting
        self._action: Callable[[], object] | None = None
        self._before: dict[int, object] = {}
        self._number = 0

    @property
    def requested(self) -> bool:
        """Whether there was such a signal."""
        return self._number != 0

    @property
    def status(self) -> int:
        """The exit status of a command that was ended by it before its work was done; 0 without one."""
        return _KILLED + self._number if self.requested else 0

    def on_stop(self, action: Callable[[], object]) -> None:
        """Call this when told to stop; at once if that has happened."""
        self._action = action
        if self.requested:
            action()

    def __enter__(self) -> Self:
        """Take over the signals."""
        self._before = _taken_over(self._stop, hung_up=not self._lasting)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give them back."""
        self._restore()

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        if not self._lasting:
            self._restore()
        self._number = self._number or number
        if self._action is not None:
            self._action()

    def _restore(self) -> None:
        _give_back(self._before)
        self._before = {}


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """While in use, such a signal ends the process on the spot: for as long as nothing stands that is to be put away."""
    before = _taken_over(lambda number, _: os._exit(_KILLED + number), hung_up=True)
    try:
        yield
    finally:
        _give_back(before)


def _taken_over(handler: _Handler, *, hung_up: bool) -> dict[int, object]:
    """Handle the signals from now on; return who did before. Elsewhere than in the main thread the system allows it not."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    numbers = [getattr(signal, name) for name in _ASKED]
    # nohup has a command outlive its terminal.
    if hung_up and hasattr(signal, _HUNG_UP) and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    return {number: signal.signal(number, handler) for number in numbers}


def _give_back(before: dict[int, object]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() itself gave
