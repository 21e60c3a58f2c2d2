"""Small chunks become half-second rows; a jump of the counter starts a new one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.signals import WaveScale
from monitor_app.core.journal import WaveBlock
from monitor_app.core.stamp import Stamp
from monitor_app.storage.wave_rows import WaveMerger, pack_counts, row_crc32, unpack_counts

SCALE = WaveScale("mV", 0.005, 0.0, -100, 100)


def chunk(first: int, count: int, rate_hz: float = 100.0) -> WaveBlock:
    counts = np.arange(first, first + count, dtype=np.int32)
    stamp = Stamp(round(first / rate_hz * 1e9), round(first / rate_hz * 1e3))
    return WaveBlock(stamp, "d", "ECG_II", rate_hz, first, counts, SCALE)


def rows_of(chunks: list[WaveBlock]) -> list[WaveBlock]:
    merger = WaveMerger()
    rows = [row for part in chunks for row in merger.add(part)]
    return [*rows, *merger.cut()]


def test_ten_chunks_of_a_tenth_make_two_rows() -> None:
    rows = rows_of([chunk(first, 10) for first in range(0, 100, 10)])
    assert [(r.first_sample, r.counts.size, r.stamp.t_ns) for r in rows] == [
        (0, 50, 0),
        (50, 50, 500_000_000),
    ]


def test_a_little_more_than_half_a_second_is_still_one_row() -> None:
    assert [r.counts.size for r in rows_of([chunk(0, 74)])] == [74]


def test_a_jump_starts_a_row() -> None:
    rows = rows_of([chunk(0, 10), chunk(10, 10), chunk(25, 10)])
    assert [(r.first_sample, r.counts.size) for r in rows] == [(0, 20), (25, 10)]
    assert rows[1].stamp == chunk(25, 10).stamp


def test_an_empty_chunk_is_nothing() -> None:
    assert rows_of([chunk(5, 0)]) == []


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 120)), max_size=30),
    st.sampled_from([1.0, 62.5, 100.0]),
)
def test_no_sample_is_lost_moved_or_stretched_over_a_gap(
    steps: list[tuple[int, int]], rate_hz: float
) -> None:
    chunks, at = [], 0
    for gap, count in steps:
        at += gap
        chunks.append(chunk(at, count, rate_hz))
        at += count
    rows = rows_of(chunks)
    # The value of each sample is its own counter, so a misplaced one shows.
    for row in rows:
        np.testing.assert_array_equal(
            row.counts, np.arange(row.first_sample, row.first_sample + row.counts.size)
        )
        assert row.counts.size <= max(1, round(rate_hz / 2)) * 1.5
        assert abs(row.stamp.t_ns - row.first_sample / rate_hz * 1e9) <= 1
    assert sum(r.counts.size for r in rows) == sum(c.counts.size for c in chunks)


@given(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=40))
def test_bytes_come_back(values: list[int]) -> None:
    counts = np.array(values, dtype=np.int32)
    form, data = pack_counts(counts)
    np.testing.assert_array_equal(unpack_counts(form, data), counts)


def test_bytes_are_little_endian() -> None:
    assert pack_counts(np.array([-2, 258], dtype=np.int32)) == ("i2", b"\xfe\xff\x02\x01")


def test_an_unknown_form_or_torn_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown sample form"):
        unpack_counts("f8", b"")
    with pytest.raises(ValueError, match="buffer size"):
        unpack_counts("i2", b"\0\0\0")


@given(st.integers(0, 6), st.integers(1, 5))
def test_the_checksum_sees_every_column(column: int, by: int) -> None:
    row = [1, 2, 3, 4, 5, "u1", b"abc"]
    changed: list[object] = list(row)
    changed[column] = f"u{1 + by}" if column == 5 else b"abd" if column == 6 else int(str(row[column])) + by
    assert row_crc32(row) != row_crc32(changed)
