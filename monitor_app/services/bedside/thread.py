"""The bedside's own thread, live: one inbox in, the bedside's listeners out, deadlines kept in between."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from devices.clock import NS_PER_S
from devices.signals import Arrival, BeatMark, NumericReading, RawBytes, WaveChunk
from monitor_app.core.commands import Command
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.publication import BedsideState, Publication

_log = logging.getLogger(__name__)

INBOX_LIMIT = 20_000
"""Signals that may wait: minutes of three devices. Commands are always taken."""
FAULTS_TOLD = 20
"""So many kinds of fault are logged and recorded; whoever meets more has read enough."""
STALLED_S = 1.0
"""Not looked up for longer than this: the pipeline stood still (clinical.md §6.6, TE-16)."""
SHORTEST_WAIT_S = 0.001
LONGEST_WAIT_S = 0.25
"""The thread looks up at least this often, so that a stepped or scaled clock is followed too."""


@dataclass(frozen=True, slots=True)
class StorageTrouble:
    """The recorder's word: a sentence, or "" when it can write again."""

    text: str


_DROPPABLE = (WaveChunk, NumericReading, BeatMark, RawBytes)
InboxItem: TypeAlias = Arrival | Command | StorageTrouble | Callable[[], None]


class Outlet:
    """What one listener has not yet taken. Filled by the bedside's thread, drained by the listener's.

    ``on_state`` is called in the bedside's thread once a state waits: an alarm need not wait for the listener's next look.
    """

    def __init__(self, limit: int = 50_000) -> None:
        self.on_state: Callable[[], None] | None = None
        self._items: deque[Publication] = deque()
        self._limit = limit
        self._lock = threading.Lock()
        self.dropped = 0

    def put(self, publication: Publication) -> None:
        """Add one; the oldest is dropped and counted when the listener sleeps for too long."""
        with self._lock:
            self._items.append(publication)
            if len(self._items) > self._limit:
                self._items.popleft()
                self.dropped += 1
        told = self.on_state  # once: the listener may go at any moment
        if told is not None and isinstance(publication, BedsideState):
            told()

    def drain(self) -> list[Publication]:
        """Everything since the last call, in order."""
        with self._lock:
            items = list(self._items)
            self._items.clear()
        return items


class BedsideThread:
    """Runs a bedside. ``post`` may be called from any thread and never blocks.

    ``shed`` says how many signals were given up behind the bedside; together with its own they are told in the record.
    """

    def __init__(self, bedside: Bedside, *, speed: float = 1.0, shed: Callable[[], int] = lambda: 0) -> None:
        self._bedside = bedside
        self._speed = speed
        self._shed = shed
        self._inbox: deque[InboxItem] = deque()
        self._changed = threading.Condition()
        self._signals = 0
        self._closing = False
        self._faults: set[str] = set()
        self.dropped = 0
        self._looked_t_ns: int | None = None
        self._thread = threading.Thread(target=self._run, name="bedside", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def post(self, item: InboxItem) -> None:
        """Hand over a signal, a command, or something to be done in the bedside's thread.

        Where it cannot keep up waves and numbers are dropped and counted; everything else is always taken.
        """
        with self._changed:
            if isinstance(item, Arrival) and isinstance(item.signal, _DROPPABLE):
                if self._signals >= INBOX_LIMIT:
                    self.dropped += 1
                    return
                self._signals += 1
            if not self._inbox:  # else the thread is awake, or has been told
                self._changed.notify()
            self._inbox.append(item)

    def close(self, timeout_s: float = 5.0) -> None:
        """Take what waits, then end. Harmless when ended already."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            items, closing = self._next()
            self._guarded(self._notice_standstill)
            for item in items:
                self._handle(item)
            self._guarded(lambda: self._bedside.watch.losses(self.dropped + self._shed()))
            self._guarded(self._bedside.advance)
            if closing:
                return

    def _notice_standstill(self) -> None:
        """Tell when this thread did not get to its work: a disk that hangs, a computer that slept or was too busy."""
        now, last = self._bedside.clock.t_ns(), self._looked_t_ns
        self._looked_t_ns = now
        if last is None:
            return
        stood_still_s = (now - last) / NS_PER_S / self._speed
        if stood_still_s > STALLED_S + LONGEST_WAIT_S:
            self._bedside.watch.stalled(stood_still_s)

    def _next(self) -> tuple[list[InboxItem], bool]:
        wait_s = self._wait_s()
        with self._changed:
            if not self._inbox and not self._closing:
                self._changed.wait(wait_s)
            items = list(self._inbox)
            self._inbox.clear()
            self._signals = 0
            return items, self._closing

    def _wait_s(self) -> float:
        wait_s = LONGEST_WAIT_S

        def ask() -> None:
            nonlocal wait_s
            left_ns = self._bedside.next_deadline_t_ns() - self._bedside.clock.t_ns()
            wait_s = left_ns / NS_PER_S / self._speed

        self._guarded(ask)
        return min(max(wait_s, SHORTEST_WAIT_S), LONGEST_WAIT_S)

    def _handle(self, item: InboxItem) -> None:
        bedside = self._bedside
        if isinstance(item, Arrival):
            self._guarded(lambda: bedside.arrive(item))
        elif isinstance(item, StorageTrouble):
            self._guarded(lambda: bedside.storage_trouble(item.text))
        elif callable(item):
            self._guarded(item)
        else:
            self._guarded(lambda: bedside.command(item))

    def _guarded(self, step: Callable[[], object]) -> None:
        """A fault of ours in one step must not end alarms and record: it is logged with its trace, and life goes on."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - see the docstring
            self._tell_fault(f"{type(error).__name__}: {error}"[:200])

    def _tell_fault(self, what: str) -> None:
        """Log and record each kind of fault once: it may come with every signal."""
        if what in self._faults or len(self._faults) >= FAULTS_TOLD:
            return
        self._faults.add(what)
        _log.exception("the bedside met an unexpected error")
        try:
            self._bedside.watch.fault(what)
        except Exception:  # noqa: BLE001 - as above; there is nobody left to tell
            _log.exception("the fault could not be recorded")
