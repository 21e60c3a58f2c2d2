"""``numerics.csv``: the visit at one row a second, readable by spreadsheets and by ``chairside replay``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor_app.core.journal import (
    CareEntry,
    JournalEntry,
    NibpEntry,
    NibpStarted,
    NumericEntry,
    PhaseEntry,
)
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import NS_PER_S
from monitor_app.exporters.csv_table import cell, table
from monitor_app.exporters.export import ExportFile, ExportOptions
from monitor_app.exporters.timeline import Timeline, number

SIGNALS = {"HR": "hr", "PR": "pr", "SPO2": "spo2", "RR": "rr", "PI": "pi", "TEMP": "temp"}
"""Columns of the continuous values, by signal name (design §7, ``replay`` of a CSV)."""

HEADER = (
    *("t", "utc", "local", "visit_phase", "phase"),
    *SIGNALS.values(),
    *("hr_source", "spo2_source", "sys", "dia", "map", "nibp_status", "cuff_inflating", "o2_l_min"),
)

CHAIRSIDE = "chairside"
"""Source of values derived here; they are what the screen showed, so they go before the device's own."""

_REPLAYED = {AlarmProfile.PRE: "pre", AlarmProfile.INF: "inf", AlarmProfile.REC: "rec"}


@dataclass(slots=True)
class _Second:
    """What is known while a row is put together; values live for the row, states until they change."""

    values: dict[str, NumericEntry] = field(default_factory=dict)
    reading: NibpEntry | None = None
    phase: Phase = Phase.CHECKIN
    inflating: bool = False
    oxygen: str = ""


def numerics_file(record: SessionRecord, options: ExportOptions) -> ExportFile:
    """Return the table. A value stands in the row of the second it came in; a second without one is empty."""
    return table("numerics.csv", record, HEADER, _rows(record, Timeline(record, options)))


def _rows(record: SessionRecord, timeline: Timeline) -> Iterator[tuple[str, ...]]:
    entries = iter(sorted(_relevant(record.entries), key=lambda entry: entry.stamp.t_ns))
    waiting = next(entries, None)
    second = _Second()
    for index in range(int(record.duration_s) + 1):
        stamp = timeline.at_second(index)
        while waiting is not None and waiting.stamp.t_ns < stamp.t_ns + NS_PER_S:
            _take(second, waiting)
            waiting = next(entries, None)
        replayed = _REPLAYED.get(second.phase.alarm_profile, "")
        yield (*timeline.three(stamp), second.phase.value, replayed, *_cells(second))
        second.values, second.reading = {}, None


def _relevant(entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    for entry in entries:
        if isinstance(entry, (NumericEntry, NibpEntry, NibpStarted, PhaseEntry)) or (
            isinstance(entry, CareEntry) and entry.kind == "oxygen"
        ):
            yield entry


def _take(second: _Second, entry: JournalEntry) -> None:
    if isinstance(entry, NumericEntry):
        held = second.values.get(entry.name)
        if held is None or entry.source == CHAIRSIDE or held.source != CHAIRSIDE:
            second.values[entry.name] = entry
    elif isinstance(entry, NibpEntry):
        second.inflating = False
        if second.reading is None or entry.accepted:
            second.reading = entry
    elif isinstance(entry, NibpStarted):
        second.inflating = True
    elif isinstance(entry, PhaseEntry):
        second.phase = entry.to_phase
    elif isinstance(entry, CareEntry):
        second.oxygen = cell(entry.fields.get("l_per_min"))


def _cells(second: _Second) -> tuple[str, ...]:
    values = tuple(number(second.values[name].value) if name in second.values else "" for name in SIGNALS)
    sources = tuple(second.values[name].source if name in second.values else "" for name in ("HR", "SPO2"))
    return (*values, *sources, *_pressures(second.reading), "1" if second.inflating else "0", second.oxygen)


def _pressures(reading: NibpEntry | None) -> tuple[str, str, str, str]:
    if reading is None:
        return "", "", "", ""
    if not reading.accepted:
        return "", "", "", reading.failure.value if reading.failure else reading.rejected
    return (
        number(reading.systolic_mmhg),
        number(reading.diastolic_mmhg),
        number(reading.mean_mmhg),
        "ok",
    )
