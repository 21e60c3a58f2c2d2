"""The alarm-burden report: how many alarms, how many of them were worth it, how fast they were answered (clinical.md §5.8.8).

Counted are conditions that were announced; near misses and those that something hid are told beside. Percentages are of the
alarms a nurse has judged, never of all: an alarm without a verdict says nothing. A test is no verdict on a rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from monitor_app.core.alarm_log import AlarmRow, alarm_log
from monitor_app.core.alarm_verdict import Verdict
from monitor_app.core.journal import GapEntry, JournalEntry, PhaseEntry
from monitor_app.core.priority import Priority
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import NS_PER_S

NS_PER_HOUR = 3600 * NS_PER_S
WHOLE_SESSION = "*"
JUDGED = frozenset({Verdict.ACTED, Verdict.NOT_ACTIONABLE, Verdict.ARTEFACT})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a patient was monitored; gaps in which nothing ran are cut out. Session nanoseconds."""

    start_t_ns: int
    end_t_ns: int


@dataclass(frozen=True, slots=True)
class SessionAlarms:
    """What the report needs of one session."""

    session_id: str
    rows: tuple[AlarmRow, ...]
    monitored: tuple[Stretch, ...]

    @property
    def monitored_h(self) -> float:
        """Hours of monitoring."""
        return sum(part.end_t_ns - part.start_t_ns for part in self.monitored) / NS_PER_HOUR


@dataclass(frozen=True, slots=True)
class BurdenLine:
    """Counts of one rule, or of all. Rates and medians are None where there is nothing to divide by."""

    rule: str
    priority: Priority | None
    announced: int
    per_session: float | None
    per_hour: float | None
    acknowledged: int
    median_acknowledge_s: float | None
    median_duration_s: float | None
    judged: int
    acted: int
    not_actionable: int
    artefacts: int

    @property
    def actionable_percent(self) -> float | None:
        """Of the judged ones, how many were true and acted on."""
        return 100 * self.acted / self.judged if self.judged else None

    @property
    def false_percent(self) -> float | None:
        """Of the judged ones, how many were artefacts."""
        return 100 * self.artefacts / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Burden:
    """The report. ``by_hour``: announced alarms in the first, second … hour of monitoring, over all sessions."""

    sessions: int
    monitored_h: float
    total: BurdenLine
    by_rule: tuple[BurdenLine, ...]
    by_hour: tuple[int, ...]
    near_misses: int
    hidden: int


def session_alarms(record: SessionRecord) -> SessionAlarms:
    """Return what the report needs of a session as it was recorded."""
    end_t_ns = record.opened.stamp.t_ns + round(record.duration_s * NS_PER_S)
    return SessionAlarms(
        record.opened.session_id, alarm_log(record.entries), monitored_stretches(record.entries, end_t_ns)
    )


def monitored_stretches(entries: Iterable[JournalEntry], end_t_ns: int) -> tuple[Stretch, ...]:
    """Return when a patient was monitored, without the times at which the program was not running."""
    found: list[Stretch] = []
    began: int | None = None
    for entry in entries:
        if isinstance(entry, PhaseEntry):
            if began is not None and not entry.to_phase.monitoring:
                found.append(Stretch(began, entry.stamp.t_ns))
                began = None
            elif began is None and entry.to_phase.monitoring:
                began = entry.stamp.t_ns
        elif isinstance(entry, GapEntry) and entry.channel == WHOLE_SESSION and began is not None:
            found.append(Stretch(began, entry.stamp.t_ns))
            began = entry.stamp.t_ns + entry.duration_ns
    if began is not None:
        found.append(Stretch(began, max(began, end_t_ns)))
    return tuple(part for part in found if part.end_t_ns > part.start_t_ns)


def alarm_burden(sessions: Sequence[SessionAlarms]) -> Burden:
    """Return the report over these sessions; the noisiest rule first."""
    rows = [row for session in sessions for row in session.rows]
    announced = [row for row in rows if row.announced is not None]
    hours = sum(session.monitored_h for session in sessions)
    rules = dict.fromkeys(row.rule for row in announced)
    lines = [_line(rule, [r for r in announced if r.rule == rule], len(sessions), hours) for rule in rules]
    quiet = [row for row in rows if row.announced is None]
    return Burden(
        sessions=len(sessions),
        monitored_h=hours,
        total=_line("", announced, len(sessions), hours),
        by_rule=tuple(sorted(lines, key=lambda line: (-line.announced, line.rule))),
        by_hour=_by_hour(sessions),
        near_misses=sum(not row.suppressed for row in quiet),
        hidden=sum(bool(row.suppressed) for row in quiet),
    )


def _line(rule: str, rows: Sequence[AlarmRow], sessions: int, hours: float) -> BurdenLine:
    verdicts = [row.judgement.verdict for row in rows if row.judgement is not None]
    return BurdenLine(
        rule=rule,
        priority=rows[0].priority if rule else None,
        announced=len(rows),
        per_session=len(rows) / sessions if sessions else None,
        per_hour=len(rows) / hours if hours > 0 else None,
        acknowledged=sum(row.acknowledged is not None for row in rows),
        median_acknowledge_s=_median(row.acknowledge_s for row in rows),
        median_duration_s=_median(row.duration_s for row in rows),
        judged=sum(verdict in JUDGED for verdict in verdicts),
        acted=verdicts.count(Verdict.ACTED),
        not_actionable=verdicts.count(Verdict.NOT_ACTIONABLE),
        artefacts=verdicts.count(Verdict.ARTEFACT),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _by_hour(sessions: Sequence[SessionAlarms]) -> tuple[int, ...]:
    counts: dict[int, int] = {}
    for session in sessions:
        for row in session.rows:
            hour = _hour(session.monitored, row.t_ns) if row.announced is not None else None
            if hour is not None:
                counts[hour] = counts.get(hour, 0) + 1
    longest = max((int(-(-session.monitored_h // 1)) for session in sessions), default=0)
    return tuple(counts.get(hour, 0) for hour in range(max(longest, max(counts, default=-1) + 1)))


def _hour(monitored: Sequence[Stretch], t_ns: int) -> int | None:
    """Which hour of monitoring an instant lies in; None before the first."""
    passed = sum(min(max(t_ns - part.start_t_ns, 0), part.end_t_ns - part.start_t_ns) for part in monitored)
    begun = any(part.start_t_ns <= t_ns for part in monitored)
    return passed // NS_PER_HOUR if begun else None
