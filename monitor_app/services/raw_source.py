"""Finding the raw bytes that were recorded beside a session: ``SESSION`` or ``SESSION:SOURCE`` as it is typed."""

from collections.abc import Sequence
from pathlib import Path

from devices.errors import KnownError
from monitor_app.core.record import RawTrack, SessionRecord
from monitor_app.storage.archive import Archive


def is_file_name(text: str) -> bool:
    """Whether a source is meant as a file: it is one, or its name before a colon could only be a file's."""
    begin = text.partition(":")[0]
    return Path(text).exists() or any(sign in begin for sign in "./\\") or "\\" in text


def find_raw(archive: Archive, text: str, *, driver_id: str = "") -> tuple[SessionRecord, RawTrack]:
    """Return a session and the one link of it that is meant.

    Without a source it is the only link that a driver of ``driver_id`` read, or the only one at all.

    :raises KnownError: no such session, no raw bytes in it, or more than one link fits.
    """
    session, _, source = text.partition(":")
    record = archive.record(session)
    tracks = raw_tracks(record)
    if source:
        fitting = _named(tracks, source)
    else:
        fitting = [track for track in tracks if driver_of(track.source) == driver_id] or list(tracks)
    if len(fitting) != 1:
        listed = ", ".join(f"{session}:{track.source}" for track in tracks)
        raise KnownError(
            f"{text} names {_many(len(fitting))} of this session's links: choose one of {listed}."
        )
    return record, fitting[0]


def raw_tracks(record: SessionRecord) -> tuple[RawTrack, ...]:
    """Return the links whose bytes were recorded.

    :raises KnownError: there are none.
    """
    if not record.raw:
        raise KnownError(
            f"session {record.opened.session_id} holds no raw bytes: they are recorded only with --raw, or with "
            "record_raw = true in the settings."
        )
    return record.raw


def driver_of(source: str) -> str:
    """Return the driver's id in ``driver@port``."""
    return source.partition("@")[0]


def _named(tracks: Sequence[RawTrack], source: str) -> list[RawTrack]:
    exact = [track for track in tracks if track.source == source]
    return exact or [track for track in tracks if track.source.startswith(source)]


def _many(count: int) -> str:
    return "none" if not count else f"{count}"
