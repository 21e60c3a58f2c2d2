"""Every table, and which one holds which entry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table

from monitor_app.storage.schema.commissioning import COMMISSIONING
from monitor_app.storage.schema.entry_table import METADATA, EntryTable
from monitor_app.storage.schema.equipment import EQUIPMENT_TABLES
from monitor_app.storage.schema.raw import RAW_BLOCK
from monitor_app.storage.schema.session import AUDIT, CHANNEL, CLOSING, NUMERIC, SESSION, WAVE_BLOCK
from monitor_app.storage.schema.visit import VISIT_TABLES

ENTRY_TABLES: tuple[EntryTable, ...] = (*VISIT_TABLES, *EQUIPMENT_TABLES)
"""Tables with one row per entry; session, waves and numerics have tables of their own (``schema.session``)."""

TABLE_OF: Mapping[type[Any], EntryTable] = MappingProxyType({t.entry_type: t for t in ENTRY_TABLES})

APPEND_ONLY: tuple[Table, ...] = (
    SESSION,
    CLOSING,
    CHANNEL,
    WAVE_BLOCK,
    NUMERIC,
    AUDIT,
    RAW_BLOCK,
    COMMISSIONING,
    *(t.table for t in ENTRY_TABLES),
)
"""Tables whose rows are never changed and never removed: all of them."""

__all__ = ["APPEND_ONLY", "ENTRY_TABLES", "METADATA", "TABLE_OF"]
