"""What became of each alarm of the storm: from the number on the wire that met its condition to eye, ear and record.

The reckoning knows nothing of the alarm engine: which alarms there must be follows from the numbers that came and from
``storm_pattern.RULES``; an alarm that is missing has infinite delays.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from devices.clock import NS_PER_MS, NS_PER_S
from monitor_app.cli.bench.storm_pattern import HELD_S, RULES, StormRule
from monitor_app.core.alarm.audio import BURST_S
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.priority import Priority
from monitor_app.services.view.wording import said

EARLY_NS = 1 * NS_PER_MS
"""An alarm no earlier than its condition, but for the rounding of two clocks' readings."""
GONE_S = 0.9
"""Later than this it would be another second's."""

Burst = tuple[int, int, str]
"""Asked for, read by the output, urgency."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A number of the monitor that speaks: its name and value, when it was sent and when the link had it."""

    name: str
    value: float
    wire_ns: int
    arrived_ns: int


@dataclass(frozen=True, slots=True)
class Due:
    """An alarm that must come. ``met_ns``: its condition has held for its delay; ``wire_ns``: counted from the wire."""

    rule: StormRule
    met_ns: int
    wire_ns: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it, in milliseconds from ``Due.met_ns``; infinite for what never came, None for what need not.

    A hidden alarm is only recorded; one that is not the most urgent, or comes while as urgent a burst plays, does not
    begin a burst of its own (clinical.md §5.3).
    """

    due: Due
    priority: Priority | None
    recorded_ms: float
    drawn_ms: float | None
    sounded_ms: float | None
    waited_ms: float = 0.0  # of the slowest: how long the program stood ready while others had the processor

    @property
    def own_ms(self) -> float:
        """The slowest without what other programs took; what never came counts as at the end of its second."""
        return max(0.0, min(self.worst_ms, GONE_S * 1000) - self.waited_ms)

    @property
    def worst_ms(self) -> float:
        """The slowest of what had to come."""
        return max(x for x in (self.recorded_ms, self.drawn_ms, self.sounded_ms) if x is not None)

    @property
    def transport_ms(self) -> float:
        """How long the number itself took from the wire to the link."""
        return (self.due.met_ns - self.due.wire_ns) / NS_PER_MS


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What was seen. ``recorded_ns`` and ``drawn_ns`` say when, None if never; ``mono_ns`` turns session time."""

    alarms: Sequence[AlarmEntry]
    bursts: Sequence[Burst]
    mono_ns: Callable[[int], int]
    recorded_ns: Callable[[AlarmEntry], int | None]
    drawn_ns: Callable[[str, int], int | None]
    waited_ns: Callable[[int, int], int] = lambda _from, _until: 0


def due_alarms(numbers: Sequence[Heard], from_ns: int, until_ns: int) -> list[Due]:
    """Return every alarm whose condition is met in a span, in order of time."""
    found = [due for rule in RULES for due in _due(rule, [n for n in numbers if n.name == rule.number])]
    return sorted((d for d in found if from_ns <= d.met_ns < until_ns), key=lambda due: due.met_ns)


def _due(rule: StormRule, numbers: Sequence[Heard]) -> Iterator[Due]:
    delay_ns = round(rule.delay_s * NS_PER_S)
    before = False
    for number in numbers:
        met = rule.begins(number.value)
        if met and not before:
            yield Due(rule, number.arrived_ns + delay_ns, number.wire_ns + delay_ns)
        before = met


def fates(dues: Sequence[Due], seen: Witnesses) -> list[Fate]:
    """Find each one's alarm in the record, and what followed from it."""
    begun = sorted((e for e in seen.alarms if e.to_state == "ACTIVE"), key=lambda e: e.stamp.t_ns)
    found = (_fate(due, _entry(due, begun, seen), seen) for due in dues)
    return [replace(fate, waited_ms=_waited_ms(fate, seen)) for fate in found]


def _waited_ms(fate: Fate, seen: Witnesses) -> float:
    met_ns = fate.due.met_ns
    taken_ns = round(min(fate.worst_ms, GONE_S * 1000) * NS_PER_MS)
    return seen.waited_ns(met_ns, met_ns + taken_ns) / NS_PER_MS


def _entry(due: Due, begun: Sequence[AlarmEntry], seen: Witnesses) -> AlarmEntry | None:
    for entry in begun:
        late_ns = seen.mono_ns(entry.stamp.t_ns) - due.met_ns
        if entry.rule == due.rule.id and -EARLY_NS <= late_ns <= GONE_S * NS_PER_S:
            return entry
    return None


def _fate(due: Due, entry: AlarmEntry | None, seen: Witnesses) -> Fate:
    if entry is None:
        return Fate(due, None, math.inf, math.inf, None)
    recorded = _ms(due, seen.recorded_ns(entry))
    if entry.suppressed:
        return Fate(due, entry.priority, recorded, None, None)
    drawn_ns = seen.drawn_ns(said(entry.text), due.met_ns - EARLY_NS)
    if drawn_ns is not None and drawn_ns > due.met_ns + GONE_S * NS_PER_S:
        drawn_ns = None  # the same words, of a later one
    drawn = _ms(due, drawn_ns)
    sounded = _ms(due, _read_ns(due, entry.priority, seen.bursts)) if _must_sound(due, entry, seen) else None
    return Fate(due, entry.priority, recorded, drawn, sounded)


def _ms(due: Due, at_ns: int | None) -> float:
    return math.inf if at_ns is None else (at_ns - due.met_ns) / NS_PER_MS


def _must_sound(due: Due, entry: AlarmEntry, seen: Witnesses) -> bool:
    """Whether a burst of its own must begin at once: nothing more urgent waits, and nothing as urgent plays."""
    announced_ns = seen.mono_ns(entry.stamp.t_ns)
    rank = entry.priority.rank
    plays = any(
        Priority(urgency).rank >= rank and asked < due.met_ns < asked + BURST_S[Priority(urgency)] * NS_PER_S
        for asked, _, urgency in seen.bursts
        if urgency in _PRIORITIES
    )
    return not plays and not _outranked(rank, announced_ns, seen)


_PRIORITIES = frozenset(priority.value for priority in BURST_S)


def _outranked(rank: int, at_ns: int, seen: Witnesses) -> bool:
    """Whether a more urgent alarm stands unacknowledged then."""
    newest: dict[str, AlarmEntry] = {}
    for entry in seen.alarms:
        if seen.mono_ns(entry.stamp.t_ns) <= at_ns:
            newest[entry.rule] = entry
    waiting = (e for e in newest.values() if e.to_state in {"ACTIVE", "LATCHED"} and not e.suppressed)
    return any(entry.priority.rank > rank for entry in waiting)


def _read_ns(due: Due, priority: Priority, bursts: Sequence[Burst]) -> int | None:
    """When the output began to read the burst that tells of it."""
    for asked_ns, read_ns, urgency in bursts:
        if urgency == priority.value and asked_ns >= due.met_ns - EARLY_NS:
            return read_ns if asked_ns < due.met_ns + HELD_S * NS_PER_S else None
    return None


def sent_at(sent: Sequence[tuple[int, str, float]], name: str, value: float, arrived_ns: int) -> int | None:
    """When the number that arrived then was put on the wire; None if it never was."""
    before = bisect_right(sent, arrived_ns, key=lambda row: row[0])
    for sent_ns, told, number in reversed(sent[:before]):
        if told == name:
            return sent_ns if number == value else None
    return None
