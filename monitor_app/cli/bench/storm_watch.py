"""Who looks on while the storm lasts: at what is painted, what sounds, what stands in the file, what the bedside recorded.

All instants are on the monotonic clock. The watchers only note; ``storm_account`` makes figures of it.
"""

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from monitor_app.cli.bench.rig import PaintWatch
from monitor_app.cli.bench.stamped_sound import StampedOutputs
from monitor_app.core.journal import AlarmEntry, JournalEntry, NumericEntry, RefusalEntry
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui.canvas import Painted
from monitor_app.ui.sounder import QtSounder

LOOK_EVERY_S = 0.002
GIVE_UP_S = 5.0


@dataclass(slots=True)
class Painting:
    """Every painting of a widget: when it was done, and the texts that stand in it."""

    paintings: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def watch(self, widget: Painted) -> None:
        """Begin. Qt thread only."""
        PaintWatch(widget, lambda now_ns: self.note(now_ns, widget))

    def note(self, now_ns: int, widget: Painted) -> None:
        """Keep what the widget drew last, where it is on the screen."""
        if widget.isVisible():
            self.paintings.append((now_ns, tuple(placed.text for placed in widget.placed)))

    def first(self, text: str, from_ns: int) -> int | None:
        """When the text first stood there, from an instant on; None if never."""
        found = (t for t, texts in self.paintings if t >= from_ns and any(text in drawn for drawn in texts))
        return next(found, None)


class NotingSounder(QtSounder):
    """The program's own sounder on an output that notes when samples are read. Bursts may come from any thread."""

    def __init__(self) -> None:
        self._read = StampedOutputs()
        self.asked: list[tuple[int, SoundBurst]] = []
        super().__init__(lambda: self._read)

    def play(self, burst: SoundBurst) -> None:
        """See ``Sounder``."""
        self.asked.append((time.monotonic_ns(), burst))
        super().play(burst)

    @property
    def bursts(self) -> list[tuple[int, int, str]]:
        """When each burst was asked for, when its samples began to be read, and its urgency."""
        pairs = zip(self.asked, self._read.started_ns, strict=False)
        return [(asked_ns, read_ns, burst.urgency) for (asked_ns, burst), read_ns in pairs]


class Rows:
    """Watches the file itself, through a connection of its own, for steps of alarms."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self.seen_ns: dict[tuple[str, str], int] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bench record", daemon=True)

    def start(self) -> None:
        """Begin, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End. Harmless twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(GIVE_UP_S)

    def _watch(self) -> None:
        connection = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        version, last = -1, 0
        while not self._stopping.wait(LOOK_EVERY_S):
            (now,) = connection.execute("PRAGMA data_version").fetchone()
            if now == version:  # nobody has committed
                continue
            version = now
            query = "SELECT seq, occurrence_id, to_state FROM alarm WHERE seq > ? ORDER BY seq"
            rows = connection.execute(query, (last,)).fetchall()
            at_ns = time.monotonic_ns()
            for row, occurrence, state in rows:
                last = row
                self.seen_ns.setdefault((occurrence, state), at_ns)
        connection.close()


@dataclass(slots=True)
class Journal:
    """What the bedside recorded, with its session times; filled in the bedside's thread."""

    alarms: list[AlarmEntry] = field(default_factory=list)
    numbers: list[NumericEntry] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def take(self, entry: JournalEntry) -> None:
        """Keep alarms, numbers, and what was refused."""
        if isinstance(entry, AlarmEntry):
            self.alarms.append(entry)
        elif isinstance(entry, NumericEntry):
            self.numbers.append(entry)
        elif isinstance(entry, RefusalEntry):
            self.refused += entry.reasons
