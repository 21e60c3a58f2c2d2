"""The elementary values inside messages: FLOAT, absolute time, texts, measurement state (protocols.md §3.4).

Everything is big-endian. Readers raise ``struct.error`` or ``ValueError`` on bytes that are too short or make no sense; the
decoder reports such a message as unknown.
"""

import struct
from enum import IntFlag

from devices.protocols.device_time import CivilTime, civil_time
from devices.signals import Quality

TICKS_PER_S = 8000
"""Relative time counts 125 us (protocols.md §3.4)."""
NO_TIME = b"\xff" * 8
_UNSET = 0xFF

_NAN, _NOT_AT_THIS_RESOLUTION = 0x7FFFFF, -0x800000
_PLUS_INFINITY, _MINUS_INFINITY = 0x7FFFFE, -0x7FFFFE
NOT_A_NUMBER = frozenset({_NAN, _NOT_AT_THIS_RESOLUTION, _PLUS_INFINITY, _MINUS_INFINITY})
"""Mantissas that are no value (protocols.md §3.4); -7FFFFE is 800002 on the wire."""
FLOAT_NAN = b"\x00\x7f\xff\xff"
_LARGEST_MANTISSA = 0x7FFFFD


class State(IntFlag):
    """Measurement state bits (protocols.md §3.4)."""

    INVALID = 0x8000
    QUESTIONABLE = 0x4000
    UNAVAILABLE = 0x2000
    CALIBRATING = 0x1000
    TEST = 0x0800
    DEMO = 0x0400
    VALIDATED = 0x0080
    EARLY = 0x0040
    ONGOING = 0x0020
    IN_ALARM = 0x0002
    ALARM_INHIBITED = 0x0001


_NO_VALUE = int(State.INVALID | State.UNAVAILABLE)
_DOUBTFUL = int(State.QUESTIONABLE | State.CALIBRATING | State.EARLY)
_NOT_REAL = int(State.TEST | State.DEMO)


def quality_of(state: int) -> Quality:
    """Return what a measurement state says of a value. Plain integers: this is asked for every value and block."""
    quality = Quality.GOOD
    if state & _NO_VALUE:
        quality |= Quality.INVALID
    if state & _DOUBTFUL:
        quality |= Quality.QUESTIONABLE
    if state & _NOT_REAL:
        quality |= Quality.DEMO
    return quality


def read_float(data: bytes, at: int = 0) -> float | None:
    """Return a FLOAT, None for its four kinds of "no number"."""
    (raw,) = struct.unpack_from(">I", data, at)
    mantissa: int = (raw & 0xFFFFFF) - ((raw & 0x800000) << 1)
    if mantissa in NOT_A_NUMBER:
        return None
    exponent: int = (raw >> 24) - ((raw & 0x80000000) >> 23)
    # Division by a power of ten rounds as a decimal literal does: 980 / 10 is 98.0, 980 * 0.1 need not be.
    scale = 10.0 ** abs(exponent)
    return mantissa / scale if exponent < 0 else mantissa * scale


def pack_float(value: float | None, decimals: int = 0) -> bytes:
    """Return a FLOAT with so many decimals; None as "not a number", what does not fit as infinity."""
    if value is None:
        return FLOAT_NAN
    mantissa = round(value * 10.0**decimals)
    if abs(mantissa) > _LARGEST_MANTISSA:
        mantissa = _PLUS_INFINITY if mantissa > 0 else _MINUS_INFINITY
    return bytes((-decimals & 0xFF,)) + (mantissa & 0xFFFFFF).to_bytes(3, "big")


def read_time(data: bytes) -> float | None:
    """Return eight BCD bytes as POSIX seconds, the monitor's local time taken for UTC; None when it is not set.

    :raises ValueError: not eight bytes of a date.
    """
    if len(data) != 8:
        raise ValueError("a time has eight bytes")
    if data in (NO_TIME, bytes(8)):
        return None
    century, *fields = (int(f"{octet:02x}") for octet in data[:7])
    time = CivilTime(century * 100 + fields[0], *fields[1:])
    if not time.valid:
        raise ValueError("no date")
    # Some leave the hundredths unset.
    return time.posix_s + (0 if data[7] == _UNSET else int(f"{data[7]:02x}") / 100)


def pack_time(posix_s: float | None) -> bytes:
    """Return POSIX seconds as eight BCD bytes, FF where there is none."""
    if posix_s is None:
        return NO_TIME
    seconds, hundredths = divmod(round(posix_s * 100), 100)
    time = civil_time(seconds)
    clock = f"{time.hour:02}{time.minute:02}{time.second:02}{hundredths:02}"
    return bytes.fromhex(f"{time.year:04}{time.month:02}{time.day:02}{clock}")


def read_text(data: bytes, at: int = 0) -> str:
    """Return a text: u16 length and UTF-16BE, padded with zeros."""
    (length,) = struct.unpack_from(">H", data, at)
    return printable(data[at + 2 : at + 2 + length].decode("utf-16-be", "replace"))


def pack_text(text: str) -> bytes:
    """Return a text with its length, ended by a zero as the monitor's are."""
    octets = (text + "\0").encode("utf-16-be")
    return struct.pack(">H", len(octets)) + octets


def printable(text: str) -> str:
    """Return a text without padding and without what cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
