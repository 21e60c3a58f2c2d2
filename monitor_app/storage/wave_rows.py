"""Waves between the journal and the table: merging small chunks into half-second rows, and their bytes."""

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from devices.signals import Counts
from monitor_app.core.journal import WaveBlock
from monitor_app.core.stamp import Stamp
from monitor_app.storage.schema.fields import Row, checked_int, checked_text

ROW_S = 0.5
"""Length of a row (design §6)."""

_STRETCH = 1.5
"""A commit does not cut a row shorter than this many lengths, so jitter leaves no crumbs."""

_OCTET = 0xFF
_FORMS = (("u1", 0, _OCTET), ("i2", -0x8000, 0x7FFF), ("i4", -0x80000000, 0x7FFFFFFF))
_HEAD = struct.Struct("<qqqqq")
_POSITION_LIMIT = 1 << 62
"""Rows begin a little after their block does, so the edge of 64 bits is kept clear."""


@dataclass(frozen=True, slots=True)
class WaveKey:
    """What makes two blocks rows of the same channel."""

    source: str
    name: str
    rate_hz: float
    unit: str
    unit_per_count: float | None
    zero: float
    low: int
    high: int


def wave_key(block: WaveBlock) -> WaveKey:
    """Return the channel a block belongs to."""
    scale = block.scale
    return WaveKey(
        block.source,
        block.name,
        float(block.rate_hz),
        scale.unit,
        None if scale.unit_per_count is None else float(scale.unit_per_count),
        float(scale.zero),
        int(scale.low),
        int(scale.high),
    )


def pack_counts(counts: Counts) -> tuple[str, bytes]:
    """Return the smallest little-endian form that holds the counts, and their bytes."""
    if counts.dtype == np.int32 and counts.size and int(counts.view(np.uint32).max()) <= _OCTET:
        return "u1", counts.astype("<u1").tobytes()  # the usual case in one pass: a negative count looks huge
    low, high = (int(counts.min()), int(counts.max())) if counts.size else (0, 0)
    for form, lowest, highest in _FORMS:
        if lowest <= low and high <= highest:
            return form, counts.astype(f"<{form}").tobytes()
    raise ValueError("wave counts over 32 bits")


def unpack_counts(form: str, data: bytes) -> Counts:
    """Return the counts of a row; raises ValueError for an unknown form or torn bytes."""
    if form not in {known for known, _, _ in _FORMS}:
        raise ValueError(f"unknown sample form {form!r}")
    return np.frombuffer(data, dtype=f"<{form}").astype(np.int32)


def row_crc32(row: Sequence[Any]) -> int:
    """Return the checksum of (session_key, channel, t_ns, utc_ms, first_sample, dtype, samples)."""
    key, channel, t_ns, utc_ms, first_sample, form, data = row[:7]
    head = _HEAD.pack(int(key), int(channel), int(t_ns), int(utc_ms), int(first_sample))
    return zlib.crc32(head + str(form).encode() + bytes(data))


def encode_block(block: WaveBlock, session_key: int, channel: int) -> Row:
    """Return the row of a block; raises ValueError where it cannot be stored."""
    form, data = pack_counts(block.counts)
    t_ns, utc_ms = checked_int(block.stamp.t_ns), checked_int(block.stamp.utc_ms)
    first_sample = checked_int(block.first_sample)
    return {
        "session_key": session_key,
        "channel": channel,
        "t_ns": t_ns,
        "utc_ms": utc_ms,
        "first_sample": first_sample,
        "dtype": form,
        "samples": data,
        "crc32": row_crc32((session_key, channel, t_ns, utc_ms, first_sample, form, data)),
    }


def check_channel(block: WaveBlock) -> None:
    """Raise ValueError where the channel of a block cannot be stored: what its chunks have in common."""
    if not 0 < block.rate_hz < math.inf:
        raise ValueError("a wave needs a rate")
    for words in (block.source, block.name, block.scale.unit):
        checked_text(words)


def check_samples(block: WaveBlock) -> None:
    """Raise ValueError for a chunk whose rows could not be stored, its channel being sound."""
    counts = block.counts
    if counts.ndim != 1 or counts.dtype.kind not in "iu":
        raise ValueError("wave samples must be a row of integers")
    if counts.dtype.itemsize > 4 or counts.dtype == np.uint32:
        pack_counts(counts)
    for position in (block.stamp.t_ns, block.stamp.utc_ms, block.first_sample):
        if not -_POSITION_LIMIT <= position < _POSITION_LIMIT:
            raise ValueError("a wave's place lies beyond 64 bits")


class WaveMerger:
    """Collect the chunks of one channel and cut them into rows of half a second.

    A chunk that does not continue the sample counter starts a new row, so a row never spans a gap. Rows keep the
    stamp of their first sample.
    """

    def __init__(self) -> None:
        self._parts: list[WaveBlock] = []
        self._count = 0

    @property
    def sample_count(self) -> int:
        """Samples waiting."""
        return self._count

    def add(self, block: WaveBlock) -> Iterator[WaveBlock]:
        """Take a chunk; yield the rows it completed."""
        if block.counts.size == 0:
            return
        if self._parts and block.first_sample != self._parts[0].first_sample + self._count:
            yield from self.cut()
        self._parts.append(block)
        self._count += block.counts.size
        if self._count >= 2 * _row_length(block.rate_hz):
            yield from self.cut()

    def cut(self) -> Iterator[WaveBlock]:
        """Yield everything waiting as rows, the last one up to one and a half lengths long."""
        if not self._parts:
            return
        length = _row_length(self._parts[0].rate_hz)
        parts, size = self._parts, self._count
        joined = _One(parts[0]) if len(parts) == 1 else _Joined.of(parts)
        self._parts, self._count = [], 0
        begin = 0
        while begin < size:
            end = size if size - begin <= _STRETCH * length else begin + length
            yield joined.part(begin, end)
            begin = end


@dataclass(frozen=True, slots=True)
class _One:
    """A chunk on its own, the usual case of runs faster than real time."""

    block: WaveBlock

    def part(self, begin: int, end: int) -> WaveBlock:
        """Return samples [begin, end) as a block."""
        if begin == 0 and end == self.block.counts.size:
            return self.block
        return _cut(self.block, self.block.first_sample + begin, begin, self.block.counts[begin:end])


@dataclass(frozen=True, slots=True)
class _Joined:
    """Chunks that follow on each other."""

    parts: list[WaveBlock]
    starts: np.ndarray[Any, np.dtype[np.int64]]
    counts: Counts

    @classmethod
    def of(cls, parts: list[WaveBlock]) -> Self:
        """Put chunks together."""
        starts = np.cumsum([0, *(part.counts.size for part in parts)])
        return cls(parts, starts, np.concatenate([part.counts for part in parts]))

    def part(self, begin: int, end: int) -> WaveBlock:
        """Return samples [begin, end) as a block, stamped from the chunk its first sample came in."""
        index = int(np.searchsorted(self.starts, begin, side="right")) - 1
        into = begin - int(self.starts[index])
        return _cut(self.parts[index], self.parts[0].first_sample + begin, into, self.counts[begin:end])


def _cut(chunk: WaveBlock, first_sample: int, into: int, counts: Counts) -> WaveBlock:
    """Return counts that begin ``into`` samples into a chunk as a block of their own."""
    into_s = into / chunk.rate_hz
    stamp = Stamp(chunk.stamp.t_ns + round(into_s * 1e9), chunk.stamp.utc_ms + round(into_s * 1e3))
    return WaveBlock(stamp, chunk.source, chunk.name, chunk.rate_hz, first_sample, counts, chunk.scale)


def _row_length(rate_hz: float) -> int:
    return max(1, round(rate_hz * ROW_S))
