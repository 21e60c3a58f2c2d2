"""Opening, listing, finding, closing; and every way a database may be unusable."""

import dataclasses
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from devices.errors import (
    BugError,
    DatabaseCorruptError,
    DatabaseLockedError,
    DatabaseTooNewError,
    KnownError,
    StorageError,
)
from monitor_app.core import journal as j
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage import lock
from monitor_app.storage.kind import StoreKind, kind_for
from monitor_app.storage.store import Store, open_archive

ROOT = Path(__file__).resolve().parents[3]


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(statement).fetchall()
    finally:
        connection.close()


def test_the_file_is_ours_and_crash_safe(store: Store) -> None:
    assert sql(store.path, "PRAGMA journal_mode") == [("wal",)]
    assert sql(store.path, "PRAGMA application_id") == [(0x43484149,)]
    with store._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "trusted_schema")
        }
    assert pragmas == {"synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def test_sessions_of_both_databases_are_listed_newest_first(full: Store, opened: j.SessionOpened) -> None:
    data_dir = full.path.parent
    later = dataclasses.replace(
        opened, simulated=False, session_id="real", stamp=Stamp(0, opened.stamp.utc_ms + 60_000)
    )
    with Store.open(data_dir, StoreKind.CLINICAL) as clinical:
        clinical.new_session(later)
    found = open_archive(data_dir).sessions()
    assert [(s.id, s.simulated, s.started_utc) for s in found] == [
        ("real", False, "2026-01-05T08:01:00.000+00:00"),
        ("7f3a-session", True, "2026-01-05T08:00:00.000+00:00"),
    ]
    assert found[1].duration_s == 80.0
    assert found[1].phase is Phase.BASE
    assert not found[1].closed


@pytest.mark.parametrize("session_id", ["s\x00", "\x00", "s%_*", "S'\""])
def test_a_session_is_found_by_its_whole_id_whatever_it_holds(
    store: Store, opened: j.SessionOpened, session_id: str
) -> None:
    store.new_session(dataclasses.replace(opened, session_id=session_id))
    assert store.record(session_id).opened.session_id == session_id


def test_a_session_is_found_by_the_beginning_of_its_id(store: Store, opened: j.SessionOpened) -> None:
    store.new_session(dataclasses.replace(opened, session_id="7f3b"))
    store.new_session(dataclasses.replace(opened, session_id="7f3b%"))
    assert store.record("7f3a").opened == opened
    assert store.record("7f3b").opened.session_id == "7f3b"  # exact before prefix
    for wrong, words in (
        ("7f3", "3 sessions begin"),
        ("zz", "no session 'zz'"),
        ("", "no session"),
        ("%", "no session"),
    ):
        with pytest.raises(KnownError, match=words):
            store.record(wrong)


def test_a_cut_off_session_tells_where_it_stood(full: Store) -> None:
    (cut,) = full.open_sessions()
    assert (cut.id, cut.phase, cut.last.t_s, cut.simulated) == ("7f3a-session", Phase.BASE, 80.0, True)


def test_the_end_of_the_samples_counts_as_the_end(store: Store, opened: j.SessionOpened) -> None:
    import numpy as np

    from devices.signals import WaveScale

    core = store.recorder_core(opened.session_id)
    counts = np.zeros(300, dtype=np.int32)
    core.write(j.WaveBlock(Stamp(10**9, 1000), "d", "PLETH", 100.0, 0, counts, WaveScale("1", None, 0, 0, 1)))
    core.close()
    (cut,) = store.open_sessions()
    assert cut.last == Stamp(4 * 10**9, 4000)
    assert store.record("7f3a").duration_s == 4.0


@pytest.mark.parametrize("phase", [Phase.DONE, Phase.SIGNED, Phase.CANCEL])
def test_a_finished_visit_is_not_open(store: Store, phase: Phase) -> None:
    core = store.recorder_core("7f3a-session")
    core.write(j.PhaseEntry(Stamp(5, 5), Phase.BASE, phase, Actor("Ana")))
    core.close()
    assert store.open_sessions() == []
    assert store.sessions()[0].closed


def test_a_session_closed_on_purpose_is_not_open(store: Store) -> None:
    store.mark_closed("7f3a-session", Stamp(9_000_000_000, 9000))
    store.mark_closed("7f3a-session", Stamp(10_000_000_000, 10_000))
    assert store.open_sessions() == []
    assert store.sessions()[0].duration_s == 9.0
    assert store.record("7f3a").closed
    with pytest.raises(KnownError):
        store.mark_closed("nobody", Stamp(0, 0))


def test_an_id_is_used_once(store: Store, opened: j.SessionOpened) -> None:
    with pytest.raises(BugError, match="exists already"):
        store.new_session(opened)


def test_reading_goes_on_while_another_records(store: Store, opened: j.SessionOpened) -> None:
    script = (
        "import sys; from pathlib import Path; from monitor_app.storage.store import open_archive;"
        "print(open_archive(Path(sys.argv[1])).sessions()[0].id)"
    )
    core = store.recorder_core(opened.session_id)
    core.write(j.CareEntry(Stamp(1, 1), "e", "note", "", Actor()))
    told = subprocess.run(
        [sys.executable, "-c", script, str(store.path.parent)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert told.stdout.strip() == opened.session_id
    core.close()


def test_a_second_writer_is_refused_by_process_number(store: Store) -> None:
    with pytest.raises(DatabaseLockedError, match=rf"process {os.getpid()}\) is recording"):
        Store.open(store.path.parent, StoreKind.TRAINING)
    with Store.open(store.path.parent, StoreKind.CLINICAL):  # the other database is free
        pass


def test_a_closed_store_lets_the_next_in(store: Store) -> None:
    store.close()
    Store.open(store.path.parent, StoreKind.TRAINING).close()


def test_a_newer_database_is_refused_and_left_alone(store: Store) -> None:
    store.close()
    sql(store.path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTooNewError, match="update this program"):
        Store.open(store.path.parent, StoreKind.TRAINING)
    with pytest.raises(DatabaseTooNewError):
        open_archive(store.path.parent).sessions()
    assert sql(store.path, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert not list(store.path.parent.glob("*.bak"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = StoreKind.CLINICAL.path(tmp_path)
    path.write_bytes(b"this is not a database, it is a shopping list" * 200)
    with pytest.raises(DatabaseCorruptError, match="restore a backup"):
        Store.open(tmp_path, StoreKind.CLINICAL)
    with pytest.raises(DatabaseCorruptError):
        open_archive(tmp_path).sessions()
    assert b"shopping list" in path.read_bytes()


def test_a_damaged_page_is_found_at_the_start(full: Store) -> None:
    full.close()
    sql(full.path, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(full.path.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\x55" * 4096
    full.path.write_bytes(data)
    with pytest.raises(DatabaseCorruptError, match="damaged"):
        Store.open(full.path.parent, StoreKind.TRAINING)


def test_a_read_only_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock.os, "open", refuse)  # root, who runs some builds, may write anywhere
    with pytest.raises(StorageError, match=r"cannot be written \(Permission denied\).*--data-dir"):
        Store.open(tmp_path, StoreKind.TRAINING)


def test_a_read_only_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    StoreKind.TRAINING.path(tmp_path).touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StorageError, match="read-only"):
        Store.open(tmp_path, StoreKind.TRAINING)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(StorageError, match="--data-dir"):
        Store.open(tmp_path / "data", StoreKind.TRAINING)
    with pytest.raises(StorageError, match="--data-dir"):
        Store.open(tmp_path / "data" / "deeper", StoreKind.TRAINING)


def test_nothing_recorded_yet_is_an_empty_list(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "nowhere")
    assert archive.sessions() == []
    assert archive.open_sessions() == []


def test_the_kind_follows_the_mark() -> None:
    assert kind_for(simulated=True) is StoreKind.TRAINING
    assert kind_for(simulated=False) is StoreKind.CLINICAL


def test_the_core_of_the_program_loads_without_the_database() -> None:
    script = "import monitor_app.exporters.registry, sys; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
