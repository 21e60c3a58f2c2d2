"""The recorder's thread: never in the caller's way, nothing lost, nothing silent."""

import threading

import pytest
from sqlalchemy import event

from devices.clock import ManualClock, SystemClock
from devices.errors import BugError, DiskFullError, RefusedError, StorageError
from devices.signals import Provenance
from monitor_app.core import journal as j
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.storage import recorder as recorder_module
from monitor_app.storage.recorder import Recorder
from monitor_app.storage.recorder_core import RecorderOptions
from monitor_app.storage.store import Store


def note(number: int) -> j.CareEntry:
    return j.CareEntry(Stamp(number, number), f"e{number}", "note", "here", Actor("Ana"))


def numeric(number: int) -> j.NumericEntry:
    return j.NumericEntry(Stamp(number, number), "d@p", "HR", float(number), "/min")


def recorder(store: Store, options: RecorderOptions | None = None) -> Recorder:
    return store.recorder("7f3a-session", clock=SystemClock(), options=options)


def test_a_waiting_write_is_in_the_file_when_it_returns(store: Store) -> None:
    running = recorder(store)
    running.write_and_wait(note(1))
    assert store.record("7f3a").entries == (note(1),)
    running.close()
    assert running.counters.waiting == 0


def test_many_threads_write_at_once(store: Store) -> None:
    running = recorder(store)

    def work(base: int) -> None:
        for number in range(100):
            running.write(numeric(base + number))
            running.write(note(base + number))

    threads = [threading.Thread(target=work, args=(base,)) for base in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    running.close()
    entries = store.record("7f3a").entries
    assert len(entries) == 600
    for base in (0, 1000, 2000):  # each thread's own order is kept
        mine = [
            e.t_ns
            for e in (x.stamp for x in entries if isinstance(x, j.CareEntry))
            if base <= e.t_ns < base + 1000
        ]
        assert mine == list(range(base, base + 100))


def test_closing_writes_what_waits(store: Store) -> None:
    running = recorder(store)
    assert all(running.write(numeric(number)) for number in range(50))
    running.close()
    running.close()
    assert len(store.record("7f3a").entries) == 50


def test_a_full_queue_counts_signals_and_still_takes_events(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "QUEUE_LIMIT", 5)
    # A clock that stands still: only events and the end wake the thread.
    running = store.recorder("7f3a-session", clock=ManualClock())
    accepted = [running.write(numeric(number)) for number in range(50)]
    assert accepted.count(False) == running.counters.dropped == 45
    assert running.write(note(1))
    running.close()
    assert len(store.record("7f3a").entries) == 6


def test_a_full_disk_reaches_the_callback_and_the_caller_that_waits(store: Store) -> None:
    pages = [1]
    event.listen(store._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages[0]}"))
    told: list[object] = []
    recovered = threading.Event()
    running = recorder(store, RecorderOptions(on_error=told.append, on_recovered=recovered.set))
    for number in range(500):
        running.write(note(number))
    with pytest.raises(DiskFullError):
        running.drain()
    assert isinstance(told[0], DiskFullError)
    assert isinstance(running.problem, DiskFullError)
    pages[0] = 10_000
    assert recovered.wait(5)  # it tries again by itself each half second
    running.close()
    assert running.problem is None


@pytest.mark.expects_log
def test_a_bug_in_the_recorder_is_told_and_does_not_end_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[StorageError] = []
    running = recorder(store, RecorderOptions(on_error=told.append))
    with monkeypatch.context() as patched:
        patched.setattr(running._core, "write_many", lambda _: 1 / 0)
        running.write(note(1))
        running.drain()
    assert "unexpected error" in str(told[0])
    running.write_and_wait(note(2))
    running.close()


def test_what_does_not_belong_is_refused_at_the_door(store: Store, opened: j.SessionOpened) -> None:
    running = recorder(store)
    with pytest.raises(RefusedError):
        running.write(j.DeviceEntry(Stamp(0, 0), "b@tty", "b", "", Provenance.REAL))
    assert running.write(opened)
    with pytest.raises(BugError):
        running.write(j.SessionOpened(Stamp(0, 0), "x", "p", "", True, "c", "v"))
    running.close()
    with pytest.raises(BugError):
        running.write(note(1))
    with pytest.raises(BugError):
        running.drain()
