"""``dictionary.csv``: what every column of the bundle means, in which unit, under which codes."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from monitor_app.core.record import SessionRecord
from monitor_app.core.wave_snapshot import SnapshotWave
from monitor_app.exporters import alarm_waves, csv_events, csv_numerics, csv_waves
from monitor_app.exporters.alarm_log import ALARM_HEADER
from monitor_app.exporters.codes import CODES, Coding
from monitor_app.exporters.csv_table import MARK_COLUMN, table
from monitor_app.exporters.export import ExportFile, ExportOptions

HEADER = ("file", "column", "unit", "meaning", "loinc", "mdc", "mdc_name")

_CODED: Mapping[str, str] = MappingProxyType(
    {
        **{column: name for name, column in csv_numerics.SIGNALS.items()},
        "sys": "SYS",
        "dia": "DIA",
        "map": "MAP",
        "pulse": "PR_CUFF",
        "o2_l_min": "O2_FLOW",
    }
)

_MEANINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "t": ("s", "time since the session began"),
        "utc": ("", "time of day, ISO 8601, UTC"),
        "local": ("", "time of day, ISO 8601, on the clinic's clock"),
        "visit_phase": (
            "",
            "phase of the visit: CHECKIN BASE READY INF PAUSE REC DCA DONE SIGNED CANCEL EMERG",
        ),
        "phase": ("", "alarm profile in force (pre, inf, rec); in alarms.csv the phase of the visit"),
        "hr_source": ("", "where hr comes from: driver@port, or chairside where derived from the ECG"),
        "spo2_source": ("", "where spo2 comes from"),
        "nibp_status": (
            "",
            "ok, or why the cuff gave no accepted reading; empty where none ended in this second",
        ),
        "cuff_inflating": ("", "1 while a cuff measurement was running"),
        "nibp_id": ("", "id of the reading inside the session"),
        "source": ("", "device the value came from: driver@port"),
        "trigger": ("", "what started the cuff: manual auto retake retry entry stat monitor"),
        "t_started": ("s", "when the cuff began, since the session began"),
        "map_calculated": ("", "true where the mean was computed, not measured"),
        "status": ("", "ok, or why the measurement failed"),
        "accepted": ("", "whether the reading was shown and judged"),
        "rejected": ("", "why an arrived reading was not accepted"),
        "limb": ("", "where the cuff sat"),
        "kind": ("", "kind of event"),
        "event": ("", "what happened"),
        "by": ("", "who"),
        "role": ("", "role of who"),
        "reason": ("", "reason given, or the detail of a technical event"),
        "detail": ("", "particulars as name=value; name=value"),
        "entry_id": ("", "id of the entry; a void carries the id of what it takes back"),
        "voided": ("", "true where the entry was taken back later"),
        "id": ("", "id of the alarm condition"),
        "rule": ("", "alarm rule"),
        "class": ("", "physiological, technical or workflow"),
        "priority": ("", "HIGH MEDIUM LOW INFO"),
        "session": ("", "session id"),
        "patient": ("", "patient key (a pseudonym)"),
        "t_onset": ("s", "when the value crossed, since the session began"),
        "utc_onset": ("", "the same, ISO 8601, UTC"),
        "t_announce": ("s", "when it was announced; empty where it never was"),
        "t_ack": ("s", "when it was acknowledged"),
        "who": ("", "who acknowledged"),
        "t_clear": ("s", "when the condition was over"),
        "t_latch_clear": ("s", "when the kept display of a past alarm was cleared"),
        "rule_version": ("", "version of the rule, as it was at work in the session"),
        "who_role": ("", "role of who acknowledged"),
        "duration": ("s", "how long the condition held, from onset to clear"),
        "baseline_hr": ("/min", "heart rate of the patient's baseline in force"),
        "baseline_sys": ("mm[Hg]", "systolic pressure of the baseline"),
        "baseline_dia": ("mm[Hg]", "diastolic pressure of the baseline"),
        "baseline_spo2": ("%", "oxygen saturation of the baseline"),
        "signal": ("", "recorded quantity the alarm was judged on; empty where it is none"),
        "quality": ("", "quality of that value at the onset: good, or what spoke against it"),
        "states": ("", "state of the alarm system at the onset and its changes while it lasted, each with t"),
        "actions": ("", "what was recorded as done while it lasted and two minutes after, each with t"),
        "verdict": ("", "verdict in force: true-actionable, true-not-actionable, artefact or test"),
        "verdict_by": ("", "who judged"),
        "t_verdict": ("s", "when it was judged, since the session began"),
        "t_alarm": ("s", "time since the alarm was announced; negative before"),
        "worst": ("", "value farthest beyond the limit, in the unit of the measurement"),
        "t_worst": ("s", "when that was"),
        "limit": ("", "limit in force"),
        "text": ("", "words shown"),
        "suppressed": ("", "what kept it from being announced"),
        "note": ("", "what was added to the words, such as: not confirmed"),
        "key": ("", "which question"),
        "value": (
            "",
            "answer or value; in wave files the physical value, empty where the device has no scale",
        ),
        "override_by": ("", "who passed a guard by decision"),
        "override_role": ("", "role of who passed it"),
        "channel": ("", "wave name, or * for the whole session"),
        "seconds": ("s", "length of the gap"),
        "driver": ("", "driver id"),
        "description": ("", "the device in words"),
        "provenance": ("", "real, unverified or simulated"),
        "identity": ("", "what the device says it is"),
        "field": ("", "name of a property of the session"),
        "sample": ("", "the device's sample counter"),
        "count": ("", "sample as the device sent it"),
        "unit": ("", "unit of value, UCUM"),
        MARK_COLUMN: ("", "present and filled only where the session is simulated or replayed"),
    }
)

FILES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "session.csv": csv_events.SESSION_HEADER,
        "numerics.csv": csv_numerics.HEADER,
        "nibp.csv": csv_events.NIBP_HEADER,
        "events.csv": csv_events.EVENT_HEADER,
        "alarms.csv": ALARM_HEADER,
        "answers.csv": csv_events.ANSWER_HEADER,
        "gaps.csv": csv_events.GAP_HEADER,
        "devices.csv": csv_events.DEVICE_HEADER,
    }
)


def dictionary_file(
    record: SessionRecord, options: ExportOptions, around_alarms: Mapping[str, SnapshotWave]
) -> ExportFile:
    """Return the table of columns. ``around_alarms``: the columns of ``alarms/*.csv`` and the wave in each."""
    rows = (*_rows(with_waves=options.with_waves), *_alarm_rows(around_alarms))
    return table("dictionary.csv", record, HEADER, rows)


def _rows(*, with_waves: bool) -> Iterator[Sequence[str]]:
    files = {**FILES, "waves/*.csv": csv_waves.HEADER} if with_waves else FILES
    for file, header in files.items():
        for column in (*header, MARK_COLUMN):
            yield file, column, *_described(column)


def _alarm_rows(around_alarms: Mapping[str, SnapshotWave]) -> Iterator[Sequence[str]]:
    """The columns of the waves around alarms carry the waves' own names."""
    file = f"{alarm_waves.FOLDER}/*.csv"
    for column in (*alarm_waves.TIMES, MARK_COLUMN) if around_alarms else ():
        yield file, column, *_described(column)
    for column, wave in around_alarms.items():
        code = CODES.get(wave.name) or Coding(wave.name, "")
        title = (
            code.title if wave.unit else f"{code.title}: counts as the device sent them, no published scale"
        )
        mdc = "" if code.mdc is None else str(code.mdc)
        yield file, column, wave.unit, title, code.loinc, mdc, code.mdc_name


def _described(column: str) -> Sequence[str]:
    code = CODES.get(_CODED.get(column, ""))
    if code is None:
        unit, meaning = _MEANINGS[column]
        return unit, meaning, "", "", ""
    return code.ucum, code.title, code.loinc, "" if code.mdc is None else str(code.mdc), code.mdc_name
