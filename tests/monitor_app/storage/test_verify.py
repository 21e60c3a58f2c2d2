"""One changed byte anywhere in a signed session or the trail is found and named."""

import functools
import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.errors import KnownError
from devices.signals import WaveScale
from monitor_app.core import journal as j
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.audit import AuditEvent
from monitor_app.storage.commissioning import add_commissioning
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.record_hash import record_sha256
from monitor_app.storage.schema.registry import METADATA
from monitor_app.storage.store import Store, audit_events
from monitor_app.storage.verify import verify

TABLES = sorted(METADATA.tables)


@pytest.fixture(scope="module")
def signed_file(
    tmp_path_factory: pytest.TempPathFactory,
    opened: j.SessionOpened,
    entries: tuple[j.JournalEntry, ...],
    pieces: tuple[RawEntry, ...],
    examined: Commissioning,
) -> bytes:
    """The file of a session with everything in it, closed and signed."""
    with Store.open(tmp_path_factory.mktemp("signed"), StoreKind.TRAINING) as store:
        store.new_session(opened)
        core = store.recorder_core("7f3a-session")
        counts = np.arange(1000, dtype=np.int32)
        scale = WaveScale("mV", 0.005, 0.0, 0, 4095)
        core.write(j.WaveBlock(Stamp(0, 0), "berry@pty", "ECG_II", 500.0, 0, counts, scale))
        core.write_many(e for e in entries if not isinstance(e, j.SignatureEntry))
        core.write_many(pieces)
        add_commissioning(store.path.parent, store.kind, examined, Stamp(0, 5), "bench")
        core.flush()
        store.mark_closed("7f3a-session", Stamp(81 * 10**9, 81_000))
        signature = record_sha256(store.record("7f3a"))
        prescriber = Actor("R. Vance", "prescriber")
        core.write(j.SignatureEntry(Stamp(90 * 10**9, 90_000), prescriber, "reviewed", signature))
        core.close()
    sql(store.path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return store.path.read_bytes()


@pytest.fixture
def signed(signed_file: bytes, tmp_path: Path) -> Path:
    """A data directory with that file."""
    StoreKind.TRAINING.path(tmp_path).write_bytes(signed_file)
    return tmp_path


def sql(path: Path, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
    raw = sqlite3.connect(path)
    try:
        with raw:
            return raw.execute(statement, values).fetchall()
    finally:
        raw.close()


def tamper(data_dir: Path, table: str, change: Callable[[sqlite3.Connection], object]) -> None:
    """Change a table behind the guards' back, and put the guards back as a careful forger would."""
    raw = sqlite3.connect(StoreKind.TRAINING.path(data_dir))
    guards = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name=?", (table,)
    ).fetchall()
    for name, _ in guards:
        raw.execute(f"DROP TRIGGER {name}")
    change(raw)
    for _, text in guards:
        raw.execute(text)
    raw.commit()
    raw.close()


def test_a_whole_record_is_well(signed: Path) -> None:
    assert verify(signed) == []
    assert verify(signed, "7f3a") == []
    with pytest.raises(KnownError):
        verify(signed, "nobody")


def other(value: object) -> object:
    if isinstance(value, (int, float)):
        return value + 1000
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return "x" if value is None else f"{value}x"


def set_cell(statement: str, value: object, raw: sqlite3.Connection) -> None:
    raw.execute(statement, (value,))


@pytest.mark.usefixtures("same_engine")
@pytest.mark.parametrize("table", TABLES)
def test_any_changed_cell_is_found(signed: Path, table: str) -> None:
    path = StoreKind.TRAINING.path(signed)
    pristine = path.read_bytes()
    for column in METADATA.tables[table].c.keys():  # noqa: SIM118 - not a mapping
        if column == "block_key":
            continue  # only the order of rows; changing one number changes nothing recorded
        path.write_bytes(pristine)
        (value,) = sql(path, f'SELECT "{column}" FROM {table} LIMIT 1')[0]  # noqa: S608
        statement = f'UPDATE {table} SET "{column}" = ? WHERE rowid = 1'  # noqa: S608
        if "seq" in METADATA.tables[table].columns and table != "audit":
            statement = f'UPDATE {table} SET "{column}" = ? WHERE seq = (SELECT min(seq) FROM {table})'  # noqa: S608
        if table == "channel":
            statement = f'UPDATE {table} SET "{column}" = ? WHERE channel = 1'  # noqa: S608
        tamper(signed, table, functools.partial(set_cell, statement, other(value)))
        assert verify(signed), f"{table}.{column} was changed from {value!r}"


@pytest.mark.parametrize("table", TABLES)
def test_any_removed_row_is_found(signed: Path, table: str) -> None:
    tamper(signed, table, lambda raw: raw.execute(f"DELETE FROM {table}"))  # noqa: S608
    assert verify(signed)


def test_a_flipped_sample_is_named(signed: Path) -> None:
    tamper(
        signed,
        "wave_block",
        lambda raw: raw.execute("UPDATE wave_block SET samples = zeroblob(500) WHERE block_key=1"),
    )
    found = {(f.where, f.problem) for f in verify(signed)}
    assert ("wave_block row 1", "the samples were changed") in found
    assert ("signature of R. Vance", "signature not valid for this version of the record") in found


def test_flipped_bytes_of_the_file_are_found(signed: Path) -> None:
    path = StoreKind.TRAINING.path(signed)
    pristine = path.read_bytes()
    needles = (
        b"midazolam 2 mg",
        b"Ana Prado",
        b"HR 131 > 120",
        b"cable out",
        b"consent",
        b"not confirmed by pulse",
    )
    offsets = [pristine.index(needle) for needle in needles]
    offsets += [pristine.index(np.arange(300, 340, dtype="<i2").tobytes()) + 9]
    for offset in offsets:
        damaged = bytearray(pristine)
        damaged[offset] ^= 0x01
        path.write_bytes(damaged)
        assert verify(signed), f"byte {offset}"
    path.write_bytes(pristine)
    assert verify(signed) == []


def test_the_last_audit_rows_cut_off_are_missed(signed: Path) -> None:
    tamper(
        signed,
        "audit",
        lambda raw: raw.execute("DELETE FROM audit WHERE seq > (SELECT max(seq) - 2 FROM audit)"),
    )
    assert "it is not in the audit trail" in {f.problem for f in verify(signed)}


def test_a_dropped_guard_is_named(signed: Path) -> None:
    sql(StoreKind.TRAINING.path(signed), "DROP TRIGGER care_refuses_update")
    assert [f.where for f in verify(signed)] == ["trigger care_refuses_update"]


def test_a_file_that_is_no_database_is_a_finding(tmp_path: Path) -> None:
    StoreKind.CLINICAL.path(tmp_path).write_bytes(b"nothing of the kind " * 500)
    assert {f.where for f in verify(tmp_path)} == {"file"}


def test_the_chain_can_be_checked_by_other_means(signed: Path) -> None:
    """Recompute it with nothing but the words of clinical.md §15.1."""
    raw = sqlite3.connect(StoreKind.TRAINING.path(signed))
    raw.row_factory = sqlite3.Row
    chained = "0" * 64
    for row in raw.execute("SELECT * FROM audit ORDER BY seq"):
        content = {k: row[k] for k in row.keys() if k not in {"prev_hash", "hash"}}  # noqa: SIM118
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert row["prev_hash"] == chained
        chained = hashlib.sha256((chained + text).encode()).hexdigest()
        assert row["hash"] == chained
    raw.close()


def test_old_and_new_values_and_actions_stand_in_the_trail(signed: Path) -> None:
    rows = sql(
        StoreKind.TRAINING.path(signed),
        "SELECT action, entity, user, old_json, new_json FROM audit ORDER BY seq",
    )
    actions = [(action, entity) for action, entity, *_ in rows]
    for wanted in (
        ("create", "session"), ("limit-change", "alarm_limit"), ("override", "phase"), ("override", "answer"),
        ("fail", "refusal"), ("void", "void"), ("alarm-ack", "alarm"), ("update", "closing"), ("sign", "signature"),
    ):  # fmt: skip
        assert wanted in actions
    assert ("create", "nibp") not in actions


def test_a_changed_answer_keeps_its_old_value_also_over_a_restart(store: Store) -> None:
    for value in (1, 2):
        core = store.recorder_core("7f3a-session")
        core.write(j.AnswerEntry(Stamp(value, value), "pain", value, Actor("Ana")))
        core.close()
    rows = sql(store.path, "SELECT action, old_json, new_json FROM audit WHERE entity = 'answer'")
    assert [(r[0], r[1] and json.loads(r[1])["value"], json.loads(r[2])["value"]) for r in rows] == [
        ("create", None, 1),
        ("update", 1, 2),
    ]


def test_views_and_exports_join_the_chain_while_a_recorder_runs(store: Store) -> None:
    core = store.recorder_core("7f3a-session")
    core.write(j.AnswerEntry(Stamp(1, 1), "pain", 1, Actor("Ana")))
    event = AuditEvent(
        Stamp(0, 5),
        Actor("Lia", "auditor"),
        "export",
        "session",
        "7f3a-session",
        "7f3a-session",
        reason="csv",
    )
    audit_events(store.path.parent, StoreKind.TRAINING, (event,), "desk")
    core.write(j.AnswerEntry(Stamp(2, 2), "pain", 2, Actor("Ana")))
    core.close()
    assert [r[0] for r in sql(store.path, "SELECT action FROM audit ORDER BY seq")] == [
        "create",
        "create",
        "export",
        "update",
    ]
    assert verify(store.path.parent) == []
