"""Which form a database is in, told without loading the migration machinery."""

from sqlalchemy import Connection, text

HEAD_REVISION = "0002"
"""The newest migration of this program (a test compares it with the scripts)."""


def current_revision(connection: Connection) -> str | None:
    """Return the revision recorded in the file, or None for an empty one."""
    known = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    if connection.execute(known).first() is None:
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
