"""Opening a database for reading: one connection where it is of this program's form, upgraded before where it is not."""

import sqlite3

import pytest
from sqlalchemy import text

from devices.errors import StorageError
from monitor_app.storage import archive as module
from monitor_app.storage.archive import Archive
from monitor_app.storage.connection import reading_engine
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.revision import HEAD_REVISION
from monitor_app.storage.store import Store

KIND = StoreKind.TRAINING


@pytest.fixture
def folder(tmp_path):
    Store.open(tmp_path, KIND).close()
    return tmp_path


def set_revision(folder, revision):
    with sqlite3.connect(KIND.path(folder)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    raw.close()


@pytest.fixture
def opened(monkeypatch):
    """How many connections are open, one entry for each change."""
    counts = [0]

    def engine(path):
        made = reading_engine(path)
        connect = made.connect

        class Counted:
            def connect(self):
                return self

            def __enter__(self):
                counts.append(counts[-1] + 1)
                self._connection = connect()
                return self._connection

            def __exit__(self, *_):
                self._connection.close()
                counts.append(counts[-1] - 1)

        return Counted()

    monkeypatch.setattr(module, "reading_engine", engine)
    return counts


def test_a_current_file_is_opened_once(folder, opened):
    archive = Archive(folder, lambda _: pytest.fail("nothing is to be prepared"))
    with archive.reading(KIND) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD_REVISION
    assert opened == [0, 1, 0]


def test_an_older_file_is_let_go_while_it_is_upgraded(folder, opened):
    set_revision(folder, "0001")
    prepared = []

    def prepare(kind):
        prepared.append((kind, opened[-1]))
        set_revision(folder, HEAD_REVISION)

    with Archive(folder, prepare).reading(KIND) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD_REVISION
    assert prepared == [(KIND, 0)]
    assert opened == [0, 1, 0, 1, 0]


def test_what_is_read_is_a_picture_of_the_moment_it_is_first_read(folder):
    archive = Archive(folder)
    with archive.reading(KIND) as connection:
        with Store.open(folder, KIND):
            set_revision(folder, "as it is now")
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "as it is now"
        set_revision(folder, HEAD_REVISION)
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "as it is now"


def test_what_the_reader_meets_leaves_as_a_storage_error(folder):
    with pytest.raises(StorageError), Archive(folder).reading(KIND) as connection:
        connection.execute(text("SELECT * FROM nothing"))
    with pytest.raises(KeyError), Archive(folder).reading(KIND):
        raise KeyError
