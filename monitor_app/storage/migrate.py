"""Bringing a database to this program's form: in-process, after a backup, never backwards (libraries.md §4)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from devices.errors import DatabaseTooNewError
from monitor_app.storage.backup import copy_database
from monitor_app.storage.failure import corrupt, storage_error
from monitor_app.storage.prepare import mark_ours
from monitor_app.storage.revision import HEAD_REVISION, current_revision
from monitor_app.storage.triggers import guard_tables

SCRIPTS = Path(__file__).with_name("migrations")


def migrate(engine: Engine, path: Path, extra_versions: tuple[Path, ...] = ()) -> None:
    """Create or upgrade the tables; the caller holds the writer lock.

    ``extra_versions`` are further folders of migrations. Raises DatabaseTooNewError for a file of a newer program,
    StorageError when the change cannot be written (the file is then as it was).
    """
    config = _config(extra_versions)
    try:
        with engine.connect() as connection:
            revision = current_revision(connection)
        if revision == HEAD_REVISION and not extra_versions:
            return
        script = ScriptDirectory.from_config(config)
        if revision is not None and revision not in {known.revision for known in script.walk_revisions()}:
            raise too_new(path)
        head = script.get_current_head()
        if revision == head:
            return
        if revision is not None:
            copy_database(path, path.with_name(f"{path.name}.before-{head}.bak"))
        _upgrade(engine, path, config)
    except (SQLAlchemyError, OSError) as error:
        raise storage_error(error, path) from error


def too_new(path: Path) -> DatabaseTooNewError:
    """Return the error for a file of a newer program."""
    return DatabaseTooNewError(f"{path} was written by a newer Chairside: update this program to open it")


def _upgrade(engine: Engine, path: Path, config: Config) -> None:
    with engine.connect() as connection:
        mark_ours(connection)
        # Batch migrations drop tables that others refer to; references are checked once all is in place.
        _pragma(connection, "PRAGMA foreign_keys=OFF")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        guard_tables(connection)
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        connection.commit()
        if broken is not None:
            raise corrupt(path, f"a row of {broken[0]} refers to nothing")


def _pragma(connection: Connection, statement: str) -> None:
    """Run a pragma outside a transaction, where alone it has effect."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.execute(statement)


def _config(extra_versions: tuple[Path, ...]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    folders = (SCRIPTS / "versions", *extra_versions)
    config.set_main_option("version_locations", "\n".join(str(f).replace("%", "%%") for f in folders))
    return config
