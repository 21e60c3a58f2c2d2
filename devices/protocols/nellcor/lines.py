"""Lines of ASCII text, cut from a stream of bytes (protocols.md §6.2)."""

from collections.abc import Iterator

from devices.protocols.byte_reader import ByteReader

XON, XOFF = b"\x11", b"\x13"
LONGEST_LINE = 128
"""Without its line feed; the longest heading has 86 bytes."""


class LineReader(ByteReader):
    """Cuts at line feeds. After every line it yields, ``accept`` or ``reject`` says what became of it.

    Of what comes without an end only the last bytes are kept, because a good line may stand behind rubbish. The
    monitor's own flow control characters are no part of any line.

    A frame is a line, and ``frames_bad`` counts those that say nothing known.
    """

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the lines that ``data`` completes, each with its line feed."""
        self._bytes_in += len(data)
        plain = data.translate(None, XON + XOFF)
        self._discarded += len(data) - len(plain)
        *lines, rest = (self._buffer + plain).split(b"\n")
        self._buffer = self._shortened(rest)
        for line in lines:
            yield self._shortened(line) + b"\n"

    def accept(self, rubbish: int = 0) -> None:
        """Note a good line, with so many bytes of rubbish before it."""
        if rubbish:
            self._lose(rubbish)
        self._in_step = True
        self._frames_ok += 1

    def reject(self, line: bytes) -> None:
        """Note a line that says nothing known."""
        self._frames_bad += 1
        self._lose(len(line))

    def skip_empty(self, line: bytes) -> None:
        """Note an empty line: no frame, and no damage either."""
        self._discarded += len(line)

    def _shortened(self, text: bytes) -> bytes:
        too_many = len(text) - LONGEST_LINE
        if too_many <= 0:
            return text
        self._lose(too_many)
        return text[too_many:]
