"""Letting one session out of the house: written, with its manifest, and noted in the audit trail (clinical.md §15.1)."""

import getpass
import os
import platform
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from devices.clock import Clock
from devices.errors import KnownError
from monitor_app import __version__
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.exporters.bundle import write_export
from monitor_app.exporters.export import ExportOptions, Profile
from monitor_app.services.settings import load_settings
from monitor_app.storage.audit import AuditEvent
from monitor_app.storage.audit_rule import FAIL
from monitor_app.storage.canonical import canonical_json
from monitor_app.storage.kind import kind_for
from monitor_app.storage.store import audit_events, open_archive

EXPORT = "export"
SECRET_FILE = "deidentify.key"  # noqa: S105 - its name, not its content
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to export; ``session`` may be the beginning of an id, ``time_zone`` is an IANA name."""

    data_dir: Path
    session: str
    format_id: str
    out: Path
    profile: Profile = Profile.PSEUDONYMOUS
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, the manifest last."""

    session_id: str
    files: tuple[Path, ...]


def export_session(order: ExportOrder, clock: Clock) -> Exported:
    """Write one session and note it in the trail, before it leaves; a failure is noted too.

    :raises KnownError: no such session, the folder or the trail cannot be written.
    :raises RefusedError: a de-identified export would still lead to the person.
    """
    record = open_archive(order.data_dir).record(order.session)
    kind = kind_for(simulated=record.opened.simulated)
    event = _event(order, record.opened.session_id, clock)
    workstation = platform.node()
    audit_events(order.data_dir, kind, [event], workstation)
    options = ExportOptions(
        software=f"chairside {__version__}",
        profile=order.profile,
        time_zone=order.time_zone,
        secret=clinic_secret(order.data_dir) if order.profile.deidentified else b"",
    )
    made = _missing(order.out)
    try:
        files = write_export(order.format_id, record, order.out, options)
    except KnownError as error:
        _unmake(made)
        audit_events(
            order.data_dir, kind, [replace(event, action=FAIL, new_json=None, reason=str(error))], workstation
        )
        raise
    return Exported(record.opened.session_id, tuple(files))


def _missing(folder: Path) -> list[Path]:
    """Return the folders that writing there would make, the innermost first."""
    return [place for place in (folder, *folder.parents) if not place.exists()]


def _unmake(folders: list[Path]) -> None:
    """Remove the folders that a failed export left empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return  # not made, or something is in it


def clinic_secret(data_dir: Path) -> bytes:
    """Return the clinic's own secret for de-identified exports, made the first time.

    Whoever has it can lead disguised keys back, so it never leaves the data folder.

    :raises KnownError: it cannot be read or made.
    """
    path = data_dir / SECRET_FILE
    try:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            secret = path.read_bytes()
        else:
            secret = secrets.token_bytes(_SECRET_BYTES)
            with os.fdopen(handle, "wb") as file:
                file.write(secret)
    except OSError as error:
        raise KnownError(f"{path} cannot be used ({error.strerror}): check its rights.") from error
    if len(secret) != _SECRET_BYTES:
        raise KnownError(
            f"{path} is damaged: put it back from a backup, or delete it (earlier exports then no longer match)."
        )
    return secret


def _event(order: ExportOrder, session_id: str, clock: Clock) -> AuditEvent:
    settings = load_settings(order.data_dir)
    return AuditEvent(
        stamp=Stamp(0, round(clock.wall_utc().timestamp() * 1000)),
        by=Actor(settings.user_name or _account(), settings.user_role),
        action=EXPORT,
        # Not "session": verify holds what the trail says of a session against the session's own row.
        entity="export",
        entity_id=order.format_id,
        session_id=session_id,
        new_json=canonical_json({"format": order.format_id, "profile": order.profile.value}),
    )


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown account"
