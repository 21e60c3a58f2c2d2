"""The recorder without its thread: entries in, commits out, nothing accepted lost in silence (design §6, §9)."""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import SQLAlchemyError

from devices.errors import BugError, StorageError
from monitor_app.core.journal import STREAMED, JournalEntry, SessionOpened
from monitor_app.core.stamp import NS_PER_S
from monitor_app.storage.audit import append_audit
from monitor_app.storage.failure import storage_error
from monitor_app.storage.kind import StoreKind, require_fitting
from monitor_app.storage.ledger import Ledger, SessionState, Waiting
from monitor_app.storage.schema.fields import Row
from monitor_app.storage.schema.session import CHANNEL

HALF_SECOND_NS = NS_PER_S // 2
"""Waves and numerics are committed this often (design §6)."""

MEMORY_BYTES = 64 << 20
"""What may wait in memory while the disk refuses: some four hours of ECG and pleth."""

ROWS_PER_COMMIT = 2000
"""A commit writes at most so many rows; some hundred times what half a second brings."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a recorder writes. ``opened`` is the session's head as it stands in the database."""

    engine: Engine
    path: Path
    kind: StoreKind
    workstation: str
    opened: SessionOpened


@dataclass(frozen=True, slots=True)
class RecorderOptions:
    """``on_error`` is told once when writing fails, ``on_recovered`` once when all that waited is in the file.

    Both are called from the thread that writes. ``half_seconds_per_commit`` above 1 is for runs faster than real time.
    """

    on_error: Callable[[StorageError], None] = lambda _: None
    on_recovered: Callable[[], None] = lambda: None
    half_seconds_per_commit: int = 1
    memory_bytes: int = MEMORY_BYTES


@dataclass(slots=True)
class _Progress:
    commits: int = 0
    shed: int = 0
    last_cut_ns: int | None = None
    halves: int = 0
    problem: StorageError | None = field(default=None)


class RecorderCore:
    """Write one session. Use from one thread; ``Recorder`` gives it a thread of its own."""

    def __init__(self, target: Target, state: SessionState, options: RecorderOptions | None = None) -> None:
        self._target = target
        self._options = options or RecorderOptions()
        self._ledger = Ledger(state)
        self._progress = _Progress()
        self._connection: Connection | None = None

    @property
    def commits(self) -> int:
        """Commits done."""
        return self._progress.commits

    @property
    def shed(self) -> int:
        """Wave and numeric rows given up because the disk refused for too long."""
        return self._progress.shed

    @property
    def problem(self) -> StorageError | None:
        """Why the last attempt to write failed; None while all is well."""
        return self._progress.problem

    @property
    def waiting(self) -> int:
        """Rows not yet in the file."""
        return len(self._ledger.waiting)

    def write(self, entry: JournalEntry) -> None:
        """Take an entry: waves and numerics wait for the next flush, anything else is committed before this returns.

        Raises RefusedError for a device that belongs in the other database, BugError for a second session head.
        """
        self.write_many((entry,))

    def write_many(self, entries: Iterable[JournalEntry]) -> None:
        """Take several entries with one commit for the events among them. Raises as ``write``."""
        urgent = False
        try:
            for entry in entries:
                if self._accept(entry):
                    urgent = urgent or not isinstance(entry, STREAMED)
        finally:
            if urgent and self._progress.problem is None:
                self._commit()

    def flush(self, now_ns: int | None = None) -> None:
        """Commit what is due at ``now_ns`` (any monotonic scale); without it, everything, at once."""
        if now_ns is not None and not self._due(now_ns):
            return
        self._ledger.cut()
        self._progress.shed += self._ledger.shed(self._options.memory_bytes)
        if now_ns is None or self._progress.halves >= self._options.half_seconds_per_commit:
            self._progress.halves = 0
            self._commit()

    def close(self) -> None:
        """Write what waits and let the file go; raises StorageError when something accepted stays unwritten."""
        self.flush()
        self._disconnect()
        if self._ledger.waiting and self._progress.problem is not None:
            raise self._progress.problem

    def _accept(self, entry: JournalEntry) -> bool:
        if isinstance(entry, SessionOpened):
            if entry != self._target.opened:
                raise BugError("a recorder was given the head of another session")
            return False
        require_fitting(entry, self._target.kind)
        problem = self._ledger.add(entry)
        if problem:
            _LOG.error("an entry could not be recorded as it was: %s", problem)
        return True

    def _due(self, now_ns: int) -> bool:
        progress = self._progress
        if progress.last_cut_ns is None:
            progress.last_cut_ns = now_ns
        if now_ns - progress.last_cut_ns < HALF_SECOND_NS:
            return False
        # Kept on the half-second grid, so that late calls do not stretch the rows.
        progress.last_cut_ns = now_ns - (now_ns - progress.last_cut_ns) % HALF_SECOND_NS
        progress.halves += 1
        return True

    def _commit(self) -> None:
        if not self._ledger.waiting:
            return
        # In portions, so that a long backlog is not tried as a whole each half second while the disk refuses.
        while batch := self._ledger.waiting[:ROWS_PER_COMMIT]:
            try:
                self._write_batch(batch)
            except (SQLAlchemyError, sqlite3.Error, OSError, StorageError) as error:
                self._disconnect()
                self._failed(storage_error(error, self._target.path))
                return
            self._progress.commits += 1
            self._ledger.committed(len(batch))
        if self._progress.problem is not None:
            self._recovered()

    def _write_batch(self, batch: list[Waiting]) -> None:
        rows: dict[Table, list[Row]] = {CHANNEL: []}
        for item in batch:
            rows.setdefault(item.table, []).append(item.row)
        if self._connection is None:
            self._connection = self._target.engine.connect()
        with self._connection.begin():
            for table, group in rows.items():
                if group:
                    self._connection.execute(table.insert(), group)
            audits = (item.audit for item in batch if item.audit is not None)
            append_audit(self._connection, audits, self._target.workstation)

    def _failed(self, problem: StorageError) -> None:
        before = self._progress.problem
        self._progress.problem = problem
        if type(before) is not type(problem):
            self._options.on_error(problem)

    def _recovered(self) -> None:
        reason = str(self._progress.problem)
        self._progress.problem = None
        self._ledger.note_losses(f"could not be written: {reason}")
        self._commit()
        self._options.on_recovered()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (SQLAlchemyError, sqlite3.Error):  # the connection is what failed; it is given up either way
            _LOG.info("closing the record's connection failed", exc_info=True)
