"""Frames of the Berry boards: ``55 AA | LEN | TYPE | data … | CHK``, the same both ways (protocols.md §1.1)."""

from enum import IntEnum

import numpy as np

from devices.protocols.byte_reader import ByteReader

HEADER = b"\x55\xaa"
MIN_LEN = 4
MAX_LEN = 32
MAX_DATA = MAX_LEN - 3
LONGEST_FRAME = MAX_LEN + 2

_WORTH_A_LOOK = 512  # bytes: below, frame by frame is as fast
_ZERO = np.zeros(1, dtype=np.int64)


class FrameType(IntEnum):
    """TYPE bytes from the monitor (protocols.md §1.3)."""

    ECG_WAVE = 0x01
    ECG_PARAMS = 0x02
    NIBP = 0x03
    SPO2_PARAMS = 0x04
    TEMPERATURE = 0x05
    QRS_MARK = 0x30
    PULSE_MARK = 0x31
    LEADS_OFF = 0xF6
    CHEST_WAVE = 0xF7
    FIRMWARE = 0xFC
    HARDWARE = 0xFD
    PLETH_WAVE = 0xFE
    RESP_WAVE = 0xFF


WAVE_BODY_BYTES: dict[int, int] = {
    FrameType.ECG_WAVE: 8,
    FrameType.CHEST_WAVE: 6,
    FrameType.PLETH_WAVE: 2,
    FrameType.RESP_WAVE: 2,
}
"""Wave types and the length of their bodies (TYPE and data); one frame is one instant (protocols.md §1.3)."""


def checksum(body: bytes) -> int:
    """One's complement of the 8-bit sum of LEN, TYPE and data, for a body that begins at TYPE."""
    return ~(len(body) + 2 + sum(body)) & 0xFF


def encode_frame(frame_type: int, data: bytes) -> bytes:
    """Return a whole frame.

    :raises ValueError: ``data`` is empty or longer than a frame can hold.
    """
    if not 1 <= len(data) <= MAX_DATA:
        raise ValueError(f"a frame holds 1 to {MAX_DATA} data bytes, not {len(data)}")
    body = bytes((frame_type,)) + data
    return HEADER + bytes((len(body) + 2,)) + body + bytes((checksum(body),))


class FrameReader(ByteReader):
    """Cuts a byte stream into frames and finds its place again after damage.

    Resynchronisation is that of protocols.md §1.1: look for ``55 AA``, require LEN 4 to 32, verify the checksum, and on
    failure go on one byte past the ``55``. Never holds more than one unfinished frame.

    A body is TYPE and data, without LEN and CHK. A good one has two bytes or more; a body of TYPE alone marks a
    damaged wave frame: header, LEN and TYPE were right, the checksum was not, so one instant of that wave is lost.

    ``frames_bad`` counts headers whose LEN or checksum was wrong.
    """

    def feed(self, data: bytes) -> list[bytes]:
        """Return the bodies that ``data`` completes, in order; see the class for those of one byte."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        end = len(buffer)
        bodies, at = _unbroken(buffer) if self._in_step and end >= _WORTH_A_LOOK else ([], 0)
        damaged = 0
        in_step = self._in_step
        while at + 2 < end:
            length = buffer[at + 2]
            if buffer[at] == 0x55 and buffer[at + 1] == 0xAA and 4 <= length <= 32:  # MIN_LEN, MAX_LEN
                stop = at + length + 2
                if stop > end:
                    break
                body = buffer[at + 3 : stop - 1]
                # CHK is the complement of the sum before it, so everything from LEN through CHK adds up to FF.
                if (length + sum(body) + buffer[stop - 1]) & 0xFF == 0xFF:
                    bodies.append(body)
                    in_step = True
                    at = stop
                    continue
                if WAVE_BODY_BYTES.get(body[0]) == length - 2:
                    bodies.append(body[:1])
                    damaged += 1
            self._in_step = in_step
            at = self._skip(buffer, at)
            in_step = False
        self._in_step = in_step
        if at < end and not buffer.startswith(HEADER[: end - at], at):
            at = self._skip(buffer, at)
        self._buffer = buffer[at:]
        self._frames_ok += len(bodies) - damaged
        return bodies

    def _skip(self, buffer: bytes, at: int) -> int:
        """Return where the next frame may begin after ``at``, where none does, and count what lies between."""
        if buffer.startswith(HEADER, at):
            self._frames_bad += 1
        following = buffer.find(HEADER, at + 1)
        if following < 0:
            following = len(buffer) - (buffer[at + 1 :].endswith(HEADER[:1]))
        self._lose(following - at)
        return following


def _unbroken(buffer: bytes) -> tuple[list[bytes], int]:
    """Return the bodies of the undamaged frames a long stretch begins with, and where the last of them ends.

    The same rules as frame by frame, applied to all at once: a capture or a fast run comes in long stretches.
    """
    octets = np.frombuffer(buffer, dtype=np.uint8)
    starts = np.flatnonzero((octets[:-2] == HEADER[0]) & (octets[1:-1] == HEADER[1]))
    lengths = octets[starts + 2].astype(np.intp)
    stops = starts + lengths + 2
    sums = np.concatenate((_ZERO, np.cumsum(octets, dtype=np.int64)))
    whole = (lengths >= MIN_LEN) & (lengths <= MAX_LEN) & (stops <= octets.size)
    added = sums[np.minimum(stops, octets.size)] - sums[starts + 2]  # LEN through CHK
    good = whole & (added & 0xFF == 0xFF) & (np.concatenate((_ZERO, stops[:-1])) == starts)
    count = starts.size if good.all() else int(good.argmin())
    if not count:
        return [], 0
    begins, ends = (starts[:count] + 3).tolist(), (stops[:count] - 1).tolist()
    return [buffer[a:b] for a, b in zip(begins, ends, strict=True)], int(stops[count - 1])
