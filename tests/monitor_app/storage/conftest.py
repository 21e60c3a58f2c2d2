"""One session with an entry of every kind, and a training store to write it to."""

import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from devices.signals import LinkState, NibpFailure, Provenance, Quality, WaveScale
from monitor_app.core import journal as j
from monitor_app.core.commissioning import Commissioning, ComparedValue
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp
from monitor_app.storage import archive
from monitor_app.storage.commissioning import add_commissioning
from monitor_app.storage.connection import reading_engine
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

START_MS = 1_767_600_000_000  # 2026-01-05T08:00:00Z
NURSE = Actor("Ana Prado", "nurse")
DOCTOR = Actor("R. Vance", "prescriber")
ECG = WaveScale("mV", 0.005, 2048.0, 0, 4095)


def at(seconds: float) -> Stamp:
    return Stamp(round(seconds * NS_PER_S), START_MS + round(seconds * 1000))


OPENED = j.SessionOpened(
    at(0), "7f3a-session", "P-0042", "AB", True, "chair 2", "chairside 0.1.0", "S01", 2**70, {"age_years": 41}
)

ENTRIES: tuple[j.JournalEntry, ...] = (
    j.DeviceEntry(at(0), "berry@pty", "berry", "Berry PM6750", Provenance.SIMULATED, "CHAIRSIDE-SIM"),
    j.LinkEntry(at(0.1), "berry@pty", LinkState.STREAMING, "streaming", 10, 1, 3),
    j.LimitEntry(at(0.2), "AL-HR-02", "high", 120.0, NURSE, "agreed"),
    j.PhaseEntry(at(1), Phase.CHECKIN, Phase.BASE, NURSE, "ready", ("fasting",)),
    j.AnswerEntry(at(2), "consent", True, NURSE),
    j.AnswerEntry(at(2.1), "weight_kg", 70.5, NURSE, DOCTOR, "scale broken"),
    j.NumericEntry(at(3), "berry@pty", "HR", 85, "/min"),
    j.NumericEntry(at(3), "berry@pty", "SPO2", None, "%", Quality.INVALID | Quality.SENSOR_OFF),
    j.NibpStarted(at(4), "berry@pty", "manual"),
    j.NibpEntry(at(30), "n1", "berry@pty", "manual", at(4).t_ns, 131, 78, 95.7, True, 80.0, None, "", "left arm"),
    j.NibpEntry(at(60), "n2", "berry@pty", "auto", None, None, None, None, False, None, NibpFailure.MOTION),
    j.BaselineEntry(at(61), j.Baseline(131, 78, 85.0, None, 14.0, 95.7), ("n1",), NURSE),
    j.OrderEntry(at(62), j.Order(0.5, 70.5, 2.0, 40.0, "R. Vance", True), DOCTOR),
    j.RefusalEntry(at(63), "INF", ("order not signed", "no second reading"), NURSE),
    j.InfusionEntry(at(64), "e1", "started", 26.4, NURSE, "", 0.0),
    j.CareEntry(at(65), "e2", "drug", "midazolam 2 mg", NURSE, {"drug": "midazolam", "dose": 2.0, "iv": True}),
    j.VoidEntry(at(66), "e2", NURSE, "wrong patient"),
    j.AlarmEntry(
        at(70), "a1", "AL-HR-02", AlarmClass.PHYSIOLOGICAL, Priority.MEDIUM,
        "ACTIVE", "ACTIVE_ACK", Phase.INF, 131.0, 120.0, "HR 131 > 120", "", "not confirmed by pulse", NURSE,
    ),
    j.SoundEntry(at(71), "audio paused", NURSE, at(191).t_ns, "noise"),
    j.GapEntry(at(72), "berry@pty", "ECG_II", 1_500_000_000, "cable out"),
    j.SystemEntry(at(73), "CLOCK_JUMP", "clock set back 3600 s", {"seconds": -3600}),
    j.SignatureEntry(at(80), DOCTOR, "reviewed", "ab" * 32),
)  # fmt: skip
assert {type(e) for e in ENTRIES} | {j.SessionOpened, j.WaveBlock, RawEntry} == set(get_args(j.JournalEntry))


def ecg(first: int, count: int, *, rate_hz: float = 500.0) -> j.WaveBlock:
    counts = (2048 + 900 * np.sin(np.arange(first, first + count) / 30)).astype(np.int32)
    return j.WaveBlock(at(first / rate_hz), "berry@pty", "ECG_II", rate_hz, first, counts, ECG)


def raw_pieces() -> tuple[RawEntry, ...]:
    """A second of a line at both directions, every byte value among them."""
    heard = [RawEntry(at(n / 50), "berry@pty", bytes(range(n, 256 - n)) * 2) for n in range(50)]
    sent = [RawEntry(at(0.3), "berry@pty", b"\x55\xaa\x04\x01\x01\xf9", sent=True)]
    return tuple(sorted([*heard, *sent], key=lambda piece: piece.stamp))


EXAMINED = Commissioning(
    "berry", "Berry PM6750", (ComparedValue("HR", 80, 81, 2), ComparedValue("SPO2", 97, 97, 2)), True, "AL-HR-02",
    4.2, "Simulator 7, serial 12", "Kim Oto", "biomedical engineer", date(2026, 1, 2), date(2027, 1, 2),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, StoreKind.TRAINING, workstation="bench") as opened:
        opened.new_session(OPENED)
        yield opened


@pytest.fixture
def full(store: Store) -> Store:
    """A store whose session holds one entry of every kind and two seconds of ECG."""
    core = store.recorder_core(OPENED.session_id)
    for first in range(0, 1000, 20):
        core.write(ecg(first, 20))
    for entry in ENTRIES:
        core.write(entry)
    core.write_many(raw_pieces())
    core.close()
    add_commissioning(store.path.parent, store.kind, EXAMINED, at(100), "bench")
    return store


@pytest.fixture
def same_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read one file through one engine: connections stay new, statements are put together once and not at every look."""
    monkeypatch.setattr(archive, "reading_engine", functools.cache(reading_engine))


@pytest.fixture(scope="session")
def opened() -> j.SessionOpened:
    return OPENED


@pytest.fixture(scope="session")
def entries() -> tuple[j.JournalEntry, ...]:
    return ENTRIES


@pytest.fixture(scope="session")
def pieces() -> tuple[RawEntry, ...]:
    return raw_pieces()


@pytest.fixture(scope="session")
def examined() -> Commissioning:
    return EXAMINED
