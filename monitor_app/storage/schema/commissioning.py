"""The table of commissionings: what was proved of a monitor model at this clinic (clinical.md §0, decision 0016)."""

from sqlalchemy import Column, Integer, Table, Text

from monitor_app.storage.schema.entry_table import METADATA

COMMISSIONING = Table(
    "commissioning",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("utc_ms", Integer, nullable=False),
    Column("driver_id", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("content", Text, nullable=False),
)
"""One row each time a model was examined, passed or not; ``content`` is its canonical JSON, as in the audit trail."""
