"""Lines on a byte stream: cut at their ending, checked against their start mark and checksum."""

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Generic, TypeVar

from devices.protocols.byte_reader import ByteReader
from devices.protocols.delimited.layout import ChecksumKind, LineLayout

LONGEST_LINE = 1024
MAX_BUFFERED = LONGEST_LINE
_HEX = frozenset(b"0123456789ABCDEFabcdef")

T = TypeVar("T")


def checksum(kind: ChecksumKind, covered: bytes) -> bytes:
    """Return the two digits of a checksum; nothing for none."""
    if kind is ChecksumKind.NONE:
        return b""
    value = reduce(xor, covered, 0) if kind is ChecksumKind.XOR else sum(covered) & 0xFF
    return b"%02X" % value


def frame_line(layout: LineLayout, text: bytes) -> bytes:
    """Return a whole line with start mark, checksum and ending."""
    start = layout.start.encode("ascii")
    digits = checksum(layout.checksum, (start if layout.checksum_covers_start else b"") + text)
    mark = layout.checksum_mark.encode("ascii") if digits else b""
    return start + text + mark + digits + layout.ending.encode("ascii")


class LineReader(ByteReader, Generic[T]):
    """Cuts a byte stream into lines. ``understand`` turns a line's text into whatever the caller wants, or into None.

    With a start mark, what stands before the last one in a line is discarded; without one, noise spoils the line it
    stands in. ``on_damage`` is called, in the order of the bytes, where some are lost.

    ``frames_bad`` counts lines that were damaged, too long or not understood.
    """

    def __init__(
        self, layout: LineLayout, understand: Callable[[bytes], T | None], on_damage: Callable[[], None]
    ) -> None:
        super().__init__()
        self._layout = layout
        self._start = layout.start.encode("ascii")
        self._ending = layout.ending.encode("ascii")
        self._mark = layout.checksum_mark.encode("ascii")
        self._understand = understand
        self._on_damage = on_damage

    def feed(self, data: bytes) -> list[T]:
        """Return the lines that ``data`` completes, in order."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        understood: list[T] = []
        at = 0
        while (stop := buffer.find(self._ending, at)) >= 0:
            understood += self._line(buffer[at:stop])
            at = stop + len(self._ending)
        rest = buffer[at:]
        if self._start and (first := rest.rfind(self._start)) > 0:
            self._lose(first)
            rest = rest[first:]
        if len(rest) > MAX_BUFFERED:
            # The last bytes may be the beginning of the ending.
            keep = len(self._ending) - 1
            self._frames_bad += 1
            self._lose(len(rest) - keep)
            rest = rest[len(rest) - keep :]
        self._buffer = rest
        return understood

    def _line(self, line: bytes) -> list[T]:
        size = len(line) + len(self._ending)
        at = line.rfind(self._start) if self._start else 0
        if at > 0:
            self._lose(at)
            line, size = line[at:], size - at
        text = self._checked(line[len(self._start) :]) if at >= 0 and len(line) <= LONGEST_LINE else None
        found = self._understand(text) if text is not None else None
        if found is None:
            self._frames_bad += bool(line)
            self._lose(size)
            return []
        self._frames_ok += 1
        self._in_step = True
        return [found]

    def _checked(self, text: bytes) -> bytes | None:
        """Return the text without its checksum; None when that is wrong."""
        if self._layout.checksum is ChecksumKind.NONE:
            return text
        body, mark, digits = text[: -2 - len(self._mark)], text[-2 - len(self._mark) : -2], text[-2:]
        if len(text) < 2 + len(self._mark) or mark != self._mark or not _HEX.issuperset(digits):
            return None
        covered = (self._start if self._layout.checksum_covers_start else b"") + body
        return body if checksum(self._layout.checksum, covered) == digits.upper() else None

    def _lose(self, count: int) -> None:
        super()._lose(count)
        self._on_damage()
