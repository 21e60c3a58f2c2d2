"""Wave packets into chunks (protocols.md §2.6).

A record's running number tells how many packets were lost; each was as long as the one before it. The GAP bit alone tells
that samples are missing, not how many: one is left out, so that the gap shows. Sample counts wobble by one.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from devices.protocols.conditions import Conditions
from devices.protocols.datex_dri.ecg import CHANNELS, EcgState
from devices.protocols.datex_dri.layout import NO_NUMBER
from devices.protocols.datex_dri.records import Record
from devices.signals import Counts, Quality, Signal, WaveChunk, WaveScale

PACKET_HEAD = struct.Struct("<hHH")
GAP, PACER_SEEN, LEAD_OFF = 0x1, 0x4, 0x8
"""Status bits; the real monitor also sets bit 1 and counts upward in bits 4 to 15: those are masked."""
PLETH_TYPE, CO2_TYPE, RESP_TYPE, ENTROPY_TYPE, RESP_FINE_TYPE = 8, 9, 15, 32, 39
TWELVE_LEAD_TYPE = 22
_LOW, _HIGH = NO_NUMBER + 1, 32767
_RESTARTED = 255


def _scale(unit: str, unit_per_count: float | None) -> WaveScale:
    return WaveScale(unit, unit_per_count, 0.0, _LOW, _HIGH)


ECG_SCALE = _scale("mV", 0.001)
PRESSURE_SCALE = _scale("mm[Hg]", 0.01)
PERCENT_SCALE = _scale("%", 0.01)
RESP_SCALE = _scale("Ohm", 0.01)


@dataclass(frozen=True, slots=True)
class WaveKind:
    """A wave type of the wire: its name here, its rate and its scale."""

    name: str
    rate_hz: float
    scale: WaveScale


KINDS = MappingProxyType(
    {
        **{channel: WaveKind(f"ECG{channel}", 300.0, ECG_SCALE) for channel in CHANNELS},
        **{3 + n: WaveKind(f"P{n}", 100.0, PRESSURE_SCALE) for n in (1, 2, 3, 4)},
        PLETH_TYPE: WaveKind("PLETH", 100.0, PERCENT_SCALE),
        CO2_TYPE: WaveKind("CO2", 25.0, PERCENT_SCALE),
        RESP_TYPE: WaveKind("RESP", 25.0, RESP_SCALE),
        ENTROPY_TYPE: WaveKind("ENTROPY", 100.0, _scale("1", None)),
        38: WaveKind("PLETH_2", 100.0, PERCENT_SCALE),
        RESP_FINE_TYPE: WaveKind("RESP_FINE", 100.0, RESP_SCALE),
    }
)
"""The types of protocols.md §2.6 but 22, whose coding is its own. An ECG channel is named by its lead once that is known."""


@dataclass(slots=True)
class _Track:
    next_sample: int = 0
    last_count: int = 0


class WaveDecoder:
    """Places the samples of every wave type by its own counter."""

    def __init__(self, ecg: EcgState, conditions: Conditions) -> None:
        self._ecg = ecg
        self._conditions = conditions
        self._tracks: dict[int, _Track] = {}
        self._number: int | None = None

    def take(self, record: Record) -> list[Signal]:
        """Return the chunks of a wave record, after what changed about the leads."""
        lost, restarted = self._lost(record)
        for track in self._tracks.values():
            track.next_sample += lost * track.last_count + restarted
        signals: list[Signal] = []
        for kind, part in record.parts:
            signals += self._packet(kind, part, counted=bool(lost or restarted))
        return signals

    def _lost(self, record: Record) -> tuple[int, bool]:
        """Return how many packets are missing, and whether the numbering began anew."""
        before, self._number = self._number, record.number
        if before is None:
            return 0, False
        missing = (record.number - before - 1) & 0xFF
        fresh = record.number == 0 and any(
            len(part) >= PACKET_HEAD.size and PACKET_HEAD.unpack_from(part)[1] & GAP
            for _, part in record.parts
        )
        return (0, True) if missing and (fresh or missing == _RESTARTED) else (missing, False)

    def _packet(self, kind: int, part: bytes, *, counted: bool) -> list[Signal]:
        wave = KINDS.get(kind)
        if wave is None:
            return self._conditions.unknown(f"wave type {kind:02X}")
        if len(part) < PACKET_HEAD.size:
            return self._conditions.unknown(f"wave type {kind:02X}, {len(part)} bytes")
        count, status, _ = PACKET_HEAD.unpack_from(part)
        if not 0 <= count <= (len(part) - PACKET_HEAD.size) // 2:
            return self._conditions.unknown(f"wave type {kind:02X} of {count} samples in {len(part)} bytes")
        signals: list[Signal] = []
        quality = Quality.GOOD
        name = wave.name
        if kind in CHANNELS:
            off = bool(status & LEAD_OFF)
            signals += self._ecg.take_wave(kind, off=off)
            quality = Quality.SENSOR_OFF if off else Quality.GOOD
            name = self._ecg.wave_name(kind)
        track = self._tracks.setdefault(kind, _Track())
        if status & GAP and track.last_count and not counted:
            track.next_sample += 1
        samples = np.frombuffer(part, dtype="<i2", count=count, offset=PACKET_HEAD.size).astype(np.int32)
        for begin, run in _numbers_only(samples):
            first = track.next_sample + begin
            signals.append(WaveChunk(name, wave.rate_hz, first, run, wave.scale, quality))
        track.next_sample += count
        track.last_count = count
        return signals


def _numbers_only(samples: Counts) -> Iterator[tuple[int, Counts]]:
    """Yield the runs of samples that are no control codes, each with its place."""
    good = samples > NO_NUMBER
    if good.all():
        if len(samples):
            yield 0, samples
        return
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2).tolist():
        yield begin, samples[begin:end]
