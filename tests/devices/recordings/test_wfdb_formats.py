"""Sample formats against bytes worked out by hand from signal(5)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.recordings.recording import RecordingError
from devices.recordings.wfdb_formats import checksum_of, physical, read_samples
from devices.recordings.wfdb_header import parse_header


@pytest.mark.parametrize(
    ("fmt", "data", "values"),
    [
        (16, "0100 ffff 0080 ff7f", [1, -1, -32768, 32767]),
        (61, "0001 ffff 8000 7fff", [1, -1, -32768, 32767]),
        (24, "010000 ffffff 000080 ffff7f", [1, -1, -(1 << 23), (1 << 23) - 1]),
        (32, "01000000 ffffffff 00000080", [1, -1, -(1 << 31)]),
        (80, "80 00 ff 81", [0, -128, 127, 1]),
        (160, "0080 0000 ffff", [0, -32768, 32767]),
        # Two 12-bit samples in three bytes: the middle one holds both high parts.
        (212, "e333f3", [0x3E3, 0x3F3]),
        (212, "ff0f01 008000", [-1, 1, 0, -2048]),
        (212, "ff07", [2047]),
    ],
)
def test_bytes(fmt: int, data: str, values: list[int]) -> None:
    raw = bytes.fromhex(data)
    assert read_samples(raw, fmt, len(values), source="x").tolist() == values


def test_all_there_is() -> None:
    assert read_samples(bytes(7), 16, None, source="x").size == 3
    assert read_samples(bytes(6), 212, None, source="x").size == 4


def test_short_and_unknown_files_are_named() -> None:
    with pytest.raises(RecordingError, match=r"100\.dat is cut short: 10 samples are promised, 2 are there"):
        read_samples(bytes(4), 16, 10, source="100.dat")
    with pytest.raises(RecordingError, match="format 310"):
        read_samples(bytes(4), 310, 1, source="100.dat")


@given(st.lists(st.integers(-2048, 2047), max_size=60))
def test_212_takes_what_the_definition_packs(values: list[int]) -> None:
    data = bytearray()
    for first, second in zip(values[::2], [*values[1::2], 0], strict=False):
        a, b = first & 0xFFF, second & 0xFFF
        data += bytes([a & 0xFF, (a >> 8) | ((b >> 8) << 4), b & 0xFF])
    assert read_samples(bytes(data), 212, len(values), source="x").tolist() == values


@pytest.mark.parametrize(("values", "checksum"), [([1, 2], 3), ([32767, 1], -32768), ([-1], -1), ([], 0)])
def test_checksum(values: list[int], checksum: int) -> None:
    assert checksum_of(np.array(values, dtype=np.int64)) == checksum


def test_physical_values_and_missing_samples() -> None:
    spec = parse_header("r 1 360 3\nr.dat 212 200 11 1024 0 0 0 II\n", source="x").signals[0]
    values = physical(np.array([1024, 1224, -2048]), spec)
    assert values[:2].tolist() == [0.0, 1.0]
    assert np.isnan(values[2])
