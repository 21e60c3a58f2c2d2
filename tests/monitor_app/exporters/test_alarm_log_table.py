"""``alarms.csv`` holds what clinical.md §5.7 lists, read with the standard library."""

import csv
import io
from dataclasses import replace

import pytest

from monitor_app.core import journal as j
from monitor_app.core.alarm_log import VERSIONS_CODE
from monitor_app.core.alarm_verdict import Verdict, verdict_fields
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.exporters.alarm_log import ALARM_HEADER
from monitor_app.exporters.csv_events import event_files
from monitor_app.exporters.deidentify import for_export
from monitor_app.exporters.export import ExportOptions, Profile

DOCUMENT = {
    "id": "id", "rule id": "rule", "version": "rule_version", "class": "class", "priority": "priority",
    "session": "session", "phase": "phase", "patient key": "patient", "t_onset": "t_onset", "t_announce": "t_announce",
    "t_ack": "t_ack", "who": "who", "t_clear": "t_clear", "t_latch_clear": "t_latch_clear", "worst value": "worst",
    "its time": "t_worst", "limit in force": "limit", "baseline": "baseline_sys", "source signal": "signal",
    "quality at onset": "quality", "system state changes": "states", "action": "actions", "nurse verdict": "verdict",
}  # fmt: skip
"""What the paragraph lists, and the column it stands in."""
ANA = Actor("Ana Prado", "nurse")


def with_more(visit: SessionRecord) -> SessionRecord:
    start = visit.opened.stamp

    def at(seconds: float) -> Stamp:
        return Stamp(start.t_ns + round(seconds * 1e9), start.utc_ms + round(seconds * 1000))

    more = (
        j.SystemEntry(at(0), VERSIONS_CODE, "", {"AL-HR-02": 3}),
        j.BaselineEntry(at(0.7), j.Baseline(128, 79, 72.0, 98.0, None), (), ANA),
        j.NumericEntry(at(5.9), "berry@/dev/serial-4711", "HR", 121.0, "/min"),
        j.NumericEntry(at(6.6), "berry@/dev/serial-4711", "HR", 138.0, "/min"),
        j.SoundEntry(at(6.5), "paused", ANA),
        j.InfusionEntry(at(7.2), "e9", "paused", None, ANA),
        j.CareEntry(at(9), "e10", "verdict", "", ANA, verdict_fields("a1", "AL-HR-02", Verdict.ACTED)),
    )
    entries = sorted((*visit.entries, *more), key=lambda entry: entry.stamp.t_ns)
    return replace(visit, entries=tuple(entries))


def only_row(visit: SessionRecord, options: ExportOptions) -> dict[str, str]:
    released = for_export(visit, options)
    text = next(b"".join(f.chunks) for f in event_files(released, options) if f.name == "alarms.csv").decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    return row


@pytest.mark.parametrize("column", DOCUMENT.values())
def test_everything_that_is_asked_for_has_a_column(visit: SessionRecord, column: str) -> None:
    assert column in ALARM_HEADER
    if column != "t_latch_clear":  # the rule of this visit does not latch
        assert only_row(with_more(visit), ExportOptions("x", Profile.IDENTIFIED))[column], column


def test_the_cells(visit: SessionRecord) -> None:
    row = only_row(with_more(visit), ExportOptions("x", Profile.IDENTIFIED))
    wanted = {
        "rule_version": "3", "t_onset": "6", "duration": "2", "value": "121", "worst": "138", "t_worst": "6.6",
        "who": "Ana Prado", "who_role": "nurse", "baseline_hr": "72", "baseline_sys": "128", "baseline_dia": "79",
        "baseline_spo2": "98", "signal": "HR", "source": "berry@/dev/serial-4711", "quality": "good",
        "states": "6.5 sound paused", "actions": "7.2 pump paused; 7.5 oxygen 2 L/min",
        "verdict": "true-actionable", "verdict_by": "Ana Prado", "t_verdict": "9",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_a_deidentified_log_keeps_the_verdict_and_names_nobody(visit: SessionRecord) -> None:
    options = ExportOptions("x", Profile.SHIFT, secret=b"s" * 32)
    row = only_row(with_more(visit), options)
    assert (row["verdict"], row["who"], row["verdict_by"]) == ("true-actionable", "nurse", "nurse")
    assert (row["rule_version"], row["source"]) == ("3", "berry")
    assert "Ana" not in str(row)
