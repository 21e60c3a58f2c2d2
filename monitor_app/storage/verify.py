"""Looking for anything in the record that is not as it was written (design §7 ``verify``, clinical.md §15.1-15.2)."""

import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from devices.errors import DatabaseCorruptError, StorageError
from monitor_app.core.journal import JournalEntry, SessionOpened, SignatureEntry
from monitor_app.core.stamp import Stamp
from monitor_app.storage.archive import Archive
from monitor_app.storage.audit import GENESIS, row_hash
from monitor_app.storage.audit_rule import audit_rule
from monitor_app.storage.canonical import canonical_json, entry_fields
from monitor_app.storage.commissioning import commissioning_json
from monitor_app.storage.connection import quick_check
from monitor_app.storage.failure import storage_error
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.raw_rows import raw_crc32
from monitor_app.storage.record_hash import record_sha256
from monitor_app.storage.rows import DamagedRowError, SessionRows
from monitor_app.storage.schema.commissioning import COMMISSIONING
from monitor_app.storage.schema.raw import RAW_BLOCK
from monitor_app.storage.schema.registry import TABLE_OF
from monitor_app.storage.schema.session import AUDIT, CLOSING, SESSION, WAVE_BLOCK
from monitor_app.storage.store import closing_json, open_archive
from monitor_app.storage.triggers import missing_triggers
from monitor_app.storage.wave_rows import row_crc32


@dataclass(frozen=True, slots=True)
class Finding:
    """Something broken: in which database and session (empty: the whole file), which table and row, and what."""

    database: str
    session: str
    where: str
    problem: str


def verify(data_dir: Path, session_id: str | None = None) -> list[Finding]:
    """Check both databases, or the one session and the trail it hangs on; an empty list means all is well.

    Raises KnownError for an unknown session. A database that cannot be read at all is a finding.
    """
    archive = open_archive(data_dir)
    if session_id is None:
        return [finding for kind in archive.kinds() for finding in _database(archive, data_dir, kind, None)]
    found = archive.find(session_id)
    return list(_database(archive, data_dir, found.kind, found.session_id))


def _database(archive: Archive, data_dir: Path, kind: StoreKind, only: str | None) -> Iterator[Finding]:
    path = kind.path(data_dir)
    try:
        quick_check(path, budget_s=None)
    except DatabaseCorruptError as error:
        yield Finding(kind.value, only or "", "file", str(error))
    try:
        with archive.reading(kind) as connection:
            for name in missing_triggers(connection):
                yield Finding(kind.value, "", f"trigger {name}", "the guard against changes is gone")
            yield from _chain(connection, kind)
            yield from _sessions(connection, path, kind, only)
            if only is None:
                yield from _commissionings(connection, kind)
            yield from _gone(connection, kind, only)
    except StorageError as error:
        yield Finding(kind.value, only or "", "file", str(error))
        return
    yield from _signatures(archive, data_dir, kind, only)


def _chain(connection: Connection, kind: StoreKind) -> Iterator[Finding]:
    chained, expected = GENESIS, 1
    for found in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings():
        row, where = dict(found), f"audit row {found['seq']}"
        if found["seq"] != expected:
            yield Finding(kind.value, row["session_id"], where, f"rows {expected} to before it are missing")
        try:
            intact = row["prev_hash"] == chained and row["hash"] == row_hash(row["prev_hash"], row)
        except TypeError:  # a cell of another type than was ever written
            intact = False
        if not intact:
            yield Finding(kind.value, str(row["session_id"]), where, "the chain is broken here")
        chained, expected = row["hash"], found["seq"] + 1


def _sessions(connection: Connection, path: Path, kind: StoreKind, only: str | None) -> Iterator[Finding]:
    for key, session_id in connection.execute(select(SESSION.c.session_key, SESSION.c.session_id)).all():
        if only is not None and session_id != only:
            continue
        yield from _wave_rows(connection, kind, key, session_id)
        yield from _raw_rows(connection, kind, key, session_id)
        try:
            yield from _audited(connection, path, kind, (key, session_id))
        except DamagedRowError as error:
            yield Finding(kind.value, session_id, f"{error.table} row {error.row}", error.detail)


def _gone(connection: Connection, kind: StoreKind, only: str | None) -> Iterator[Finding]:
    """Name the sessions the trail speaks of and nothing else does."""
    known = select(SESSION.c.session_id)
    query = select(AUDIT.c.session_id).where(AUDIT.c.entity == "session", AUDIT.c.session_id.not_in(known))
    for session_id in connection.execute(query.distinct()).scalars():
        if only is None or session_id == only:
            problem = "the audit trail speaks of this session, and it is gone"
            yield Finding(kind.value, session_id, "session", problem)


def _wave_rows(connection: Connection, kind: StoreKind, key: int, session_id: str) -> Iterator[Finding]:
    query = select(WAVE_BLOCK).where(WAVE_BLOCK.c.session_key == key)
    for row in connection.execute(query):
        try:
            intact = row_crc32(row[1:8]) == row.crc32
        except (TypeError, ValueError):
            intact = False
        if not intact:
            yield Finding(kind.value, session_id, f"wave_block row {row[0]}", "the samples were changed")


def _raw_rows(connection: Connection, kind: StoreKind, key: int, session_id: str) -> Iterator[Finding]:
    """Check the bytes row by row, that no row between two others is gone, and that what the trail speaks of is there."""
    expected, sources = 1, set()
    query = select(RAW_BLOCK).where(RAW_BLOCK.c.session_key == key).order_by(RAW_BLOCK.c.number)
    for row in connection.execute(query, execution_options={"yield_per": 50}):
        where = f"raw_block row {row.number}"
        if row.number != expected:
            yield Finding(kind.value, session_id, where, "raw bytes before it are missing")
        try:
            intact = raw_crc32((row[0], *row[2:8])) == row.crc32
        except (TypeError, ValueError, OverflowError, struct.error):
            intact = False
        if not intact:
            yield Finding(kind.value, session_id, where, "the raw bytes were changed")
        expected = row.number + 1
        sources.add(row.source)
    told = select(AUDIT.c.entity_id).where(AUDIT.c.session_id == session_id, AUDIT.c.entity == RAW_BLOCK.name)
    for source in sorted(set(connection.execute(told).scalars()) - sources):
        yield Finding(
            kind.value, session_id, f"raw_block of {source}", "the audit trail speaks of it, and it is gone"
        )


def _commissionings(connection: Connection, kind: StoreKind) -> Iterator[Finding]:
    """Compare what was proved of the monitors with what the trail says was written."""
    said = select(AUDIT.c.entity_id, AUDIT.c.new_json).where(AUDIT.c.entity == COMMISSIONING.name)
    trail = {row.entity_id: row.new_json for row in connection.execute(said)}
    for row in connection.execute(select(COMMISSIONING).order_by(COMMISSIONING.c.seq)):
        if trail.pop(str(row.seq), None) != commissioning_json(row):
            yield Finding(
                kind.value, "", f"commissioning row {row.seq}", "it is not what the audit trail says"
            )
    for gone in trail:
        yield Finding(
            kind.value, "", f"commissioning row {gone}", "the audit trail speaks of it, and it is gone"
        )


def _audited(
    connection: Connection, path: Path, kind: StoreKind, session: tuple[int, str]
) -> Iterator[Finding]:
    """Compare the audited rows with what the trail says was written."""
    key, session_id = session
    rows = SessionRows(connection, path, key)
    query = select(AUDIT.c.entity, AUDIT.c.entity_id, AUDIT.c.new_json, AUDIT.c.seq)
    trail = {
        (row.entity, row.entity_id): row
        for row in connection.execute(query.where(AUDIT.c.session_id == session_id))
        if row.new_json is not None
    }
    stands = {("session", session_id): canonical_json(entry_fields(rows.opened()))}
    for seq, entry in rows.entries():
        if audit_rule(entry) is not None:
            stands[(_table_of(entry), str(seq))] = canonical_json(entry_fields(entry))
    closed = connection.execute(select(CLOSING).where(CLOSING.c.session_key == key)).one_or_none()
    if closed is not None:
        stands[("closing", session_id)] = closing_json(Stamp(closed.t_ns, closed.utc_ms))
    for where, text in stands.items():
        said = trail.pop(where, None)
        if said is None or said.new_json != text:
            problem = (
                "it is not in the audit trail" if said is None else "it is not what the audit trail says"
            )
            yield Finding(kind.value, session_id, f"{where[0]} row {where[1]}", problem)
    for (table, row_id), said in trail.items():
        if table in _RECORDED:
            problem = f"audit row {said.seq} speaks of it, and it is gone"
            yield Finding(kind.value, session_id, f"{table} row {row_id}", problem)


_RECORDED = frozenset({"session", "closing", *(table.name for table in TABLE_OF.values())})


def _table_of(entry: JournalEntry) -> str:
    return "session" if isinstance(entry, SessionOpened) else TABLE_OF[type(entry)].name


def _signatures(archive: Archive, data_dir: Path, kind: StoreKind, only: str | None) -> Iterator[Finding]:
    try:
        with archive.reading(kind) as connection:
            ids = connection.execute(select(SESSION.c.session_id)).scalars().all()
    except (StorageError, SQLAlchemyError, sqlite3.Error) as error:
        yield Finding(kind.value, only or "", "file", str(storage_error(error, kind.path(data_dir))))
        return
    for session_id in ids:
        if only is not None and session_id != only:
            continue
        try:
            yield from _signed(archive, kind, session_id)
        except DamagedRowError as error:
            yield Finding(kind.value, session_id, f"{error.table} row {error.row}", error.detail)
        except StorageError as error:
            yield Finding(kind.value, session_id, "file", str(error))


def _signed(archive: Archive, kind: StoreKind, session_id: str) -> Iterator[Finding]:
    record = archive.record(session_id)
    for index, entry in enumerate(record.entries):
        if isinstance(entry, SignatureEntry) and entry.record_sha256 != record_sha256(record, index):
            problem = "signature not valid for this version of the record"  # words of clinical.md §15.2
            yield Finding(kind.value, session_id, f"signature of {entry.by.name or entry.by.role}", problem)
