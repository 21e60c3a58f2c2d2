"""Rows of the record are never changed and never removed: SQLite itself refuses (clinical.md §15.1)."""

from sqlalchemy import Connection, inspect, text

from monitor_app.storage.schema.registry import APPEND_ONLY

_ACTIONS = ("update", "delete")


def trigger_names(table: str) -> tuple[str, ...]:
    """Return the names of the triggers that guard a table."""
    return tuple(f"{table}_refuses_{action}" for action in _ACTIONS)


def guard_tables(connection: Connection) -> None:
    """Create what is missing of the append-only triggers, on every table that exists.

    Batch migrations copy and drop a table, and its triggers go with it; so this runs after every migration.
    """
    present = set(inspect(connection).get_table_names())
    for table in APPEND_ONLY:
        if table.name not in present:
            continue
        for action, name in zip(_ACTIONS, trigger_names(table.name), strict=True):
            connection.execute(
                text(
                    f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {action.upper()} ON "{table.name}" '
                    f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
                )
            )


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of guarding triggers that are not there."""
    present = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    wanted = [name for table in APPEND_ONLY for name in trigger_names(table.name)]
    return [name for name in wanted if name not in present]
