"""The tables that are not simply one entry a row: session, channels, waves, numerics, closing, audit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from monitor_app.core.journal import SessionOpened
from monitor_app.core.stamp import Stamp
from monitor_app.storage.schema.entry_table import METADATA, session_reference
from monitor_app.storage.schema.fields import Field, Row, big_integer, checked_int, flag, mapping, text

_OPENED_FIELDS: tuple[Field, ...] = (
    text("session_id"),
    text("patient_key"),
    text("initials"),
    flag("simulated"),
    text("chair"),
    text("software"),
    text("scenario"),
    big_integer("seed", optional=True),
    mapping("patient"),
)

SESSION = Table(
    "session",
    METADATA,
    Column("session_key", Integer, primary_key=True),
    Column("t_ns", Integer, nullable=False),
    Column("utc_ms", Integer, nullable=False),
    *(column for item in _OPENED_FIELDS for column in item.columns()),
    UniqueConstraint("session_id"),
)
"""One row per visit; ``session_key`` is the small number every other table uses for it."""

CLOSING = Table(
    "closing",
    METADATA,
    session_reference(),
    Column("t_ns", Integer, nullable=False),
    Column("utc_ms", Integer, nullable=False),
    PrimaryKeyConstraint("session_key"),
)
"""A session that was ended on purpose. A session without this row was cut off, unless its phase is final."""

CHANNEL = Table(
    "channel",
    METADATA,
    session_reference(),
    Column("channel", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # "wave" or "numeric"
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("rate_hz", Float),
    Column("unit_per_count", Float),
    Column("zero", Float),
    Column("low", Integer),
    Column("high", Integer),
    PrimaryKeyConstraint("session_key", "channel"),
    sqlite_with_rowid=False,
)
"""What a wave or numeric row would otherwise repeat each second; a new scale is a new channel."""


def _channel_reference() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["session_key", "channel"],
        ["channel.session_key", "channel.channel"],
        deferrable=True,
        initially="DEFERRED",
    )


WAVE_BLOCK = Table(
    "wave_block",
    METADATA,
    Column("block_key", Integer, primary_key=True),
    session_reference(),
    Column("channel", Integer, nullable=False),
    Column("t_ns", Integer, nullable=False),
    Column("utc_ms", Integer, nullable=False),
    Column("first_sample", Integer, nullable=False),
    Column("dtype", Text, nullable=False),
    Column("samples", LargeBinary, nullable=False),
    Column("crc32", Integer, nullable=False),
    _channel_reference(),
    Index("ix_wave_block_session_key_channel", "session_key", "channel"),
)
"""Raw counts, one row per channel per half second (design §6)."""

NUMERIC = Table(
    "numeric",
    METADATA,
    session_reference(),
    Column("seq", Integer, nullable=False),
    Column("t_ns", Integer, nullable=False),
    Column("utc_ms", Integer, nullable=False),
    Column("channel", Integer, nullable=False),
    Column("value", Float),
    Column("quality", Integer, nullable=False),
    PrimaryKeyConstraint("session_key", "seq"),
    _channel_reference(),
    sqlite_with_rowid=False,
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("utc_ms", Integer, nullable=False),
    Column("t_ns", Integer, nullable=False),
    Column("user", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("workstation", Text, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("old_json", Text),
    Column("new_json", Text),
    Column("reason", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_session_id", "session_id"),
)
"""Who did what, chained by hash (clinical.md §15.1)."""


def encode_opened(opened: SessionOpened, session_key: int) -> Row:
    """Return the session's row; raises ValueError, TypeError or AttributeError where it cannot be stored."""
    row: Row = {
        "session_key": session_key,
        "t_ns": checked_int(opened.stamp.t_ns),
        "utc_ms": checked_int(opened.stamp.utc_ms),
    }
    for item in _OPENED_FIELDS:
        (row[item.name],) = item.encode(getattr(opened, item.name))
    return row


def decode_opened(row: Sequence[Any]) -> SessionOpened:
    """Return the head of a record from its row, columns in table order."""
    cells = iter(row[3:])
    values = {item.name: item.decode(cells) for item in _OPENED_FIELDS}
    return SessionOpened(stamp=Stamp(int(row[1]), int(row[2])), **values)
