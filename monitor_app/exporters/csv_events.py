"""The tables of single happenings: cuff readings, events, alarms, answers, gaps, devices, the session itself."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from monitor_app.core.alarm_log import alarm_log
from monitor_app.core.journal import (
    AnswerEntry,
    DeviceEntry,
    GapEntry,
    JournalEntry,
    NibpEntry,
    VoidEntry,
)
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import NS_PER_S
from monitor_app.exporters.alarm_log import ALARM_HEADER, alarm_cells
from monitor_app.exporters.csv_table import cell, table
from monitor_app.exporters.event_text import event_line
from monitor_app.exporters.export import INTENDED_USE, ExportFile, ExportOptions
from monitor_app.exporters.timeline import Timeline, number

_E = TypeVar("_E", bound=JournalEntry)

TIMES = ("t", "utc", "local")
NIBP_HEADER = (
    *TIMES,
    *("nibp_id", "source", "trigger", "t_started", "sys", "dia", "map", "map_calculated", "pulse"),
    *("status", "accepted", "rejected", "limb"),
)
EVENT_HEADER = (*TIMES, "kind", "event", "by", "role", "reason", "detail", "entry_id", "voided")
ANSWER_HEADER = (*TIMES, "key", "value", "by", "role", "override_by", "override_role", "reason")
GAP_HEADER = (*TIMES, "source", "channel", "seconds", "reason")
DEVICE_HEADER = (*TIMES, "source", "driver", "description", "provenance", "identity")
SESSION_HEADER = ("field", "value")


def event_files(record: SessionRecord, options: ExportOptions) -> Iterator[ExportFile]:
    """Yield the tables of everything that is not one value a second."""
    timeline = Timeline(record, options)
    nibps = (_nibp(entry, timeline) for entry in _of(record, NibpEntry))
    alarms = (alarm_cells(row, record, timeline) for row in alarm_log(record.entries))
    answers = (_answer(entry, timeline) for entry in _of(record, AnswerEntry))
    yield table("session.csv", record, SESSION_HEADER, _session(record, options, timeline))
    yield table("nibp.csv", record, NIBP_HEADER, nibps)
    yield table("events.csv", record, EVENT_HEADER, _events(record, timeline))
    yield table("alarms.csv", record, ALARM_HEADER, alarms)
    yield table("answers.csv", record, ANSWER_HEADER, answers)
    yield table("gaps.csv", record, GAP_HEADER, (_gap(entry, timeline) for entry in _of(record, GapEntry)))
    devices = (_device(entry, timeline) for entry in _of(record, DeviceEntry))
    yield table("devices.csv", record, DEVICE_HEADER, devices)


def _of(record: SessionRecord, kind: type[_E]) -> Iterator[_E]:
    return (entry for entry in record.entries if isinstance(entry, kind))


def _session(record: SessionRecord, options: ExportOptions, timeline: Timeline) -> Iterator[Sequence[str]]:
    opened = record.opened
    yield "session", opened.session_id
    yield "patient", opened.patient_key
    yield "initials", opened.initials
    yield "simulated", cell(opened.simulated)
    yield "scenario", opened.scenario
    yield "seed", "" if opened.seed is None else str(opened.seed)
    yield "chair", opened.chair
    yield "started_utc", timeline.utc(opened.stamp)
    yield "started_local", timeline.local(opened.stamp)
    yield "duration_s", number(round(record.duration_s, 3))
    yield "phase", record.phase.value
    yield "closed", cell(record.closed)
    yield "recorded_by", opened.software
    yield "exported_by", options.software
    yield "intended_use", INTENDED_USE
    for name, value in sorted(opened.patient.items()):
        yield f"patient.{name}", cell(value)


def _nibp(entry: NibpEntry, timeline: Timeline) -> Sequence[str]:
    return (
        *timeline.three(entry.stamp),
        entry.nibp_id,
        entry.source,
        entry.trigger,
        timeline.t(entry.started_t_ns),
        number(entry.systolic_mmhg),
        number(entry.diastolic_mmhg),
        number(entry.mean_mmhg),
        cell(entry.mean_calculated) if entry.mean_mmhg is not None else "",
        number(entry.pulse_per_min),
        entry.failure.value if entry.failure else "ok",
        cell(entry.accepted),
        entry.rejected,
        entry.limb,
    )


def _events(record: SessionRecord, timeline: Timeline) -> Iterator[Sequence[str]]:
    voided = {entry.entry_id for entry in _of(record, VoidEntry)}
    for entry in record.entries:
        line = event_line(entry)
        if line is None:
            continue
        struck = line.entry_id in voided and line.kind != "void" and bool(line.entry_id)
        yield (
            *timeline.three(entry.stamp),
            line.kind,
            line.text,
            line.by.name,
            line.by.role,
            line.reason,
            line.detail,
            line.entry_id,
            cell(struck),
        )


def _answer(entry: AnswerEntry, timeline: Timeline) -> Sequence[str]:
    over = entry.override_by
    return (
        *timeline.three(entry.stamp),
        entry.key,
        cell(entry.value),
        entry.by.name,
        entry.by.role,
        over.name if over else "",
        over.role if over else "",
        entry.reason,
    )


def _gap(entry: GapEntry, timeline: Timeline) -> Sequence[str]:
    seconds = number(round(entry.duration_ns / NS_PER_S, 3))
    return (*timeline.three(entry.stamp), entry.source, entry.channel, seconds, entry.reason)


def _device(entry: DeviceEntry, timeline: Timeline) -> Sequence[str]:
    particulars = (entry.source, entry.driver_id, entry.description, entry.provenance.value, entry.identity)
    return (*timeline.three(entry.stamp), *particulars)
