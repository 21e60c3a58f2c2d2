"""Where a database must not live: network shares and synchronised folders.

SQLite's write-ahead log needs memory shared between processes of one machine, and a synchronising program copies the
file and its log at different moments: both end in a damaged record (libraries.md §4).
"""

import os
import re
import sys
from pathlib import Path, PurePath

from devices.errors import StorageError

NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs"}
    | {"fuse.ceph", "fuse.curlftpfs", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse"}
    | {"fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
)

_SYNCED = re.compile(
    r"^(onedrive( - .*)?|dropbox( \(.*\))?|google ?drive|googledrive-.*|my drive|icloud ?drive|mobile documents"
    r"|nextcloud|owncloud|box sync|pcloud ?drive|syncthing)$",
    re.IGNORECASE,
)
_WINDOWS_DRIVE_REMOTE = 4  # GetDriveTypeW


def require_local(folder: Path) -> None:
    """Raise StorageError when the folder lies on a network share or is synchronised elsewhere."""
    resolved = folder.resolve()
    reason = synced_reason(resolved) or _network_reason(resolved)
    if reason:
        raise StorageError(
            f"the record cannot be kept in {folder}, which is {reason}: choose a folder on this computer's own disk "
            "with --data-dir"
        )


def synced_reason(folder: PurePath) -> str:
    """Return why a path looks like a synchronised folder, or nothing."""
    for part in folder.parts:
        if _SYNCED.match(part):
            return f"a synchronised folder ({part})"
    return ""


def mounted_type(folder: PurePath, mounts: str) -> str:
    """Return the file system type that holds a path, from the text of ``/proc/mounts``."""
    best, found = -1, ""
    for line in mounts.splitlines():
        columns = line.split(" ")
        if len(columns) < 3:
            continue
        point = PurePath(_unescaped(columns[1]))
        if (point == folder or point in folder.parents) and len(point.parts) >= best:
            best, found = len(point.parts), columns[2]
    return found


if sys.platform == "win32":
    import ctypes

    def _network_reason(folder: Path) -> str:
        remote = folder.drive.startswith("\\\\") or (
            ctypes.windll.kernel32.GetDriveTypeW(folder.drive + os.sep) == _WINDOWS_DRIVE_REMOTE
        )
        return "a network share" if remote else ""

else:

    def _network_reason(folder: Path) -> str:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:  # not Linux
            return ""
        kind = mounted_type(folder, mounts)
        return f"a network share ({kind})" if kind in NETWORK_FILE_SYSTEMS else ""


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)
