"""``chairside alarms``: the alarm log of a session, searched, and the alarm-burden report (clinical.md §5.7-5.8)."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from devices.errors import KnownError
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import note, print_json, print_table
from monitor_app.core.alarm_burden import BurdenLine
from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.alarm_query import AlarmQuery, Sort, select
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.exporters.export import SIMULATED_MARK
from monitor_app.services.alarm_log import title_of
from monitor_app.services.alarm_report import (
    Period,
    Report,
    read_alarms,
    report_document,
    report_of,
    row_document,
    sessions_of,
)

_LOG_HEADER = ("TIME (UTC)", "PRIORITY", "RULE", "ALARM", "PHASE", "LASTED", "ACKNOWLEDGED", "VERDICT")
_BURDEN_HEADER = (
    "RULE",
    "PRIORITY",
    "ALARMS",
    "A SESSION",
    "AN HOUR",
    "ACK (s)",
    "JUDGED",
    "ACTED ON",
    "FALSE",
)


def run_alarms(arguments: argparse.Namespace) -> int:
    """Print the log of a session, or with ``--burden`` the report over one, several or all sessions of a period."""
    folder = data_dir(arguments)
    if arguments.burden:
        _burden(folder, arguments)
    elif len(arguments.session) == 1:
        _log(folder, arguments)
    else:
        raise KnownError(
            "name one session ('chairside sessions' lists them), or ask for the report with --burden."
        )
    return 0


def _log(folder: Path, arguments: argparse.Namespace) -> None:
    found = read_alarms(folder, arguments.session[0])
    rows = select(found.rows, _query(arguments))
    if arguments.json:
        print_json({"session": found.session_id, "alarms": [row_document(row) for row in rows]})
    elif rows:
        print_table(_LOG_HEADER, map(_cells, rows))
    else:
        print(f"Of {len(found.rows)} alarm conditions in {found.session_id} none is what was asked for.")


def _query(arguments: argparse.Namespace) -> AlarmQuery:
    return AlarmQuery(
        rules=frozenset(arguments.rule),
        priorities=frozenset(Priority(name) for name in arguments.priority),
        classes=frozenset(AlarmClass(name) for name in arguments.alarm_class),
        phases=frozenset(Phase(name) for name in arguments.phase),
        text=arguments.text,
        near_misses=arguments.near_misses,
        unjudged=arguments.unjudged,
        sort=Sort(arguments.sort),
    )


def _cells(row: AlarmRow) -> tuple[str, ...]:
    by = row.acknowledged_by
    acknowledged = (
        "" if by is None or row.acknowledge_s is None else f"{by.name or by.role}, {row.acknowledge_s:.0f} s"
    )
    if row.announced is None:
        acknowledged = (
            f"never announced: {', '.join(row.suppressed)}" if row.suppressed else "never announced"
        )
    return (
        datetime.fromtimestamp((row.announced or row.onset).utc_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        row.priority.value,
        row.rule,
        row.text or title_of(row.rule),
        row.phase.title,
        "goes on" if row.duration_s is None else f"{row.duration_s:.0f} s",
        acknowledged,
        row.judgement.verdict.value if row.judgement else "",
    )


def _burden(folder: Path, arguments: argparse.Namespace) -> None:
    sessions: Sequence[str] = arguments.session
    if not sessions:
        period = Period(arguments.first, arguments.last)
        sessions = sessions_of(folder, period, simulated=arguments.simulated)
    report = report_of([read_alarms(folder, session) for session in sessions])
    if arguments.json:
        print_json(report_document(report))
        return
    if not arguments.session and arguments.simulated:
        note(SIMULATED_MARK)
    _print_report(report)


def _print_report(report: Report) -> None:
    burden, total = report.burden, report.burden.total
    print(
        f"{burden.sessions} session{'' if burden.sessions == 1 else 's'}, {_hours(burden.monitored_h)} monitored: "
        f"{total.announced} alarms, {_number(total.per_hour)} an hour; {burden.near_misses} near misses, "
        f"{burden.hidden} hidden behind others."
    )
    if total.announced:
        print_table(_BURDEN_HEADER, [*map(_line, burden.by_rule), _line(total)])
        print(f"In each hour of monitoring: {', '.join(map(str, burden.by_hour))}")
    for advice in report.advice:
        print(advice.text)


def _hours(hours: float) -> str:
    return f"{hours:.2f} h" if hours >= 1 else f"{60 * hours:.1f} min"


def _line(line: BurdenLine) -> tuple[str, ...]:
    return (
        f"{line.rule} {title_of(line.rule)}" if line.rule else "all",
        line.priority.value if line.priority else "",
        str(line.announced),
        _number(line.per_session),
        _number(line.per_hour),
        _number(line.median_acknowledge_s, 0),
        str(line.judged),
        "" if line.actionable_percent is None else f"{line.actionable_percent:.0f} %",
        "" if line.false_percent is None else f"{line.false_percent:.0f} %",
    )


def _number(value: float | None, digits: int = 1) -> str:
    return "—" if value is None else f"{value:.{digits}f}"
