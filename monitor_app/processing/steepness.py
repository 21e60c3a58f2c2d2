"""Whether a complex has the steep flanks of the beats before it: what tells a QRS from a bump of a moving electrode.

Both have the same width and height in the band in which beats are looked for, and the filter makes them look alike. But a
bump is slow all over, while a QRS has steep parts, each time the same ones, in the band above.
"""

from collections import deque
from statistics import median

import numpy as np

from monitor_app.processing.qrs_features import Candidate
from monitor_app.processing.runs import Samples
from monitor_app.processing.signal_quality import ramp

_MEMORY = 8
_ENOUGH = 4
_SHARPNESS = (0.4, 0.8)
"""Height of the steep parts over that of recent beats: below the first of a bump, above the second of a beat."""
_LIKENESS = (0.7, 0.9)
"""Correlation of the steep parts over what recent beats have among themselves, likewise."""


class Steepness:
    """The steep parts of the last eight beats of one lead.

    Where they are not alike among themselves, as those of wide complexes that have hardly any, a complex that is unlike
    them is held to no more.
    """

    def __init__(self) -> None:
        self._shapes: deque[Samples] = deque(maxlen=_MEMORY)
        self._heights: deque[float] = deque(maxlen=_MEMORY)
        self._usual: deque[float] = deque(maxlen=_MEMORY)
        self._stack: Samples | None = None
        self._asked: tuple[Candidate, float] | None = None

    def share(self, candidate: Candidate) -> float:
        """How far the steep parts are those of recent beats, 0-1; 1 while too few are known."""
        if len(self._usual) < _ENOUGH:
            return 1.0
        height = candidate.sharpness / (median(self._heights) + 1e-12)
        alike = self._likeness(candidate) / max(median(self._usual), 1e-12)
        return min(ramp(height, *_SHARPNESS), ramp(alike, *_LIKENESS))

    def add(self, candidate: Candidate) -> None:
        """Count a beat."""
        if len(self._shapes) >= _ENOUGH:
            self._usual.append(self._likeness(candidate))
        self._shapes.append(candidate.fine_shape)
        self._heights.append(candidate.sharpness)
        self._stack = self._asked = None

    def clear(self) -> None:
        """Forget all of them."""
        self._shapes.clear()
        self._heights.clear()
        self._usual.clear()
        self._stack = self._asked = None

    def _likeness(self, candidate: Candidate) -> float:
        """Correlation with the second most similar of the last beats: one bump must not vouch for the next."""
        if self._asked is not None and self._asked[0] is candidate:
            return self._asked[1]  # a beat is judged, then counted
        if self._stack is None:
            self._stack = np.array(self._shapes).T
        best = (candidate.fine @ self._stack).max(axis=0)
        self._asked = candidate, float(np.partition(best, -2)[-2])
        return self._asked[1]
