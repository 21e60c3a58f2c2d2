"""Reading sessions from both databases; works while another program records."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Select, func, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from devices.errors import KnownError
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.journal import WaveBlock
from monitor_app.core.raw import RawEntry
from monitor_app.core.record import RawTrack, SessionRecord, SessionSummary, WaveTrack
from monitor_app.core.stamp import NS_PER_S
from monitor_app.storage.commissioning import read_commissionings
from monitor_app.storage.connection import reading_engine
from monitor_app.storage.failure import storage_error
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.resume import FINAL_PHASES, OpenSession, is_closed, last_phase, last_stamp
from monitor_app.storage.revision import HEAD_REVISION, current_revision
from monitor_app.storage.rows import SessionRows
from monitor_app.storage.schema.raw import RAW_BLOCK
from monitor_app.storage.schema.session import CLOSING, SESSION, WAVE_BLOCK
from monitor_app.storage.wave_end import WaveEnd, wave_ends
from monitor_app.storage.wave_rows import WaveKey

_BYTES_PER_SAMPLE = {"u1": 1, "i2": 2, "i4": 4}


@dataclass(frozen=True, slots=True)
class Found:
    """A session in one of the databases."""

    kind: StoreKind
    session_key: int
    session_id: str


class Archive:
    """Sessions of a data directory, read-only. Every call opens its own connection, so any thread may call.

    ``prepare`` brings a database of an older program up to date before it is read (it is called with the kind).
    """

    def __init__(self, data_dir: Path, prepare: Callable[[StoreKind], None] = lambda _: None) -> None:
        self._data_dir = data_dir
        self._prepare = prepare
        # Engines hold no connection of their own, only the compiled statements.
        self._engines = {kind: reading_engine(kind.path(data_dir)) for kind in StoreKind}

    def kinds(self) -> tuple[StoreKind, ...]:
        """Return the databases that exist."""
        return tuple(kind for kind in StoreKind if kind.path(self._data_dir).is_file())

    def _made_kinds(self) -> tuple[StoreKind, ...]:
        """Return the databases that hold anything: one that another program is just making has no sessions yet."""
        return tuple(kind for kind in self.kinds() if self._made(kind))

    def _made(self, kind: StoreKind) -> bool:
        path = kind.path(self._data_dir)
        try:
            if not path.stat().st_size:
                return False
            with self._engines[kind].connect() as connection:
                return connection.execute(text("SELECT 1 FROM sqlite_master")).first() is not None
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise storage_error(error, path) from error

    def sessions(self) -> list[SessionSummary]:
        """Return all sessions, newest first. Raises StorageError."""
        found: list[SessionSummary] = []
        for kind in self._made_kinds():
            with self.reading(kind) as connection:
                ends = connection.execute(select(CLOSING.c.session_key, CLOSING.c.t_ns))
                closings: dict[int, int] = {key: t_ns for key, t_ns in ends}  # noqa: C416 - rows are not pairs to mypy
                path = kind.path(self._data_dir)
                keys = connection.execute(select(SESSION.c.session_key)).scalars().all()
                found.extend(_summary(connection, path, key, closings.get(key)) for key in keys)
        return sorted(found, key=lambda item: (item.started_utc, item.id), reverse=True)

    def open_sessions(self) -> list[OpenSession]:
        """Return the sessions that were cut off, newest first. Raises StorageError."""
        found: list[OpenSession] = []
        for kind in self._made_kinds():
            path = kind.path(self._data_dir)
            with self.reading(kind) as connection:
                closed = select(CLOSING.c.session_key)
                query = select(SESSION.c.session_key).where(SESSION.c.session_key.not_in(closed))
                for key in connection.execute(query).scalars().all():
                    opened = SessionRows(connection, path, key).opened()
                    phase, last = last_phase(connection, key), last_stamp(connection, path, key)
                    if phase not in FINAL_PHASES:
                        found.append(
                            OpenSession(opened.session_id, opened.patient_key, opened.simulated, phase, last)
                        )
        return sorted(found, key=lambda item: item.last.utc_ms, reverse=True)

    def find(self, session_id: str) -> Found:
        """Return where a session is; the beginning of its id is enough. Raises KnownError when none or several fit."""
        found: list[Found] = []
        for kind in self._made_kinds():
            with self.reading(kind) as connection:
                begins = func.substr(SESSION.c.session_id, 1, len(session_id)) == session_id
                whole = SESSION.c.session_id == session_id  # substr ends at a NUL, equality does not
                query = select(SESSION.c.session_key, SESSION.c.session_id).where(or_(whole, begins))
                found.extend(Found(kind, *row) for row in connection.execute(query))
        exact = [item for item in found if item.session_id == session_id]
        candidates = exact or found
        if not session_id or not candidates:
            raise KnownError(f"there is no session {session_id!r}: 'chairside sessions' lists them")
        if len(candidates) > 1:
            raise KnownError(
                f"{len(candidates)} sessions begin with {session_id!r}: give more of the id ('chairside sessions' "
                "lists them)"
            )
        return candidates[0]

    def record(self, session_id: str) -> SessionRecord:
        """Return a whole session. Raises KnownError for an unknown id, StorageError when it cannot be read."""
        found = self.find(session_id)
        path = found.kind.path(self._data_dir)
        with self.reading(found.kind) as connection:
            rows = SessionRows(connection, path, found.session_key)
            opened = rows.opened()
            entries = tuple(entry for _, entry in rows.entries())
            phase = last_phase(connection, found.session_key)
            end = last_stamp(connection, path, found.session_key)
            return SessionRecord(
                opened=opened,
                entries=entries,
                waves=self._tracks(connection, rows, found),
                phase=phase,
                duration_s=(end.t_ns - opened.stamp.t_ns) / NS_PER_S,
                closed=phase in FINAL_PHASES or is_closed(connection, found.session_key),
                database_revision=current_revision(connection) or "",
                raw=self._raw_tracks(connection, found),
            )

    def wave_ends(self, session_id: str) -> dict[tuple[str, str], WaveEnd]:
        """Return where each recorded wave ends, by source and name. Raises as ``record``."""
        found = self.find(session_id)
        with self.reading(found.kind) as connection:
            return wave_ends(connection, found.kind.path(self._data_dir), found.session_key)

    def commissionings(self) -> tuple[Commissioning, ...]:
        """Return every examination of a monitor model, in the order they were kept; simulated ones need none."""
        kind = StoreKind.CLINICAL
        if kind not in self._made_kinds():
            return ()
        with self.reading(kind) as connection:
            return read_commissionings(connection, kind.path(self._data_dir))

    @contextmanager
    def reading(self, kind: StoreKind) -> Iterator[Connection]:
        """Open a database of this program's form for reading; database errors leave as StorageError."""
        engine = self._engines[kind]
        try:
            with engine.connect() as connection:
                ours = current_revision(connection) == HEAD_REVISION
                connection.rollback()  # what the caller reads is one picture of its own
                if ours:
                    yield connection
                    return
            self._prepare(kind)
            with engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise storage_error(error, kind.path(self._data_dir)) from error

    def _tracks(self, connection: Connection, rows: SessionRows, found: Found) -> tuple[WaveTrack, ...]:
        counts = _sample_counts(connection, found.session_key)
        groups: dict[tuple[str, str, float], dict[int, WaveKey]] = {}
        for number, key in rows.channels().waves.items():
            groups.setdefault((key.source, key.name, key.rate_hz), {})[number] = key
        return tuple(
            WaveTrack(
                source, name, rate_hz, sum(counts.get(n, 0) for n in keys), self._block_reader(found, keys)
            )
            for (source, name, rate_hz), keys in groups.items()
        )

    def _raw_tracks(self, connection: Connection, found: Found) -> tuple[RawTrack, ...]:
        sizes: dict[str, list[int]] = {}
        for source, sent, size in connection.execute(_raw_sizes(found.session_key)):
            sizes.setdefault(source, [0, 0])[sent == 1] += size
        return tuple(
            RawTrack(source, heard, sent, self._raw_reader(found, source))
            for source, (heard, sent) in sizes.items()
        )

    def _raw_reader(self, found: Found, source: str) -> Callable[[], Iterator[RawEntry]]:
        def pieces() -> Iterator[RawEntry]:
            with self.reading(found.kind) as connection:
                path = found.kind.path(self._data_dir)
                yield from SessionRows(connection, path, found.session_key).raw(source)

        return pieces

    def _block_reader(self, found: Found, keys: dict[int, WaveKey]) -> Callable[[], Iterator[WaveBlock]]:
        def blocks() -> Iterator[WaveBlock]:
            with self.reading(found.kind) as connection:
                path = found.kind.path(self._data_dir)
                yield from SessionRows(connection, path, found.session_key).blocks(keys)

        return blocks


def _raw_sizes(session_key: int) -> Select[str, int, int]:
    table = RAW_BLOCK.c
    return (
        select(table.source, table.sent, func.sum(func.length(table.data)))
        .where(table.session_key == session_key)
        .group_by(table.source, table.sent)
        .order_by(func.min(table.number))
    )


def _summary(connection: Connection, path: Path, key: int, closed_t_ns: int | None) -> SessionSummary:
    opened = SessionRows(connection, path, key).opened()
    phase = last_phase(connection, key)
    end_ns = last_stamp(connection, path, key).t_ns if closed_t_ns is None else closed_t_ns
    return SessionSummary(
        id=opened.session_id,
        patient=opened.patient_key,
        started_utc=utc_text(opened.stamp.utc_ms),
        duration_s=(end_ns - opened.stamp.t_ns) / NS_PER_S,
        phase=phase,
        simulated=opened.simulated,
        closed=closed_t_ns is not None or phase in FINAL_PHASES,
    )


def utc_text(utc_ms: int) -> str:
    """Return POSIX milliseconds as ISO 8601 with offset (design §7)."""
    return datetime.fromtimestamp(utc_ms / 1000, UTC).isoformat(timespec="milliseconds")


def _sample_counts(connection: Connection, session_key: int) -> dict[int, int]:
    total = func.sum(func.length(WAVE_BLOCK.c.samples))
    query = (
        select(WAVE_BLOCK.c.channel, WAVE_BLOCK.c.dtype, total)
        .where(WAVE_BLOCK.c.session_key == session_key)
        .group_by(WAVE_BLOCK.c.channel, WAVE_BLOCK.c.dtype)
    )
    counts: dict[int, int] = {}
    for channel, form, size in connection.execute(query):
        counts[channel] = counts.get(channel, 0) + size // _BYTES_PER_SAMPLE.get(form, 1)
    return counts
