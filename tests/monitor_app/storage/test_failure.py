"""Every database error becomes one sentence that says what to do."""

import errno
import sqlite3
from pathlib import Path

import pytest

from devices.errors import DatabaseCorruptError, DatabaseLockedError, DiskFullError, StorageError
from monitor_app.storage import failure
from monitor_app.storage.failure import storage_error

PATH = Path("/data/clinical.db")


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("words of the library")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), DiskFullError, "free some space"),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), DatabaseLockedError, "close it"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT_VTAB), DatabaseCorruptError, "restore a backup"),
        (sqlite_error(sqlite3.SQLITE_NOTADB), DatabaseCorruptError, "restore a backup"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY), StorageError, "write permission"),
        (sqlite_error(sqlite3.SQLITE_IOERR_READ), StorageError, "check the disk"),
        (OSError(errno.ENOSPC, "No space left"), DiskFullError, "free some space"),
        (OSError(errno.EACCES, "Permission denied"), StorageError, "check the folder"),
        (ValueError("something else"), StorageError, "something else"),
    ],
)
def test_errors_are_named_by_what_to_do(error: Exception, kind: type[StorageError], words: str) -> None:
    told = storage_error(error, PATH)
    assert type(told) is kind
    assert words in str(told)
    assert "\n" not in str(told)


def test_an_input_output_error_on_a_full_disk_is_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 0}))
    assert isinstance(storage_error(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), PATH), DiskFullError)


def test_an_error_already_named_stays() -> None:
    known = DiskFullError("x")
    assert storage_error(known, PATH) is known
