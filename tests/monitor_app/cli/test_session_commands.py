"""``sessions``, ``export``, ``verify`` and the replay of a session, on a small visit written by the recorder."""

import hashlib
import json
import sqlite3

import pytest

from devices.signals import Provenance
from monitor_app.core import journal as j
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

START_MS = 1_767_600_000_000  # 2026-01-05T08:00:00Z
NURSE = Actor("Ana Prado", "nurse")
SESSION = "7f3a0001"


def at(seconds):
    return Stamp(round(seconds * NS_PER_S), START_MS + round(seconds * 1000))


def visit_entries():
    yield j.DeviceEntry(at(0), "berry@pty", "berry", "Berry", Provenance.SIMULATED)
    yield j.PhaseEntry(at(0.5), Phase.CHECKIN, Phase.BASE, NURSE)
    yield j.BaselineEntry(at(1), j.Baseline(124, 78, 72.0, 98.0, None), (), NURSE)
    yield j.PhaseEntry(at(2), Phase.READY, Phase.INF, NURSE)
    for second in range(120):
        heart_rate = 150.0 if second >= 60 else 80.0
        yield j.NumericEntry(at(second + 0.1), "berry@pty", "HR", heart_rate, "/min")
        yield j.NumericEntry(at(second + 0.1), "berry@pty", "SPO2", 98.0, "%")


@pytest.fixture
def folder(tmp_path):
    with Store.open(tmp_path / "data", StoreKind.TRAINING, workstation="bench") as store:
        store.new_session(
            j.SessionOpened(at(0), SESSION, "P-0042", "AB", True, "chair 2", "chairside 0.1.0", "S01", 1, {})
        )
        core = store.recorder_core(SESSION)
        for entry in visit_entries():
            core.write(entry)
        core.close()
        store.mark_closed(SESSION, at(120))
    return tmp_path / "data"


def audit_rows(folder):
    with sqlite3.connect(folder / "training.db") as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("select * from audit order by seq")]
    database.close()
    return rows


def test_sessions_have_the_contracts_fields(chairside, folder):
    (session,) = chairside("sessions", "--data-dir", folder, "--json").document
    assert set(session) >= {"id", "patient", "started_utc", "duration_s", "phase", "simulated"}
    assert (session["id"], session["patient"], session["simulated"]) == (SESSION, "P-0042", True)
    assert session["started_utc"] == "2026-01-05T08:00:00.000+00:00"
    assert session["duration_s"] == 120
    assert session["phase"] == "INF"
    text = chairside("sessions", "--data-dir", folder).out
    assert SESSION in text
    assert "simulated" in text


def test_a_folder_without_records_is_an_empty_list_and_stays_untouched(chairside, tmp_path):
    nowhere = tmp_path / "nowhere"
    assert chairside("sessions", "--data-dir", nowhere, "--json").document == []
    assert "No sessions" in chairside("sessions", "--data-dir", nowhere).out
    assert chairside("verify", "--data-dir", nowhere, "--json").document["ok"] is True
    assert not nowhere.exists()


def test_a_file_as_data_folder_is_refused(chairside, tmp_path):
    path = tmp_path / "file"
    path.touch()
    assert chairside("sessions", "--data-dir", path).refused("--data-dir")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_writes_a_manifest_that_holds_every_hash(chairside, folder, tmp_path, form):
    out = tmp_path / form
    result = chairside("export", SESSION[:4], "--format", form, "--out", out, "--data-dir", folder, "--json")
    assert result.status == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["deidentification"] == "pseudonymous"
    for file in manifest["files"]:
        assert hashlib.sha256((out / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    on_disk = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert set(result.document["files"]) == on_disk
    if form == "csv":
        assert on_disk >= {"numerics.csv", "nibp.csv", "events.csv", "alarms.csv", "dictionary.csv"}


def test_an_export_is_audited_and_the_record_still_verifies(chairside, folder, tmp_path):
    before = len(audit_rows(folder))
    chairside("export", SESSION, "--format", "json", "--out", tmp_path / "x", "--data-dir", folder)
    *_, last = rows = audit_rows(folder)
    assert len(rows) == before + 1
    assert (last["action"], last["session_id"]) == ("export", SESSION)
    assert json.loads(last["new_json"]) == {"format": "json", "profile": "pseudonymous"}
    assert last["user"]
    result = chairside("verify", "--data-dir", folder)
    assert (result.status, "as it was written" in result.out) == (0, True)


def test_an_export_that_fails_is_audited_too(chairside, folder, tmp_path):
    target = tmp_path / "file"
    target.touch()
    assert chairside("export", SESSION, "--format", "csv", "--out", target, "--data-dir", folder).refused()
    assert [row["action"] for row in audit_rows(folder)[-2:]] == ["export", "fail"]


def test_deidentified_exports_lead_nowhere_and_agree_with_each_other(chairside, folder, tmp_path):
    for name in ("a", "b"):
        arguments = ("--format", "json", "--out", tmp_path / name, "--deidentify", "shift")
        assert chairside("export", SESSION, *arguments, "--data-dir", folder).status == 0
    text = (tmp_path / "a" / "session.json").read_bytes()
    assert text == (tmp_path / "b" / "session.json").read_bytes()
    for secret in (b"P-0042", SESSION.encode(), b"Ana Prado", b"2026-01-05"):
        assert secret not in text
    assert (folder / "deidentify.key").stat().st_mode & 0o077 == 0


def test_verify_names_what_was_changed(chairside, folder):
    database = sqlite3.connect(folder / "training.db")
    (trigger,) = database.execute(
        "select name from sqlite_master where type='trigger' and tbl_name='session' and sql like '%UPDATE%'"
    ).fetchone()
    database.execute(f"drop trigger {trigger}")
    database.execute("update session set patient_key = 'P-0043'")
    database.commit()
    database.close()
    result = chairside("verify", SESSION, "--data-dir", folder, "--json")
    assert result.status == 1
    assert result.document["ok"] is False
    wheres = {finding["where"] for finding in result.document["findings"]}
    assert f"session row {SESSION}" in wheres
    assert f"trigger {trigger}" in wheres
    assert result.err.count("\n") == 1


def test_unknown_sessions_and_formats(chairside, folder, tmp_path):
    out = tmp_path / "x"
    export = ("--out", out, "--data-dir", folder)
    assert chairside("export", "zzz", "--format", "csv", *export).refused("chairside sessions")
    assert chairside("verify", "zzz", "--data-dir", folder).refused("chairside sessions")
    assert chairside("export", SESSION, "--format", "xls", *export).status == 2
    assert (
        chairside(
            "export", SESSION, "--format", "csv", "--identified", "--deidentify", "shift", *export
        ).status
        == 2
    )
    assert not out.exists()


def test_a_session_is_replayed_by_its_id(chairside, folder, tmp_path):
    lines = chairside("replay", SESSION, "--data-dir", folder, "--json").lines
    raised = {line["rule"]: line["t"] for line in lines if line["to"] == "ACTIVE"}
    assert 60 <= raised["AL-HR-02"] <= 70
    assert not any(rule.startswith("TE-") for rule in raised), raised  # what was not fitted is not missed
    # The same visit through its own CSV export.
    chairside("export", SESSION, "--format", "csv", "--out", tmp_path / "x", "--data-dir", folder)
    again = chairside("replay", tmp_path / "x" / "numerics.csv", "--baseline", "72,124,78,98", "--json").lines
    assert {line["rule"]: line["t"] for line in again if line["to"] == "ACTIVE"}["AL-HR-02"] == raised[
        "AL-HR-02"
    ]
