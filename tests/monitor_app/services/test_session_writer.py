"""From the journal to the store: a session that cannot be opened yet is held, tried again, and loses nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.clock import ManualClock
from devices.errors import DiskFullError
from devices.signals import WaveScale
from monitor_app.core.journal import CareEntry, LimitEntry, NumericEntry, SessionOpened, WaveBlock
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.services import session_writer
from monitor_app.services.ids import entry_ids, last_number, random_session_id, seeded_session_id
from monitor_app.services.session_writer import LiveWriter, SteppedWriter
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store, open_archive

OPENED = SessionOpened(Stamp(0, 0), "s", "P-1", "", True, "1", "test")
SCALE = WaveScale("1", None, 0, 0, 255)


def note(number: int) -> CareEntry:
    return CareEntry(Stamp(number, number), f"{number:06d}", "note", "here", Actor("N"))


def block(first: int) -> WaveBlock:
    return WaveBlock(
        Stamp(first * 4_000_000, first * 4), "d@p", "ECG", 250.0, first, np.zeros(5, np.int32), SCALE
    )


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A disk that is full while the list says so."""
    state, real = [True], Store.new_session

    def new_session(store: Store, opened: Any) -> None:
        if state[0]:
            raise DiskFullError("no room left: free some space")
        real(store, opened)

    monkeypatch.setattr(Store, "new_session", new_session)
    return state


def test_entries_wait_until_the_session_can_be_opened(tmp_path: Path, full: list[bool]) -> None:
    troubles: list[str] = []
    clock = ManualClock()
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        writer = LiveWriter(store, on_trouble=troubles.append, clock=clock)
        writer.write(OPENED)
        writer.write(note(1))
        writer.write(block(0))
        with pytest.raises(DiskFullError):
            writer.record_hash()
        full[0] = False
        writer.write(note(2))  # tried a moment ago: not yet
        assert troubles == ["no room left: free some space"]
        clock.advance_s(1.1)
        writer.write(block(5))
        assert troubles == ["no room left: free some space", ""]
        writer.close()
    record = open_archive(tmp_path).record("s")
    assert [e.entry_id for e in record.entries if isinstance(e, CareEntry)] == ["000001", "000002"]
    assert record.waves[0].sample_count == 10


def test_what_could_never_be_written_is_an_error_at_the_end(tmp_path: Path, full: list[bool]) -> None:
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        writer = LiveWriter(store, on_trouble=lambda _: None, clock=ManualClock())
        writer.write(OPENED)
        writer.write(note(1))
        with pytest.raises(DiskFullError):
            writer.close()


def test_waves_held_beyond_the_limit_are_counted_events_never(
    tmp_path: Path, full: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_writer, "HELD_SIGNALS", 3)
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        writer = LiveWriter(store, on_trouble=lambda _: None, clock=ManualClock())
        writer.write(OPENED)
        for number in range(5):
            writer.write(block(number * 5))
            writer.write(note(number))
            writer.write(NumericEntry(Stamp(number, 0), "d@p", "HR", 70.0, "/min"))
        assert writer.counters is not None
        assert writer.counters.dropped == 7
        full[0] = False
        writer.close()
        assert writer.counters is not None
        assert writer.counters.dropped == 7
    record = open_archive(tmp_path).record("s")
    assert sum(isinstance(e, CareEntry) for e in record.entries) == 5


def test_where_the_waves_end_is_told_without_reading_them(tmp_path: Path) -> None:
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        writer = SteppedWriter(store, ManualClock(), on_trouble=lambda _: None)
        writer.write(OPENED)
        for first in range(0, 500, 5):
            writer.write(block(first))
        assert len(writer.record_hash()) == 64
        writer.close()
        (end,) = store.wave_ends("s").items()
    assert end[0] == ("d@p", "ECG")
    assert (end[1].rate_hz, end[1].next_sample, end[1].t_ns) == (250.0, 500, 2_000_000_000)


@pytest.mark.parametrize("how", ["entry", "tick", "hash", "close"])
def test_limits_are_written_together_in_their_order(tmp_path: Path, how: str) -> None:
    limits = [LimitEntry(Stamp(n, n), "AL-HR-03", "limit_per_min", 100.0 + n, Actor("N")) for n in range(50)]
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        writer = SteppedWriter(store, ManualClock(), on_trouble=lambda _: None)
        for entry in (OPENED, note(1), *limits):
            writer.write(entry)
        assert len(store.record("s").entries) == 1
        act = {"entry": lambda: writer.write(note(2)), "tick": writer.tick, "hash": writer.record_hash}
        act.get(how, writer.close)()
        found = store.record("s").entries
        assert found[:51] == (note(1), *limits)
        assert len(found) == (52 if how == "entry" else 51)
        writer.close()


def test_ids_go_on_after_the_last_one_used() -> None:
    new_id = entry_ids(last_number(["000007", "x", "", "000002"]))
    assert [new_id(), new_id()] == ["000008", "000009"]
    assert last_number([]) == 0
    assert random_session_id() != random_session_id()
    assert seeded_session_id("S01", 1, 0) == seeded_session_id("S01", 1, 0)
    assert len({seeded_session_id("S01", seed, run) for seed in range(3) for run in range(3)}) == 9
