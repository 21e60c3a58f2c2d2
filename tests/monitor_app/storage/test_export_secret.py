"""The secret is made once, kept, and private."""

import sys
from pathlib import Path

import pytest

from devices.errors import StorageError
from monitor_app.storage.secret import NAME, export_secret


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    made = export_secret(folder)
    assert len(made) == 32
    assert export_secret(folder) == made
    assert export_secret(tmp_path / "other") != made


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    export_secret(tmp_path)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_a_torn_or_unreadable_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"short")
    with pytest.raises(StorageError, match="torn"):
        export_secret(tmp_path)
    with pytest.raises(StorageError, match="cannot be used"):
        export_secret(tmp_path / NAME)
