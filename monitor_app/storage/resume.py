"""Where a session stands: what a recorder needs to go on, and what a restart needs to reopen it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S, Stamp
from monitor_app.storage.audit_rule import audit_rule
from monitor_app.storage.canonical import canonical_json, entry_fields
from monitor_app.storage.ledger import SessionState
from monitor_app.storage.rows import SessionRows
from monitor_app.storage.schema.entry_table import EntryTable
from monitor_app.storage.schema.raw import RAW_BLOCK
from monitor_app.storage.schema.registry import ENTRY_TABLES
from monitor_app.storage.schema.session import CHANNEL, CLOSING, NUMERIC, WAVE_BLOCK
from monitor_app.storage.schema.visit import PHASE
from monitor_app.storage.wave_rows import unpack_counts

FINAL_PHASES = frozenset({Phase.DONE, Phase.SIGNED, Phase.CANCEL})
"""Phases after which there is nothing to go on with."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that was cut off: ``last`` is the end of what was kept, on the session's axis and on the wall."""

    id: str
    patient: str
    simulated: bool
    phase: Phase
    last: Stamp


def session_state(connection: Connection, path: Path, session_key: int) -> SessionState:
    """Read back what a recorder must know to continue a session."""
    rows = SessionRows(connection, path, session_key)
    channels = rows.channels()
    state = SessionState(session_key, rows.opened().session_id)
    state.wave_channels = {key: number for number, key in channels.waves.items()}
    state.numeric_channels = {key: number for number, key in channels.numerics.items()}
    for table in (NUMERIC, *(item.table for item in ENTRY_TABLES)):
        newest = connection.execute(
            select(func.max(table.c.seq)).where(table.c.session_key == session_key)
        ).scalar()
        state.next_seq = max(state.next_seq, (newest or 0) + 1)
    raw = RAW_BLOCK.c.session_key == session_key
    state.next_raw = (connection.execute(select(func.max(RAW_BLOCK.c.number)).where(raw)).scalar() or 0) + 1
    state.raw_sources = set(connection.execute(select(RAW_BLOCK.c.source).distinct().where(raw)).scalars())
    for entry_table in ENTRY_TABLES:
        _recall(rows, entry_table, state)
    return state


def last_stamp(connection: Connection, path: Path, session_key: int) -> Stamp:
    """Return the end of what was kept: the newest entry, or the end of the newest samples."""
    last = SessionRows(connection, path, session_key).opened().stamp
    for table in (CLOSING, NUMERIC, *(item.table for item in ENTRY_TABLES)):
        last = max(last, _newest(connection, table, session_key) or last)
    channels = connection.execute(
        select(CHANNEL.c.channel, CHANNEL.c.rate_hz).where(
            CHANNEL.c.session_key == session_key, CHANNEL.c.kind == "wave"
        )
    ).all()
    for number, rate_hz in channels:
        last = max(last, _wave_end(connection, (session_key, number), rate_hz) or last)
    return last


def last_phase(connection: Connection, session_key: int) -> Phase:
    """Return the phase a session is in; a session that has not moved yet is at check-in."""
    column = PHASE.table.c.to_phase
    query = select(column).where(PHASE.table.c.session_key == session_key).order_by(PHASE.table.c.seq.desc())
    found = connection.execute(query.limit(1)).scalar()
    return Phase.CHECKIN if found is None else Phase(found)


def is_closed(connection: Connection, session_key: int) -> bool:
    """Whether a session was ended on purpose."""
    return (
        connection.execute(select(CLOSING.c.t_ns).where(CLOSING.c.session_key == session_key)).first()
        is not None
    )


def _recall(rows: SessionRows, table: EntryTable, state: SessionState) -> None:
    for _, entry in rows.of(table):
        rule = audit_rule(entry)
        if rule is not None and rule.key is not None:
            state.newest[(table.name, rule.key(entry))] = canonical_json(entry_fields(entry))


def _newest(connection: Connection, table: Table, session_key: int) -> Stamp | None:
    query = select(table.c.t_ns, table.c.utc_ms).where(table.c.session_key == session_key)
    if "seq" in table.c:
        query = query.order_by(table.c.seq.desc())
    row = connection.execute(query.limit(1)).first()
    return None if row is None else Stamp(row.t_ns, row.utc_ms)


def _wave_end(connection: Connection, channel: tuple[int, int], rate_hz: float) -> Stamp | None:
    query = (
        select(WAVE_BLOCK)
        .where(WAVE_BLOCK.c.session_key == channel[0], WAVE_BLOCK.c.channel == channel[1])
        .order_by(WAVE_BLOCK.c.block_key.desc())
    )
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    length_s = unpack_counts(row.dtype, row.samples).size / rate_hz
    return Stamp(row.t_ns + round(length_s * NS_PER_S), row.utc_ms + round(length_s * 1000))
