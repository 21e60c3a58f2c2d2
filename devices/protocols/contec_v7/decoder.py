"""Bytes of a V7.0 oximeter into signals (protocols.md §7.2)."""

import numpy as np
import numpy.typing as npt

from devices.protocols.contec_v7.conditions import Conditions, quality_of
from devices.protocols.contec_v7.identity import parse_identity
from devices.protocols.contec_v7.number_watch import NumberWatch
from devices.protocols.contec_v7.reader import Found, Piece, RecordReader
from devices.protocols.contec_v7.realtime import (
    PLETH_RATE_HZ,
    PLETH_SCALE,
    RealTime,
    bar_of,
    changes,
    numbers_key,
    parse_frame,
    wave_of,
)
from devices.protocols.contec_v7.records import FRAME_BYTES, RecordType
from devices.signals import BeatMark, Counters, DeviceIdentity, Quality, Signal, WaveChunk

_DEAD_FRAMES = 12
"""No pulse follows another within 0.2 s: 300 a minute, above the highest rate there is (254)."""
_ENOUGH_ALIKE = 2
"""What two frames in a row say is believed; the third says nothing new."""
_NO_KEY = -1  # there was no frame just before, or it was damaged


class ContecV7Decoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    The wave of one ``feed`` comes last; which numbers are believed is the affair of ``NumberWatch``.
    """

    def __init__(self) -> None:
        self._reader = RecordReader()
        self._conditions = Conditions()
        self._numbers = NumberWatch(self._conditions)
        self._identity: DeviceIdentity | None = None
        self._key = _NO_KEY  # of the frame just before
        self._values = RealTime(None, None, None, 0)
        self._quality = Quality.GOOD
        self._alike = 0  # frames in a row with these values
        self._frames = 0  # real-time frames, damaged ones too
        self._last_beat = -_DEAD_FRAMES
        self._wave = _WaveGatherer()
        self._signals: list[Signal] = []

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their record is not complete yet; at most 9."""
        return self._reader.buffered

    @property
    def frames(self) -> int:
        """How many instants of the wave have passed, lost ones too."""
        return self._frames

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        for piece in self._reader.feed(data):
            self._take(piece)
        signals = [*self._signals, *self._wave.take()]
        self._signals = []
        return signals

    def _take(self, piece: Piece) -> None:
        if piece.found is Found.FRAMES:
            self._take_frames(piece.data)
        elif piece.found is Found.LOST:
            self._wave.lose_one()
            self._frames += 1
            self._key = _NO_KEY
            self._numbers.interrupt()
        elif piece.data[0] == RecordType.IDENTITY:
            self._take_identity(piece.data)
        else:
            self._signals += self._conditions.record(piece.data)

    def _take_identity(self, record: bytes) -> None:
        identity = parse_identity(record)
        if identity != self._identity:
            self._identity = identity
            self._signals.append(identity)

    def _take_frames(self, data: bytes) -> None:
        wave = wave_of(data)
        begun = 0
        for turn in changes(data, self._key):
            self._take_alike(data, wave, begun, turn)
            self._turn_to(data[turn * FRAME_BYTES : (turn + 1) * FRAME_BYTES])
            begun = turn
        self._take_alike(data, wave, begun, len(wave))

    def _turn_to(self, frame: bytes) -> None:
        """Note that this frame differs from the last in more than wave and bar."""
        values = parse_frame(frame)
        if values.beep and not self._values.beep and self._frames - self._last_beat >= _DEAD_FRAMES:
            self._last_beat = self._frames
            self._signals.append(BeatMark("PLETH"))
        self._key, self._values, self._alike = numbers_key(frame), values, 0
        self._quality = quality_of(values)

    def _take_alike(self, data: bytes, wave: npt.NDArray[np.int32], start: int, stop: int) -> None:
        """Take the frames ``start`` to ``stop`` of a run, which all have the values turned to."""
        if start == stop:
            return
        self._wave.add(wave[start:stop], self._quality)
        zero, end = self._frames - start, self._frames + stop - start
        while self._frames < end:
            if self._alike >= _ENOUGH_ALIKE and self._frames < self._numbers.due:
                skipped = min(end, self._numbers.due) - self._frames
            else:
                bar = bar_of(data, self._frames - zero)
                self._signals += self._numbers.take(self._values, bar, self._frames)
                skipped = 1
            self._alike += skipped
            self._frames += skipped


class _WaveGatherer:
    """Gathers the wave of one ``feed`` into as few chunks as losses and marks allow."""

    def __init__(self) -> None:
        self._next = 0  # number of the sample that comes next
        self._quality = Quality.GOOD
        self._pending: list[npt.NDArray[np.int32]] = []
        self._chunks: list[WaveChunk] = []

    def add(self, counts: npt.NDArray[np.int32], quality: Quality) -> None:
        """Take samples that share a mark."""
        if quality != self._quality:
            self._close()
            self._quality = quality
        self._pending.append(counts)

    def lose_one(self) -> None:
        """Note that one sample was lost here."""
        self._close()
        self._next += 1

    def take(self) -> list[WaveChunk]:
        """Return what was gathered."""
        self._close()
        chunks, self._chunks = self._chunks, []
        return chunks

    def _close(self) -> None:
        if not self._pending:
            return
        pending = self._pending
        samples = pending[0] if len(pending) == 1 else np.concatenate(pending)
        self._pending = []
        self._chunks.append(
            WaveChunk("PLETH", PLETH_RATE_HZ, self._next, samples, PLETH_SCALE, self._quality)
        )
        self._next += len(samples)
