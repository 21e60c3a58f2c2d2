"""A database that another program is just making holds no session yet: nothing to complain about."""

import sqlite3

import pytest

from devices.errors import DatabaseCorruptError
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.lock import WriterLock
from monitor_app.storage.store import Store, open_archive


def test_a_file_that_is_still_empty(tmp_path):
    path = StoreKind.TRAINING.path(tmp_path)
    path.touch()
    with WriterLock(path):
        assert open_archive(tmp_path).sessions() == []
        assert open_archive(tmp_path).open_sessions() == []


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_tables_that_are_not_committed_yet(tmp_path, journal):
    path = StoreKind.TRAINING.path(tmp_path)
    maker = sqlite3.connect(path, isolation_level=None)
    maker.execute(f"PRAGMA journal_mode={journal}").fetchone()
    maker.execute("PRAGMA application_id=1128808777")
    with WriterLock(path):
        assert open_archive(tmp_path).sessions() == []
        maker.execute("BEGIN IMMEDIATE")
        maker.execute("CREATE TABLE session (session_key INTEGER)")
        assert open_archive(tmp_path).sessions() == []
        maker.execute("ROLLBACK")
    maker.close()


def test_one_that_is_made_beside_one_being_made_is_read(tmp_path):
    Store.open(tmp_path, StoreKind.CLINICAL).close()
    path = StoreKind.TRAINING.path(tmp_path)
    path.touch()
    with WriterLock(path):
        assert open_archive(tmp_path).sessions() == []


def test_rubbish_is_still_told(tmp_path):
    StoreKind.CLINICAL.path(tmp_path).write_bytes(bytes(range(256)) * 64)
    with pytest.raises(DatabaseCorruptError):
        open_archive(tmp_path).sessions()
