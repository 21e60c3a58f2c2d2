"""Bytes written as hexadecimal text, as people paste them into a message: ``55 AA 04 FE``, ``0x55,0xAA``, ``55aa04fe``."""

import re
from collections.abc import Iterable, Iterator

from devices.errors import KnownError

_SEPARATORS = re.compile(rb"[\s,;:|]+")
_LONGEST_LINE = 4096
_PREFIX = (b"0x", b"0X")


def bytes_of_hex(pieces: Iterable[bytes], *, name: str) -> Iterator[bytes]:
    """Yield the bytes that the text in ``pieces`` (cut anywhere) stands for, ``#`` begins a comment.

    A line without an end is turned into bytes as it comes, so that memory stays bounded.

    :raises KnownError: something is no pair of hexadecimal digits; the message names the line of ``name``.
    """
    number, rest = 1, b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        ready = b"".join(_line(line, number + index, name) for index, line in enumerate(lines))
        number += len(lines)
        if len(rest) > _LONGEST_LINE:
            begun, rest = _whole_part(rest)
            ready += _line(begun, number, name)
        yield ready
    yield _line(rest, number, name)


def _whole_part(line: bytes) -> tuple[bytes, bytes]:
    """Cut an endless line at its last separator, or without one between two pairs of digits."""
    if (comment := line.find(b"#")) >= 0:
        return line[:comment], b"#"
    last = max((found.end() for found in _SEPARATORS.finditer(line)), default=0)
    cut = last or len(line) // 2 * 2
    return line[:cut], line[cut:]


def _line(line: bytes, number: int, name: str) -> bytes:
    text = line.partition(b"#")[0]
    words = [word for word in _SEPARATORS.split(text) if word]
    plain = b" ".join(word[2:] if word.startswith(_PREFIX) else word for word in words)
    try:
        return bytes.fromhex(plain.decode("ascii"))
    except ValueError:
        raise KnownError(
            f"{name}, line {number}, is not hexadecimal text: write pairs of digits such as 55 AA, "
            "or leave --hex out for a file of raw bytes."
        ) from None
