import csv
from pathlib import Path

import numpy as np
import pytest

from devices.recordings.csv_signals import read_csv_signals
from devices.recordings.recording import RecordingError, numeric_name, wave_name

HEADERS = {
    13: ["RESP", "PLETH", "ECG_II", "ECG_V", "ECG_AVR"],
    25: ["RESP", "PLETH", "ECG_II", "ECG_V", "ECG_AVR"],
    49: ["RESP", "PLETH", "ECG_II", "ECG_V", "ECG_AVR"],  # its V is called MCL
}


@pytest.mark.parametrize("number", HEADERS)
def test_bidmc(shared_data: Path, number: int) -> None:
    path = shared_data / "bidmc" / f"bidmc_{number}_Signals.csv"
    recording = read_csv_signals(path)
    assert recording.name == f"bidmc_{number}"
    assert list(recording.waves) == HEADERS[number]
    with path.open(encoding="ascii") as file:
        rows = list(csv.reader(file))
    assert {wave.rate_hz for wave in recording.waves.values()} == {125.0}
    assert recording.waves["PLETH"].samples.tolist() == [float(row[2]) for row in rows[1:]]
    assert recording.waves["ECG_II"].unit == "NU"
    assert set(recording.numerics) == {"HR", "PR", "RR", "SPO2"}
    assert recording.duration_s == pytest.approx(481, abs=1)


def test_bidmc_numerics_with_holes(shared_data: Path) -> None:
    numerics = read_csv_signals(shared_data / "bidmc" / "bidmc_25_Signals.csv").numerics
    assert numerics["HR"].values[:3].tolist() == [126, 126, 123]
    assert np.isnan(numerics["PR"].values[0])
    assert numerics["SPO2"].values[1] == 99
    # shared data README: HR climbs 105 -> 139.
    assert np.nanmax(numerics["HR"].values) == 139
    for number in HEADERS:
        times = read_csv_signals(shared_data / "bidmc" / f"bidmc_{number}_Signals.csv").numerics["HR"].times_s
        assert times[0] == 0  # written "-0" in one of the files
        assert (np.diff(times) > 0).all()


def test_units_in_brackets_and_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("t [s],II [mV], Pleth\n0,1.5,0.1\n0.002,,0.2\n0.004,2.5,0.3\n", encoding="utf-8")
    waves = read_csv_signals(path).waves
    assert (waves["ECG_II"].unit, waves["PLETH"].unit, waves["ECG_II"].rate_hz) == ("mV", "NU", 500)
    assert np.isnan(waves["ECG_II"].samples).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "header row"),
        ("II,V\n1,2\n3,4\n", "first column is the time"),
        ("Time,II\n0,1\n", "at least 2"),
        ("Time,II\n0,1\n0,2\n", "does not rise"),
        ("Time,II\n0,1,2\n1,2,3\n", "2 columns in its header and 3 in its rows"),
        ("Time,II\n0,one\n1,2\n", "not a number"),
        ("Time,II\n0,1\n1,2,3\n", "not a number"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x_Signals.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError, match=words):
        read_csv_signals(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        read_csv_signals(tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("MLII", "ECG_II"),
        (" II", "ECG_II"),
        ("Lead I", "ECG_I"),
        ("V5", "ECG_V"),
        ("ECG_V", "ECG_V"),
        ("Pleth", "PLETH"),
        ("ART", "ART"),
    ],
)
def test_wave_names(label: str, name: str) -> None:
    assert wave_name(label) == name


@pytest.mark.parametrize(
    ("label", "name"),
    [(" PULSE", "PR"), ("SpO2", "SPO2"), ("%SpO2", "SPO2"), ("NBPSys", "NIBP_SYS"), ("CVP", "CVP")],
)
def test_numeric_names(label: str, name: str) -> None:
    assert numeric_name(label) == name
