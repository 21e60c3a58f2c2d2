"""Opening a SQLite file the one right way (libraries.md §4)."""

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from devices.errors import StorageError
from monitor_app.storage.failure import corrupt, storage_error

APPLICATION_ID = 0x43484149
"""Marks a file as ours for ``file`` and other tools: the letters CHAI."""

BUSY_TIMEOUT_MS = 5000
CHECK_BUDGET_S = 1.0
"""How long the check at the start may take; a session must be open again 3 s after start (design §9)."""

_CHECK_EVERY_OPCODES = 10_000


def writing_engine(path: Path) -> Engine:
    """Return an engine that may create and change the file; each connection sets its pragmas."""
    return _engine(path, f"file:{quote(str(path))}", begin="BEGIN IMMEDIATE", pragmas=_WRITE_PRAGMAS)


def reading_engine(path: Path) -> Engine:
    """Return an engine that cannot change the file and works while another program records to it."""
    return _engine(path, f"file:{quote(str(path))}?mode=ro", begin="BEGIN", pragmas=_READ_PRAGMAS)


_READ_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA query_only=ON",
)
_WRITE_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


def _engine(path: Path, uri: str, *, begin: str, pragmas: tuple[str, ...]) -> Engine:
    def connect() -> sqlite3.Connection:
        # The driver's own transactions are switched off: it would commit before DDL. One thread at a time uses a
        # connection, though not always the one that made it.
        made = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            for pragma in pragmas:
                _apply(made, pragma, path)
        except BaseException:
            made.close()
            raise
        return made

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", begin_transaction)
    return engine


def _apply(made: sqlite3.Connection, pragma: str, path: Path) -> None:
    answer = made.execute(pragma).fetchone()
    if pragma.endswith("=WAL") and (answer is None or answer[0] != "wal"):
        raise StorageError(
            f"the disk that holds {path.parent} cannot keep a crash-safe record: choose a folder on this computer's "
            "own disk with --data-dir"
        )


def quick_check(path: Path, budget_s: float | None = CHECK_BUDGET_S) -> bool:
    """Check the structure of the file; return False when the time was not enough to finish, True when it is sound.

    Raises DatabaseCorruptError naming what was found, or StorageError when the file cannot be read.
    """
    engine = reading_engine(path)
    try:
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            if budget_s is not None:
                deadline = time.monotonic() + budget_s
                raw.set_progress_handler(lambda: time.monotonic() > deadline, _CHECK_EVERY_OPCODES)
            try:
                found = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
            finally:
                raw.set_progress_handler(None, 0)
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            return False
        raise storage_error(error, path) from error
    except sqlite3.Error as error:
        raise storage_error(error, path) from error
    finally:
        engine.dispose()
    if found != ["ok"]:
        raise corrupt(path, "; ".join(str(line) for line in found))
    return True
