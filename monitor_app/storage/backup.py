"""Verified copies of a database, taken through SQLite's own backup so that a running recorder does not tear them."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from devices.errors import DatabaseCorruptError, StorageError
from monitor_app.storage.connection import quick_check
from monitor_app.storage.failure import storage_error

_PAGES_AT_ONCE = 4096  # 16 MiB; between steps a recorder may commit


def copy_database(source: Path, target: Path) -> None:
    """Copy a database to a file that appears only when complete and checked; replaces an older copy.

    Raises StorageError when the copy cannot be written, DatabaseCorruptError when it does not pass its check.
    """
    partial = target.with_name(target.name + ".part")
    try:
        partial.unlink(missing_ok=True)
        _copy(source, partial)
        quick_check(partial, budget_s=None)
        _sync(partial)
        os.replace(partial, target)  # noqa: PTH105 - the atomic form
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise storage_error(error, target) from error
    except (StorageError, DatabaseCorruptError):
        partial.unlink(missing_ok=True)
        raise


def _copy(source: Path, partial: Path) -> None:
    reader = sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)
    writer = sqlite3.connect(partial)
    try:
        reader.backup(writer, pages=_PAGES_AT_ONCE)
        # A copy is one file: without this it would want a log beside it, even on a read-only medium.
        writer.execute("PRAGMA journal_mode=DELETE")
    finally:
        writer.close()
        reader.close()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
