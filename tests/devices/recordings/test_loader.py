from pathlib import Path

import pytest

from devices.errors import KnownError
from devices.recordings.loader import load_recording


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("mitdb/100", "100"),
        ("mitdb/100.hea", "100"),
        ("mitdb/100.dat", "100"),
        ("mitdb/100.atr", "100"),
        ("cinc2015/t174s.mat", "t174s"),
        ("mimic2-numerics/3975656n.dat", "s00001-2896-10-10-00-31n"),
        ("bidmc/bidmc_13_Signals.csv", "bidmc_13"),
        ("bidmc/bidmc_13_Numerics.csv", "bidmc_13"),
        ("bidmc/bidmc_13", "bidmc_13"),
    ],
)
def test_any_part_opens_the_whole(shared_data: Path, path: str, name: str) -> None:
    assert load_recording(shared_data / path).name == name
    assert load_recording(str(shared_data / path)).name == name


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("none", "There is no recording"),
        ("none.hea", "There is no header none.hea"),
        ("none.dat", "There is no header none.hea beside none.dat"),
        ("none_Signals.csv", "There is no file"),
        ("nowhere/none.dat", "There is no folder"),
        ("notes.txt", "is no recording that can be read"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        load_recording(tmp_path / path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
