"""Records: a header of 40 bytes, a table of up to eight sub-records, their data (protocols.md §2.3)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from devices.protocols.datex_dri.frames import HEADER_BYTES

MAX_PARTS = 8
END_OF_LIST = 0xFF
REQUEST = 0
"""Sub-record type of everything the host sends."""
LEVEL_YEARS = {
    2: "'95",
    3: "'97",
    4: "'98",
    5: "'99",
    6: "'01",
    7: "'02",
    8: "'03",
    9: "'05",
    10: "'09",
    11: "'15",
}
"""Interface levels and the software year each came with (protocols.md §2.3)."""

_HEADER = struct.Struct("<hBBHI4xh")
_ENTRY = struct.Struct("<hB")
_TABLE_AT = _HEADER.size


class MainType(IntEnum):
    """What a record is about (protocols.md §2.3)."""

    NUMERICS = 0
    WAVE = 1
    ALARM = 4
    NETWORK = 5
    EVENTS = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One record taken apart. ``time_s`` is POSIX seconds by the monitor's clock, 0 when it has none.

    ``parts`` holds type and data of each sub-record.
    """

    number: int
    level: int
    time_s: int
    main_type: int
    parts: tuple[tuple[int, bytes], ...]

    @property
    def device_time_s(self) -> float | None:
        """The monitor's clock as signals carry it."""
        return float(self.time_s) if self.time_s else None


def parse_record(data: bytes) -> Record | None:
    """Return a record, or None if its table points outside it or backward; ``data`` has at least a header."""
    _, number, level, _, time_s, main_type = _HEADER.unpack_from(data)
    entries: list[tuple[int, int]] = []
    for k in range(MAX_PARTS):
        offset, kind = _ENTRY.unpack_from(data, _TABLE_AT + k * _ENTRY.size)
        if kind == END_OF_LIST:
            break
        entries.append((offset + HEADER_BYTES, kind))
    edges = [begin for begin, _ in entries] + [len(data)]
    if any(begin < HEADER_BYTES for begin in edges) or edges != sorted(edges):
        return None
    parts = tuple((kind, data[begin:end]) for (begin, kind), end in zip(entries, edges[1:], strict=True))
    return Record(number, level, time_s, main_type, parts)


def build_record(
    main_type: int, parts: Sequence[tuple[int, bytes]], *, number: int = 0, level: int = 0, time_s: int = 0
) -> bytes:
    """Return a record of up to eight sub-records, each given as type and data. The host sends level 0.

    :raises ValueError: there are more than eight.
    """
    if len(parts) > MAX_PARTS:
        raise ValueError(f"a record has at most {MAX_PARTS} sub-records")
    table = b""
    offset = 0
    for kind, data in parts:
        table += _ENTRY.pack(offset, kind)
        offset += len(data)
    if len(parts) < MAX_PARTS:
        table += _ENTRY.pack(0, END_OF_LIST)
    table = table.ljust(MAX_PARTS * _ENTRY.size, b"\x00")
    header = _HEADER.pack(HEADER_BYTES + offset, number & 0xFF, level, 0, time_s & 0xFFFFFFFF, main_type)
    return header + table + b"".join(data for _, data in parts)
