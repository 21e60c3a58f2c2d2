"""A bundle is whole, hashed, the same each time, and carries no more of a person than its profile allows."""

import hashlib
import json
from pathlib import Path

import pytest

from devices.errors import KnownError, RefusedError
from monitor_app.core.record import SessionRecord
from monitor_app.exporters import bundle
from monitor_app.exporters.bundle import write_export
from monitor_app.exporters.export import INTENDED_USE, SIMULATED_MARK, ExportOptions, Profile
from monitor_app.exporters.registry import FORMATS

PLANTED = (
    "Ana Prado",
    "João",
    "penicillin",
    "SN-998877",
    "serial-4711",
    "P-0042-KEY",
    "session-7f3a",
    "chair 2",
    "JM",
)


def options(profile: Profile = Profile.PSEUDONYMOUS) -> ExportOptions:
    return ExportOptions("chairside 0.1.0", profile, "Europe/Berlin", with_waves=True, secret=b"clinic's own")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("format_id", sorted(FORMATS))
def test_the_manifest_names_every_file_by_its_hash(
    format_id: str, visit: SessionRecord, tmp_path: Path
) -> None:
    paths = write_export(format_id, visit, tmp_path, options())
    files = everything(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in paths} == set(files)
    manifest = json.loads(files.pop("manifest.json"))
    assert {f["name"]: (f["sha256"], f["bytes"]) for f in manifest["files"]} == {
        name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()
    }
    assert manifest["intended_use"] == INTENDED_USE
    assert (manifest["time_zone"], manifest["deidentification"]) == ("Europe/Berlin", "pseudonymous")
    assert (manifest["software"], manifest["mark"]) == ("chairside 0.1.0", None)


@pytest.mark.parametrize("format_id", sorted(FORMATS))
@pytest.mark.parametrize("profile", Profile)
def test_the_same_record_gives_the_same_bytes(
    format_id: str, profile: Profile, visit: SessionRecord, tmp_path: Path
) -> None:
    for folder in ("one", "two", "two"):  # the last one over an earlier export
        write_export(format_id, visit, tmp_path / folder, options(profile))
    assert everything(tmp_path / "one") == everything(tmp_path / "two")


def test_a_simulated_session_says_so(simulated_visit: SessionRecord, tmp_path: Path) -> None:
    write_export("csv", simulated_visit, tmp_path, options())
    assert json.loads((tmp_path / "manifest.json").read_text())["mark"] == SIMULATED_MARK


@pytest.mark.parametrize("format_id", sorted(FORMATS))
@pytest.mark.parametrize("profile", [Profile.SHIFT, Profile.RELATIVE])
def test_a_deidentified_bundle_holds_nothing_planted(
    format_id: str, profile: Profile, visit: SessionRecord, tmp_path: Path
) -> None:
    write_export(format_id, visit, tmp_path, options(profile))
    for name, data in everything(tmp_path).items():
        for planted in PLANTED:
            assert planted.encode() not in data, (name, planted)
    assert b"2026-03-01" not in b"".join(everything(tmp_path).values())


def test_the_shift_is_whole_days_back_and_the_same_for_one_patient(
    visit: SessionRecord, tmp_path: Path
) -> None:
    write_export("json", visit, tmp_path, options(Profile.SHIFT))
    document = json.loads((tmp_path / "session.json").read_text())
    first = document["session"]["utc"]
    assert first.endswith("T12:30:00.000+00:00")
    assert "2025-03-01" <= first[:10] < "2026-03-01"
    assert document["session"]["patient"] == {"age_years": "90+", "weight_kg": 70.5}


def test_pseudonymous_drops_initials_and_free_text_about_the_patient(
    visit: SessionRecord, tmp_path: Path
) -> None:
    write_export("json", visit, tmp_path / "p", options())
    session = json.loads((tmp_path / "p" / "session.json").read_text())["session"]
    assert (session["initials"], session["patient_key"]) == ("", "P-0042-KEY")
    assert "allergies" not in session["patient"]
    write_export("json", visit, tmp_path / "i", options(Profile.IDENTIFIED))
    session = json.loads((tmp_path / "i" / "session.json").read_text())["session"]
    assert (session["initials"], session["patient"]["age_years"]) == ("JM", 93)


def test_an_identifier_that_slipped_through_stops_the_export(
    visit: SessionRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "for_export", lambda record, _: record)
    with pytest.raises(RefusedError, match="nothing was saved"):
        write_export("csv", visit, tmp_path, options(Profile.SHIFT))
    assert everything(tmp_path) == {}


def test_mistakes_are_one_sentence(visit: SessionRecord, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="choose one of csv, json"):
        write_export("docx", visit, tmp_path, options())
    (tmp_path / "file").write_text("")
    with pytest.raises(KnownError, match="choose another folder"):
        write_export("csv", visit, tmp_path / "file", options())
    with pytest.raises(KnownError, match="secret"):
        write_export("csv", visit, tmp_path, ExportOptions("x", Profile.SHIFT))
