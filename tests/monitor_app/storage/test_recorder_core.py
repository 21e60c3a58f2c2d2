"""When rows are cut, when they are committed, and what happens while the disk refuses."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event

from devices.errors import BugError, DatabaseLockedError, DiskFullError, RefusedError
from devices.signals import Provenance, WaveScale
from monitor_app.core import journal as j
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.connection import writing_engine
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.recorder_core import RecorderOptions
from monitor_app.storage.store import Store
from monitor_app.storage.verify import verify

HALF = 500_000_000


def note(number: int) -> j.CareEntry:
    return j.CareEntry(Stamp(number * 10**9, number * 1000), f"e{number}", "note", "x" * 200, Actor("Ana"))


def block(first: int, count: int) -> j.WaveBlock:
    counts = np.full(count, 700, dtype=np.int32)
    stamp, scale = Stamp(first * 2_000_000, first * 2), WaveScale("mV", 0.005, 0, 0, 4095)
    return j.WaveBlock(stamp, "berry@pty", "ECG_II", 500.0, first, counts, scale)


def count_rows(store: Store, table: str) -> int:
    engine = writing_engine(store.path)
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)  # noqa: S608


def test_waves_and_numerics_wait_for_the_half_second_events_do_not(store: Store) -> None:
    core = store.recorder_core("7f3a-session")
    core.flush(0)
    core.write(block(0, 250))
    core.write(j.NumericEntry(Stamp(1, 1), "berry@pty", "HR", 80.0, "/min"))
    core.flush(HALF - 1)
    assert (count_rows(store, "wave_block"), count_rows(store, "numeric")) == (0, 0)
    core.write(note(1))
    assert (count_rows(store, "care"), count_rows(store, "numeric")) == (1, 1)
    core.flush(HALF)
    assert count_rows(store, "wave_block") == 1
    core.close()


def test_several_half_seconds_in_one_commit_are_still_one_row_each(store: Store) -> None:
    core = store.recorder_core("7f3a-session", RecorderOptions(half_seconds_per_commit=4))
    core.flush(0)
    for half in range(1, 5):
        core.write(block((half - 1) * 250, 250))
        core.flush(half * HALF)
        assert core.commits == (half == 4)
    assert count_rows(store, "wave_block") == 4
    core.close()


def limit_pages(store: Store, pages: list[int]) -> None:
    """Make the file as small as ``pages[0]`` allows, on every connection opened from now on."""
    event.listen(store._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages[0]}"))


@pytest.fixture
def told() -> list[object]:
    return []


@pytest.fixture
def options(told: list[object]) -> RecorderOptions:
    return RecorderOptions(on_error=told.append, on_recovered=lambda: told.append("recovered"))


def test_a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_room_again(
    store: Store, options: RecorderOptions, told: list[object]
) -> None:
    pages = [1]  # SQLite reads this as: no larger than now
    limit_pages(store, pages)
    core = store.recorder_core("7f3a-session", options)
    for number in range(100):
        core.write(note(number))
        core.write(block(number * 250, 250))
        core.flush(number * HALF)
    assert [type(item) for item in told] == [DiskFullError]
    assert "free some space" in str(told[0])
    assert core.waiting
    pages[0] = 100_000
    core.flush()
    assert told[1:] == ["recovered"]
    assert core.problem is None
    core.close()
    record = store.record("7f3a")
    assert [e.entry_id for e in record.entries if isinstance(e, j.CareEntry)] == [f"e{n}" for n in range(100)]
    assert record.waves[0].sample_count == 25_000
    assert verify(store.path.parent) == []


def test_after_too_long_waves_go_first_and_leave_a_gap_events_never(store: Store, told: list[object]) -> None:
    pages = [1]
    limit_pages(store, pages)
    core = store.recorder_core("7f3a-session", RecorderOptions(on_error=told.append, memory_bytes=60_000))
    for number in range(200):
        core.write(note(number))
        core.write(block(number * 250, 250))
        core.flush(number * HALF)
    assert core.shed > 0
    pages[0] = 100_000
    core.close()
    record = store.record("7f3a")
    assert sum(isinstance(e, j.CareEntry) for e in record.entries) == 200
    (gap,) = [e for e in record.entries if isinstance(e, j.GapEntry)]
    assert gap.channel == "ECG_II"
    assert gap.duration_ns >= core.shed * HALF * 0.9
    assert "full" in gap.reason


def test_closing_with_something_unwritten_says_so(store: Store, options: RecorderOptions) -> None:
    limit_pages(store, [1])
    core = store.recorder_core("7f3a-session", options)
    for number in range(50):
        core.write(note(number))
    with pytest.raises(DiskFullError):
        core.close()


def test_another_writer_in_the_way_is_waited_out(
    store: Store, told: list[object], options: RecorderOptions
) -> None:
    event.listen(store._engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=1"))
    core = store.recorder_core("7f3a-session", options)
    with writing_engine(store.path).connect() as other, other.begin():
        core.write(note(1))
        assert isinstance(told[0], DatabaseLockedError)
    core.flush()
    assert told[1:] == ["recovered"]
    assert count_rows(store, "care") == 1
    core.close()


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "bad",
    [
        dataclasses.replace(note(1), text="half a pair \ud800"),
        dataclasses.replace(note(1), stamp=Stamp(2**63, 0)),
        dataclasses.replace(note(1), fields={"x": object()}),
        j.LimitEntry(Stamp(1, 1), "R", "high", float("nan"), Actor()),
        dataclasses.replace(block(0, 10), rate_hz=0.0),
        dataclasses.replace(block(0, 600), first_sample=2**63),
    ],
    ids=["text", "stamp", "field", "nan", "rate", "counter"],
)
def test_an_entry_that_cannot_be_stored_leaves_a_note_and_stops_nothing(
    store: Store, bad: j.JournalEntry
) -> None:
    core = store.recorder_core("7f3a-session")
    core.write_many((note(0), bad, note(2)))
    core.close()
    kinds = [type(e).__name__ for e in store.record("7f3a").entries]
    assert kinds == ["CareEntry", "SystemEntry", "CareEntry"]


def test_a_numeric_that_is_not_a_number_is_no_value(store: Store) -> None:
    core = store.recorder_core("7f3a-session")
    core.write(j.NumericEntry(Stamp(1, 1), "d", "HR", float("nan"), "/min"))
    core.close()
    (entry,) = store.record("7f3a").entries
    assert isinstance(entry, j.NumericEntry)
    assert entry.value is None


def test_the_wrong_kind_of_device_or_session_is_refused(store: Store, opened: j.SessionOpened) -> None:
    core = store.recorder_core("7f3a-session")
    real = j.DeviceEntry(Stamp(0, 0), "berry@/dev/ttyUSB0", "berry", "", Provenance.REAL)
    with pytest.raises(RefusedError, match="training session"):
        core.write(real)
    core.write(opened)  # its own head is already there
    with pytest.raises(BugError):
        core.write(dataclasses.replace(opened, session_id="other"))
    core.close()


def test_a_simulated_device_is_refused_in_a_clinical_session(tmp_path: Any, opened: j.SessionOpened) -> None:
    with Store.open(tmp_path, StoreKind.CLINICAL) as store:
        with pytest.raises(RefusedError, match="never kept among clinical"):
            store.new_session(opened)
        store.new_session(dataclasses.replace(opened, simulated=False))
        core = store.recorder_core(opened.session_id)
        with pytest.raises(RefusedError, match="simulated or replayed"):
            core.write(j.DeviceEntry(Stamp(0, 0), "berry@pty", "berry", "", Provenance.SIMULATED))
        core.close()


def test_numbering_goes_on_after_a_restart(store: Store) -> None:
    for number in range(3):
        core = store.recorder_core("7f3a-session")
        core.write(j.NumericEntry(Stamp(number, 1), "d", "HR", float(number), "/min"))
        core.write(block(number * 250, 250))
        core.write(note(number))
        core.close()
    record = store.record("7f3a")
    assert [type(e).__name__ for e in record.entries] == ["NumericEntry", "CareEntry"] * 3
    assert [(t.name, t.sample_count) for t in record.waves] == [("ECG_II", 750)]
    assert count_rows(store, "channel") == 2
