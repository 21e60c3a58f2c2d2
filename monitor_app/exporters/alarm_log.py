"""The alarm log: one row per condition, folded from the steps of its life (clinical.md §5.7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor_app.core.journal import AlarmEntry, JournalEntry
from monitor_app.core.stamp import Stamp

_ANNOUNCED = frozenset({"ACTIVE", "ACTIVE_ACK", "LATCHED"})
_TRUE = frozenset({"PENDING", "ACTIVE", "ACTIVE_ACK"})


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One condition. ``first`` is its first step; times that never came are None."""

    first: AlarmEntry
    announced: Stamp | None = None
    acknowledged: Stamp | None = None
    who: str = ""
    cleared: Stamp | None = None
    latch_cleared: Stamp | None = None
    worst: float | None = None
    worst_at: Stamp | None = None
    limit: float | None = None
    text: str = ""
    suppressed: str = ""
    note: str = ""


def alarm_rows(entries: Iterable[JournalEntry]) -> list[AlarmRow]:
    """Return the conditions of a session in the order they began."""
    rows: dict[str, AlarmRow] = {}
    for entry in entries:
        if isinstance(entry, AlarmEntry):
            rows[entry.occurrence_id] = _with(rows.get(entry.occurrence_id) or AlarmRow(entry), entry)
    return list(rows.values())


def _with(row: AlarmRow, step: AlarmEntry) -> AlarmRow:
    row = replace(
        row,
        limit=step.limit if step.limit is not None else row.limit,
        text=step.text or row.text,
        suppressed=step.suppressed or row.suppressed,
        note=step.note or row.note,
    )
    if row.announced is None and step.to_state in _ANNOUNCED and not step.suppressed:
        row = replace(row, announced=step.stamp)
    if row.acknowledged is None and step.by is not None:
        row = replace(row, acknowledged=step.stamp, who=step.by.name or step.by.role)
    if step.from_state in _TRUE and step.to_state not in _TRUE:
        row = replace(row, cleared=step.stamp)
    if step.from_state == "LATCHED":
        row = replace(row, latch_cleared=step.stamp)
    return _worse(row, step)


def _worse(row: AlarmRow, step: AlarmEntry) -> AlarmRow:
    """Keep the value farthest beyond the limit; a condition that clears brings a value on the good side."""
    if step.value is None or step.to_state not in _TRUE:
        return row
    if row.worst is not None and not _beyond(row, step.value):
        return row
    return replace(row, worst=step.value, worst_at=step.stamp)


def _beyond(row: AlarmRow, value: float) -> bool:
    if row.worst is None or row.limit is None:
        return True
    high = row.first.value is None or row.first.limit is None or row.first.value >= row.first.limit
    return value > row.worst if high else value < row.worst
