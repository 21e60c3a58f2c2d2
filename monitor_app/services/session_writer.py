"""From the bedside's journal to the store: opens the session with its first entry, then passes everything on."""

from collections.abc import Callable

from devices.clock import Clock
from monitor_app.core.journal import JournalEntry, SessionOpened
from monitor_app.storage.record_hash import record_sha256
from monitor_app.storage.recorder import Recorder, RecorderCounters
from monitor_app.storage.recorder_core import RecorderCore, RecorderOptions
from monitor_app.storage.store import Store

FAST_HALF_SECONDS_PER_COMMIT = 60
"""Runs faster than real time commit this many half-second rows at once; live it is one (design.md §6)."""

Trouble = Callable[[str], None]


class LiveWriter:
    """Writes through the recorder's own thread. ``write`` may be called from any thread and never blocks.

    ``on_trouble`` is called from the recorder's thread: with a sentence when writing fails, with "" when it works again.
    """

    def __init__(self, store: Store, *, on_trouble: Trouble) -> None:
        self._store = store
        self._options = RecorderOptions(
            on_error=lambda error: on_trouble(str(error)), on_recovered=lambda: on_trouble("")
        )
        self._recorder: Recorder | None = None
        self._session_id = ""
        self._last_counters: RecorderCounters | None = None

    def write(self, entry: JournalEntry) -> None:
        """Take an entry; the first of a session must be its head."""
        if isinstance(entry, SessionOpened):
            self._store.new_session(entry)
            self.resume(entry.session_id)
            return
        if self._recorder is not None:
            self._recorder.write(entry)

    def resume(self, session_id: str) -> None:
        """Go on writing a session that is in the store."""
        self._session_id = session_id
        self._recorder = self._store.recorder(session_id, options=self._options)

    def record_hash(self) -> str:
        """The hash of everything recorded so far, for a signature."""
        if self._recorder is None:
            return ""
        self._recorder.drain()
        return record_sha256(self._store.record(self._session_id))

    @property
    def counters(self) -> RecorderCounters | None:
        """What was lost and what waits; after ``close`` the last word."""
        return self._recorder.counters if self._recorder else self._last_counters

    def close(self) -> None:
        """Write what waits. Raises StorageError when something could not be written to the end."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.close()
            self._last_counters = recorder.counters


class SteppedWriter:
    """Writes on the caller's thread, for runs stepped on a manual clock."""

    def __init__(self, store: Store, clock: Clock, *, on_trouble: Trouble) -> None:
        self._store = store
        self._clock = clock
        self._on_trouble = on_trouble
        self._core: RecorderCore | None = None
        self._session_id = ""

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
        if self._core is not None:
            self._core.write(entry)

    def tick(self) -> None:
        """Commit what is due."""
        if self._core is not None:
            self._core.flush(self._clock.monotonic_ns())

    def record_hash(self) -> str:
        """The hash of everything recorded so far, for a signature."""
        if self._core is None:
            return ""
        self._core.flush()
        return record_sha256(self._store.record(self._session_id))

    def close(self) -> None:
        """Write what waits. Raises StorageError when something could not be written to the end."""
        core, self._core = self._core, None
        if core is not None:
            core.close()
