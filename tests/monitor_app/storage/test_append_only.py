"""SQLite itself refuses to change or remove a row of the record."""

import sqlite3

import pytest

from monitor_app.storage.schema.registry import APPEND_ONLY, METADATA
from monitor_app.storage.store import Store
from monitor_app.storage.triggers import missing_triggers


def test_every_table_is_guarded() -> None:
    assert {table.name for table in APPEND_ONLY} == set(METADATA.tables)


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_rows_cannot_be_changed_or_removed(full: Store, table: str) -> None:
    if table == "closing":
        full.mark_closed("7f3a-session", full.open_sessions()[0].last)
    raw = sqlite3.connect(full.path)
    before = raw.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    assert before
    column = METADATA.tables[table].columns.keys()[-1]
    for statement in (f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            raw.execute(statement)
    assert raw.execute(f"SELECT * FROM {table}").fetchall() == before  # noqa: S608
    raw.close()


def test_a_missing_guard_is_named(store: Store) -> None:
    raw = sqlite3.connect(store.path)
    raw.execute("DROP TRIGGER audit_refuses_delete")
    raw.close()
    with store._engine.connect() as connection:
        assert missing_triggers(connection) == ["audit_refuses_delete"]
