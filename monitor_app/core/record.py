"""One session read back: what exporters, review and playback consume. None of them sees a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor_app.core.journal import JournalEntry, SessionOpened, WaveBlock
from monitor_app.core.phase import Phase
from monitor_app.core.raw import RawEntry


@dataclass(frozen=True, slots=True)
class WaveTrack:
    """One recorded wave. ``blocks()`` yields its half-second blocks in order, each time afresh."""

    source: str
    name: str
    rate_hz: float
    sample_count: int
    blocks: Callable[[], Iterator[WaveBlock]]


@dataclass(frozen=True, slots=True)
class RawTrack:
    """The raw bytes of one link. ``pieces()`` yields reads and writes in the order they were recorded, each time afresh."""

    source: str
    bytes_heard: int
    bytes_sent: int
    pieces: Callable[[], Iterator[RawEntry]]


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A whole session. ``entries`` holds everything but the waves, in the order it was recorded."""

    opened: SessionOpened
    entries: tuple[JournalEntry, ...]
    waves: tuple[WaveTrack, ...]
    phase: Phase
    duration_s: float
    closed: bool
    database_revision: str = ""
    raw: tuple[RawTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of the list of sessions."""

    id: str
    patient: str
    started_utc: str
    duration_s: float
    phase: Phase
    simulated: bool
    closed: bool
