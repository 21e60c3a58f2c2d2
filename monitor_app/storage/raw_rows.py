"""Raw bytes between the journal and the table: single reads merged into half-second rows, and taken apart again.

A row holds the bytes of one link in one direction. Its marks are one pair for each read or write: nanoseconds since the
row's own stamp, and how many bytes. So the bytes come back exactly as they were read, each piece at its own time.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from monitor_app.core.raw import RawEntry
from monitor_app.core.stamp import Stamp
from monitor_app.storage.schema.fields import Row, checked_int, checked_text

ROW_NS = 500_000_000
"""Length of a row (design.md §6); a late commit leaves rows of at most twice this."""

ROW_BYTES = 1 << 17
"""A row is cut at this size too: six seconds of the fastest line, so only a flood over the network meets it."""

_MARK = struct.Struct("<II")
_HEAD = struct.Struct("<qqqB")
_NS_PER_MS = 1_000_000


class RawMerger:
    """Collect the pieces of one link and direction and cut them into rows."""

    def __init__(self) -> None:
        self._pieces: list[RawEntry] = []
        self._size = 0

    def add(self, piece: RawEntry) -> Iterator[list[RawEntry]]:
        """Take a piece; yield the row it completed, as its pieces."""
        if not piece.data:
            return
        if self._pieces and not self._joins(piece):
            yield from self.cut()
        self._pieces.append(piece)
        self._size += len(piece.data)

    def cut(self) -> Iterator[list[RawEntry]]:
        """Yield everything waiting as one row."""
        pieces, self._pieces, self._size = self._pieces, [], 0
        if pieces:
            yield pieces

    def _joins(self, piece: RawEntry) -> bool:
        into_ns = piece.stamp.t_ns - self._pieces[0].stamp.t_ns
        return 0 <= into_ns < 2 * ROW_NS and self._size + len(piece.data) <= ROW_BYTES


def check_piece(piece: RawEntry) -> None:
    """Raise ValueError or TypeError where a piece could not be stored."""
    checked_text(piece.source)
    checked_int(piece.stamp.t_ns)
    checked_int(piece.stamp.utc_ms)
    if not isinstance(piece.data, bytes):
        raise TypeError("raw bytes must be bytes")


def encode_pieces(pieces: Sequence[RawEntry], session_key: int, number: int) -> Row:
    """Return the row of some pieces of one link and direction."""
    first = pieces[0]
    begin = first.stamp
    marks = b"".join(_MARK.pack(piece.stamp.t_ns - begin.t_ns, len(piece.data)) for piece in pieces)
    data = b"".join(piece.data for piece in pieces)
    cells = (session_key, begin.t_ns, begin.utc_ms, first.source, int(first.sent), marks, data)
    return {
        "session_key": session_key,
        "number": number,
        "t_ns": begin.t_ns,
        "utc_ms": begin.utc_ms,
        "source": first.source,
        "sent": int(first.sent),
        "marks": marks,
        "data": data,
        "crc32": raw_crc32(cells),
    }


def decode_row(row: Sequence[Any]) -> Iterator[RawEntry]:
    """Yield the pieces of a row, columns in table order; raises ValueError where it is damaged."""
    _, _, t_ns, utc_ms, source, sent, marks, data, _ = row
    pairs = list(_MARK.iter_unpack(marks)) if len(marks) % _MARK.size == 0 else []
    ends = list(accumulate((length for _, length in pairs), initial=0))
    if not pairs or ends[-1] != len(data) or sent not in {0, 1}:
        raise ValueError("raw bytes that do not fit their marks")
    for (into_ns, _), (begin, end) in zip(pairs, pairwise(ends), strict=True):
        stamp = Stamp(int(t_ns) + into_ns, int(utc_ms) + into_ns // _NS_PER_MS)
        yield RawEntry(stamp, str(source), bytes(data[begin:end]), bool(sent))


def raw_crc32(cells: Sequence[Any]) -> int:
    """Return the checksum of (session_key, t_ns, utc_ms, source, sent, marks, data)."""
    key, t_ns, utc_ms, source, sent, marks, data = cells
    head = _HEAD.pack(int(key), int(t_ns), int(utc_ms), int(sent))
    return zlib.crc32(head + str(source).encode() + b"\0" + bytes(marks) + bytes(data))
