"""Annotations against bytes of annot(5) and against another program's reader."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.recordings.recording import RecordingError
from devices.recordings.wfdb_annotations import SYMBOLS, Annotation, beat_times_s, read_annotations

RECORDS = ("100", "105", "200", "209", "215", "222")
# shared data README: beats of each record.
BEATS = {"100": 2273, "105": 2572, "200": 2601, "209": 3005, "215": 3363, "222": 2483}


def word(code: int, value: int) -> bytes:
    return ((code << 10) | value).to_bytes(2, "little")


def test_every_kind_of_word() -> None:
    data = (
        word(28, 18) + word(63, 3) + b"(N\0\0"  # rhythm with text, padded to even
        + word(1, 100) + word(61, 1023) + word(62, 1)  # a beat, subtype -1, channel 1
        + word(59, 0) + b"\x01\x00\x00\x00" + word(5, 2)  # skip 65536, then a PVC
        + word(60, 7)
        + word(0, 0)
    )  # fmt: skip
    marks = read_annotations(data, source="x.atr")
    assert marks == (
        Annotation(18, "+", text="(N"),
        Annotation(118, "N", subtype=-1, channel=1),
        Annotation(65656, "V", channel=1),
    )
    assert beat_times_s(marks, 100).tolist() == [1.18, 656.56]


@pytest.mark.parametrize(
    ("code", "symbol"), [(1, "N"), (5, "V"), (12, "/"), (14, "~"), (28, "+"), (38, "f"), (41, "r")]
)
def test_symbols(code: int, symbol: str) -> None:
    assert SYMBOLS[code] == symbol


def test_a_cut_file_is_named() -> None:
    with pytest.raises(RecordingError, match=re.escape("x.atr is cut short")):
        read_annotations(word(1, 100), source="x.atr")


@pytest.mark.parametrize("record", RECORDS)
def test_real_files_read_the_same_elsewhere(
    shared_data: Path, other_annotations: Callable[..., Any], record: str
) -> None:
    path = shared_data / "mitdb" / record
    marks = read_annotations(path.with_suffix(".atr").read_bytes(), source=record)
    other = other_annotations(path, "atr")
    assert [mark.sample for mark in marks] == other.sample.tolist()
    assert [mark.symbol for mark in marks] == other.symbol
    assert [mark.subtype for mark in marks] == other.subtype.tolist()
    assert [mark.channel for mark in marks] == other.chan.tolist()
    assert [mark.text for mark in marks] == [note.rstrip("\0") for note in other.aux_note]
    beats = beat_times_s(marks, 360)
    assert beats.size == BEATS[record]
    assert (np.diff(beats) > 0).all()
