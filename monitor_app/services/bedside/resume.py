"""Takes up a session that was cut off: the same phase, readings, plan and limits, with the gap told (clinical.md §3.2)."""

from dataclasses import dataclass

from devices.clock import NS_PER_MS, NS_PER_S, Clock
from monitor_app.core.journal import GapEntry, JournalEntry, LinkEntry, NibpEntry, SystemEntry
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.state import Visit, fold
from monitor_app.services.ids import last_number

PLAN_CODE = "NIBP_PLAN"
RESTARTED_CODE = "RESTARTED"
WHOLE_SESSION = "*"
"""The channel of a gap in which nothing ran at all."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """What a cut-off session left, and where its time goes on."""

    record: SessionRecord
    last: Stamp
    origin_t_ns: int

    @property
    def gap_ns(self) -> int:
        """How long nothing ran."""
        return self.origin_t_ns - self.last.t_ns

    @property
    def visit(self) -> Visit:
        """The visit as it was left."""
        return fold((self.record.opened, *self.record.entries))

    @property
    def readings(self) -> tuple[NibpEntry, ...]:
        """Its cuff measurements."""
        return tuple(e for e in self.record.entries if isinstance(e, NibpEntry))

    @property
    def plan(self) -> tuple[bool, float]:
        """Whether the cuff plan was armed, and its interval in seconds."""
        plans = [e for e in self.record.entries if isinstance(e, SystemEntry) and e.code == PLAN_CODE]
        if not plans:
            return False, 300.0
        fields = plans[-1].fields
        interval = fields.get("interval_min")
        minutes = float(interval) if isinstance(interval, (int, float)) else 5.0
        return bool(fields.get("armed")), minutes * 60

    @property
    def last_entry_number(self) -> int:
        """The highest number among its entries' ids."""
        ids = [
            getattr(e, name, "")
            for e in self.record.entries
            for name in ("entry_id", "nibp_id", "occurrence_id")
        ]
        return last_number([i for i in ids if isinstance(i, str)])


def cut_off(record: SessionRecord, last: Stamp, clock: Clock) -> CutOff:
    """Where a session goes on: its last instant plus what the wall clock says has passed since (never backwards)."""
    passed_ms = round(clock.wall_utc().timestamp() * 1000) - last.utc_ms
    return CutOff(record, last, last.t_ns + max(passed_ms, 0) * NS_PER_MS)


def restart_entries(cut: CutOff, now: Stamp) -> tuple[JournalEntry, ...]:
    """What the record says of the gap."""
    seconds = cut.gap_ns / NS_PER_S
    text = f"restarted in {cut.visit.phase.title}; nothing was recorded for {seconds:.0f} s"
    return (
        GapEntry(cut.last, "", WHOLE_SESSION, cut.gap_ns, "the program was not running"),
        SystemEntry(now, RESTARTED_CODE, text, {"gap_s": round(seconds, 1), "phase": cut.visit.phase.value}),
    )


def worth_showing(entry: JournalEntry) -> bool:
    """Whether a stored entry is shown again on the screen after a restart."""
    return not isinstance(entry, LinkEntry)
