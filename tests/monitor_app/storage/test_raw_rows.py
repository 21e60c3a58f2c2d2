"""Raw bytes in rows: every byte back in its place and at its time, whatever the pieces were."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Stamp
from monitor_app.storage.raw_rows import (
    ROW_BYTES,
    ROW_NS,
    RawMerger,
    check_piece,
    decode_row,
    encode_pieces,
)

MS = 1_000_000


def piece(t_ms: float, data: bytes, *, sent: bool = False) -> RawEntry:
    return RawEntry(Stamp(round(t_ms * MS), int(t_ms)), "berry@/dev/ttyUSB0", data, sent)


def rows_of(pieces: list[RawEntry]) -> list[list[RawEntry]]:
    merger = RawMerger()
    rows = [row for one in pieces for row in merger.add(one)]
    return [*rows, *merger.cut()]


def cells(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row.values())


def test_a_row_is_laid_out_as_it_is_described() -> None:
    row = encode_pieces([piece(1000, b"abc"), piece(1020, b"de")], 7, 3)
    assert row["data"] == b"abcde"
    assert row["marks"] == struct.pack("<4I", 0, 3, 20 * MS, 2)
    assert (row["session_key"], row["number"], row["t_ns"], row["utc_ms"], row["sent"]) == (
        7,
        3,
        10**9,
        1000,
        0,
    )
    head = struct.pack("<qqqB", 7, 10**9, 1000, 0) + b"berry@/dev/ttyUSB0\0"
    assert row["crc32"] == zlib.crc32(head + row["marks"] + row["data"])
    assert list(decode_row(cells(row))) == [piece(1000, b"abc"), piece(1020, b"de")]


def test_rows_end_where_the_time_goes_on_or_back_and_where_they_are_full() -> None:
    late, back = piece(2 * ROW_NS / MS, b"x"), piece(-5, b"y")
    assert [len(row) for row in rows_of([piece(0, b"a"), piece(999, b"b"), late])] == [2, 1]
    assert [len(row) for row in rows_of([piece(0, b"a"), back])] == [1, 1]
    big = b"z" * (ROW_BYTES - 1)
    assert [len(row) for row in rows_of([piece(0, big), piece(1, b"1"), piece(2, b"2")])] == [2, 1]
    assert rows_of([piece(0, b"")]) == []
    assert [row[0].data for row in rows_of([piece(0, b"q" * 3 * ROW_BYTES)])] == [b"q" * 3 * ROW_BYTES]


@given(st.lists(st.tuples(st.integers(0, 900), st.binary(max_size=40)), max_size=30), st.booleans())
def test_any_pieces_come_back_exactly(drawn: list[tuple[int, bytes]], sent: bool) -> None:
    t_ms, pieces = 0, []
    for step_ms, data in drawn:
        t_ms += step_ms
        pieces.append(piece(t_ms, data, sent=sent))
    read = [
        back
        for number, row in enumerate(rows_of(pieces), start=1)
        for back in decode_row(cells(encode_pieces(row, 1, number)))
    ]
    assert read == [one for one in pieces if one.data]


@pytest.mark.parametrize(
    "change",
    [
        {"marks": b""},
        {"marks": b"\0" * 7},
        {"marks": struct.pack("<II", 0, 9)},
        {"data": b"abcd"},
        {"sent": 2},
    ],
)
def test_a_damaged_row_is_not_read(change: dict[str, object]) -> None:
    row = encode_pieces([piece(0, b"abc")], 1, 1) | change
    with pytest.raises(ValueError, match="marks"):
        list(decode_row(cells(row)))


@pytest.mark.parametrize(
    "bad",
    [
        RawEntry(Stamp(2**63, 0), "s", b"x"),
        RawEntry(Stamp(0, 0), "half \ud800", b"x"),
        RawEntry(Stamp(0, 0), "s", "text"),
    ],
)
def test_what_cannot_be_stored_is_refused_before_it_joins_others(bad: RawEntry) -> None:
    with pytest.raises((ValueError, TypeError)):
        check_piece(bad)
