"""Network shares and synchronised folders are told from the computer's own disk."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from devices.errors import StorageError
from monitor_app.storage import location
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.location import NETWORK_FILE_SYSTEMS, mounted_type, require_local, synced_reason
from monitor_app.storage.store import Store

MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\n"
    "proc /proc proc rw 0 0\n"
    "srv:/home /home nfs4 rw 0 0\n"
    "/dev/sdb1 /home/ana/local ext4 rw 0 0\n"
    "//nas/share /mnt/clinic\\040share cifs rw 0 0\n"
    "torn\n"
    "ana@host: /media/x fuse.sshfs rw 0 0\n"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/chairside", "ext4"),
        ("/home/ana", "nfs4"),
        ("/homely", "ext4"),
        ("/home/ana/local/data", "ext4"),
        ("/mnt/clinic share/db", "cifs"),
        ("/media/x", "fuse.sshfs"),
    ],
)
def test_the_longest_mount_point_decides(path: str, kind: str) -> None:
    assert mounted_type(PurePosixPath(path), MOUNTS) == kind
    assert (kind in NETWORK_FILE_SYSTEMS) is (kind != "ext4")


@pytest.mark.parametrize(
    "path",
    [
        PurePosixPath("/home/ana/Dropbox/clinic"),
        PureWindowsPath(r"C:\Users\ana\OneDrive - Clinic\data"),
        PurePosixPath("/Users/ana/Library/Mobile Documents/x"),
        PurePosixPath("/home/ana/Nextcloud"),
    ],
)
def test_synchronised_folders_are_told_by_name(path: PurePosixPath) -> None:
    assert synced_reason(path)


@pytest.mark.parametrize("path", ["/home/ana/data", "/srv/onedriver", "/home/dropbox-user"])
def test_other_folders_are_not(path: str) -> None:
    assert not synced_reason(PurePosixPath(path))


def test_a_store_in_a_synchronised_folder_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "chairside"
    with pytest.raises(StorageError, match=r"synchronised folder \(Dropbox\).*--data-dir"):
        Store.open(folder, StoreKind.CLINICAL)
    assert not folder.exists()


def test_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_local(tmp_path)
    monkeypatch.setattr(location, "_network_reason", lambda _: "a network share (nfs4)")
    with pytest.raises(StorageError, match="network share"):
        require_local(tmp_path)
