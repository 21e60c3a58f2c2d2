"""Cuts a byte stream into ASCII1 lines and finds its place again after damage (protocols.md §6.1)."""

from dataclasses import dataclass

from devices.protocols.byte_reader import ByteReader
from devices.protocols.masimo.line import LONGEST_LINE, START, AsciiLine, parse_line

_END = b"\r\n"
_SHORTEST_TEXT = 20
"""Fewer printable characters between two line ends may be chance."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The end of a line was heard: the line, or None where there was no good one; ``damaged`` says bytes were thrown away."""

    line: AsciiLine | None
    damaged: bool
    printable: bool  # of a line that was not good: whether it was text all the same


class LineReader(ByteReader):
    """Push-style; holds at most one line of 400 characters. A good line may have noise before it, never in it.

    ``frames_bad`` counts lines that ended and were not good.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cut = False

    def feed(self, data: bytes) -> list[Heard]:
        """Return what was heard at each line's end in ``data``, in order."""
        self._bytes_in += len(data)
        *lines, rest = (self._buffer + data).split(b"\n")
        heard = [self._take(line + b"\n") for line in lines]
        if len(rest) > LONGEST_LINE:
            self._lose(len(rest) - LONGEST_LINE)
            self._cut = True
            rest = rest[-LONGEST_LINE:]
        self._buffer = rest
        return heard

    def _take(self, line: bytes) -> Heard:
        cut, self._cut = self._cut, False
        start = -1
        for found in START.finditer(line, max(0, len(line) - LONGEST_LINE)):
            start = found.start()
        parsed = parse_line(line[start : -len(_END)]) if start >= 0 and line.endswith(_END) else None
        if parsed is None:
            self._frames_bad += 1
            self._lose(len(line))
            return Heard(None, damaged=True, printable=_text(line))
        if start:
            self._lose(start)
        self._frames_ok += 1
        self._in_step = True
        return Heard(parsed, damaged=start > 0 or cut, printable=True)


def _text(line: bytes) -> bool:
    words = line.strip()
    return len(words) >= _SHORTEST_TEXT and all(0x20 <= octet <= 0x7E or octet == 0x09 for octet in words)
