"""Cuts a Nonin byte stream into frames, finding out by itself which dialect is spoken (protocols.md §5, §11).

Nothing on the wire names the dialect. A form that chance does not give is evidence enough in one frame; the sum of four
bytes is not, for other monitors' frames have it by chance or by being built alike, and the formats 1 and 8 have no sum at
all. They need several frames in a row, without a checksum such whose numbers agree: few where little had to be skipped on
this wire yet, or where the dialect is the one heard before; more otherwise (``_EVIDENCE``). The dialect in use changes as
soon as there is such evidence of another, so a monitor set differently while it runs is followed.
"""

from dataclasses import dataclass

from devices.protocols.agreement import Agreement
from devices.protocols.byte_reader import ByteReader
from devices.protocols.nonin.frames import (
    HR_MISSING,
    MEASURES,
    SPO2_MISSING,
    SPOT_HEAD,
    WAIT,
    Dialect,
    measure_f1,
    measure_f7,
    measure_f13,
    measure_header,
    measure_line,
    measure_time,
)

ACK, NAK = 0x06, 0x15
_EVIDENCE = {Dialect.F2: (1, 4), Dialect.F7: (3, 6), Dialect.F8: (3, 5), Dialect.F1: (3, 5)}
"""Whole frames in a row that prove a dialect: where the wire has given no reason for doubt, and where it has.

Format 2 has a header and a checksum, 7 a checksum, 8 and 1 neither, but they send one frame a second.
"""
_DOUBT_BYTES = {Dialect.F7: 0}
_MOST_DOUBT_BYTES = 100
"""More bytes skipped are a reason, usually more than a frame that was cut and a burst of noise.

For format 7 any are: frames of five bytes whose sum is 0 (protocols.md §8.1) look like it from their last byte on.
"""
_SECOND_BYTES = 375
"""So many bytes in which no frame of formats 2 and 7 stood, and the dialect has to be proved anew."""
SLIP = 4
"""So many lost bytes are one damaged frame of format 1 or 8; after more, the dialect has to be proved anew."""
_MISFITS = 3
"""So many frames of format 1 or 8 in a row, each with bytes left over before it, are of another dialect."""
UNCHECKED = frozenset({Dialect.F1, Dialect.F8})
_STREAMS = frozenset({Dialect.F1, Dialect.F2, Dialect.F7, Dialect.F8, Dialect.F13, Dialect.LINE})


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole good frame; ``lost`` bytes were discarded since the one before."""

    dialect: Dialect
    octets: bytes
    lost: int


class FrameReader(ByteReader):
    """Push-style; never holds more than one unfinished frame or one unfinished proof of a dialect.

    ``frames_bad`` counts places where a frame began and did not hold.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dialect: Dialect | None = None
        """The dialect in use, None until one is proved."""
        self.replies_due = 0
        """Requests whose answer, a single byte, is still awaited; without one, such a byte is noise."""
        self._lost = 0
        self._misfits = 0
        self._before: Dialect | None = None  # proved last, also where it has to be proved anew

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames that ``data`` completes, in order."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        end = len(buffer)
        frames: list[Frame] = []
        at = 0
        while at < end:
            dialect, size = self._fit(buffer, at)
            if size > 0:
                frames.append(Frame(dialect, buffer[at : at + size], self._lost))
                self._note_good(dialect)
                at += size
            elif size == WAIT:
                break
            else:
                self._discard(buffer, at)
                at += 1
        self._buffer = buffer[at:]
        self._frames_ok += len(frames)
        return frames

    def _note_good(self, dialect: Dialect) -> None:
        if dialect in _STREAMS:
            changed = dialect is not self.dialect
            self._misfits = self._misfits + 1 if self._lost and not changed else 0
            self.dialect = self._before = dialect
            if dialect in UNCHECKED and self._misfits >= _MISFITS:
                self.dialect = None
                self._misfits = 0
        self._in_step = True
        self._lost = 0

    def _discard(self, buffer: bytes, at: int) -> None:
        self._frames_bad += self._began(buffer, at)
        self._lose(1)
        self._lost += 1
        if self._lost > (SLIP if self.dialect in UNCHECKED else _SECOND_BYTES):
            self.dialect = None

    def _began(self, buffer: bytes, at: int) -> bool:
        """Whether a frame seemed to begin here; without a header of its own only where one was to be expected."""
        if buffer[at] == 1:
            return self.dialect is Dialect.F2 and buffer[at + 1 : at + 2] >= b"\x80"
        if buffer[at] >= 0x80:
            return self._in_step and (self.dialect in UNCHECKED or self.dialect is Dialect.F7)
        if buffer[at] == SPOT_HEAD[0]:
            return buffer.startswith(SPOT_HEAD, at)
        return self.dialect is Dialect.LINE and buffer.startswith(b"SPO2=", at)

    def _fit(self, buffer: bytes, at: int) -> tuple[Dialect, int]:
        """Return which frame stands here and its length, 0 for none, ``WAIT`` for perhaps."""
        current = self.dialect
        if current is not None:
            needed = 2 if current is Dialect.F7 and not self._in_step else 1
            size = _run(buffer, at, current, needed) if needed > 1 else MEASURES[current](buffer, at)
            if size:
                return current, size
        first = buffer[at]
        if self.replies_due and first in (ACK, NAK):
            self.replies_due -= 1
            return Dialect.REPLY, 1
        if first >= 0x80:
            return self._unmarked(buffer, at)
        if first <= 2:
            return self._marked(buffer, at, first)
        size = measure_line(buffer, at)
        if size > 0:
            return Dialect.LINE, size
        header = measure_header(buffer, at)
        return Dialect.HEADER, header or size

    def _needed(self, dialect: Dialect) -> int:
        """Return how many frames in a row prove a dialect here."""
        few, many = _EVIDENCE[dialect]
        doubt_bytes = _DOUBT_BYTES.get(dialect, _MOST_DOUBT_BYTES)
        trusted = dialect is self._before or self._discarded <= doubt_bytes
        return few if trusted else many

    def _marked(self, buffer: bytes, at: int, first: int) -> tuple[Dialect, int]:
        """Try the frames that begin with a fixed byte."""
        if first == 1:
            return Dialect.F2, _run(buffer, at, Dialect.F2, self._needed(Dialect.F2))
        if first == 2:
            return Dialect.TIME, measure_time(buffer, at)
        return Dialect.F13, measure_f13(buffer, at)

    def _unmarked(self, buffer: bytes, at: int) -> tuple[Dialect, int]:
        """Try the frames that begin with a status byte and need proof."""
        if not measure_f7(buffer, at) and not measure_f1(buffer, at):
            return Dialect.F7, 0  # which rules out format 8 too, and noise is gone through quickly
        undecided = 0
        for dialect in (Dialect.F7, Dialect.F8, Dialect.F1):
            size = _run(buffer, at, dialect, self._needed(dialect))
            if size > 0:
                return dialect, size
            undecided = undecided or size
        return Dialect.F7, undecided


def _run(buffer: bytes, at: int, dialect: Dialect, needed: int) -> int:
    """Return the length of the first of ``needed`` good frames in a row, 0, or ``WAIT``."""
    measure = MEASURES[dialect]
    place = at
    first = 0
    for _ in range(needed):
        if place >= len(buffer):
            return WAIT
        size = measure(buffer, place)
        if size <= 0:
            return size
        first = first or size
        place += size
    consistent = _steady if dialect in UNCHECKED else _one_sync
    return first if consistent(buffer, at, first, needed) else 0


def _one_sync(buffer: bytes, at: int, size: int, count: int) -> bool:
    """Whether at most one of so many frames of format 2 or 7 has SYNC: the next one is 25 frames off."""
    status = at + (buffer[at] == 1)
    return sum(buffer[place] & 1 for place in range(status, status + size * count, size)) <= 1


def _steady(buffer: bytes, at: int, size: int, count: int) -> bool:
    """Whether the numbers of so many frames of format 1 or 8 agree with each other."""
    agreement = Agreement()
    seen = []
    for place in range(at, at + size * count, size):
        rate = (buffer[place] & 3) << 7 | buffer[place + 1]
        spo2 = buffer[place + 2]
        seen.append((rate == HR_MISSING, spo2 == SPO2_MISSING))
        if not (
            agreement.accept("PR", None if rate == HR_MISSING else rate)
            and agreement.accept("SPO2", None if spo2 == SPO2_MISSING else spo2)
        ):
            return False
    return len(set(seen)) == 1
