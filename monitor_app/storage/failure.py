"""What a database error means for the person at the chair."""

import errno
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from devices.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    DiskFullError,
    StorageError,
)

_NO_ROOM_BYTES = 1 << 20
_PRIMARY = 0xFF  # the low byte of an extended result code

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}


def storage_error(error: Exception, database: Path) -> StorageError:
    """Return the error to show for a failed statement; always one of the StorageError family."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, OSError):
        return _from_os(error, database)
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(database)):
        return disk_full(database)
    return _from_code(code, str(cause), database)


def _from_code(code: int, detail: str, database: Path) -> StorageError:
    if code in _BUSY:
        return DatabaseLockedError(f"another program is using {database}: close it")
    if code in _DAMAGED:
        return corrupt(database, detail)
    if code in _FORBIDDEN:
        return StorageError(
            f"{database} cannot be opened for writing ({detail}): give yourself write permission on it and its "
            "folder, or choose another with --data-dir"
        )
    return StorageError(f"{database} cannot be written ({detail}): check the disk and start again")


def disk_full(database: Path) -> DiskFullError:
    """Return the error for a disk without room."""
    return DiskFullError(
        f"the disk that holds {database.parent} is full: free some space; recording goes on by itself"
    )


def corrupt(database: Path, detail: str) -> DatabaseCorruptError:
    """Return the error for a database whose check failed."""
    return DatabaseCorruptError(
        f"{database} is damaged ({detail}): restore a backup with 'chairside restore'"
    )


def _from_os(error: OSError, database: Path) -> StorageError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(database)
    return StorageError(
        f"{database} cannot be used ({error.strerror}): check the folder, or choose another with --data-dir"
    )


def _no_room(database: Path) -> bool:
    try:
        return shutil.disk_usage(database.parent).free < _NO_ROOM_BYTES
    except OSError:
        return False
