"""A short visit made by hand, so that what stands in an export can be read off this page."""

from collections.abc import Iterator

import numpy as np
import pytest

from devices.signals import NibpFailure, Provenance, Quality, WaveScale
from monitor_app.core import journal as j
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.record import SessionRecord, WaveTrack
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp

START_MS = 1_772_368_200_000  # 2026-03-01T12:30:00Z
ANA = Actor("Ana Prado", "nurse")
SOURCE = "berry@/dev/serial-4711"


def at(seconds: float) -> Stamp:
    return Stamp(round(seconds * NS_PER_S), START_MS + round(seconds * 1000))


def alarm(seconds: float, steps: str, value: float | None, **more: object) -> j.AlarmEntry:
    before, after = steps.split()
    return j.AlarmEntry(
        at(seconds), "a1", "AL-HR-02", AlarmClass.PHYSIOLOGICAL, Priority.MEDIUM,
        before, after, Phase.INF, value, 120.0, f"HR {value} > 120", **more,
    )  # fmt: skip


ENTRIES: tuple[j.JournalEntry, ...] = (
    j.DeviceEntry(at(0), SOURCE, "berry", "Berry PM6750", Provenance.REAL, "SN-998877"),
    j.PhaseEntry(at(0.5), Phase.CHECKIN, Phase.BASE, ANA),
    j.NumericEntry(at(1.0), SOURCE, "HR", 85.0, "/min"),
    j.NumericEntry(at(1.2), "chairside", "HR", 86.5, "/min"),
    j.NumericEntry(at(1.4), SOURCE, "HR", 87.0, "/min"),
    j.NumericEntry(at(1.0), SOURCE, "SPO2", 0.0, "%"),
    j.NumericEntry(at(2.0), SOURCE, "SPO2", None, "%", Quality.INVALID),
    j.AnswerEntry(at(2.5), "escort", "João, the brother", ANA, None, "asked; twice"),
    j.NibpStarted(at(3.0), SOURCE, "auto"),
    j.NibpEntry(
        at(5.0), "n1", SOURCE, "auto", at(3).t_ns, 148.0, 86.0, 106.7, True, 80.0, None, "", "left arm"
    ),
    j.NibpEntry(
        at(7.0), "n2", SOURCE, "retake", at(6).t_ns, None, None, None, False, None, NibpFailure.MOTION
    ),
    j.PhaseEntry(at(6.0), Phase.READY, Phase.INF, ANA, "", ("order not signed",)),
    alarm(6.0, "IDLE PENDING", 121.0),
    alarm(6.3, "PENDING ACTIVE", 131.0),
    alarm(7.0, "ACTIVE ACTIVE_ACK", 128.0, by=ANA),
    alarm(8.0, "ACTIVE_ACK IDLE", 110.0, note="not confirmed"),
    j.CareEntry(at(7.5), "e1", "oxygen", 'on, "2 L"\nnasal', ANA, {"l_per_min": 2, "device": "nasal"}),
    j.CareEntry(at(7.6), "e2", "note", "João said hello", ANA),
    j.VoidEntry(at(7.7), "e2", ANA, "not of the visit"),
    j.GapEntry(at(8.0), SOURCE, "ECG_II", 1_500_000_000, "cable out"),
)


def record(*, simulated: bool = False) -> SessionRecord:
    opened = j.SessionOpened(
        at(0), "session-7f3a", "P-0042-KEY", "JM", simulated, "chair 2", "chairside 0.1.0", "", None,
        {"age_years": 93, "allergies": "penicillin (João)", "weight_kg": 70.5},
    )  # fmt: skip
    scale = WaveScale("mV", 0.005, 100.0, 0, 4095)
    pleth = WaveScale("1", None, 0.0, 0, 255)

    def ecg() -> Iterator[j.WaveBlock]:
        yield j.WaveBlock(at(1), SOURCE, "ECG_II", 4.0, 40, np.array([100, 300], dtype=np.int32), scale)
        yield j.WaveBlock(at(3), SOURCE, "ECG_II", 4.0, 48, np.array([-100], dtype=np.int32), scale)

    def finger() -> Iterator[j.WaveBlock]:
        yield j.WaveBlock(at(1), SOURCE, "PLETH", 2.0, 0, np.array([7, 8], dtype=np.int32), pleth)

    waves = (WaveTrack(SOURCE, "ECG_II", 4.0, 3, ecg), WaveTrack(SOURCE, "PLETH", 2.0, 2, finger))
    return SessionRecord(opened, ENTRIES, waves, Phase.INF, 9.5, closed=True, database_revision="0001")


@pytest.fixture
def visit() -> SessionRecord:
    return record()


@pytest.fixture
def simulated_visit() -> SessionRecord:
    return record(simulated=True)
