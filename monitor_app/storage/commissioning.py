"""Commissionings in the database: each a row that never changes, and a line of the audit trail."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from monitor_app.core.commissioning import Commissioning, ComparedValue
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.audit import AuditEvent, append_audit
from monitor_app.storage.audit_rule import CREATE
from monitor_app.storage.canonical import canonical_json
from monitor_app.storage.connection import writing_engine
from monitor_app.storage.failure import corrupt, storage_error
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.schema.commissioning import COMMISSIONING


def add_commissioning(
    data_dir: Path, kind: StoreKind, examined: Commissioning, at: Stamp, workstation: str
) -> None:
    """Keep an examination, in a database that exists; works while another program records. Raises StorageError."""
    path = kind.path(data_dir)
    engine = writing_engine(path)
    try:
        with engine.connect() as connection, connection.begin():
            insert_commissioning(connection, examined, at, workstation)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise storage_error(error, path) from error
    finally:
        engine.dispose()


def insert_commissioning(
    connection: Connection, examined: Commissioning, at: Stamp, workstation: str
) -> None:
    """Write the row and its line of the trail, inside the caller's transaction."""
    content = canonical_json(_plain(examined))
    seq = (connection.execute(select(func.max(COMMISSIONING.c.seq))).scalar() or 0) + 1
    row = {
        "seq": seq,
        "utc_ms": at.utc_ms,
        "driver_id": examined.driver_id,
        "model": examined.model,
        "content": content,
    }
    connection.execute(COMMISSIONING.insert(), row)
    by = Actor(examined.by_name, examined.by_role)
    new = commissioning_json(row)
    event = AuditEvent(at, by, CREATE, COMMISSIONING.name, str(seq), new_json=new, reason=examined.note)
    append_audit(connection, (event,), workstation)


def read_commissionings(connection: Connection, path: Path) -> tuple[Commissioning, ...]:
    """Return every examination in the order they were kept. Raises DatabaseCorruptError for a damaged row."""
    found = []
    for row in connection.execute(select(COMMISSIONING).order_by(COMMISSIONING.c.seq)):
        try:
            found.append(_decoded(json.loads(row.content)))
        except (ValueError, TypeError, KeyError) as error:
            raise corrupt(path, f"commissioning row {row.seq}: {error}") from error
    return tuple(found)


def commissioning_json(row: Any) -> str:
    """Return what the audit trail says of a row (a mapping, or a row as read)."""
    cells = dict(row) if isinstance(row, Mapping) else row._asdict()
    return canonical_json(cells)


def _plain(examined: Commissioning) -> dict[str, Any]:
    return {
        "driver_id": examined.driver_id,
        "model": examined.model,
        "values": [[v.name, v.set_value, v.shown_value, v.tolerance] for v in examined.values],
        "nibp_detected": examined.nibp_detected,
        "alarm_rule": examined.alarm_rule,
        "alarm_delay_s": examined.alarm_delay_s,
        "simulator": examined.simulator,
        "by_name": examined.by_name,
        "by_role": examined.by_role,
        "examined_on": examined.examined_on.isoformat(),
        "valid_until": examined.valid_until.isoformat(),
        "note": examined.note,
    }


def _decoded(content: dict[str, Any]) -> Commissioning:
    dates = {name: date.fromisoformat(content[name]) for name in ("examined_on", "valid_until")}
    values = tuple(ComparedValue(*cells) for cells in content["values"])
    return Commissioning(**{**content, **dates, "values": values})
