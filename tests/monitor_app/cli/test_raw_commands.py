"""``--raw`` and what reads it back: ``decode`` and ``replay`` of a session's bytes, ``export --format raw``, ``verify``."""

import pytest

from devices.signals import Provenance
from monitor_app.core import journal as j
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp
from monitor_app.services.settings import Settings, save_settings
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store

SESSION = "7f3a0001"
SPO2_FRAME = bytes.fromhex("55 AA 06 04 00 62 48 4B")  # protocols.md §1.4: SpO2 98 %, pulse 72
BERRY, OTHER = "berry@/dev/pts/3", "berry@/dev/pts/4"
SECONDS = 40


def at(seconds):
    return Stamp(round(seconds * NS_PER_S), 1_767_600_000_000 + round(seconds * 1000))


def write_session(folder, sources):
    with Store.open(folder, StoreKind.TRAINING) as store:
        store.new_session(j.SessionOpened(at(0), SESSION, "P-1", "", True, "1", "chairside"))
        core = store.recorder_core(SESSION)
        for source in sources:
            core.write(j.DeviceEntry(at(0), source, "berry", "Berry", Provenance.SIMULATED))
        core.write(j.PhaseEntry(at(0), Phase.CHECKIN, Phase.BASE, Actor("Ana")))
        for second in range(1, SECONDS + 1):
            for source in sources:
                core.write(j.RawEntry(at(second - 0.6), source, b"\x55\xaa\x04\x01\x01\xf9", sent=True))
                core.write(j.RawEntry(at(second - 0.5), source, SPO2_FRAME[:5]))
                core.write(j.RawEntry(at(second - 0.4), source, SPO2_FRAME[5:]))
            core.flush(second * NS_PER_S)
        core.close()
        store.mark_closed(SESSION, at(SECONDS))
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_session(tmp_path / "data", [BERRY])


@pytest.fixture
def two_links(tmp_path):
    return write_session(tmp_path / "data", [BERRY, OTHER])


def test_a_sessions_bytes_are_decoded_with_their_times(chairside, folder):
    lines = chairside("decode", "berry", SESSION[:5], "--data-dir", folder, "--json").lines
    spo2 = [(line["t"], line["value"]) for line in lines if line.get("name") == "SPO2"]
    assert spo2 == [(round(second - 0.4, 3), 98) for second in range(1, SECONDS + 1)]
    assert lines[-1] == {
        "kind": "summary",
        "bytes": 8 * SECONDS,  # what was sent is no word of the monitor's
        "frames_ok": SECONDS,
        "frames_bad": 0,
        "resyncs": 0,
        "bytes_discarded": 0,
    }
    assert "0.600 s  SPO2" in chairside("decode", "berry", SESSION, "--data-dir", folder).out


def test_of_several_links_one_is_named(chairside, two_links):
    assert chairside("decode", "berry", SESSION, "--data-dir", two_links).refused(f"{SESSION}:{OTHER}")
    for source in (OTHER, BERRY):
        result = chairside("decode", "berry", f"{SESSION}:{source}", "--data-dir", two_links, "--json")
        assert result.lines[-1]["frames_ok"] == SECONDS
    assert chairside("decode", "berry", f"{SESSION}:nonin", "--data-dir", two_links).refused("none", OTHER)


def test_a_name_that_can_only_be_a_files_is_never_looked_for_among_sessions(chairside, folder):
    assert chairside("decode", "berry", "nonesuch.raw", "--data-dir", folder).refused("There is no file")
    assert chairside("decode", "berry", "nonesuch", "--data-dir", folder).refused("no session 'nonesuch'")
    assert chairside("decode", "berry", SESSION, "--hex", "--data-dir", folder).refused("--hex")


def test_another_drivers_view_of_the_bytes_says_that_it_fits_nothing(chairside, folder):
    result = chairside("decode", "bci", SESSION, "--data-dir", folder)
    assert result.status == 1
    assert "no valid frame of bci" in result.err
    assert "--hex" not in result.err


def test_replay_decodes_them_again(chairside, folder):
    lines = chairside("replay", SESSION, "--raw", "--numerics", "--data-dir", folder, "--json").lines
    values = {(line["name"], line["value"]) for line in lines if line["kind"] == "numeric"}
    assert {("SPO2", 98.0), ("PR", 72.0)} <= values
    assert not [line for line in lines if line["kind"] == "alarm" and line["to"] == "ACTIVE"]
    plain = chairside("replay", SESSION, "--numerics", "--data-dir", folder, "--json")
    assert (
        plain.out != chairside("replay", SESSION, "--raw", "--numerics", "--data-dir", folder, "--json").out
    )


def test_export_and_replay_of_the_file(chairside, folder, tmp_path):
    out = tmp_path / "out"
    result = chairside("export", SESSION, "--format", "raw", "--out", out, "--data-dir", folder)
    assert result.status == 0
    assert "may hold a name" in result.err
    assert (out / "01_berry.raw").read_bytes() == SPO2_FRAME * SECONDS
    decoded = chairside("decode", "berry", out / "01_berry.raw", "--json").lines
    assert decoded[-1]["frames_ok"] == SECONDS
    replayed = chairside("replay", out / "01_berry.raw", "--driver", "berry", "--numerics", "--json").lines
    times = [line["t"] for line in replayed if line.get("name") == "SPO2"]
    assert times[-1] == pytest.approx(SECONDS, abs=1)  # one value a second, by the family's interval
    assert chairside("replay", out / "01_berry.raw").refused("--driver")
    identified = chairside(
        "export", SESSION, "--format", "raw", "--identified", "--out", tmp_path / "i", "--data-dir", folder
    )
    assert identified.err == ""
    assert chairside(
        "export",
        SESSION,
        "--format",
        "raw",
        "--deidentify",
        "shift",
        "--out",
        tmp_path / "d",
        "--data-dir",
        folder,
    ).refused("cannot be de-identified")


def test_a_session_without_bytes_says_how_to_get_them(chairside, tmp_path):
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        store.new_session(j.SessionOpened(at(0), SESSION, "P-1", "", True, "1", "chairside"))
    for command in (("decode", "berry", SESSION), ("replay", SESSION, "--raw")):
        assert chairside(*command, "--data-dir", tmp_path).refused("--raw")
    out = tmp_path / "new" / "folder"
    export = ("export", SESSION, "--format", "raw", "--data-dir", tmp_path)
    assert chairside(*export, "--out", out).refused("no raw bytes")
    assert not out.parent.exists()
    out.mkdir(parents=True)
    assert chairside(*export, "--out", out).refused("no raw bytes")
    assert list(out.iterdir()) == []


def test_verify_names_a_changed_byte(chairside, folder):
    import sqlite3

    assert chairside("verify", SESSION, "--data-dir", folder).status == 0
    raw = sqlite3.connect(folder / "training.db")
    (guard,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'raw_block_refuses_update'").fetchone()
    raw.execute("DROP TRIGGER raw_block_refuses_update")
    raw.execute("UPDATE raw_block SET data = zeroblob(length(data)) WHERE number = 2")
    raw.execute(guard)
    raw.commit()
    raw.close()
    result = chairside("verify", "--data-dir", folder, "--json")
    assert result.status == 1
    assert [f["where"] for f in result.document["findings"]] == ["raw_block row 2"]


@pytest.mark.parametrize("switch", ["--raw", "setting", "off"])
def test_record_with_the_switch_or_the_setting(chairside, tmp_path, switch):
    """A capture played back is a simulated monitor; its bytes stand in the record as they stand in the file."""
    source, data = tmp_path / "x.raw", tmp_path / "data"
    source.write_bytes(SPO2_FRAME * 4000)
    if switch == "setting":
        save_settings(data, Settings(record_raw=True))
    more = ["--raw"] if switch == "--raw" else []
    result = chairside(
        "record", "--device", f"berry@capture://{source}", "--for", 1.2, "--data-dir", data, "--json", *more
    )
    assert result.status == 0, result.err
    summary = result.document
    with Store.open(data, StoreKind.TRAINING) as store:
        tracks = store.record(summary["session"]).raw
        if switch == "off":
            assert (tracks, summary["raw_bytes"]) == ((), 0)
            return
        pieces = list(tracks[0].pieces())
    heard = b"".join(piece.data for piece in pieces if not piece.sent)
    assert heard
    assert heard in source.read_bytes()
    assert summary["raw_bytes"] == sum(len(piece.data) for piece in pieces)
    assert len(heard) > 8000  # a second at 115200
