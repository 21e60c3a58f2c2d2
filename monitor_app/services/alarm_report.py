"""The alarm log and the burden report of recorded sessions, as documents for programs and people (clinical.md §5.7-5.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from monitor_app.core.alarm_advice import Advice, advise
from monitor_app.core.alarm_burden import Burden, BurdenLine, SessionAlarms, alarm_burden, session_alarms
from monitor_app.core.alarm_log import AlarmRow, Change
from monitor_app.core.stamp import Stamp
from monitor_app.services.alarm_log import title_of
from monitor_app.storage.store import open_archive


@dataclass(frozen=True, slots=True)
class Period:
    """Sessions that began from ``first`` to ``last``, both days included, in UTC; None: no edge."""

    first: date | None = None
    last: date | None = None

    def holds(self, started_utc: str) -> bool:
        """Whether a session that began then (ISO 8601) is of this period."""
        day = datetime.fromisoformat(started_utc).astimezone(UTC).date()
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Report:
    """The burden over some sessions and what it suggests."""

    sessions: tuple[str, ...]
    burden: Burden
    advice: tuple[Advice, ...]


def sessions_of(data_dir: Path, period: Period, *, simulated: bool) -> tuple[str, ...]:
    """Return the sessions of a period, oldest first; real ones, or simulated ones, never both. Raises StorageError."""
    found = open_archive(data_dir).sessions()
    wanted = [s.id for s in found if s.simulated == simulated and period.holds(s.started_utc)]
    return tuple(reversed(wanted))


def read_alarms(data_dir: Path, session: str) -> SessionAlarms:
    """Return the alarms of one session; the beginning of its id is enough. Raises KnownError, StorageError."""
    return session_alarms(open_archive(data_dir).record(session))


def report_of(sessions: Sequence[SessionAlarms]) -> Report:
    """Return the burden report over sessions."""
    rows = [row for session in sessions for row in session.rows]
    return Report(tuple(s.session_id for s in sessions), alarm_burden(sessions), advise(rows))


def row_document(row: AlarmRow) -> dict[str, object]:
    """Return one condition as JSON values; times in seconds of the session."""
    base, given, by = row.baseline, row.judgement, row.acknowledged_by
    return {
        "id": row.occurrence_id,
        "rule": row.rule,
        "rule_version": row.rule_version,
        "title": title_of(row.rule),
        "class": row.alarm_class.value,
        "priority": row.priority.value,
        "phase": row.phase.value,
        **{name: _t(stamp) for name, stamp in _times(row).items()},
        "utc_onset": _utc(row.onset),
        "acknowledged_by": None if by is None else by.name or by.role,
        "acknowledge_s": _short(row.acknowledge_s),
        "duration_s": _short(row.duration_s),
        "state": row.state,
        "value": row.value,
        "worst": row.worst,
        "limit": row.limit,
        "text": row.text,
        "suppressed": list(row.suppressed),
        "note": row.note,
        "baseline": None
        if base is None
        else {
            "hr": base.hr_per_min,
            "sys": base.systolic_mmhg,
            "dia": base.diastolic_mmhg,
            "spo2": base.spo2_percent,
        },
        "signal": row.signal,
        "source": row.source,
        "quality": row.quality,
        "states": _changes(row.states),
        "actions": _changes(row.actions),
        "verdict": None if given is None else given.verdict.value,
        "verdict_by": None if given is None else given.by.name or given.by.role,
    }


def report_document(report: Report) -> dict[str, object]:
    """Return the burden report as JSON values."""
    burden = report.burden
    return {
        "sessions": list(report.sessions),
        "monitored_h": _short(burden.monitored_h),
        **_line(burden.total, ("rule", "priority")),
        "near_misses": burden.near_misses,
        "hidden": burden.hidden,
        "by_hour": list(burden.by_hour),
        "by_rule": [{**_line(line), "title": title_of(line.rule)} for line in burden.by_rule],
        "advice": [
            {
                "rule": advice.rule,
                "parameter": advice.parameter,
                "now": advice.now,
                "suggested": advice.suggested,
                "unit": advice.unit,
                "spared": advice.spared,
                "useless": advice.useless,
                "judged": advice.judged,
                "text": advice.text,
            }
            for advice in report.advice
        ],
    }


def _line(line: BurdenLine, without: Iterable[str] = ()) -> dict[str, object]:
    values: dict[str, object] = {
        "rule": line.rule,
        "priority": line.priority.value if line.priority else None,
        "announced": line.announced,
        "per_session": _short(line.per_session),
        "per_hour": _short(line.per_hour),
        "acknowledged": line.acknowledged,
        "median_acknowledge_s": _short(line.median_acknowledge_s),
        "median_duration_s": _short(line.median_duration_s),
        "judged": line.judged,
        "acted": line.acted,
        "not_actionable": line.not_actionable,
        "artefacts": line.artefacts,
        "actionable_percent": _short(line.actionable_percent),
        "false_percent": _short(line.false_percent),
    }
    return {name: value for name, value in values.items() if name not in without}


def _times(row: AlarmRow) -> dict[str, Stamp | None]:
    return {
        "t_onset": row.onset,
        "t_announce": row.announced,
        "t_ack": row.acknowledged,
        "t_clear": row.cleared,
        "t_latch_clear": row.latch_cleared,
        "t_worst": row.worst_at,
    }


def _t(stamp: Stamp | None) -> float | None:
    return None if stamp is None else _short(stamp.t_s)


def _utc(stamp: Stamp) -> str:
    return datetime.fromtimestamp(stamp.utc_ms / 1000, UTC).isoformat(timespec="milliseconds")


def _changes(changes: Iterable[Change]) -> list[dict[str, object]]:
    return [{"t": _t(change.stamp), "text": change.text} for change in changes]


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
