"""Errors named by what the reader of the message should do.

``KnownError`` is the environment's fault: it is shown as one sentence that says what to do, logged, and recovered
from. ``BugError`` is ours: it writes a report file. Anything else that escapes is treated as a bug.
"""


class MonitorError(Exception):
    """Root of every error Chairside raises on purpose."""


class KnownError(MonitorError):
    """The environment is at fault; the message is one sentence for the user and says what to do."""


class BugError(MonitorError):
    """Chairside is at fault; a report is written and the user is told where."""


class DeviceError(KnownError):
    """Something about the connection to a monitor."""


class DeviceNotFoundError(DeviceError):
    """The port does not exist: plug it in, or choose another."""


class DeviceOpenError(DeviceError):
    """The port exists but cannot be opened: it is in use, or permission is missing."""


class DeviceLostError(DeviceError):
    """The port worked and is gone: the cable or the adapter was unplugged."""


class DeviceTimeoutError(DeviceError, TimeoutError):
    """The port did not take or give bytes in time."""


class StorageError(KnownError):
    """The record cannot be written or read."""


class DiskFullError(StorageError):
    """No room left: free some space; what was recorded is kept."""


class DatabaseLockedError(StorageError):
    """Another running Chairside holds this database: close it."""


class DatabaseTooNewError(StorageError):
    """A newer Chairside wrote this database: update the program."""


class DatabaseCorruptError(StorageError):
    """The database check failed: restore a backup."""


class ConfigError(KnownError):
    """A file or argument holds a value that is not allowed; the message names file, key, value and range."""


class RefusedError(KnownError):
    """The program refuses what was asked, and says why and who may override it."""
