"""The table of raw bytes: what stood on a link's wire, beside the session it was heard in."""

from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from monitor_app.storage.schema.entry_table import METADATA, session_reference

RAW_BLOCK = Table(
    "raw_block",
    METADATA,
    session_reference(),
    Column("number", Integer, nullable=False),
    Column("t_ns", Integer, nullable=False),
    Column("utc_ms", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("marks", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("crc32", Integer, nullable=False),
    PrimaryKeyConstraint("session_key", "number"),
)
"""One row per link, direction and half second. ``number`` counts a session's rows from 1 without a gap, so that a missing
row shows; ``marks`` tell the single reads apart (``raw_rows``)."""
