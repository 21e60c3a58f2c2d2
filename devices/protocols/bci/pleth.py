"""The pleth of a BCI oximeter gathered into chunks (protocols.md §7.1)."""

import re

import numpy as np

from devices.protocols.bci.frames import FRAME_BYTES, PLETH_HIGH, PLETH_HIGH_CMS50
from devices.protocols.bci.state import Dialect
from devices.signals import Quality, WaveChunk, WaveScale

SCALES = {
    Dialect.PROBE: WaveScale("1", None, 50, 0, PLETH_HIGH),
    Dialect.CMS50: WaveScale("1", None, 64, 0, PLETH_HIGH_CMS50),
}
_ZERO_OR_NOT = re.compile(rb"\x00+|[^\x00]+")
MOST_HELD = 300
"""Samples held back at most while the rate is not known: three seconds at the documented rate."""


class PlethStream:
    """One sample a frame, numbered; a sample of 0 is marked as none (protocols.md §7.1)."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, bytes]] = []
        self._next = 0
        self._held = 0

    @property
    def full(self) -> bool:
        """Whether no more may be held back."""
        return self._held >= MOST_HELD

    def add(self, octets: bytes, lost: int) -> None:
        """Take the samples of frames, of which so many were lost before."""
        samples = octets[1::FRAME_BYTES]
        self._next += lost
        self._runs.append((self._next, samples))
        self._next += len(samples)
        self._held += len(samples)

    def take(self, rate_hz: float, dialect: Dialect) -> list[WaveChunk]:
        """Return what was gathered, cut where samples were lost and where their marks change."""
        runs, self._runs, self._held = self._runs, [], 0
        scale = SCALES[dialect]
        chunks: list[WaveChunk] = []
        for first, samples in _joined(runs):
            at = first
            for piece in _cut(samples):
                mark = Quality.GOOD if piece[0] else Quality.INVALID
                counts = np.frombuffer(piece, np.uint8).astype(np.int32)
                chunks.append(WaveChunk("PLETH", rate_hz, at, counts, scale, mark))
                at += len(piece)
        return chunks


def _joined(runs: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    if len(runs) == 1:
        return runs
    joined: list[tuple[int, list[bytes]]] = []
    following = -1
    for first, samples in runs:
        if first != following:
            joined.append((first, []))
        joined[-1][1].append(samples)
        following = first + len(samples)
    return [(first, b"".join(pieces)) for first, pieces in joined]


def _cut(samples: bytes) -> list[bytes]:
    """Cut where samples of 0 begin and end."""
    return [samples] if 0 not in samples else _ZERO_OR_NOT.findall(samples)
