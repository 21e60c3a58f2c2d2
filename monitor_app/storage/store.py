"""The one door to the record (design §6: storage sits behind one interface)."""

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from devices.clock import Clock, SystemClock
from devices.errors import BugError, KnownError
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.journal import SessionOpened
from monitor_app.core.record import SessionRecord, SessionSummary
from monitor_app.core.stamp import SYSTEM, Stamp
from monitor_app.storage.archive import Archive
from monitor_app.storage.audit import AuditEvent, append_audit
from monitor_app.storage.audit_rule import CREATE, UPDATE
from monitor_app.storage.canonical import canonical_json, entry_fields
from monitor_app.storage.connection import quick_check, writing_engine
from monitor_app.storage.failure import storage_error
from monitor_app.storage.kind import StoreKind, require_fitting
from monitor_app.storage.ledger import SessionState
from monitor_app.storage.location import require_local
from monitor_app.storage.lock import WriterLock
from monitor_app.storage.prepare import prepare_database
from monitor_app.storage.recorder import Recorder
from monitor_app.storage.recorder_core import RecorderCore, RecorderOptions, Target
from monitor_app.storage.resume import OpenSession, is_closed, session_state
from monitor_app.storage.rows import SessionRows
from monitor_app.storage.schema.session import CLOSING, SESSION, encode_opened
from monitor_app.storage.wave_end import WaveEnd


class Store:
    """A database open for writing; one per database and computer at a time. Close it, or use it with ``with``.

    Reading methods cover both databases of the data directory.
    """

    def __init__(self, data_dir: Path, kind: StoreKind, *, workstation: str = "") -> None:
        """Open or create; prefer ``Store.open``, which says what it raises."""
        self._data_dir = data_dir
        self._kind = kind
        self._workstation = workstation
        self._path = kind.path(data_dir)
        _prepare_folder(data_dir, self._path)
        self._lock = WriterLock(self._path)
        try:
            if self._path.is_file() and self._path.stat().st_size:
                quick_check(self._path)
            self._engine = writing_engine(self._path)
            prepare_database(self._engine, self._path)
        except BaseException:
            self._lock.release()
            raise
        self._archive = open_archive(data_dir)

    @classmethod
    def open(cls, data_dir: Path, kind: StoreKind, *, workstation: str = "") -> Self:
        """Open the database of a kind, creating or upgrading it (after a backup) where needed.

        Raises DatabaseLockedError when another program records to it, DatabaseTooNewError, DatabaseCorruptError,
        DiskFullError, or StorageError for a folder that is read-only, on a network share or synchronised.
        """
        return cls(data_dir, kind, workstation=workstation)

    @property
    def kind(self) -> StoreKind:
        """Which of the two databases this is."""
        return self._kind

    @property
    def path(self) -> Path:
        """The database file."""
        return self._path

    def new_session(self, opened: SessionOpened) -> None:
        """Begin a session; it is in the file when this returns.

        Raises RefusedError when it belongs in the other database, BugError for an id that exists, StorageError.
        """
        require_fitting(opened, self._kind)
        try:
            with self._engine.connect() as connection, connection.begin():
                _insert_session(connection, opened, self._workstation)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise storage_error(error, self._path) from error

    def recorder(
        self, session_id: str, *, clock: Clock | None = None, options: RecorderOptions | None = None
    ) -> Recorder:
        """Return a running recorder for a session, new or resumed. ``clock`` must run at the speed of the wall."""
        target = self._target(session_id)
        state = self._state(session_id)
        return Recorder(target, state, clock=clock or SystemClock(), options=options)

    def recorder_core(self, session_id: str, options: RecorderOptions | None = None) -> RecorderCore:
        """Return the stepped form of ``recorder``, for runs on one thread."""
        return RecorderCore(self._target(session_id), self._state(session_id), options)

    def mark_closed(self, session_id: str, stamp: Stamp) -> None:
        """Say that a session was ended on purpose; does nothing the second time. Raises KnownError, StorageError."""
        try:
            with self._engine.connect() as connection, connection.begin():
                key = _session_key(connection, session_id)
                if is_closed(connection, key):
                    return
                row = {"session_key": key, "t_ns": stamp.t_ns, "utc_ms": stamp.utc_ms}
                connection.execute(CLOSING.insert(), row)
                new = closing_json(stamp)
                event = AuditEvent(stamp, SYSTEM, UPDATE, "closing", session_id, session_id, new_json=new)
                append_audit(connection, (event,), self._workstation)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise storage_error(error, self._path) from error

    def sessions(self) -> list[SessionSummary]:
        """See ``Archive.sessions``."""
        return self._archive.sessions()

    def open_sessions(self) -> list[OpenSession]:
        """See ``Archive.open_sessions``."""
        return self._archive.open_sessions()

    def record(self, session_id: str) -> SessionRecord:
        """See ``Archive.record``."""
        return self._archive.record(session_id)

    def wave_ends(self, session_id: str) -> dict[tuple[str, str], WaveEnd]:
        """See ``Archive.wave_ends``."""
        return self._archive.wave_ends(session_id)

    def commissionings(self) -> tuple[Commissioning, ...]:
        """See ``Archive.commissionings``."""
        return self._archive.commissionings()

    def close(self) -> None:
        """Let the database go; recorders must be closed before."""
        self._engine.dispose()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _target(self, session_id: str) -> Target:
        with self._engine.connect() as connection:
            key = _session_key(connection, session_id)
            opened = SessionRows(connection, self._path, key).opened()
        return Target(self._engine, self._path, self._kind, self._workstation, opened)

    def _state(self, session_id: str) -> SessionState:
        with self._engine.connect() as connection:
            return session_state(connection, self._path, _session_key(connection, session_id))


def open_archive(data_dir: Path) -> Archive:
    """Return the sessions of a data directory for reading; a database of an older program is upgraded first."""

    def prepare(kind: StoreKind) -> None:
        path = kind.path(data_dir)
        with WriterLock(path):
            engine = writing_engine(path)
            try:
                prepare_database(engine, path)
            finally:
                engine.dispose()

    return Archive(data_dir, prepare)


def audit_events(data_dir: Path, kind: StoreKind, events: Iterable[AuditEvent], workstation: str) -> None:
    """Add to the trail what is not a journal entry: views, exports, logins. Works while another program records."""
    path = kind.path(data_dir)
    engine = writing_engine(path)
    try:
        with engine.connect() as connection, connection.begin():
            append_audit(connection, events, workstation)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise storage_error(error, path) from error
    finally:
        engine.dispose()


def closing_json(stamp: Stamp) -> str:
    """Return what the audit says of a session's end."""
    return canonical_json({"type": "Closing", "stamp": stamp})


def _insert_session(connection: Connection, opened: SessionOpened, workstation: str) -> None:
    known = select(SESSION.c.session_key).where(SESSION.c.session_id == opened.session_id)
    if connection.execute(known).first() is not None:
        raise BugError(f"session {opened.session_id} exists already")
    newest = connection.execute(select(func.max(SESSION.c.session_key))).scalar() or 0
    connection.execute(SESSION.insert(), encode_opened(opened, newest + 1))
    new = canonical_json(entry_fields(opened))
    session_id = opened.session_id
    event = AuditEvent(opened.stamp, SYSTEM, CREATE, "session", session_id, session_id, new_json=new)
    append_audit(connection, (event,), workstation)


def _session_key(connection: Connection, session_id: str) -> int:
    query = select(SESSION.c.session_key).where(SESSION.c.session_id == session_id)
    key = connection.execute(query).scalar()
    if key is None:
        raise KnownError(f"there is no session {session_id!r}: 'chairside sessions' lists them")
    return int(key)


def _prepare_folder(data_dir: Path, path: Path) -> None:
    require_local(data_dir)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(error, path) from error
    if path.exists() and not os.access(path, os.W_OK):
        raise storage_error(PermissionError(13, "it is read-only"), path)
