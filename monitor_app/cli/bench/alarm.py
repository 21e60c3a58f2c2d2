"""From an alarm's condition to its picture, its sound and its row in the record (design.md §9)."""

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from devices.clock import NS_PER_MS
from monitor_app.cli.bench.figure import Figure
from monitor_app.cli.bench.rig import PaintWatch, Rig, live_rig, wait_for
from monitor_app.cli.bench.stamped_sound import StampedOutputs
from monitor_app.core.commands import Acknowledge, Advance, Answer
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.bedside.thread import StorageTrouble
from monitor_app.storage.kind import StoreKind
from monitor_app.ui.sounder import QtSounder

BOUND_MS = 100.0
"""design.md §9: Alarm condition met → drawn, samples handed to the sound sink, recorded."""
RULE = "TE-12"
"""HIGH, without a delay of its own, and it can be raised and ended at will (clinical.md §6.6)."""
REASON = "measured by the bench"
BENCH = Actor("bench", "nurse")
GIVE_UP_S = 5.0
SETTLE_S = 2.0
"""The window has just opened; starting has a bound of its own."""
BURST_S = 3.2
"""A HIGH burst lasts 3.1 s (clinical.md §5.3); the next alarm is raised when it has ended."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from the condition; infinite for what never came."""

    drawn: float
    sounded: float
    recorded: float

    @property
    def worst(self) -> float:
        """The slowest of the three."""
        return max(self.drawn, self.sounded, self.recorded)


def measure_alarm(folder: Path, *, quick: bool) -> list[Figure]:
    """Raise and end one alarm again and again; the slowest of picture, sound and record counts each time."""
    outputs = StampedOutputs()
    sounder = QtSounder(lambda: outputs)
    try:
        wait_for(lambda: not sounder.trouble, seconds=GIVE_UP_S)
        with live_rig(folder, sounder) as rig:
            seen = _rounds(rig, outputs, StoreKind.TRAINING.path(folder), count=2 if quick else 8)
    finally:
        sounder.close()
    medians = (f"{name} {np.median([getattr(d, name) for d in seen]):.0f}" for name in Delays.__slots__)
    note = f"{len(seen)} alarms; medians in ms: {', '.join(medians)}"
    p99_ms = float(np.quantile([d.worst for d in seen], 0.99))
    return [Figure("alarm condition to drawn, sounded, recorded, p99", p99_ms, "ms", BOUND_MS, note=note)]


def _rounds(rig: Rig, outputs: StampedOutputs, database: Path, *, count: int) -> list[Delays]:
    drawn = _Drawn()
    PaintWatch(rig.screen.window.alarm_bar, lambda now_ns: drawn.look(rig, now_ns))
    rig.live.post(Answer("identity", True, BENCH))
    rig.live.post(Advance(Phase.CHECKIN, BENCH))
    wait_for(lambda: rig.live.bedside.visit.phase is Phase.CHECKIN, seconds=GIVE_UP_S)
    settled = time.monotonic() + SETTLE_S
    wait_for(lambda: time.monotonic() > settled, seconds=SETTLE_S + 1)
    recorded = _Recorded(database)
    recorded.start()
    try:
        return [_once(rig, outputs, drawn, recorded) for _ in range(count)]
    finally:
        recorded.stop()


def _once(rig: Rig, outputs: StampedOutputs, drawn: "_Drawn", recorded: "_Recorded") -> Delays:
    before = recorded.rows
    drawn.at_ns = 0
    begun_ns = time.monotonic_ns()
    rig.live.thread.post(StorageTrouble(REASON))

    def first_burst_ns() -> int:
        return next((t for t in outputs.started_ns if t >= begun_ns), 0)

    wait_for(lambda: bool(drawn.at_ns and first_burst_ns() and recorded.after(before)), seconds=GIVE_UP_S)
    instants = (drawn.at_ns, first_burst_ns(), recorded.after(before))
    rig.live.thread.post(StorageTrouble(""))
    rig.live.post(Acknowledge(BENCH, RULE))
    quiet = time.monotonic() + BURST_S
    wait_for(lambda: time.monotonic() > quiet, seconds=BURST_S + 1)
    return Delays(*((at - begun_ns) / NS_PER_MS if at else float("inf") for at in instants))


@dataclass(slots=True)
class _Drawn:
    """When the alarm bar was first painted with the alarm's words."""

    at_ns: int = 0

    def look(self, rig: Rig, now_ns: int) -> None:
        words = (placed.text for placed in rig.screen.window.alarm_bar.placed)
        if not self.at_ns and any(REASON in text for text in words):
            self.at_ns = now_ns


@dataclass(slots=True)
class _Recorded:
    """Watches the file itself, through a connection of its own, for rows of the alarm."""

    database: Path
    rows: int = 0
    seen_ns: list[tuple[int, int]] = field(default_factory=list)
    _thread: threading.Thread | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="bench record", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(GIVE_UP_S)

    def after(self, rows: int) -> int:
        """When there were first more rows than this; 0 if never."""
        return next((t for t, n in self.seen_ns if n > rows), 0)

    def _watch(self) -> None:
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        query = "SELECT count(*) FROM alarm WHERE rule = ? AND to_state = 'ACTIVE'"
        while not self._stopping.wait(0.002):
            (rows,) = connection.execute(query, (RULE,)).fetchone()
            if rows > self.rows:
                self.seen_ns.append((time.monotonic_ns(), rows))
                self.rows = rows
        connection.close()
