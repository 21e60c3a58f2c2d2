"""Frames of every dialect a Nonin oximeter speaks: recognised, checked and built (protocols.md §5).

A measuring function looks at ``buffer[at:]`` and returns the length of the whole good frame that stands there, 0 where
none does, or ``WAIT`` where only more bytes can tell.
"""

import re
from collections.abc import Callable
from enum import Enum

from devices.protocols.device_time import CivilTime

WAIT = -1
HR_MISSING = 511
SPO2_MISSING = 127
HR_LOWEST, HR_HIGHEST = 18, 321
"""Nonin's published pulse rate range, /min: the operator manuals' specifications."""
SPO2_HIGHEST = 100
LONGEST_LINE = 80
SPOT_HEAD = b"\x00\x02\x00\x0d"
_SPOT_SHORTEST, _SPOT_LONGEST = 14, 64
TIME_REPLY = b"\x02\xf2\x06"
_TIME_BYTES = 10
LONGEST_FRAME = max(LONGEST_LINE, 6 + _SPOT_LONGEST + 2)

_DIGITS = rb"(\d{3}| \d\d|  \d|---)"
READING_LINE = re.compile(
    rb"(?:(\d\d):(\d\d):(\d\d) )?SPO2=" + _DIGITS + rb" HR=" + _DIGITS + rb"((?: ?[FB*])*) *\r\n"
)
"""The line of the Avant, 8500, 2500 (protocols.md §5.7); the 8600 and 9847 put the time before it and know ``B``."""
_HEADER_LINE = re.compile(rb"[\x20-\x7e]*NONIN[\x20-\x7e]*\r\n", re.IGNORECASE)
_LINE_STARTS = frozenset(b"0123456789SNnAaO ")


class Dialect(Enum):
    """The kinds of frame. ``F…`` are Nonin's data formats; the last three come beside any of them."""

    F1 = "format 1"
    F2 = "format 2"
    F7 = "format 7"
    F8 = "format 8"
    F13 = "format 13"
    LINE = "ASCII line"
    HEADER = "ASCII header"
    TIME = "time"
    REPLY = "reply"


def measure_f1(buffer: bytes, at: int) -> int:
    """Format 1: status with bit 7, HR and SpO2 without; no checksum, so values out of range are no frame."""
    return _measure_numbers(buffer, at, 3)


def measure_f8(buffer: bytes, at: int) -> int:
    """Format 8: as format 1 with a second status byte, bit 7 clear."""
    return _measure_numbers(buffer, at, 4)


def _measure_numbers(buffer: bytes, at: int, length: int) -> int:
    """Look at the bytes one by one, so that an impossible one is told before the rest has come."""
    status = buffer[at]
    if status < 0x80:
        return 0
    there = min(length, len(buffer) - at)
    if there > 1:
        low = buffer[at + 1]
        if low >= 0x80:
            return 0
        rate = (status & 3) << 7 | low
        if not (HR_LOWEST <= rate <= HR_HIGHEST or rate == HR_MISSING):
            return 0
    if there > 2:
        spo2 = buffer[at + 2]
        if not (1 <= spo2 <= SPO2_HIGHEST or spo2 == SPO2_MISSING):
            return 0
    if there > 3 and buffer[at + 3] >= 0x80:
        return 0
    return length if there == length else WAIT


def measure_f2(buffer: bytes, at: int) -> int:
    """Format 2: ``01 | STATUS | PLETH | FLOAT | CHK``, CHK the sum of the four."""
    if buffer[at] != 1:
        return 0
    if at + 5 > len(buffer):
        return WAIT if at + 1 == len(buffer) or buffer[at + 1] >= 0x80 else 0
    if buffer[at + 1] < 0x80:
        return 0
    return 5 if sum(buffer[at : at + 4]) & 0xFF == buffer[at + 4] else 0


def measure_f7(buffer: bytes, at: int) -> int:
    """Format 7: ``STATUS | PLETH_hi | PLETH_lo | FLOAT | CHK``, CHK the sum of the four, FLOAT of 7 bits."""
    if buffer[at] < 0x80:
        return 0
    if at + 5 > len(buffer):
        return WAIT if at + 3 >= len(buffer) or buffer[at + 3] < 0x80 else 0
    if buffer[at + 3] >= 0x80:
        return 0
    return 5 if sum(buffer[at : at + 4]) & 0xFF == buffer[at + 4] else 0


def measure_f13(buffer: bytes, at: int) -> int:
    """Format 13: ``00 02 00 0D lenH lenL | data | CHK 03``, CHK the low byte of the sum of the data."""
    if not buffer.startswith(SPOT_HEAD, at):
        return WAIT if _may_begin(SPOT_HEAD, buffer, at) else 0
    if at + 6 > len(buffer):
        return WAIT
    length = buffer[at + 4] << 8 | buffer[at + 5]
    if not _SPOT_SHORTEST <= length <= _SPOT_LONGEST:
        return 0
    end = at + 6 + length + 2
    if end > len(buffer):
        return WAIT
    good = sum(buffer[at + 6 : end - 2]) & 0xFF == buffer[end - 2] and buffer[end - 1] == 3
    return end - at if good else 0


def measure_time(buffer: bytes, at: int) -> int:
    """The answer to the question for the time: ``02 F2 06 YY MM DD hh mm ss 03``; no such time is no frame."""
    if not buffer.startswith(TIME_REPLY, at):
        return WAIT if _may_begin(TIME_REPLY, buffer, at) else 0
    if at + _TIME_BYTES > len(buffer):
        return WAIT
    good = buffer[at + 9] == 3 and clock_time(buffer[at + 3 : at + 9]).valid
    return _TIME_BYTES if good else 0


def measure_line(buffer: bytes, at: int) -> int:
    """One reading of the ASCII printout with its CR LF."""
    return _measure_text(READING_LINE, buffer, at)


def measure_header(buffer: bytes, at: int) -> int:
    """The ASCII printout's header at power up: a printed line that names the maker."""
    return _measure_text(_HEADER_LINE, buffer, at)


def _measure_text(form: re.Pattern[bytes], buffer: bytes, at: int) -> int:
    if buffer[at] not in _LINE_STARTS:
        return 0
    found = form.match(buffer, at, at + LONGEST_LINE)
    if found is not None:
        return found.end() - at
    rest = buffer[at : at + LONGEST_LINE]
    if len(rest) == LONGEST_LINE or b"\n" in rest:
        return 0
    return WAIT if rest.removesuffix(b"\r").isascii() and _printable(rest.removesuffix(b"\r")) else 0


def _printable(text: bytes) -> bool:
    return all(0x20 <= octet <= 0x7E for octet in text)


def _may_begin(head: bytes, buffer: bytes, at: int) -> bool:
    rest = buffer[at : at + len(head)]
    return head.startswith(rest)


MEASURES: dict[Dialect, Callable[[bytes, int], int]] = {
    Dialect.F1: measure_f1,
    Dialect.F2: measure_f2,
    Dialect.F7: measure_f7,
    Dialect.F8: measure_f8,
    Dialect.F13: measure_f13,
    Dialect.LINE: measure_line,
    Dialect.HEADER: measure_header,
    Dialect.TIME: measure_time,
}


def clock_time(octets: bytes) -> CivilTime:
    """Read ``YY MM DD hh mm ss`` in plain binary (protocols.md §5.1)."""
    year, month, day, hour, minute, second = octets
    return CivilTime(2000 + year, month, day, hour, minute, second)


def wave_frame_f2(status: int, pleth: int, floating: int) -> bytes:
    """Build a frame of format 2."""
    head = bytes((1, status, pleth, floating))
    return head + bytes((sum(head) & 0xFF,))


def wave_frame_f7(status: int, pleth: int, floating: int) -> bytes:
    """Build a frame of format 7."""
    head = bytes((status, pleth >> 8, pleth & 0xFF, floating))
    return head + bytes((sum(head) & 0xFF,))


def spot_frame(data: bytes) -> bytes:
    """Build a frame of format 13 around its data."""
    return SPOT_HEAD + len(data).to_bytes(2, "big") + data + bytes((sum(data) & 0xFF, 3))
