"""Whole records, sample by sample, against the ``wfdb`` package."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.recordings.recording import RecordingError
from devices.recordings.wfdb_record import read_wfdb

RECORDS = (
    "mitdb/100",
    "mitdb/222",
    "cinc2015/t174s",
    "cinc2015/t116s",
    "cinc2015/a103l",
    "cinc2015/b220s",
    "aami-ec13/aami3a",
    "aami-ec13/aami4b_h",
)


@pytest.mark.parametrize("record", RECORDS)
def test_waves_are_the_same(shared_data: Path, other_record: Callable[..., Any], record: str) -> None:
    mine = read_wfdb(shared_data / f"{record}.hea")
    other = other_record(shared_data / record)
    assert len(mine.waves) == other.n_sig
    assert not mine.numerics
    for column, wave in enumerate(mine.waves.values()):
        assert wave.rate_hz == other.fs
        assert wave.unit == other.units[column]
        np.testing.assert_allclose(wave.samples, other.p_signal[:, column], rtol=0, atol=1e-12)
    assert mine.duration_s == other.sig_len / other.fs


@pytest.mark.parametrize(
    ("record", "names"),
    [
        ("mitdb/100", ["ECG_II", "ECG_V"]),
        ("cinc2015/t174s", ["ECG_II", "ECG_V", "PLETH", "ABP"]),
        ("cinc2015/t116s", ["ECG_I", "ECG_V", "ABP", "RESP"]),
        ("aami-ec13/aami3a", ["ECG_II"]),
    ],
)
def test_names(shared_data: Path, record: str, names: list[str]) -> None:
    assert list(read_wfdb(shared_data / f"{record}.hea").waves) == names


def test_beats_come_with_the_record(shared_data: Path) -> None:
    beats_s = read_wfdb(shared_data / "mitdb/100.hea").beats_s
    assert beats_s is not None
    assert beats_s.size == 2273
    assert read_wfdb(shared_data / "aami-ec13/aami3a.hea").beats_s is None


def test_numerics_record(shared_data: Path, other_record: Callable[..., Any]) -> None:
    path = shared_data / "mimic2-numerics/s00001-2896-10-10-00-31n.hea"
    mine, other = read_wfdb(path), other_record(path.with_suffix(""))
    assert not mine.waves
    assert list(mine.numerics)[:1] == ["HR"]
    for series, column in zip(mine.numerics.values(), other.p_signal.T, strict=True):
        expected = np.where(column == 0, np.nan, column)  # README: drop-outs are coded 0
        np.testing.assert_allclose(series.values, expected, rtol=0, atol=1e-9)
        assert series.interval_s() == pytest.approx(60, abs=1e-6)
    pressures = mine.numerics["NIBP_SYS"].values
    assert np.isfinite(pressures).sum() == 152
    assert (pressures > 140).sum() == 26
    assert mine.start_utc is not None
    assert (mine.start_utc.year, mine.start_utc.minute, mine.start_utc.second) == (2896, 31, 25)


def write(folder: Path, header: str, **files: bytes) -> Path:
    (folder / "r.hea").write_text(header, encoding="ascii")
    for name, data in files.items():
        (folder / f"{name}.dat").write_bytes(data)
    return folder / "r.hea"


def test_several_files_rates_and_skew(tmp_path: Path) -> None:
    header = "r 3 100 4\na.dat 16x2 1/mV 16 0 0 36 0 II\na.dat 16 1/mV 16 0 0 22 0 V\nb.dat 80:1 1/NU 8 0 0 10 0 PLETH\n"
    frames = np.array([[1, 2, 4], [3, 4, 5], [5, 6, 6], [7, 8, 7]], dtype="<i2")
    path = write(tmp_path, header, a=frames.tobytes(), b=bytes([129, 130, 131, 132]))
    record = read_wfdb(path)
    assert record.waves["ECG_II"].rate_hz == 200
    assert record.waves["ECG_II"].samples.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert record.waves["ECG_V"].samples.tolist() == [4, 5, 6, 7]
    assert record.waves["PLETH"].samples.tolist() == [2, 3, 4, 4]


@pytest.mark.parametrize(
    ("header", "data", "words"),
    [
        ("r 1 100 2\nr.dat 16 1 16 0 0 4 0 II\n", bytes([1, 0, 2, 0]), "checksum of 'II' is wrong"),
        ("r 1 100 9\nr.dat 16 1 16 0 0 3 0 II\n", bytes([1, 0, 2, 0]), "cut short"),
        ("r 1 100 2\nq.dat 16 1 16 0 0 3 0 II\n", bytes([1, 0, 2, 0]), r"q\.dat, which the header names"),
    ],
)
def test_damage_is_named(tmp_path: Path, header: str, data: bytes, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        read_wfdb(write(tmp_path, header, r=data))


def test_missing_samples_are_gaps(tmp_path: Path) -> None:
    data = np.array([5, -32768, 7], dtype="<i2").tobytes()
    samples = read_wfdb(write(tmp_path, "r 1 100\nr.dat 16 1/mV 16 0\n", r=data)).waves[""].samples
    assert np.isnan(samples).tolist() == [False, True, False]
