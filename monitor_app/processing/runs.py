"""Splitting a stretch of samples where values are missing.

Every streaming stage of this package restarts after a hole instead of bridging it (design.md §3: gaps are explicit,
never filled).
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


def finite_runs(samples: Samples) -> Iterator[tuple[int, int]]:
    """Yield ``(start, stop)`` of each unbroken stretch of finite values, in order."""
    good = np.isfinite(samples)
    if good.all():
        if samples.size:
            yield 0, int(samples.size)
        return
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        yield int(start), int(stop)
