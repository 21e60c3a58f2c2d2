"""The recorder in its own thread: callers never wait for the disk unless they ask to."""

import logging
import threading
from collections import deque
from dataclasses import dataclass

from devices.clock import Clock
from devices.errors import BugError, DatabaseLockedError, StorageError
from monitor_app.core.journal import STREAMED, JournalEntry, SessionOpened
from monitor_app.core.stamp import NS_PER_S
from monitor_app.storage.kind import require_fitting
from monitor_app.storage.ledger import SessionState
from monitor_app.storage.recorder_core import (
    HALF_SECOND_NS,
    RecorderCore,
    RecorderOptions,
    Target,
)

QUEUE_LIMIT = 20_000
"""Waves and numerics that may wait for the thread; some minutes of three devices."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecorderCounters:
    """``dropped``: signals refused because the queue was full; ``shed``: rows given up because the disk refused."""

    dropped: int
    shed: int
    waiting: int
    commits: int


class Recorder:
    """One thread that owns the connection. ``write`` may be called from any thread.

    ``clock`` paces the half-second commits; it must run at the speed of the wall.
    """

    def __init__(
        self, target: Target, state: SessionState, *, clock: Clock, options: RecorderOptions | None = None
    ) -> None:
        self._target = target
        self._options = options or RecorderOptions()
        self._core = RecorderCore(target, state, self._options)
        self._clock = clock
        self._queue: deque[JournalEntry] = deque()
        self._changed = threading.Condition()
        self._signals = 0
        self._urgent = False
        self._flushes_wanted = 0
        self._flushes_done = 0
        self._closing = False
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def counters(self) -> RecorderCounters:
        """What was lost and what waits; also readable after ``close``."""
        with self._changed:
            waiting = len(self._queue)
        return RecorderCounters(
            self._dropped, self._core.shed, waiting + self._core.waiting, self._core.commits
        )

    @property
    def problem(self) -> StorageError | None:
        """Why the last attempt to write failed; None while all is well."""
        return self._core.problem

    def write(self, entry: JournalEntry) -> bool:
        """Hand over an entry; never blocks. False: the queue was full and a wave or numeric was dropped and counted.

        Events, alarms and answers are always accepted. Raises RefusedError and BugError as ``RecorderCore.write``.
        """
        require_fitting(entry, self._target.kind)
        if isinstance(entry, SessionOpened) and entry != self._target.opened:
            raise BugError("a recorder was given the head of another session")
        signal = isinstance(entry, STREAMED)
        with self._changed:
            if self._closing:
                raise BugError("a closed recorder was given an entry")
            if signal and self._signals >= QUEUE_LIMIT:
                self._dropped += 1
                return False
            self._queue.append(entry)
            self._signals += signal
            if not signal:
                self._urgent = True
                self._changed.notify_all()
        return True

    def write_and_wait(self, entry: JournalEntry, timeout_s: float = 5.0) -> None:
        """Hand over an entry and return once it is in the file.

        Raises StorageError when it could not be written (it is kept and tried again) or not within the time.
        """
        self.write(entry)
        self.drain(timeout_s)

    def drain(self, timeout_s: float = 5.0) -> None:
        """Return once everything handed over so far is in the file. Raises as ``write_and_wait``."""
        with self._changed:
            if self._closing:
                raise BugError("a closed recorder was asked to write")
            self._flushes_wanted += 1
            goal = self._flushes_wanted
            self._changed.notify_all()
            done = self._changed.wait_for(lambda: self._flushes_done >= goal, timeout=timeout_s)
        if self._core.problem is not None:
            raise self._core.problem
        if not done:
            raise DatabaseLockedError(
                f"the record {self._target.path} takes longer than {timeout_s:g} s to write: close other programs"
            )

    def close(self) -> None:
        """Write what waits and end the thread; does nothing the second time.

        Raises StorageError when something accepted could not be written to the end.
        """
        with self._changed:
            first, self._closing = not self._closing, True
            self._changed.notify_all()
        self._thread.join()
        if first:
            self._core.close()

    def _run(self) -> None:
        due_ns = self._clock.monotonic_ns() + HALF_SECOND_NS
        while True:
            batch, wanted, closing = self._next(due_ns)
            now_ns = self._clock.monotonic_ns()
            due = now_ns >= due_ns
            self._work(batch, flush=due or closing or wanted > self._flushes_done)
            with self._changed:
                self._flushes_done = wanted
                self._changed.notify_all()
            if closing:
                return
            if due:
                due_ns = max(due_ns + HALF_SECOND_NS, now_ns)

    def _next(self, due_ns: int) -> tuple[tuple[JournalEntry, ...], int, bool]:
        """Wait for something urgent or for the half second; take all that is queued."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._urgent or self._flushes_wanted > self._flushes_done or self._closing,
                timeout=max(0.0, (due_ns - self._clock.monotonic_ns()) / NS_PER_S),
            )
            batch = tuple(self._queue)
            self._queue.clear()
            self._signals, self._urgent = 0, False
            return batch, self._flushes_wanted, self._closing

    def _work(self, batch: tuple[JournalEntry, ...], *, flush: bool) -> None:
        try:
            self._core.write_many(batch)
            if flush:
                self._core.flush()
        except Exception as error:  # noqa: BLE001 - a bug must not end the recording of the rest
            _LOG.exception("the recorder met an unexpected error")
            self._options.on_error(
                StorageError(f"the recorder met an unexpected error ({error}): restart soon")
            )
