"""``chairside alarms`` on small visits written by the recorder."""

import csv

import numpy as np
import pytest

from devices.signals import Provenance, WaveScale
from monitor_app.core import journal as j
from monitor_app.core.alarm_verdict import Verdict, verdict_fields
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

START_MS = 1_767_600_000_000  # 2026-01-05T08:00:00Z
DAY_MS = 86_400_000
NURSE = Actor("Ana Prado", "nurse")


def at(seconds, day=0):
    return Stamp(round(seconds * NS_PER_S), START_MS + day * DAY_MS + round(seconds * 1000))


def steps(
    t_s,
    occurrence,
    rule="AL-HR-03",
    *,
    priority=Priority.MEDIUM,
    ack_s=None,
    lasts_s=30.0,
    text="HR ↑131 > 120",
):
    said = (occurrence, rule, AlarmClass.PHYSIOLOGICAL, priority)
    yield j.AlarmEntry(at(t_s), *said, "IDLE", "ACTIVE", Phase.INF, 131.0, 120.0, text)
    if ack_s is not None:
        yield j.AlarmEntry(
            at(t_s + ack_s), *said, "ACTIVE", "ACTIVE_ACK", Phase.INF, 131.0, 120.0, text, by=NURSE
        )
    state = "ACTIVE" if ack_s is None else "ACTIVE_ACK"
    yield j.AlarmEntry(at(t_s + lasts_s), *said, state, "IDLE", Phase.INF, 110.0, 120.0, "HR 110")


def visit(day):
    yield j.DeviceEntry(at(0), "berry@pty", "berry", "Berry", Provenance.SIMULATED)
    yield j.PhaseEntry(at(0), Phase.CHECKIN, Phase.INF, NURSE)
    yield from steps(100, "000001", ack_s=8)
    yield from steps(300, "000002", "AL-BP-01", priority=Priority.HIGH, text="SYS ↑184 ≥ 180")
    yield j.AlarmEntry(
        at(500), "000003", "AL-HR-06", AlarmClass.PHYSIOLOGICAL, Priority.MEDIUM, "IDLE", "PENDING", Phase.INF, 49.0, 50.0, "HR ↓49 < 50",
    )  # fmt: skip
    yield j.CareEntry(
        at(400), "000004", "verdict", "", NURSE, verdict_fields("000001", "AL-HR-03", Verdict.ARTEFACT)
    )
    yield j.PhaseEntry(at(1800), Phase.DCA, Phase.DONE, NURSE)
    yield from (ecg(first) for first in range(0, 1000 * 100, 50)) if day == 0 else ()


def ecg(first):
    scale = WaveScale("mV", 0.005, 0.0, 0, 4095)
    counts = np.arange(first, first + 50, dtype=np.int32) % 400
    return j.WaveBlock(at(first / 100), "berry@pty", "ECG_II", 100.0, first, counts, scale)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data = tmp_path_factory.mktemp("alarms") / "data"
    with Store.open(data, StoreKind.TRAINING, workstation="bench") as store:
        for day, session in enumerate(("aaa1", "bbb2")):
            opened = j.SessionOpened(
                at(0, day), session, "P-0042", "AB", True, "chair 2", "chairside", "S01", 1, {}
            )
            store.new_session(opened)
            core = store.recorder_core(session)
            for entry in visit(day):
                core.write(entry)
            core.close()
            store.mark_closed(session, at(1800, day))
    return data


def test_the_log_as_json(chairside, folder):
    document = chairside("alarms", "aaa", "--data-dir", folder, "--json").document
    assert document["session"] == "aaa1"
    first, second = document["alarms"]
    wanted = {
        "id": "000001", "rule": "AL-HR-03", "title": "Tachycardia", "class": "physiological", "priority": "MEDIUM",
        "phase": "INF", "t_onset": 100.0, "t_announce": 100.0, "t_ack": 108.0, "acknowledged_by": "Ana Prado",
        "acknowledge_s": 8.0, "t_clear": 130.0, "duration_s": 30.0, "worst": 131.0, "limit": 120.0, "verdict": "artefact",
        "utc_onset": "2026-01-05T08:01:40.000+00:00", "text": "HR ↑131 > 120",
    }  # fmt: skip
    assert {name: first[name] for name in wanted} == wanted
    assert (second["rule"], second["acknowledged_by"], second["verdict"]) == ("AL-BP-01", None, None)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--priority", "high"), ["AL-BP-01"]),
        (("--rule", "AL-HR"), ["AL-HR-03"]),
        (("--rule", "AL-HR", "--near-misses"), ["AL-HR-03", "AL-HR-06"]),
        (("--text", "sys 180"), ["AL-BP-01"]),
        (("--unjudged",), ["AL-BP-01"]),
        (("--sort", "newest"), ["AL-BP-01", "AL-HR-03"]),
        (("--class", "technical"), []),
        (("--phase", "rec"), []),
    ],
)
def test_the_log_is_searched(chairside, folder, arguments, wanted):
    document = chairside("alarms", "aaa1", *arguments, "--data-dir", folder, "--json").document
    assert [alarm["rule"] for alarm in document["alarms"]] == wanted


def test_the_log_for_people(chairside, folder):
    text = chairside("alarms", "aaa1", "--data-dir", folder).out
    assert "2026-01-05 08:01:40  MEDIUM" in text
    assert "Ana Prado, 8 s" in text
    assert "artefact" in text
    assert (
        "none is what was asked for" in chairside("alarms", "aaa1", "--text", "zzz", "--data-dir", folder).out
    )


def test_the_burden_of_one_session(chairside, folder):
    report = chairside("alarms", "aaa1", "--burden", "--data-dir", folder, "--json").document
    assert (report["sessions"], report["monitored_h"], report["announced"]) == (["aaa1"], 0.5, 2)
    assert (report["per_session"], report["per_hour"], report["near_misses"]) == (2.0, 4.0, 1)
    assert (report["judged"], report["actionable_percent"], report["false_percent"]) == (1, 0.0, 100.0)
    assert report["median_acknowledge_s"] == 8.0
    assert [line["rule"] for line in report["by_rule"]] == ["AL-BP-01", "AL-HR-03"]
    assert report["advice"] == []


def test_the_burden_of_a_period(chairside, folder):
    both = chairside("alarms", "--burden", "--simulated", "--data-dir", folder, "--json").document
    assert both["sessions"] == ["aaa1", "bbb2"]
    later = ("--burden", "--simulated", "--from", "2026-01-06", "--to", "2026-01-31", "--data-dir", folder)
    assert chairside("alarms", *later, "--json").document["sessions"] == ["bbb2"]
    text = chairside("alarms", *later)
    assert "1 session, 30.0 min monitored: 2 alarms, 4.0 an hour" in text.out
    assert "SIMULATED" in text.err
    real = chairside("alarms", "--burden", "--data-dir", folder, "--json").document
    assert (real["sessions"], real["announced"], real["per_hour"]) == ([], 0, None)


def test_mistakes_are_told_in_a_sentence(chairside, folder):
    assert chairside("alarms", "--data-dir", folder).refused("chairside sessions", "--burden")
    assert chairside("alarms", "zzz", "--data-dir", folder).refused("chairside sessions")
    assert chairside("alarms", "aaa1", "--from", "January", "--data-dir", folder).status == 2


def test_the_waves_around_each_alarm_are_exported(chairside, folder, tmp_path):
    out = tmp_path / "csv"
    files = chairside(
        "export", "aaa1", "--format", "csv", "--out", out, "--data-dir", folder, "--json"
    ).document["files"]
    assert [f for f in files if f.startswith("alarms/")] == [
        "alarms/01-AL-HR-03.csv",
        "alarms/02-AL-BP-01.csv",
    ]
    text = (out / "alarms/01-AL-HR-03.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert (len(rows), rows[0]["t"], rows[0]["ECG_II_mV"], rows[1]["ECG_II_mV"]) == (2000, "90", "1", "1.005")
