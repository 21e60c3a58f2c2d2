"""Frames of the BCI oximeters: five bytes, only the first with bit 7 (protocols.md §7.1).

There is no checksum. What stands for it: the bits that must be set or clear, the ranges of signal strength, pleth and
SpO2, and the step: a frame is taken where the last one ended, or, once out of step, where it repeats what is known.
Other monitors' bytes pass for a few frames in a row, so a wire on which much had to be skipped is proved anew.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from devices.protocols.byte_reader import ByteReader

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
PROOF_FRAMES = 10
"""So many good frames in a row prove the wire, a tenth of a second's worth, …"""
DOUBT_BYTES = 100
"""… where more than so many bytes had to be skipped since the last good frame, or any before the first."""
_LOWEST_SPO2 = 30
"""No oximeter tells less, so nothing is proved by it: the lengths in other monitors' frames are small numbers."""
LONGEST_BUFFER = PROOF_FRAMES * FRAME_BYTES + FRAME_BYTES - 1

_MOST_LOST = 100  # a second of frames: what was a longer disturbance, only the clock can measure

_STARTS = bytes(b for b in range(START, 256) if b & 0x0F in {*range(STRENGTH_HIGH + 1), STRENGTH_UNKNOWN})
_ANY_START = re.compile(rb"[\x80-\xff]")
_FRAME = rb"[" + re.escape(_STARTS) + rb"][\x00-\x%02x][\x00-\x7f]{2}[\x00-\x64\x7f]"
_FRAME_UP_TO = MappingProxyType(
    {high: re.compile(_FRAME % high, re.DOTALL) for high in (PLETH_HIGH, PLETH_HIGH_CMS50)}
)
"""One good frame, by the highest pleth it may hold."""
_RUN_UP_TO = MappingProxyType(
    {high: re.compile(b"(?:" + form.pattern + b")*", re.DOTALL) for high, form in _FRAME_UP_TO.items()}
)
"""As many good frames as follow each other. Not possessive: before Python 3.11.5 that ends in the middle of a frame."""


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
    """Consecutive frames as they came; ``lost`` were lost right before them, as far as the bytes tell."""

    octets: bytes
    lost: int
    broken: bool  # bytes were discarded right before it


class FrameReader(ByteReader):
    """Cuts a byte stream into frames and finds its place again after damage.

    In step, a frame is five good bytes where the last one ended. Out of step a frame counts only when its PR and SpO2
    bytes are those of the last good frame, or of the frame right behind it: five random bytes pass for a frame once in
    a hundred places, but not twice the same. Before the first, and after more than
    ``DOUBT_BYTES``, it takes ``PROOF_FRAMES`` in a row. Holds
    back ``LONGEST_BUFFER`` bytes at most.

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
            end = self._run_end(buffer, at)
            if end > at:
                runs.append(self._run(buffer[at:end]))
                at = end
            elif len(buffer) - at >= FRAME_BYTES:
                self._lose_step(buffer[at])
        self._buffer = buffer[at:]
        return runs

    def _run_end(self, buffer: bytes, at: int) -> int:
        """Return where the good frames from ``at`` on end."""
        found = _RUN_UP_TO[self.pleth_high].match(buffer, at)
        return at if found is None else found.end()

    def _run(self, octets: bytes) -> Run:
        lost = 0 if self._known is None else (self._skipped + FRAME_BYTES // 2) // FRAME_BYTES
        run = Run(octets, min(lost, _MOST_LOST), broken=self._skipped > 0)
        self._frames_ok += len(octets) // FRAME_BYTES
        self._known = octets[-2:]
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
        begun = at - self._skipped
        frame = _FRAME_UP_TO[self.pleth_high]
        while (found := frame.search(buffer, at)) is not None:
            at = found.start()
            doubted = self._known is None or at - begun > DOUBT_BYTES
            follows = self._follows(buffer, at, doubted=doubted)
            self._in_step = follows is True
            if follows is not False:
                return at
            at += 1
        last = _ANY_START.search(buffer, max(at, len(buffer) - FRAME_BYTES + 1))
        return len(buffer) if last is None else last.start()

    def _follows(self, buffer: bytes, at: int, *, doubted: bool) -> bool | None:
        """Whether the good frame at this place may be believed; None when only more bytes can tell."""
        values = buffer[at + 3 : at + FRAME_BYTES]
        if not doubted and values == self._known:
            return True
        if doubted and values[1] < _LOWEST_SPO2:
            return False
        needed = PROOF_FRAMES if doubted else 2
        end = self._run_end(buffer, at)
        if end < at + needed * FRAME_BYTES:
            return None if end + FRAME_BYTES > len(buffer) else False
        return buffer[at + 3 + FRAME_BYTES : at + 2 * FRAME_BYTES] == values
