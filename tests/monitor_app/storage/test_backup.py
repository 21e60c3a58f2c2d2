"""A copy is whole, checked, and appears at once."""

import sqlite3
from pathlib import Path

import pytest

from devices.errors import DatabaseCorruptError, StorageError
from monitor_app.core import journal as j
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.backup import copy_database
from monitor_app.storage.store import Store


def test_a_copy_holds_what_was_committed_while_recording_goes_on(store: Store, tmp_path: Path) -> None:
    core = store.recorder_core("7f3a-session")
    core.write(j.CareEntry(Stamp(1, 1), "e1", "note", "in", Actor()))
    target = tmp_path / "copy.db"
    target.write_text("an older copy")
    copy_database(store.path, target)
    core.write(j.CareEntry(Stamp(2, 2), "e2", "note", "after", Actor()))
    core.close()
    raw = sqlite3.connect(f"file:{target}?immutable=1", uri=True)  # one file, no log beside it
    assert raw.execute("SELECT text FROM care").fetchall() == [("in",)]
    raw.close()
    assert [p.name for p in tmp_path.glob("copy*")] == ["copy.db"]


def test_a_copy_that_cannot_be_written_leaves_the_old_one(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        copy_database(store.path, tmp_path / "missing" / "copy.db")
    with pytest.raises(StorageError):
        copy_database(tmp_path / "nothing.db", tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


def test_a_damaged_source_gives_no_copy(tmp_path: Path) -> None:
    source = tmp_path / "bad.db"
    source.write_bytes(b"SQLite format 3\0" + b"\x01" * 8000)
    with pytest.raises(DatabaseCorruptError):
        copy_database(source, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))
