"""One table for one kind of journal entry, described by its fields."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
)

from monitor_app.core.journal import JournalEntry
from monitor_app.core.stamp import Stamp
from monitor_app.storage.schema.fields import Field, Row, checked_int

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Named constraints, because batch migrations can only alter what has a name."""

HEAD_COLUMNS = ("session_key", "seq", "t_ns", "utc_ms")
"""What every entry row begins with: its session, its place in the journal, and its stamp."""


def session_reference() -> Column[Any]:
    """Return a column that points at the session; checked at commit, so the order of inserts does not matter."""
    return Column(
        "session_key",
        Integer,
        ForeignKey("session.session_key", deferrable=True, initially="DEFERRED"),
        nullable=False,
    )


class EntryTable:
    """The table of ``entry_type``; ``fields`` are all attributes of the entry except ``stamp``.

    Rows are clustered by (session, seq): one session reads as one range, and a row needs no second key.
    """

    def __init__(self, name: str, entry_type: type[Any], *fields: Field) -> None:
        self.entry_type = entry_type
        self.fields = fields
        self.table = Table(
            name,
            METADATA,
            session_reference(),
            Column("seq", Integer, nullable=False),
            Column("t_ns", Integer, nullable=False),
            Column("utc_ms", Integer, nullable=False),
            *(column for item in fields for column in item.columns()),
            PrimaryKeyConstraint("session_key", "seq"),
            sqlite_with_rowid=False,
        )
        self._names = tuple(column.name for column in self.table.columns)

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    def encode(self, entry: JournalEntry, session_key: int, seq: int) -> Row:
        """Return the row of an entry; raises ValueError, TypeError or AttributeError where it cannot be stored."""
        cells: list[Any] = [session_key, seq, checked_int(entry.stamp.t_ns), checked_int(entry.stamp.utc_ms)]
        for item in self.fields:
            cells.extend(item.encode(getattr(entry, item.name)))
        return dict(zip(self._names, cells, strict=True))

    def decode(self, row: Sequence[Any]) -> JournalEntry:
        """Return the entry of a row (columns in table order); raises ValueError or TypeError on damaged cells."""
        cells = iter(row[len(HEAD_COLUMNS) :])
        values = {item.name: item.decode(cells) for item in self.fields}
        entry: JournalEntry = self.entry_type(stamp=Stamp(int(row[2]), int(row[3])), **values)
        return entry
