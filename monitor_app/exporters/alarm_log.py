"""``alarms.csv``: the alarm log, one row per condition, with everything clinical.md §5.7 asks of it."""

from collections.abc import Iterable, Sequence

from monitor_app.core.alarm_log import AlarmRow, Change
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.exporters.timeline import Timeline, number

ALARM_HEADER = (
    *(
        "id",
        "rule",
        "rule_version",
        "class",
        "priority",
        "session",
        "phase",
        "patient",
        "t_onset",
        "utc_onset",
    ),
    *("t_announce", "t_ack", "who", "who_role", "t_clear", "t_latch_clear", "duration", "value", "worst"),
    *("t_worst", "limit", "text", "suppressed", "note", "baseline_hr", "baseline_sys", "baseline_dia"),
    *(
        "baseline_spo2",
        "signal",
        "source",
        "quality",
        "states",
        "actions",
        "verdict",
        "verdict_by",
        "t_verdict",
    ),
)


def alarm_cells(row: AlarmRow, record: SessionRecord, timeline: Timeline) -> Sequence[str]:
    """Return the cells of one condition, in the order of ``ALARM_HEADER``."""

    def t(stamp: Stamp | None) -> str:
        return timeline.t(stamp.t_ns if stamp else None)

    duration_s = row.duration_s
    return (
        *(row.occurrence_id, row.rule, number(row.rule_version), row.alarm_class.value, row.priority.value),
        *(record.opened.session_id, row.phase.value, record.opened.patient_key),
        *(t(row.onset), timeline.utc(row.onset), t(row.announced), t(row.acknowledged)),
        *_person(row),
        *(t(row.cleared), t(row.latch_cleared), number(None if duration_s is None else round(duration_s, 3))),
        *(number(row.value), number(row.worst), t(row.worst_at), number(row.limit)),
        *(row.text, " ".join(row.suppressed), row.note),
        *_baseline(row),
        *(row.signal, row.source, row.quality),
        *(_changes(row.states, timeline), _changes(row.actions, timeline)),
        *_verdict(row, timeline),
    )


def _person(row: AlarmRow) -> Sequence[str]:
    by = row.acknowledged_by
    return ("", "") if by is None else (by.name or by.role, by.role)


def _baseline(row: AlarmRow) -> Sequence[str]:
    base = row.baseline
    if base is None:
        return ("", "", "", "")
    values = (base.hr_per_min, base.systolic_mmhg, base.diastolic_mmhg, base.spo2_percent)
    return tuple(number(value) for value in values)


def _changes(changes: Iterable[Change], timeline: Timeline) -> str:
    return "; ".join(f"{timeline.t(change.stamp.t_ns)} {change.text}" for change in changes)


def _verdict(row: AlarmRow, timeline: Timeline) -> Sequence[str]:
    given = row.judgement
    if given is None:
        return ("", "", "")
    return given.verdict.value, given.by.name or given.by.role, timeline.t(given.stamp.t_ns)
