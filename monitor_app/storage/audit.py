"""The audit trail: rows chained by hash, so that a changed, missing or inserted row shows (clinical.md §15.1)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.canonical import canonical_json
from monitor_app.storage.schema.session import AUDIT

GENESIS = "0" * 64
"""What the first row is chained to."""

_HASHED = tuple(column.name for column in AUDIT.columns if column.name not in {"prev_hash", "hash"})


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing somebody did. ``old_json`` and ``new_json`` are canonical JSON, or None where there is no such value."""

    stamp: Stamp
    by: Actor
    action: str
    entity: str
    entity_id: str
    session_id: str = ""
    old_json: str | None = None
    new_json: str | None = None
    reason: str = ""


def row_hash(prev_hash: str, row: Mapping[str, Any]) -> str:
    """Return SHA-256(previous hash ‖ canonical JSON of the row's other columns), in hex."""
    content = canonical_json({name: row[name] for name in _HASHED})
    return hashlib.sha256((prev_hash + content).encode()).hexdigest()


def append_audit(connection: Connection, events: Iterable[AuditEvent], workstation: str) -> None:
    """Chain events onto the trail, inside the transaction that writes what they speak of."""
    drafts = list(events)
    if not drafts:
        return
    last = connection.execute(
        select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
    ).one_or_none()
    seq, chained = (0, GENESIS) if last is None else (last.seq, last.hash)
    rows = []
    for draft in drafts:
        seq += 1
        row = _row(draft, seq, workstation)
        row["prev_hash"] = chained
        chained = row_hash(chained, row)
        row["hash"] = chained
        rows.append(row)
    connection.execute(AUDIT.insert(), rows)


def _row(event: AuditEvent, seq: int, workstation: str) -> dict[str, Any]:
    return {
        "seq": seq,
        "utc_ms": event.stamp.utc_ms,
        "t_ns": event.stamp.t_ns,
        "user": event.by.name,
        "role": event.by.role,
        "workstation": workstation,
        "session_id": event.session_id,
        "action": event.action,
        "entity": event.entity,
        "entity_id": event.entity_id,
        "old_json": event.old_json,
        "new_json": event.new_json,
        "reason": event.reason,
    }
