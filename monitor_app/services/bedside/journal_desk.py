"""The journal's desk: folds entries into the visit, keeps what is to be kept, shows everything to who looks on."""

from collections.abc import Callable

from monitor_app.core.journal import (
    GapEntry,
    JournalEntry,
    NumericEntry,
    PhaseEntry,
    SessionOpened,
    WaveBlock,
)
from monitor_app.core.phase import Phase
from monitor_app.core.raw import RawEntry
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.publication import Publication


class JournalDesk:
    """Bedside thread only.

    Until a patient arrives entries are held back, so that opening and closing the window leaves no empty session.
    Waves, numbers and raw bytes are kept while a patient is monitored (clinical.md §3.1, §3.2 T2); everything else always.
    """

    def __init__(
        self, record: Callable[[JournalEntry], None], publish: Callable[[Publication], None]
    ) -> None:
        self._record = record
        self._publish = publish
        self._held: list[JournalEntry] | None = []
        self._monitoring = False
        self.visit = Visit()

    @property
    def keeping(self) -> bool:
        """Whether the session is in the record (a window opened and closed without a patient leaves none)."""
        return self._held is None

    def write(self, entry: JournalEntry) -> None:
        """An event of the visit."""
        self.visit = self.visit.apply(entry)
        if isinstance(entry, PhaseEntry):
            self._monitoring = entry.to_phase.monitoring
        if self._held is None:
            self._record(entry)
        else:
            self._held.append(entry)
            if isinstance(entry, PhaseEntry) and entry.to_phase is not Phase.SCHED:
                self.keep()
        self._publish(entry)

    def write_stream(self, entry: WaveBlock | NumericEntry | RawEntry | GapEntry) -> None:
        """A wave, a number, raw bytes or a gap in one: kept only while a patient is monitored."""
        if self._monitoring and self._held is None:
            self._record(entry)

    def keep(self) -> None:
        """From now on everything is kept, what was held back first, in its order."""
        held, self._held = self._held or [], None
        opened = [e for e in held if isinstance(e, SessionOpened)]
        for entry in [*opened, *(e for e in held if not isinstance(e, SessionOpened))]:
            self._record(entry)

    def restore(self, visit: Visit) -> None:
        """Take up a session that was cut off: it is kept already."""
        self.visit = visit
        self._held = None
        self._monitoring = visit.phase.monitoring
