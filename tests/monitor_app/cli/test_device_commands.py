"""``chairside drivers``: the fields of the contract."""

from pathlib import Path


def test_drivers_have_the_contracts_fields(chairside):
    result = chairside("drivers", "--json")
    berry = next(driver for driver in result.document if driver["id"] == "berry")
    assert {"id", "name", "numerics", "waveforms", "serial", "nibp", "cannot"} <= set(berry)
    assert {"HR", "SPO2"} <= set(berry["numerics"])
    assert {"name": "ECG_II", "rate_hz": 250} in berry["waveforms"]
    assert {"baud": 115200, "bits": 8, "parity": "N", "stop_bits": 1, "rtscts": False}.items() <= berry[
        "serial"
    ].items()
    assert berry["nibp"] == "host"
    assert all(sentence.endswith(".") for sentence in berry["cannot"])
    assert "115200 8N1" in chairside("drivers").out


SAMPLE = Path(__file__).parents[2] / "devices" / "protocols" / "delimited" / "acme_spot.toml"


def test_a_monitor_described_in_the_clinics_folder_is_listed(chairside, tmp_path):
    (tmp_path / "monitors").mkdir()
    described = tmp_path / "monitors" / "acme.toml"
    described.write_bytes(SAMPLE.read_bytes())
    documents = chairside("drivers", "--json", "--data-dir", tmp_path).document
    assert {driver["kind"] for driver in documents[:-1]} == {"built-in"}
    acme = documents[-1]
    assert (acme["id"], acme["kind"], acme["recorded_as"]) == (f"file:{described}", "described", "acme-spot")
    assert {"name", "numerics", "waveforms", "serial", "nibp", "cannot"} <= set(acme)
    text = chairside("drivers", "--data-dir", tmp_path).out
    assert f"file:{described}: {acme['name']}" in text
    assert "described, recorded as acme-spot" in text
    # What is listed is what other commands take.
    assert "no valid frame of acme-spot" in chairside("decode", acme["id"], SAMPLE).err


def test_a_description_with_a_mistake_is_told_of_and_left_out(chairside, tmp_path):
    (tmp_path / "monitors").mkdir()
    (tmp_path / "monitors" / "bad.toml").write_text("[monitor]\n")
    result = chairside("drivers", "--json", "--data-dir", tmp_path)
    assert result.status == 0
    assert all(driver["kind"] == "built-in" for driver in result.document)
    assert "bad.toml" in result.err
    assert result.err.count("\n") == 1
