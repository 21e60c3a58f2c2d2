"""Wave objects into chunks: the description each handle was given, and where its samples belong (protocols.md §3.4).

A block says nothing of its place, but its poll reply carries the monitor's relative time. Two replies that lie further apart
than the block is long have lost blocks between them, in whole blocks, and ``first_sample`` jumps by as many samples.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from devices.protocols.intellivue_mib.nomenclature import Attribute, unit_text, wave_name
from devices.protocols.intellivue_mib.values import TICKS_PER_S, State, quality_of, read_float
from devices.signals import Counts, Quality, WaveChunk, WaveScale

_BLOCK = struct.Struct(">HHH")
_WRAP = 1 << 32
_BLOCKS = frozenset({Attribute.WAVE, Attribute.WAVE_COMPOUND})
_INVALID_MASK, _SATURATION_MASK = 1, 4  # fixed value ids (protocols.md §3.4; 1 from the nomenclature)


@dataclass(slots=True)
class WaveMemory:
    """What a handle's description said last; None until it has."""

    sample_bytes: int | None = None
    significant_bits: int = 16
    period_ticks: int | None = None
    unit: int = 0
    scale: tuple[float, float, int, int] | None = None
    """Physical values and the counts they belong to: low, high, count of low, count of high."""
    masks: dict[int, int] = field(default_factory=dict)
    label_text: str = ""
    _scales: dict[str, WaveScale] = field(default_factory=dict)

    def describe(self, attribute: int, data: bytes) -> None:
        """Take one attribute of a description; others are left alone."""
        if attribute in _BLOCKS:
            return
        self._scales.clear()
        if attribute == Attribute.WAVE_SPEC:
            _, bits, significant = struct.unpack_from(">HBB", data)
            if bits in (8, 16) and 1 <= significant <= bits:
                self.sample_bytes, self.significant_bits = bits // 8, significant
        elif attribute == Attribute.SAMPLE_PERIOD:
            (period,) = struct.unpack_from(">I", data)
            self.period_ticks = period or None
        elif attribute in (Attribute.SCALE, Attribute.CALIBRATION):
            self._take_scale(data)
        elif attribute == Attribute.UNIT:
            (self.unit,) = struct.unpack_from(">H", data)
        elif attribute == Attribute.FIXED_VALUES:
            (count,) = struct.unpack_from(">H", data)
            self.masks = dict(struct.unpack_from(">HH", data, 4 + 4 * k) for k in range(count))

    def _take_scale(self, data: bytes) -> None:
        low, high = read_float(data), read_float(data, 4)
        low_count, high_count = struct.unpack_from(">HH", data, 8)
        if low is None or high is None or low == high or low_count == high_count:
            return
        self.scale = (low, high, low_count, high_count)

    def scale_of(self, name: str) -> WaveScale:
        """Return how counts become a quantity. ECG is in mV where the unit is not told (protocols.md §3.5)."""
        scale = self._scales.get(name)
        if scale is None:
            scale = self._scales[name] = self._make_scale(name)
        return scale

    def _make_scale(self, name: str) -> WaveScale:
        top = (1 << self.significant_bits) - 1
        unit = unit_text(self.unit) if self.unit else "mV" if name.startswith("ECG") else "1"
        if self.scale is None or unit == "1" or unit.startswith("{"):
            return WaveScale("1", None, (top + 1) // 2, 0, top)
        low, high, low_count, high_count = self.scale
        per_count = (high - low) / (high_count - low_count)
        return WaveScale(unit, per_count, low_count - low / per_count, min(low_count, high_count), high_count)


@dataclass(frozen=True, slots=True)
class Block:
    """One wave block as it came."""

    physio: int
    state: int
    octets: bytes


def read_blocks(attribute: int, data: bytes) -> Iterator[Block]:
    """Yield the blocks of an attribute 096E or 0967.

    :raises struct.error: it is cut off.
    """
    count, at = (1, 0) if attribute == Attribute.WAVE else (struct.unpack_from(">H", data)[0], 4)
    for _ in range(count):
        physio, state, length = _BLOCK.unpack_from(data, at)
        at += _BLOCK.size + length
        if at > len(data):
            raise struct.error("a wave block is cut off")
        yield Block(physio, state, data[at - length : at])


class WavePlaces:
    """Where the next samples of each wave belong."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, int]] = {}  # name: ticks of its last block, next sample

    def place(self, name: str, ticks: int, period_ticks: int, count: int) -> int | None:
        """Return the number of the first of ``count`` samples; None for a block that was heard already."""
        if name not in self._last:
            self._last[name] = (ticks, count)
            return 0
        last_ticks, first = self._last[name]
        apart = (ticks - last_ticks) % _WRAP
        if apart == 0:
            return None
        length = period_ticks * count
        # More than half the scale apart is a step back: the monitor was restarted, and nothing can be said of a gap.
        blocks = round(apart / length) if apart < _WRAP // 2 else 1
        first += max(0, blocks - 1) * count
        self._last[name] = (ticks, first + count)
        return first


def chunk(block: Block, memory: WaveMemory, ticks: int, places: WavePlaces) -> WaveChunk | None:
    """Return a block as a chunk; None where its description is missing or nothing is new in it."""
    if memory.sample_bytes is None or memory.period_ticks is None:
        return None
    width = memory.sample_bytes
    count = len(block.octets) // width
    name = wave_name(block.physio, memory.label_text)
    first = places.place(name, ticks, memory.period_ticks, count) if count else None
    if first is None:
        return None
    raw = np.frombuffer(block.octets, dtype=">u2" if width == 2 else "u1", count=count).astype(np.int32)
    samples: Counts = raw & ((1 << memory.significant_bits) - 1)
    quality = quality_of(block.state) | _marks(raw, memory)
    rate_hz = TICKS_PER_S / memory.period_ticks
    return WaveChunk(name, rate_hz, first, samples, memory.scale_of(name), quality)


def _marks(raw: Counts, memory: WaveMemory) -> Quality:
    quality = Quality.GOOD
    for kind, mark in ((_INVALID_MASK, Quality.INVALID), (_SATURATION_MASK, Quality.CLIPPED)):
        mask = memory.masks.get(kind)
        if mask and bool(np.any(raw & mask == mask)):
            quality |= mark
    return quality


def pack_block(physio: int, state: State, octets: bytes) -> bytes:
    """Return a block as attribute 096E holds it."""
    return _BLOCK.pack(physio, state, len(octets)) + octets
