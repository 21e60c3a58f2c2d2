"""Commissionings in the database: back as they went in, beside their line in the audit trail."""

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from devices.errors import DatabaseCorruptError
from monitor_app.core.commissioning import Commissioning
from monitor_app.core.stamp import Stamp
from monitor_app.storage.commissioning import add_commissioning
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store, open_archive
from monitor_app.storage.verify import verify


def test_all_come_back_in_order_while_the_database_is_in_use(tmp_path: Path, examined: Commissioning) -> None:
    failed = dataclasses.replace(examined, nibp_detected=None, alarm_delay_s=None, note="cuff missing")
    with Store.open(tmp_path, StoreKind.CLINICAL) as store:
        assert store.commissionings() == ()
        for item in (examined, failed):
            add_commissioning(tmp_path, StoreKind.CLINICAL, item, Stamp(0, 1_767_600_000_000), "bench")
        assert store.commissionings() == (examined, failed)
    assert verify(tmp_path) == []
    raw = sqlite3.connect(StoreKind.CLINICAL.path(tmp_path))
    rows = raw.execute("SELECT action, entity_id, user, role, reason FROM audit").fetchall()
    raw.close()
    assert rows == [
        ("create", "1", "Kim Oto", "biomedical engineer", ""),
        ("create", "2", "Kim Oto", "biomedical engineer", "cuff missing"),
    ]


def test_without_a_clinical_database_there_are_none(tmp_path: Path) -> None:
    assert open_archive(tmp_path).commissionings() == ()
    Store.open(tmp_path, StoreKind.TRAINING).close()
    assert open_archive(tmp_path).commissionings() == ()


def test_a_damaged_one_is_named(tmp_path: Path, examined: Commissioning) -> None:
    Store.open(tmp_path, StoreKind.CLINICAL).close()
    add_commissioning(tmp_path, StoreKind.CLINICAL, examined, Stamp(0, 1), "bench")
    raw = sqlite3.connect(StoreKind.CLINICAL.path(tmp_path))
    raw.execute("DROP TRIGGER commissioning_refuses_update")
    raw.execute("UPDATE commissioning SET content = replace(content, '2027-01-02', '2037-13-02')")
    raw.commit()
    raw.close()
    with pytest.raises(DatabaseCorruptError, match="commissioning row 1"):
        open_archive(tmp_path).commissionings()
    assert "commissioning row 1" in {finding.where for finding in verify(tmp_path)}
