"""One recording program per database: an operating-system lock held for the life of the writer.

The lock is on a file beside the database. The system releases it when the process ends in whatever way, so a killed
program leaves nothing to clean up; the file itself stays and means nothing.
"""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.errors import DatabaseLockedError, StorageError

_LOCKED_BYTE = 1 << 30  # far behind the text, so that Windows lets others read who holds it


class WriterLock:
    """Held from construction to ``release``; raises DatabaseLockedError when somebody else holds it."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError(
                f"the folder {database.parent} cannot be written ({error.strerror}): give yourself write permission "
                "or choose another with --data-dir"
            ) from error
        if not _try_lock(self._file):
            holder = self._holder()
            os.close(self._file)
            raise DatabaseLockedError(
                f"another Chairside{holder} is recording to {database}: close it, or choose another --data-dir"
            )
        self._write_holder()

    def release(self) -> None:
        """Let the next writer in; does nothing the second time."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _holder(self) -> str:
        try:
            text = os.pread(self._file, 32, 0) if hasattr(os, "pread") else os.read(self._file, 32)
        except OSError:
            return ""
        number = text.decode("ascii", "replace").strip()
        return f" (process {number})" if number.isdigit() else ""

    def _write_holder(self) -> None:
        try:
            os.ftruncate(self._file, 0)
            os.write(self._file, f"{os.getpid()}\n".encode())
        except OSError:  # a full disk: the lock holds without the number
            return


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
