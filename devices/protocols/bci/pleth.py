"""The pleth of a BCI oximeter gathered into chunks (protocols.md §7.1)."""

import numpy as np

from devices.protocols.bci.frames import PLETH_HIGH, PLETH_HIGH_CMS50, Frames
from devices.protocols.bci.state import Dialect
from devices.signals import Counts, Quality, WaveChunk, WaveScale

SCALES = {
    Dialect.PROBE: WaveScale("1", None, 50, 0, PLETH_HIGH),
    Dialect.CMS50: WaveScale("1", None, 64, 0, PLETH_HIGH_CMS50),
}
MOST_HELD = 300
"""Samples held back at most while the rate is not known: three seconds at the documented rate."""


class PlethStream:
    """One sample a frame, numbered; a sample of 0 is marked as none (protocols.md §7.1)."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, Counts]] = []
        self._next = 0
        self._held = 0

    @property
    def full(self) -> bool:
        """Whether no more may be held back."""
        return self._held >= MOST_HELD

    def add(self, frames: Frames, lost: int) -> None:
        """Take the samples of frames, of which so many were lost before."""
        self._next += lost
        self._runs.append((self._next, frames[:, 1].astype(np.int32)))
        self._next += len(frames)
        self._held += len(frames)

    def take(self, rate_hz: float, dialect: Dialect) -> list[WaveChunk]:
        """Return what was gathered, cut where samples were lost and where their marks change."""
        runs, self._runs, self._held = self._runs, [], 0
        scale = SCALES[dialect]
        chunks: list[WaveChunk] = []
        for first, samples in _joined(runs):
            cuts = np.flatnonzero(np.diff(samples == 0)) + 1
            at = first
            for piece in np.split(samples, cuts):
                mark = Quality.GOOD if piece[0] else Quality.INVALID
                chunks.append(WaveChunk("PLETH", rate_hz, at, piece, scale, mark))
                at += len(piece)
        return chunks


def _joined(runs: list[tuple[int, Counts]]) -> list[tuple[int, Counts]]:
    joined: list[tuple[int, list[Counts]]] = []
    following = -1
    for first, samples in runs:
        if first != following:
            joined.append((first, []))
        joined[-1][1].append(samples)
        following = first + len(samples)
    return [(first, np.concatenate(pieces)) for first, pieces in joined]
