"""Bringing a file to this program's form when it is opened: nothing to do, new tables, or a migration."""

import sqlite3
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, text
from sqlalchemy.exc import SQLAlchemyError

from monitor_app.storage.connection import APPLICATION_ID
from monitor_app.storage.failure import storage_error
from monitor_app.storage.revision import HEAD_REVISION, current_revision
from monitor_app.storage.schema.registry import METADATA
from monitor_app.storage.triggers import guard_tables

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""The migrations' own note of where a file stands, as they make it."""


def prepare_database(engine: Engine, path: Path) -> None:
    """Create or upgrade the tables; the caller holds the writer lock.

    A new file gets its tables from the declarations: the migration machinery takes longer to load than the rest of a start.
    Raises DatabaseTooNewError for a file of a newer program, StorageError when the change cannot be written.
    """
    try:
        with engine.connect() as connection:
            revision = current_revision(connection)
            empty = connection.execute(text("SELECT 1 FROM sqlite_master")).first() is None
        if revision == HEAD_REVISION:
            return
        if empty:
            create_tables(engine)
            return
        from monitor_app.storage.migrate import migrate  # noqa: PLC0415 - see above

        migrate(engine, path)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise storage_error(error, path) from error


def create_tables(engine: Engine) -> None:
    """Make everything the migrations would have made of an empty file, in one transaction."""
    with engine.connect() as connection:
        mark_ours(connection)
        with connection.begin():
            METADATA.create_all(connection, checkfirst=False)
            _VERSION.create(connection, checkfirst=False)
            connection.execute(_VERSION.insert(), {"version_num": HEAD_REVISION})
            guard_tables(connection)


def mark_ours(connection: Connection) -> None:
    """Write the application's mark into the file's head; outside a transaction, where alone a pragma has effect."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
