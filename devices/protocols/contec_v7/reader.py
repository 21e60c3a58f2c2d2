"""A V7.0 byte stream cut into records (protocols.md §7.2).

There is no checksum, so a real-time frame must be right in every bit that can be checked: bit 7 of each byte, the three
reserved bits of B4, SpO2 0 to 100 or 127, the perfusion index up to 100 % or FFFF. All of it is one regular expression,
so that a whole run of frames costs one match.
"""

import re
from dataclasses import dataclass
from enum import Enum

from devices.protocols.byte_reader import ByteReader
from devices.protocols.contec_v7.records import FRAME_BYTES, RecordType, is_record

_UNTIL_PI = rb"[\x80-\xff]{2}[\x80-\x9f][\x80-\xff][\x80-\xe4\xff]"
_FRAME = (
    # HB: bits 2 (reserved in B4) and 4 (SpO2 is below 128) are 0; bits 5 and 6 belong to the perfusion index.
    rb"\x01(?:[\xe0-\xe3\xe8-\xeb]" + _UNTIL_PI + rb"\xff\xff"
    rb"|[\x80-\x83\x88-\x8b\xa0-\xa3\xa8-\xab]" + _UNTIL_PI + rb"[\x80-\xff][\x80-\xa7])"
)  # fmt: skip
_FRAMES = re.compile(rb"(?:" + _FRAME + rb")+")
_WITHOUT_TYPE = re.compile(_FRAME.replace(rb"\x01", b"", 1).replace(rb"\x80-\xe4", rb"\x81-\xe4"))
"""What is left of a good frame with a saturation, without its TYPE byte; zeros alone would be no evidence."""
_IDENTITY = re.compile(rb"\x04\x80[\xa0-\xfe]{7}")  # seven printable characters
_TYPE_BYTE = re.compile(rb"[\x00-\x7f]")

_LENGTHS: dict[int, int] = {
    RecordType.REAL_TIME: FRAME_BYTES,
    RecordType.IDENTITY: FRAME_BYTES,
    RecordType.IDLE: 2,
    RecordType.PI_SUPPORT: 3,
}
"""As captured (contec_v7_serial). The others end where the next TYPE byte stands."""
_SHORT = frozenset({RecordType.STATUS, RecordType.IDLE, RecordType.DISCONNECTED, RecordType.PI_SUPPORT})
"""Too short to be told from noise: believed next to a good record, or as the first bytes there are."""


class Found(Enum):
    """What a stretch of bytes was."""

    FRAMES = "frames"  # good real-time frames, nine bytes each
    RECORD = "record"  # another record
    LOST = "lost"  # one damaged real-time frame


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the stream; ``data`` is empty for a lost frame."""

    found: Found
    data: bytes = b""


_LOST = Piece(Found.LOST)


class RecordReader(ByteReader):
    """Cuts a byte stream into records and finds its place again after damage. Holds back nine bytes at most.

    A damaged real-time frame is one lost instant wherever it can still be recognised: cut short, wrong in a bit that can
    be checked, or complete but for its TYPE byte.

    ``frames_bad`` counts damaged real-time frames and broken records of known type.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known_good = False  # a good record came just before
        self._adrift = False  # in a run of data bytes too long to be a frame without its TYPE

    def feed(self, data: bytes) -> list[Piece]:
        """Return what ``data`` completes, in order."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        pieces: list[Piece] = []
        at = 0
        while at < len(buffer):
            run = _FRAMES.match(buffer, at)
            if run is not None:
                self._good((run.end() - at) // FRAME_BYTES)
                pieces.append(Piece(Found.FRAMES, run[0]))
                at = run.end()
                continue
            following = _TYPE_BYTE.search(buffer, at + 1)
            stop = len(buffer) if following is None else following.start()
            used = self._take(buffer[at:stop], pieces, is_open=following is None)
            if not used:
                break
            at += used
        self._buffer = buffer[at:]
        return pieces

    def _take(self, stretch: bytes, pieces: list[Piece], *, is_open: bool) -> int:
        """Judge what stands before the next TYPE byte (``is_open``: none came yet); return the bytes done with, 0 for none."""
        kind = stretch[0]
        if kind >= 0x80:
            return self._orphans(stretch, pieces, is_open=is_open)
        self._adrift = False
        length = _LENGTHS.get(kind)
        if length is not None and len(stretch) >= length:
            return self._complete(stretch[:length], pieces)
        if is_open and len(stretch) <= FRAME_BYTES:
            return 0
        if length is None and len(stretch) <= FRAME_BYTES:
            return self._complete(stretch, pieces)
        if len(stretch) > 1:
            self._broken(kind, pieces)
        # Of a record that is too long only its first bytes go; what is left is a run of data bytes.
        return self._discard(min(len(stretch), FRAME_BYTES))

    def _complete(self, record: bytes, pieces: list[Piece]) -> int:
        kind = record[0]
        if kind == RecordType.REAL_TIME:  # a good one has been matched before
            good = False
        elif kind == RecordType.IDENTITY:
            good = _IDENTITY.fullmatch(record) is not None
        elif kind in _SHORT:
            good = self._in_step and is_record(record) and (kind == RecordType.IDLE or len(record) > 2)
        else:
            good = self._known_good and is_record(record) and len(record) > 2
            if _WITHOUT_TYPE.fullmatch(record, 1):
                good = False
                kind = RecordType.REAL_TIME  # only its TYPE byte is wrong
        if not good:
            self._broken(kind, pieces)
            return self._discard(len(record))
        self._good(1)
        pieces.append(Piece(Found.RECORD, record))
        return len(record)

    def _orphans(self, run: bytes, pieces: list[Piece], *, is_open: bool) -> int:
        """Judge data bytes without a TYPE byte: a frame that lost it, or whose TYPE byte got bit 7, or rubbish."""
        if len(run) > FRAME_BYTES or self._adrift:
            self._adrift = is_open
            return self._discard(len(run))
        if is_open:
            return 0
        if len(run) >= FRAME_BYTES - 1 and _WITHOUT_TYPE.fullmatch(run, len(run) - FRAME_BYTES + 1):
            self._broken(RecordType.REAL_TIME, pieces)
        return self._discard(len(run))

    def _good(self, count: int) -> None:
        self._frames_ok += count
        self._in_step = self._known_good = True

    def _broken(self, kind: int, pieces: list[Piece]) -> None:
        if kind == RecordType.REAL_TIME:
            pieces.append(_LOST)
        if kind in (RecordType.REAL_TIME, RecordType.IDENTITY) or kind in _SHORT:
            self._frames_bad += 1

    def _discard(self, count: int) -> int:
        self._known_good = False
        self._lose(count)
        return count
