"""``chairside drivers``: the fields of the contract."""


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
