"""Raw bytes beside a session: exact, in the order of time, numbered without a hole, the first to go when there is no room."""

import sqlite3
import tracemalloc
from itertools import pairwise

import pytest
from sqlalchemy import event

from devices.errors import DatabaseCorruptError
from monitor_app.core import journal as j
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage.record_hash import record_sha256
from monitor_app.storage.recorder_core import RecorderOptions
from monitor_app.storage.store import Store
from monitor_app.storage.verify import verify

HALF = 500_000_000
SOURCE = "berry@/dev/ttyUSB0"


def heard(number: int, size: int = 40, source: str = SOURCE) -> j.RawEntry:
    """The bytes of one read, 20 ms after the last; no two alike."""
    stamp = Stamp(number * 20_000_000, number * 20)
    return j.RawEntry(stamp, source, number.to_bytes(4) * (size // 4))


def sent(number: int) -> j.RawEntry:
    return j.RawEntry(Stamp(number * 20_000_000 + 1, number * 20), SOURCE, b"ask%d" % number, sent=True)


def numbers(store: Store) -> list[int]:
    raw = sqlite3.connect(store.path)
    found = [number for (number,) in raw.execute("SELECT number FROM raw_block ORDER BY rowid")]
    raw.close()
    return found


def test_every_byte_comes_back_both_ways_in_the_order_of_time(store: Store) -> None:
    pieces = [entry for n in range(100) for entry in (heard(n), *([sent(n)] if n % 7 == 0 else []))]
    core = store.recorder_core("7f3a-session")
    for index, entry in enumerate(pieces):
        core.write(entry)
        core.flush(index * HALF // 25)
    core.close()
    (track,) = store.record("7f3a").raw
    assert list(track.pieces()) == pieces
    assert list(track.pieces()) == pieces  # each time afresh
    assert (track.source, track.bytes_heard, track.bytes_sent) == (
        SOURCE,
        4000,
        sum(len(p.data) for p in pieces if p.sent),
    )
    assert verify(store.path.parent) == []
    assert 8 <= len(numbers(store)) <= 10  # two directions, some two seconds


def test_two_links_are_kept_apart(store: Store) -> None:
    core = store.recorder_core("7f3a-session")
    core.write_many(heard(n, source=source) for n in range(10) for source in ("a@1", "b@2"))
    core.close()
    assert [(track.source, track.bytes_heard) for track in store.record("7f3a").raw] == [
        ("a@1", 400),
        ("b@2", 400),
    ]


def test_raw_bytes_wait_for_the_half_second(store: Store) -> None:
    core = store.recorder_core("7f3a-session")
    core.flush(0)
    core.write(heard(0))
    core.flush(HALF - 1)
    assert (core.commits, numbers(store)) == (0, [])
    core.flush(HALF)
    assert (core.commits, numbers(store)) == (1, [1])
    core.close()


def test_numbering_goes_on_after_a_restart_and_the_trail_speaks_once(store: Store) -> None:
    for begin in (0, 50, 100):
        core = store.recorder_core("7f3a-session")
        core.write_many(heard(n) for n in range(begin, begin + 50))
        core.close()
    assert numbers(store) == [1, 2, 3]
    raw = sqlite3.connect(store.path)
    assert raw.execute("SELECT action, entity_id FROM audit WHERE entity = 'raw_block'").fetchall() == [
        ("create", SOURCE)
    ]
    raw.close()
    assert verify(store.path.parent) == []


def test_the_signed_hash_does_not_speak_of_raw_bytes(full: Store) -> None:
    record = full.record("7f3a")
    before = record_sha256(record)
    core = full.recorder_core("7f3a-session")
    core.write_many(heard(n) for n in range(10))
    core.close()
    assert record_sha256(full.record("7f3a")) == before


def limit_pages(store: Store, pages: list[int]) -> None:
    event.listen(store._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages[0]}"))


def test_while_the_disk_refuses_raw_bytes_go_first_and_leave_a_gap(store: Store) -> None:
    pages, told = [1], []
    limit_pages(store, pages)
    options = RecorderOptions(on_error=told.append, memory_bytes=60_000)
    core = store.recorder_core("7f3a-session", options)
    for half in range(60):
        core.write_many(heard(n, size=80) for n in range(half * 25, half * 25 + 25))
        core.write(j.NumericEntry(Stamp(half * HALF, half * 500), SOURCE, "HR", 70.0, "/min"))
        core.write(j.CareEntry(Stamp(half * HALF, half * 500), f"e{half}", "note", "x", Actor("Ana")))
        core.flush(half * HALF)
    assert core.shed > 0
    assert len(told) == 1
    pages[0] = 100_000
    core.close()
    record = store.record("7f3a")
    assert (
        sum(isinstance(e, j.NumericEntry) for e in record.entries) == 60
    )  # nothing but raw bytes was given up
    assert sum(isinstance(e, j.CareEntry) for e in record.entries) == 60
    (gap,) = [e for e in record.entries if isinstance(e, j.GapEntry)]
    assert (gap.source, gap.channel) == (SOURCE, "raw")
    kept = numbers(store)
    assert kept == list(range(1, len(kept) + 1))  # no hole where rows were given up
    (track,) = record.raw
    pieces = list(track.pieces())
    assert pieces == [heard(n, size=80) for n in range(1500 - len(pieces), 1500)]
    assert gap.duration_ns >= (1500 - len(pieces) - 1) * 20_000_000
    assert verify(store.path.parent) == []


def test_a_full_disk_loses_nothing_that_memory_can_hold(store: Store) -> None:
    pages, told = [1], []
    limit_pages(store, pages)
    core = store.recorder_core("7f3a-session", RecorderOptions(on_error=told.append))
    written = [heard(n, size=400) for n in range(1000)]
    for index, entry in enumerate(written):
        core.write(entry)
        core.flush(index * 20_000_000)
    assert told
    pages[0] = 100_000
    core.close()
    assert list(store.record("7f3a").raw[0].pieces()) == written


def unguarded(store: Store, statement: str) -> None:
    raw = sqlite3.connect(store.path)
    guards = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name='raw_block'"
    ).fetchall()
    for name, _ in guards:
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute(statement)
    for _, text in guards:
        raw.execute(text)
    raw.commit()
    raw.close()


@pytest.fixture
def recorded(store: Store) -> Store:
    core = store.recorder_core("7f3a-session")
    for half in range(4):
        core.write_many(heard(n) for n in range(half * 25, half * 25 + 25))
        core.flush()
    core.close()
    assert numbers(store) == [1, 2, 3, 4]
    return store


@pytest.mark.parametrize(
    ("statement", "where", "problem"),
    [
        ("UPDATE raw_block SET data = zeroblob(1000) WHERE number = 2", "raw_block row 2", "were changed"),
        ("UPDATE raw_block SET sent = 1 WHERE number = 3", "raw_block row 3", "were changed"),
        ("DELETE FROM raw_block WHERE number = 2", "raw_block row 3", "before it are missing"),
        ("DELETE FROM raw_block", f"raw_block of {SOURCE}", "it is gone"),
    ],
)
def test_what_was_done_to_them_is_named(recorded: Store, statement: str, where: str, problem: str) -> None:
    unguarded(recorded, statement)
    (finding,) = verify(recorded.path.parent)
    assert (finding.where, finding.session) == (where, "7f3a-session")
    assert problem in finding.problem


def test_a_torn_row_is_reported_by_its_number(recorded: Store) -> None:
    unguarded(recorded, "UPDATE raw_block SET marks = x'00' WHERE number = 2")
    with pytest.raises(DatabaseCorruptError, match="raw_block row 2"):
        list(recorded.record("7f3a").raw[0].pieces())


def test_rows_are_never_changed_nor_removed(recorded: Store) -> None:
    raw = sqlite3.connect(recorded.path)
    for statement in ("DELETE FROM raw_block", "UPDATE raw_block SET sent = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_reading_holds_a_few_rows_at_a_time(store: Store) -> None:
    core = store.recorder_core("7f3a-session")
    for n in range(300):
        core.write(j.RawEntry(Stamp(n * HALF, n * 500), SOURCE, bytes([n % 256]) * 40_000))
        core.flush()
    core.close()
    (track,) = store.record("7f3a").raw
    assert track.bytes_heard == 12_000_000
    tracemalloc.start()
    times = [piece.stamp.t_ns for piece in track.pieces()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert all(a < b for a, b in pairwise(times))
    assert peak < 6_000_000
