"""The waves around an alarm read back from a database, closed or still being written."""

import sqlite3

import numpy as np
import pytest

from devices.errors import KnownError
from devices.signals import WaveScale
from monitor_app.core import journal as j
from monitor_app.core.alarm_log import alarm_log
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, Stamp
from monitor_app.services.alarm_snapshot import read_snapshot, snapshot_of
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store, open_archive

ECG = WaveScale("mV", 0.005, 0.0, -4096, 4095)


def at(seconds):
    return Stamp(round(seconds * NS_PER_S), 1_767_600_000_000 + round(seconds * 1000))


def ecg(first, count=25):
    return j.WaveBlock(
        at(first / 250),
        "berry@p",
        "ECG_II",
        250.0,
        first,
        np.arange(first, first + count, dtype=np.int32),
        ECG,
    )


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path, StoreKind.TRAINING) as opened:
        opened.new_session(j.SessionOpened(at(0), "run-1", "P", "AB", True, "1", "chairside"))
        yield opened


def test_of_a_session_that_still_runs_what_is_committed(store, tmp_path):
    core = store.recorder_core("run-1")
    for first in range(0, 35 * 250, 25):
        core.write(ecg(first))
    core.flush()
    (wave,) = read_snapshot(tmp_path, "run-1", 30 * NS_PER_S).waves
    assert wave.values == pytest.approx(np.arange(20 * 250, 20 * 250 + len(wave.values)) * 0.005)
    assert 34 * NS_PER_S <= wave.t_ns[-1] < 35 * NS_PER_S
    for first in range(35 * 250, 45 * 250, 25):
        core.write(ecg(first))
    core.flush()
    assert len(read_snapshot(tmp_path, "run-1", 30 * NS_PER_S).waves[0].values) == 20 * 250
    core.close()


def test_the_reader_and_the_record_agree(store, tmp_path):
    core = store.recorder_core("run-1")
    for first in range(0, 60 * 250, 25):
        if not 6000 <= first < 6500:
            core.write(ecg(first))
    alarm = j.AlarmEntry(
        at(25.3), "a1", "AL-HR-02", AlarmClass.PHYSIOLOGICAL, Priority.HIGH, "IDLE", "ACTIVE", Phase.INF, 150, 140, "",
    )  # fmt: skip
    core.write(alarm)
    core.close()
    record = open_archive(tmp_path).record("run-1")
    (row,) = alarm_log(record.entries)
    (whole,) = snapshot_of(record, row).waves
    (read,) = read_snapshot(tmp_path, "run", row.t_ns).waves
    assert np.array_equal(whole.t_ns, read.t_ns)
    assert np.array_equal(whole.values, read.values)
    assert whole.breaks == read.breaks
    assert len(whole.values) == 20 * 250 - 500


def test_unknown_and_damaged(store, tmp_path):
    with pytest.raises(KnownError, match="chairside sessions"):
        read_snapshot(tmp_path, "nothing", 0)
    core = store.recorder_core("run-1")
    core.write(ecg(0, 500))
    core.close()
    with sqlite3.connect(tmp_path / "training.db") as database:
        for (name,) in database.execute("select name from sqlite_master where type='trigger'").fetchall():
            database.execute(f"drop trigger {name}")
        database.execute("update wave_block set dtype = 'f8'")
    database.close()
    with pytest.raises(KnownError, match="chairside verify"):
        read_snapshot(tmp_path, "run-1", 0)
