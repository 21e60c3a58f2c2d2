"""From the bedside's journal to the store: opens the session with its first entry, then passes everything on."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from devices.clock import NS_PER_S, Clock, SystemClock
from devices.errors import StorageError
from monitor_app.core.journal import STREAMED, JournalEntry, LimitEntry, SessionOpened
from monitor_app.core.record import SessionRecord
from monitor_app.storage.record_hash import record_sha256, waves_sha256
from monitor_app.storage.recorder import Recorder, RecorderCounters
from monitor_app.storage.recorder_core import RecorderCore, RecorderOptions
from monitor_app.storage.store import Store

FAST_HALF_SECONDS_PER_COMMIT = 60
"""Runs faster than real time commit this many half-second rows at once; live it is one (design.md §6)."""

TRY_AGAIN_NS = NS_PER_S
"""How often a session that could not be opened in the store is tried again."""
HELD_SIGNALS = 20_000
"""Waves and numbers kept for a session that cannot be opened yet; events are always kept."""

Trouble = Callable[[str], None]


class _RecordHash:
    """The hash of a record, without reading its waves again while none has come: two signatures stand close together."""

    def __init__(self) -> None:
        self._samples = -1
        self._waves = ""

    def of(self, record: SessionRecord) -> str:
        """Return the record's hash."""
        samples = sum(track.sample_count for track in record.waves)
        if samples != self._samples:
            self._samples, self._waves = samples, waves_sha256(record)
        return record_sha256(record, waves=self._waves)


class LiveWriter:
    """Writes through the recorder's own thread. ``write`` belongs to the bedside's thread and does not wait for the disk.

    A session that the store cannot take (no room) is held in memory with all its entries and tried again each second.
    ``on_trouble`` is called from any thread: with a sentence when writing fails, with "" when it works again.
    """

    def __init__(self, store: Store, *, on_trouble: Trouble, clock: Clock | None = None) -> None:
        self._hash = _RecordHash()
        self._store = store
        self._clock = clock or SystemClock()
        self._on_trouble = on_trouble
        self._options = RecorderOptions(
            on_error=lambda error: on_trouble(str(error)), on_recovered=lambda: on_trouble("")
        )
        self._recorder: Recorder | None = None
        self._session_id = ""
        self._last_counters: RecorderCounters | None = None
        self._unopened: SessionOpened | None = None
        self._held: deque[JournalEntry] = deque()
        self._held_signals = 0
        self._dropped = 0
        self._tried_ns: int | None = None
        self._problem: StorageError | None = None

    def write(self, entry: JournalEntry) -> None:
        """Take an entry; the first of a session must be its head."""
        if isinstance(entry, SessionOpened):
            self._unopened = entry
            self._open()
        elif self._recorder is not None:
            self._recorder.write(entry)
        elif self._unopened is not None:
            self._hold(entry)
            self._open()

    def _hold(self, entry: JournalEntry) -> None:
        if isinstance(entry, STREAMED):
            if self._held_signals >= HELD_SIGNALS:
                self._dropped += 1
                return
            self._held_signals += 1
        self._held.append(entry)

    def _open(self, *, at_once: bool = False) -> None:
        """Open the session in the store, unless that failed a moment ago; then write what was held."""
        now_ns = self._clock.monotonic_ns()
        just_tried = self._tried_ns is not None and now_ns - self._tried_ns < TRY_AGAIN_NS
        if self._unopened is None or (just_tried and not at_once):
            return
        self._tried_ns = now_ns
        try:
            if not self._session_id:
                self._store.new_session(self._unopened)
                self._session_id = self._unopened.session_id
            self.resume(self._session_id)
        except StorageError as error:
            told, self._problem = self._problem is not None, error
            if not told:
                self._on_trouble(str(error))
            return
        self._unopened = None
        self._write_held()

    def _write_held(self) -> None:
        held, self._held = self._held, deque()
        for entry in held:
            self.write(entry)
        if self._problem is not None:
            self._problem = None
            self._on_trouble("")

    def resume(self, session_id: str) -> None:
        """Go on writing a session that is in the store."""
        self._session_id = session_id
        self._recorder = self._store.recorder(session_id, options=self._options)

    def record_hash(self) -> str:
        """The hash of everything recorded so far, for a signature. Raises StorageError when it cannot be written."""
        if self._recorder is None:
            if self._problem is not None:
                raise self._problem
            return ""
        self._recorder.drain()
        return self._hash.of(self._store.record(self._session_id))

    @property
    def counters(self) -> RecorderCounters | None:
        """What was lost and what waits; after ``close`` the last word."""
        counters = self._recorder.counters if self._recorder else self._last_counters
        if not self._dropped:
            return counters
        known = counters or RecorderCounters(0, 0, 0, 0)
        return replace(known, dropped=known.dropped + self._dropped)

    def close(self) -> None:
        """Write what waits. Raises StorageError when something could not be written to the end."""
        self._open(at_once=True)
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.close()
            self._last_counters = recorder.counters
        elif self._problem is not None:
            raise self._problem


class SteppedWriter:
    """Writes on the caller's thread, for runs stepped on a manual clock.

    Limits come by the hundred when a session begins; they wait for the entry after them, so that it is one commit.
    """

    def __init__(self, store: Store, clock: Clock, *, on_trouble: Trouble) -> None:
        self._hash = _RecordHash()
        self._store = store
        self._clock = clock
        self._on_trouble = on_trouble
        self._core: RecorderCore | None = None
        self._session_id = ""
        self._limits: list[JournalEntry] = []

    def write(self, entry: JournalEntry) -> None:
        """Take an entry; the first of a session must be its head."""
        if isinstance(entry, SessionOpened):
            self._store.new_session(entry)
            self._session_id = entry.session_id
            options = RecorderOptions(
                on_error=lambda error: self._on_trouble(str(error)),
                on_recovered=lambda: self._on_trouble(""),
                half_seconds_per_commit=FAST_HALF_SECONDS_PER_COMMIT,
            )
            self._core = self._store.recorder_core(entry.session_id, options)
            return
        self._limits.append(entry)
        if not isinstance(entry, LimitEntry):
            self._write()

    def _write(self) -> None:
        waiting, self._limits = self._limits, []
        if self._core is not None and waiting:
            self._core.write_many(waiting)

    def tick(self) -> None:
        """Commit what is due."""
        self._write()
        if self._core is not None:
            self._core.flush(self._clock.monotonic_ns())

    def record_hash(self) -> str:
        """The hash of everything recorded so far, for a signature."""
        if self._core is None:
            return ""
        self._write()
        self._core.flush()
        return self._hash.of(self._store.record(self._session_id))

    def close(self) -> None:
        """Write what waits. Raises StorageError when something could not be written to the end."""
        self._write()
        core, self._core = self._core, None
        if core is not None:
            core.close()
