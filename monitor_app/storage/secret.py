"""The clinic's secret behind de-identified exports (clinical.md §15.3): who has it can lead a key back to a patient."""

import os
import secrets
from pathlib import Path

from devices.errors import StorageError

NAME = "export.key"
_LENGTH = 32


def export_secret(data_dir: Path) -> bytes:
    """Return the secret of a data directory, made at first use and readable by its owner alone.

    It never leaves the computer with an export; losing it means that later exports use other keys and another shift.
    Raises StorageError when it can neither be read nor made, or is torn.
    """
    path = data_dir / NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _checked(path.read_bytes(), path)
        with os.fdopen(descriptor, "wb") as stream:
            made = secrets.token_bytes(_LENGTH)
            stream.write(made)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StorageError(
            f"{path} cannot be used ({error.strerror}): give yourself write permission on {data_dir}"
        ) from error
    return made


def _checked(held: bytes, path: Path) -> bytes:
    if len(held) != _LENGTH:
        raise StorageError(f"{path} is torn: restore it from a backup, or delete it to begin with new keys")
    return held
