"""Frames of the BCI oximeters: five bytes, only the first with bit 7 (protocols.md §7.1).

There is no checksum. What stands for it: the bits that must be set or clear, the ranges of signal strength, pleth and
SpO2, and the step: a frame is taken where the last one ended, or, once out of step, where it repeats what is known.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from devices.protocols.byte_reader import ByteReader

Frames = npt.NDArray[np.uint8]
"""Whole frames, shape (n, 5)."""

FRAME_BYTES = 5
START = 0x80
NO_SIGNAL, UNPLUGGED, BEEP = (
    0x10,
    0x20,
    0x40,
)  # byte 1; a CMS50D+ says "finger out" and "SpO2 dropping" with the first two
NO_FINGER, SEARCHING, PR_HIGH = 0x10, 0x20, 0x40  # byte 3; a CMS50D+ says "probe error" with the first
PR_INVALID, SPO2_INVALID = 255, 127
STRENGTH_HIGH, STRENGTH_UNKNOWN = 8, 15
"""Highest signal strength, and the nibble with all bits set: none is known."""
PLETH_HIGH, PLETH_HIGH_CMS50 = 100, 127
"""A CMS50D+ uses all seven bits of the pleth byte; until it is known which one speaks, that is let through."""
LONGEST_BUFFER = 2 * FRAME_BYTES - 1

_MOST_LOST = 100  # a second of frames: what was a longer disturbance, only the clock can measure

_STARTS = np.zeros(256, dtype=np.bool_)
_STARTS[[b for b in range(START, 256) if b & 0x0F in {*range(STRENGTH_HIGH + 1), STRENGTH_UNKNOWN}]] = True
_SPO2 = np.zeros(256, dtype=np.bool_)
_SPO2[[*range(101), SPO2_INVALID]] = True
_ANY_START = re.compile(rb"[\x80-\xff]")
_FIRST = b"[" + re.escape(np.flatnonzero(_STARTS).astype(np.uint8).tobytes()) + b"]"
_FRAME_UP_TO = MappingProxyType(
    {
        high: re.compile(_FIRST + rb"[\x00-\x%02x][\x00-\x7f]{2}[\x00-\x64\x7f]" % high, re.DOTALL)
        for high in (PLETH_HIGH, PLETH_HIGH_CMS50)
    }
)
"""One good frame, by the highest pleth it may hold; the same rules as ``_good_frames``."""


@dataclass(frozen=True, slots=True)
class ProbeFrame:
    """One frame in plain numbers; None is what the wire calls invalid. ``first`` and ``third`` are flags of bytes 1, 3."""

    strength: int
    pleth: int
    bar: int
    pr_per_min: int | None
    spo2_percent: int | None
    first: int = 0
    third: int = 0


def encode_frame(frame: ProbeFrame) -> bytes:
    """Return the five bytes.

    :raises ValueError: a number does not fit its field.
    """
    pr = PR_INVALID if frame.pr_per_min is None else frame.pr_per_min
    spo2 = SPO2_INVALID if frame.spo2_percent is None else frame.spo2_percent
    fields = ((frame.strength, 15), (frame.pleth, 127), (frame.bar, 15), (pr, 255), (spo2, 127))
    if any(not 0 <= value <= high for value, high in fields):
        raise ValueError(f"a value does not fit its field: {frame}")
    high = PR_HIGH if pr > 127 else 0
    return bytes(
        (START | frame.first | frame.strength, frame.pleth, frame.third | high | frame.bar, pr & 127, spo2)
    )


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive frames; ``lost`` were lost right before them, as far as the bytes tell."""

    frames: Frames
    lost: int
    broken: bool  # bytes were discarded right before it


class FrameReader(ByteReader):
    """Cuts a byte stream into frames and finds its place again after damage.

    In step, a frame is five good bytes where the last one ended. Out of step a frame counts only when its PR and SpO2
    bytes are those of the last good frame, or of the frame right behind it: five random bytes pass for a frame once in
    a hundred places, but not twice the same. Holds back nine bytes at most.

    ``frames_bad`` counts starts of a frame whose rest was wrong, one for each loss of step.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pleth_high = PLETH_HIGH_CMS50
        self._known: bytes | None = None  # PR and SpO2 bytes of the last good frame
        self._skipped = 0  # bytes discarded since it

    def feed(self, data: bytes) -> list[Run]:
        """Return the frames that ``data`` completes, in order."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        at = 0
        runs: list[Run] = []
        while len(buffer) - at >= FRAME_BYTES:
            if not self._in_step:
                found = self._find(buffer, at)
                self._skip(found - at)
                at = found
                if not self._in_step:
                    break
            frames = self._good_frames(buffer, at)
            if len(frames):
                runs.append(self._run(frames))
                at += frames.size
            elif len(buffer) - at >= FRAME_BYTES:
                self._lose_step(buffer[at])
        self._buffer = buffer[at:]
        return runs

    def _good_frames(self, buffer: bytes, at: int) -> Frames:
        """Return the good frames from ``at`` on, up to the first that is not."""
        count = (len(buffer) - at) // FRAME_BYTES
        frames = np.frombuffer(buffer, np.uint8, count * FRAME_BYTES, at).reshape(count, FRAME_BYTES)
        good = _STARTS[frames[:, 0]] & (frames[:, 1] <= self.pleth_high) & _SPO2[frames[:, 4]]
        good &= (frames[:, 2] | frames[:, 3]) < START
        return frames if good.all() else frames[: int(np.argmin(good))]

    def _run(self, frames: Frames) -> Run:
        lost = 0 if self._known is None else (self._skipped + FRAME_BYTES // 2) // FRAME_BYTES
        run = Run(frames, min(lost, _MOST_LOST), broken=self._skipped > 0)
        self._frames_ok += len(frames)
        self._known = frames[-1, 3:].tobytes()
        self._skipped = 0
        return run

    def _lose_step(self, first: int) -> None:
        self._in_step = False
        self._resyncs += 1
        self._frames_bad += first >= START

    def _skip(self, count: int) -> None:
        self._discarded += count
        self._skipped += count

    def _find(self, buffer: bytes, at: int) -> int:
        """Return where the next frame begins, in step again; or, still out of step, the first byte to be kept."""
        # One that fits only with the bytes to come is looked for again when they are there.
        frame = _FRAME_UP_TO[self.pleth_high]
        while (found := frame.search(buffer, at)) is not None:
            at = found.start()
            values = buffer[at + 3 : at + FRAME_BYTES]
            if values == self._known:
                self._in_step = True
                return at
            if at + 2 * FRAME_BYTES > len(buffer):
                return at
            following = frame.match(buffer, at + FRAME_BYTES)
            if following is not None and following[0][3:] == values:
                self._in_step = True
                return at
            at += 1
        last = _ANY_START.search(buffer, max(at, len(buffer) - FRAME_BYTES + 1))
        return len(buffer) if last is None else last.start()
