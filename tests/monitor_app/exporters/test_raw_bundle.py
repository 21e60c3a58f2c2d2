"""Raw bytes as files: exact, told apart by direction, each read found through the index; never de-identified."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from devices.errors import KnownError, RefusedError
from monitor_app.core.raw import RawEntry
from monitor_app.core.record import RawTrack, SessionRecord
from monitor_app.core.stamp import Stamp
from monitor_app.exporters.bundle import write_export
from monitor_app.exporters.export import SIMULATED_MARK, ExportOptions, Profile

SOURCE = "berry@/dev/serial-4711"


def piece(t_ms: int, data: bytes, *, sent: bool = False) -> RawEntry:
    return RawEntry(Stamp(t_ms * 1_000_000, 1_772_368_200_000 + t_ms), SOURCE, data, sent)


PIECES = (
    piece(100, b"\x55\xaa", sent=True),
    piece(120, bytes(range(256))),
    piece(140, b"\r\n\x00"),
    piece(150, b"\x04", sent=True),
    piece(160, b"end"),
)


def with_raw(record: SessionRecord) -> SessionRecord:
    heard = sum(len(p.data) for p in PIECES if not p.sent)
    tracks = (
        RawTrack(SOURCE, heard, 3, lambda: iter(PIECES)),
        RawTrack("nonin@COM3", 2, 0, lambda: iter((piece(1, b"hi"),))),
    )
    return replace(record, raw=tracks)


def options(profile: Profile = Profile.PSEUDONYMOUS) -> ExportOptions:
    return ExportOptions("chairside", profile, secret=b"clinic's own")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_each_link_has_its_bytes_and_an_index(visit: SessionRecord, tmp_path: Path) -> None:
    paths = write_export("raw", with_raw(visit), tmp_path, options())
    assert [p.name for p in paths] == [
        "01_berry.raw", "01_berry.sent", "01_berry.csv", "02_nonin.raw", "02_nonin.csv", "manifest.json",
    ]  # fmt: skip
    assert (tmp_path / "01_berry.raw").read_bytes() == bytes(range(256)) + b"\r\n\x00end"
    assert (tmp_path / "01_berry.sent").read_bytes() == b"\x55\xaa\x04"
    index = rows(tmp_path / "01_berry.csv")
    assert list(index[0]) == ["t", "direction", "offset", "length"]
    assert [tuple(row.values()) for row in index] == [
        ("0.1", "sent", "0", "2"),
        ("0.12", "heard", "0", "256"),
        ("0.14", "heard", "256", "3"),
        ("0.15", "sent", "2", "1"),
        ("0.16", "heard", "259", "3"),
    ]
    for row, one in zip(index, PIECES, strict=True):
        data = (tmp_path / f"01_berry.{'sent' if one.sent else 'raw'}").read_bytes()
        assert data[int(row["offset"]) :][: int(row["length"])] == one.data
    assert json.loads((tmp_path / "manifest.json").read_text())["not_exported"] == []


def test_a_simulated_index_is_marked(simulated_visit: SessionRecord, tmp_path: Path) -> None:
    write_export("raw", with_raw(simulated_visit), tmp_path, options())
    assert {row["mark"] for row in rows(tmp_path / "01_berry.csv")} == {SIMULATED_MARK}


@pytest.mark.parametrize("profile", [Profile.SHIFT, Profile.RELATIVE])
def test_bytes_are_never_deidentified(profile: Profile, visit: SessionRecord, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be de-identified"):
        write_export("raw", with_raw(visit), tmp_path, options(profile))
    assert list(tmp_path.iterdir()) == []
    write_export("json", with_raw(visit), tmp_path, options(profile))
    assert json.loads((tmp_path / "manifest.json").read_text())["not_exported"] == []


@pytest.mark.parametrize("format_id", ["csv", "json"])
def test_other_exports_say_that_there_are_bytes(format_id: str, visit: SessionRecord, tmp_path: Path) -> None:
    write_export(format_id, with_raw(visit), tmp_path, options())
    (left_out,) = json.loads((tmp_path / "manifest.json").read_text())["not_exported"]
    assert left_out == {
        "what": "raw bytes of the monitors' lines",
        "bytes": 256 + 3 + 3 + 3 + 2,
        "how": "export --format raw",
    }


def test_a_session_without_bytes_says_how_they_are_recorded(visit: SessionRecord, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="--raw"):
        write_export("raw", visit, tmp_path, options())
