"""The scripts build exactly the tables of the code, and an upgrade keeps rows, guards and a backup."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect

from devices.errors import StorageError
from monitor_app.core import journal as j
from monitor_app.core.stamp import Stamp
from monitor_app.storage.connection import writing_engine
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.migrate import SCRIPTS, _config, migrate
from monitor_app.storage.revision import HEAD_REVISION
from monitor_app.storage.schema.registry import METADATA
from monitor_app.storage.schema.session import SESSION, encode_opened
from monitor_app.storage.store import Store, open_archive
from monitor_app.storage.triggers import guard_tables, missing_triggers

TRIAL = '''
"""A trial: care gets a column by copy and move, alarm one in place."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0003", "0002", None, None

def upgrade():
    with op.batch_alter_table("care", recreate="always") as batch:
        batch.add_column(sa.Column("lot", sa.Text))
    with op.batch_alter_table("session", recreate="always") as batch:
        batch.add_column(sa.Column("room", sa.Text))
    {failing}
'''


def shape(connection: Any) -> dict[str, Any]:
    seen = inspect(connection)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)],
            seen.get_pk_constraint(name),
            sorted(map(str, seen.get_foreign_keys(name))),
            sorted(map(str, seen.get_indexes(name))),
            sorted(map(str, seen.get_unique_constraints(name))),
        )
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def test_migrated_and_declared_tables_are_the_same(store: Store) -> None:
    declared = create_engine("sqlite://")
    with declared.connect() as fresh, store._engine.connect() as migrated:
        METADATA.create_all(fresh)
        assert compare_metadata(MigrationContext.configure(migrated), METADATA) == []
        assert shape(fresh) == shape(migrated)
    declared.dispose()


def parts_of(sql: str) -> tuple[str, ...]:
    """Split a statement at its constraints, whose order means nothing."""
    return tuple(sorted(re.split(r",? (?=CONSTRAINT )| ?\)$", " ".join(sql.split()))))


def test_a_new_file_is_what_the_migrations_make_of_an_empty_one(store: Store, tmp_path: Path) -> None:
    migrated = tmp_path / "migrated.db"
    migrate(writing_engine(migrated), migrated)

    def everything(path: Path) -> tuple[set[tuple[str, ...]], object, object]:
        raw = sqlite3.connect(path)
        rows = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        version = raw.execute("SELECT version_num FROM alembic_version").fetchall()
        mark = raw.execute("PRAGMA application_id").fetchall()
        raw.close()
        return {(*row[:3], parts_of(row[3] or "")) for row in rows}, version, mark

    assert everything(store.path) == everything(migrated)


def test_the_head_known_to_readers_is_the_newest_script() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == HEAD_REVISION


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "0003_trial.py").write_text(TRIAL.format(failing=""))
    return folder


def test_an_upgrade_keeps_rows_guards_and_a_backup(full: Store, trial: Path) -> None:
    full.close()
    migrate(writing_engine(full.path), full.path, (trial,))
    raw = sqlite3.connect(full.path)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
    assert raw.execute("SELECT text, lot FROM care").fetchall() == [("midazolam 2 mg", None)]
    assert raw.execute("SELECT session_id, room FROM session").fetchall() == [("7f3a-session", None)]
    for statement in (
        "UPDATE care SET text = 'x'",
        "DELETE FROM care",
        "DELETE FROM session",
        "DELETE FROM audit",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()
    backup = sqlite3.connect(full.path.with_name("training.db.before-0003.bak"))
    assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
    assert backup.execute("SELECT count(*) FROM care").fetchall() == [(1,)]
    backup.close()


def test_a_file_of_the_first_form_is_brought_up_to_date(
    tmp_path: Path, opened: j.SessionOpened, entries: tuple[j.JournalEntry, ...]
) -> None:
    path = StoreKind.TRAINING.path(tmp_path)
    config = _config(())
    engine = writing_engine(path)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        guard_tables(connection)
        connection.execute(SESSION.insert(), encode_opened(opened, 1))
        connection.commit()
    assert open_archive(tmp_path).record("7f3a").raw == ()
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        with store._engine.connect() as migrated:
            assert missing_triggers(migrated) == []
            assert compare_metadata(MigrationContext.configure(migrated), METADATA) == []
        core = store.recorder_core("7f3a-session")
        core.write(j.RawEntry(Stamp(1, 1), "berry@pty", b"abc"))
        core.close()
        assert [track.bytes_heard for track in store.record("7f3a").raw] == [3]
    assert path.with_name("training.db.before-0002.bak").is_file()


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(full: Store, trial: Path) -> None:
    (trial / "0003_trial.py").write_text(TRIAL.format(failing="op.execute('SELECT * FROM nothing')"))
    full.close()
    with pytest.raises(StorageError):
        migrate(writing_engine(full.path), full.path, (trial,))
    with Store.open(full.path.parent, full.kind) as again:
        assert len(again.record("7f3a").entries) > 20
        assert "lot" not in {c["name"] for c in inspect(again._engine).get_columns("care")}


def test_a_reader_upgrades_an_older_file_first(tmp_path: Path, opened: j.SessionOpened) -> None:
    StoreKind.TRAINING.path(tmp_path).touch()  # as old as can be: no tables at all
    assert open_archive(tmp_path).sessions() == []
    assert Store.open(tmp_path, StoreKind.TRAINING).sessions() == []


def test_opening_a_current_file_migrates_nothing(store: Store) -> None:
    store.close()
    seen: list[str] = []
    engine = writing_engine(store.path)
    event.listen(engine, "before_cursor_execute", lambda _c, _x, statement, *_: seen.append(statement))
    migrate(engine, store.path)
    assert not [s for s in seen if not s.startswith(("SELECT", "BEGIN"))]
