"""The alarm log: one row per condition, folded from the steps of its life and what the record holds beside them.

Nothing here is stored a second time (clinical.md §5.7): limits, acknowledgement and suppression come from the alarm's own
steps, baseline, sound states, actions and verdicts from the entries around them. The log is therefore as safe from a power
cut as the journal itself.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor_app.core.alarm.system_record import state_words
from monitor_app.core.alarm_signal import Series, SignalHistory
from monitor_app.core.alarm_verdict import Judgement, judgements
from monitor_app.core.journal import (
    AlarmEntry,
    Baseline,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    SoundEntry,
    SystemEntry,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp

ANNOUNCED = frozenset({"ACTIVE", "ACTIVE_ACK", "LATCHED"})
TRUE = frozenset({"PENDING", "ACTIVE", "ACTIVE_ACK"})
VERSIONS_CODE = "ALARM_RULES"
"""The entry that says which version of each rule was at work."""
STATE_CODES = frozenset(
    {
        "SOUND_LOST",
        "SOUND_OK",
        "SECOND_SOUND_LOST",
        "SECOND_SOUND_OK",
        "STORAGE_ERROR",
        "STORAGE_OK",
        "RESTARTED",
    }
)
ACTION_KINDS = frozenset({"drug", "oxygen", "call", "adverse_event"})
ACTED_WITHIN_NS = 120 * NS_PER_S
"""What is done this soon after a condition is over still belongs to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened while a condition lasted, in words."""

    stamp: Stamp
    text: str


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One condition. Times that never came are None; ``text`` is of the worst value.

    ``onset``: the value crossed. ``announced``: drawn and sounded for the first time. ``suppressed``: every rule or hold
    that kept it quiet. ``signal``, ``source`` and ``quality`` are empty where the alarm is not of a recorded value.
    ``states``: what the alarm system's own state was at the onset, and its changes until the end.
    """

    occurrence_id: str
    rule: str
    rule_version: int | None
    alarm_class: AlarmClass
    priority: Priority
    phase: Phase
    onset: Stamp
    announced: Stamp | None = None
    acknowledged: Stamp | None = None
    acknowledged_by: Actor | None = None
    cleared: Stamp | None = None
    latch_cleared: Stamp | None = None
    state: str = ""
    value: float | None = None
    worst: float | None = None
    worst_at: Stamp | None = None
    limit: float | None = None
    text: str = ""
    suppressed: tuple[str, ...] = ()
    note: str = ""
    baseline: Baseline | None = None
    signal: str = ""
    source: str = ""
    quality: str = ""
    states: tuple[Change, ...] = ()
    actions: tuple[Change, ...] = ()
    judgement: Judgement | None = None

    @property
    def duration_s(self) -> float | None:
        """How long the condition held; None while it does."""
        return None if self.cleared is None else (self.cleared.t_ns - self.onset.t_ns) / NS_PER_S

    @property
    def acknowledge_s(self) -> float | None:
        """How long after it was announced somebody acknowledged it; None when nobody did."""
        if self.announced is None or self.acknowledged is None:
            return None
        return max(0, self.acknowledged.t_ns - self.announced.t_ns) / NS_PER_S

    @property
    def t_ns(self) -> int:
        """The instant it stands under: its announcement, or its onset where it never was announced."""
        return (self.announced or self.onset).t_ns

    @property
    def high_side(self) -> bool:
        """Whether it is the value above its limit that alarms."""
        return self.value is None or self.limit is None or self.value >= self.limit


def alarm_log(entries: Iterable[JournalEntry]) -> tuple[AlarmRow, ...]:
    """Return the conditions of a session in the order they began, near misses (never announced) among them."""
    kept = tuple(entries)
    around = _Around(kept)
    lives: dict[str, list[AlarmEntry]] = {}
    latched: dict[str, str] = {}
    returned: dict[str, Stamp] = {}
    for entry in kept:
        if not isinstance(entry, AlarmEntry):
            continue
        lives.setdefault(entry.occurrence_id, []).append(entry)
        before = latched.pop(entry.rule, "")
        if before and before != entry.occurrence_id:
            returned[before] = entry.stamp  # it came back as a new occurrence before anybody acknowledged
        if entry.to_state == "LATCHED":
            latched[entry.rule] = entry.occurrence_id
    rows = (around.row(life, returned.get(occurrence)) for occurrence, life in lives.items())
    return tuple(rows)


class _Around:
    """What the record holds beside the alarms."""

    def __init__(self, entries: Sequence[JournalEntry]) -> None:
        self._signals = SignalHistory(entries)
        self._judged = judgements(entries)
        self._baselines = [(e.stamp.t_ns, e.baseline) for e in entries if isinstance(e, BaselineEntry)]
        self._versions = [e for e in entries if isinstance(e, SystemEntry) and e.code == VERSIONS_CODE]
        self._states = [change for e in entries if (change := _state(e)) is not None]
        voided = {e.entry_id for e in entries if isinstance(e, VoidEntry)}
        kept = (e for e in entries if getattr(e, "entry_id", None) not in voided)
        self._actions = [change for e in kept if (change := _action(e)) is not None]

    def row(self, life: list[AlarmEntry], returned: Stamp | None) -> AlarmRow:
        """Return the row of one condition; ``returned``: when it came back behind its own latch."""
        first, last = life[0], life[-1]
        row = AlarmRow(
            occurrence_id=first.occurrence_id,
            rule=first.rule,
            rule_version=self._version(first),
            alarm_class=first.alarm_class,
            priority=first.priority,
            phase=first.phase,
            onset=first.stamp,
            latch_cleared=returned,
            state=last.to_state,
            value=first.value,
            suppressed=tuple(dict.fromkeys(step.suppressed for step in life if step.suppressed)),
            baseline=self._baseline(first.stamp.t_ns),
            judgement=self._judged.get(first.occurrence_id),
        )
        for step in life:
            row = _with(row, step)
        return self._with_changes(self._with_signal(row, life))

    def _version(self, first: AlarmEntry) -> int | None:
        said = [e for e in self._versions if e.stamp.t_ns <= first.stamp.t_ns]
        version = said[-1].fields.get(first.rule) if said else None
        return version if isinstance(version, int) else None

    def _baseline(self, t_ns: int) -> Baseline | None:
        index = bisect_right(self._baselines, t_ns, key=lambda pair: pair[0])
        return self._baselines[index - 1][1] if index else None

    def _with_signal(self, row: AlarmRow, life: list[AlarmEntry]) -> AlarmRow:
        """Add where the value came from, and the worst of what came between the steps."""
        for step in life:
            series = self._signals.of(step) if step.to_state in TRUE else None
            sample = series.at(step.stamp.t_ns) if series else None
            if series is not None and sample is not None:
                row = replace(row, signal=series.name, source=series.source, quality=sample.quality)
                return _worst_of(row, series)
        return row

    def _with_changes(self, row: AlarmRow) -> AlarmRow:
        start, end = row.onset.t_ns, (row.latch_cleared or row.cleared)
        until = end.t_ns if end else None
        before = [c for c in self._states if c.stamp.t_ns < start and c.text.startswith("sound ")][-1:]
        standing = [c for c in before if c.text != "sound normal"]
        during = [
            c for c in self._states if c.stamp.t_ns >= start and (until is None or c.stamp.t_ns <= until)
        ]
        acted_until = None if until is None else until + ACTED_WITHIN_NS
        actions = (
            c
            for c in self._actions
            if row.t_ns <= c.stamp.t_ns and (acted_until is None or c.stamp.t_ns <= acted_until)
        )
        return replace(row, states=(*standing, *during), actions=tuple(actions))


def _with(row: AlarmRow, step: AlarmEntry) -> AlarmRow:
    limit = step.limit if step.limit is not None and step.to_state in TRUE else row.limit
    row = replace(row, limit=limit, note=step.note or row.note)
    if row.announced is None and step.to_state in ANNOUNCED and not step.suppressed:
        row = replace(row, announced=step.stamp)
    if row.acknowledged is None and step.by is not None:
        row = replace(row, acknowledged=step.stamp, acknowledged_by=step.by)
    if step.from_state in TRUE and step.to_state not in TRUE:
        row = replace(row, cleared=step.stamp)
    if step.from_state == "LATCHED" and step.to_state == "IDLE":
        row = replace(row, latch_cleared=step.stamp)
    return _worse(row, step)


def _worse(row: AlarmRow, step: AlarmEntry) -> AlarmRow:
    """Keep value and words farthest beyond the limit; a condition that clears brings those of the good side."""
    if step.to_state not in TRUE:
        return row if row.text else replace(row, text=step.text)
    if step.value is None:
        return row if row.worst is not None else replace(row, text=step.text or row.text)
    if row.worst is not None and not beyond(row, step.value, row.worst):
        return row
    return replace(row, worst=step.value, worst_at=step.stamp, text=step.text or row.text)


def _worst_of(row: AlarmRow, series: Series) -> AlarmRow:
    """Take the worst recorded value while the condition held, where it went farther than at any step."""
    end = row.cleared.t_ns if row.cleared else series.times[-1]
    for sample in series.between(row.onset.t_ns, end):
        if row.worst is None or beyond(row, sample.value, row.worst):
            row = replace(row, worst=sample.value, worst_at=sample.stamp)
    return row


def beyond(row: AlarmRow, value: float, other: float) -> bool:
    """Whether a value lies farther on the alarming side than another."""
    return value > other if row.high_side else value < other


def _state(entry: JournalEntry) -> Change | None:
    if isinstance(entry, SoundEntry):
        return Change(entry.stamp, state_words(entry))
    if isinstance(entry, SystemEntry) and entry.code in STATE_CODES:
        return Change(entry.stamp, entry.code.lower().replace("_", " "))
    return None


def _action(entry: JournalEntry) -> Change | None:
    """What was done about the patient, in words that name nobody."""
    if isinstance(entry, InfusionEntry) and entry.action != "volume":
        return Change(entry.stamp, f"pump {entry.action}")
    if not isinstance(entry, CareEntry) or entry.kind not in ACTION_KINDS:
        return None
    what = entry.fields.get("drug") or entry.fields.get("term") or ""
    if entry.kind == "oxygen":
        what = f"{entry.fields.get('l_per_min', '')} L/min"
    return Change(entry.stamp, f"{entry.kind.replace('_', ' ')} {what}".strip())
