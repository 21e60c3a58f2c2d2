"""Takes up a session that was cut off: the same phase, readings, plan and limits, with the gap told (clinical.md §3.2).

A visit that ended without its signatures is taken up too, once: whoever closes the window on it again signs later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from devices.clock import NS_PER_MS, NS_PER_S, Clock
from monitor_app.core.journal import (
    AlarmEntry,
    DeviceEntry,
    GapEntry,
    JournalEntry,
    LinkEntry,
    NibpEntry,
    NibpStarted,
    NumericEntry,
    SystemEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.limbs import limbs_now
from monitor_app.core.visit.state import Visit, fold
from monitor_app.services.bedside.cuff_memory import CuffMemory
from monitor_app.services.ids import last_number
from monitor_app.storage.wave_end import WaveEnd

PLAN_CODE = "NIBP_PLAN"
RESTARTED_CODE = "RESTARTED"
REOPENED_CODE = "REOPENED"
SIGN_LATER_CODE = "SIGN_LATER"
GAP_RULE = "TE-20"
SHOWN_NUMERICS = frozenset({"HR", "SPO2"})
SHOWN_EVERY_NS = 5 * NS_PER_S
"""What the trend needs of the stored numbers."""
WHOLE_SESSION = "*"
"""The channel of a gap in which nothing ran at all."""


@dataclass(frozen=True)  # without slots: the visit is worked out once and kept
class CutOff:
    """What a cut-off session left, and where its time goes on."""

    record: SessionRecord
    last: Stamp
    origin_t_ns: int
    wave_ends: Mapping[tuple[str, str], WaveEnd] = field(default_factory=dict)

    @property
    def gap_ns(self) -> int:
        """How long nothing ran."""
        return self.origin_t_ns - self.last.t_ns

    @cached_property
    def visit(self) -> Visit:
        """The visit as it was left."""
        return fold((self.record.opened, *self.record.entries))

    @property
    def monitoring(self) -> bool:
        """Whether a patient was monitored; else the visit only waits to be signed."""
        return self.visit.phase.monitoring

    def cuff(self, visit: Visit) -> CuffMemory:
        """Where its cuff stood."""
        armed, interval_s = self.plan
        return CuffMemory(
            readings=tuple(e for e in self.record.entries if isinstance(e, NibpEntry)),
            phase=visit.phase,
            armed=armed,
            interval_s=interval_s,
            infusion_start_t_ns=infusion_of(visit).t0_ns,
            limbs=limbs_now(visit.care),
            unfinished=self.unfinished,
        )

    @property
    def identities(self) -> Mapping[str, str]:
        """What each monitor called itself last, by source."""
        devices = (e for e in self.record.entries if isinstance(e, DeviceEntry))
        return {device.source: device.identity for device in devices if device.identity}

    @property
    def alarm_entries(self) -> tuple[JournalEntry, ...]:
        """What the alarms go on from. An acknowledged gap is over, even where that was not recorded: this is another one."""
        steps = [e for e in self.record.entries if isinstance(e, AlarmEntry) and e.rule == GAP_RULE]
        over = bool(steps) and steps[-1].by is not None
        entries = self.record.entries
        return tuple(e for e in entries if not (over and isinstance(e, AlarmEntry) and e.rule == GAP_RULE))

    @property
    def unfinished(self) -> NibpStarted | None:
        """A cuff measurement that was running when the program ended; its end was never heard."""
        last = next(
            (e for e in reversed(self.record.entries) if isinstance(e, NibpStarted | NibpEntry)), None
        )
        return last if isinstance(last, NibpStarted) else None

    def _system(self, code: str) -> list[SystemEntry]:
        """Entries of one code, newest first."""
        return [e for e in reversed(self.record.entries) if isinstance(e, SystemEntry) and e.code == code]

    @property
    def plan(self) -> tuple[bool, float]:
        """Whether the cuff plan was armed, and its interval in seconds."""
        plans = self._system(PLAN_CODE)
        if not plans:
            return False, 300.0
        fields = plans[0].fields
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


def to_be_signed(record: SessionRecord) -> bool:
    """Whether a visit ended without its signatures, and nobody has put that off."""
    codes = {e.code for e in record.entries if isinstance(e, SystemEntry)}
    return record.phase is Phase.DONE and SIGN_LATER_CODE not in codes


def sign_later(now: Stamp) -> SystemEntry:
    """The record's line about a visit reopened for its signatures and left without them."""
    return SystemEntry(now, SIGN_LATER_CODE, "closed without a signature: to be signed later")


def cut_off(
    record: SessionRecord,
    last: Stamp,
    clock: Clock,
    wave_ends: Mapping[tuple[str, str], WaveEnd] | None = None,
) -> CutOff:
    """Where a session goes on: its last instant plus what the wall clock says has passed since (never backwards)."""
    passed_ms = round(clock.wall_utc().timestamp() * 1000) - last.utc_ms
    return CutOff(record, last, last.t_ns + max(passed_ms, 0) * NS_PER_MS, wave_ends or {})


def restart_entries(cut: CutOff, now: Stamp) -> tuple[JournalEntry, ...]:
    """What the record says of the gap; after the patient has left there is none."""
    phase = cut.visit.phase
    if not phase.monitoring:
        text = "the patient has left and the record is not signed: reopened to be signed"
        return (SystemEntry(now, REOPENED_CODE, text, {"phase": phase.value}),)
    seconds = cut.gap_ns / NS_PER_S
    text = f"restarted in {phase.title}; nothing was recorded for {seconds:.0f} s"
    if cut.unfinished is not None:
        text += "; the cuff was measuring: it is stopped, that reading is lost"
    return (
        GapEntry(cut.last, "", WHOLE_SESSION, cut.gap_ns, "the program was not running"),
        SystemEntry(now, RESTARTED_CODE, text, {"gap_s": round(seconds, 1), "phase": phase.value}),
    )


def worth_showing(entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    """The stored entries that are shown again on the screen after a restart: no links, of the numbers what a trend needs."""
    shown_t_ns: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, NumericEntry):
            if entry.name not in SHOWN_NUMERICS or entry.source == "chairside":
                continue
            last = shown_t_ns.get(entry.name)
            if last is not None and entry.stamp.t_ns - last < SHOWN_EVERY_NS:
                continue
            shown_t_ns[entry.name] = entry.stamp.t_ns
        if not isinstance(entry, LinkEntry):
            yield entry
