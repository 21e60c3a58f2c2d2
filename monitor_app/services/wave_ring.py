"""The last seconds of one wave, ready to draw: values by sample counter, gaps as NaN, never filled."""

import math
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from devices.clock import NS_PER_S

HELD_S = 90.0
"""A sweep of 6.25 mm/s (clinical.md §8.6) across the strips of a 32-inch screen takes 75 s."""


@dataclass(frozen=True, slots=True)
class WaveSlice:
    """Samples ``first … first+len(values)``; NaN where nothing came."""

    first: int
    values: npt.NDArray[np.float32]


class WaveRing:
    """A ring of the newest samples of one wave. Used from one thread: the one that draws.

    ``start`` is the oldest counter held, ``end`` one past the newest. ``t_ns_of_end`` places ``end`` on the session's
    axis. ``epoch`` grows when the counter goes back and the ring begins anew: what was drawn before is then void.
    """

    def __init__(self, rate_hz: float, seconds: float = HELD_S) -> None:
        self.rate_hz = rate_hz
        self._size = max(int(rate_hz * seconds), 1)
        self._values = np.full(self._size, np.nan, dtype=np.float32)
        self.start = 0
        self.end = 0
        self.t_ns_of_end = 0
        self.epoch = 0

    def append(self, first: int, values: npt.NDArray[np.floating], t_ns_of_end: int) -> None:
        """Add samples at their counter.

        A jump forward leaves a gap. Samples that are held already are kept as they are; when nothing of ``values`` is
        new, the counter went back and the ring begins anew with them.
        """
        if not len(values):
            return
        if first + len(values) <= self.end or self.end == self.start:
            self._begin(first)
        self._extend_with_gap(first)
        self._extend(values[self.end - first :])
        self.t_ns_of_end = t_ns_of_end

    def blank_since(self, t_ns: int) -> None:
        """Make a gap of what came at ``t_ns`` or later; ``epoch`` grows, as what was drawn of it is void."""
        back = math.floor((self.t_ns_of_end - t_ns) / NS_PER_S * self.rate_hz)
        count = min(max(back, 0), self.end - self.start)
        if count:
            self._values[np.arange(self.end - count, self.end) % self._size] = np.nan
            self.epoch += 1

    def snapshot(self) -> Self:
        """Return a copy that stays as it is: for a picture held still."""
        held = copy(self)
        held._values = self._values.copy()  # noqa: SLF001 - the same class
        return held

    def since(self, first: int) -> WaveSlice:
        """Samples from counter ``first`` (or the oldest held) to the newest, as a copy."""
        begin = min(max(first, self.start), self.end)
        low, high = begin % self._size, self.end % self._size
        if begin == self.end:
            return WaveSlice(begin, self._values[:0].copy())
        if low < high:
            return WaveSlice(begin, self._values[low:high].copy())
        return WaveSlice(begin, np.concatenate((self._values[low:], self._values[:high])))

    def _begin(self, first: int) -> None:
        self.start = self.end = first
        self.epoch += 1

    def _extend_with_gap(self, first: int) -> None:
        missing = first - self.end
        if missing <= 0:
            return
        self.end = first - min(missing, self._size)
        self._extend(np.full(first - self.end, np.nan, dtype=np.float32))

    def _extend(self, values: npt.NDArray[np.floating]) -> None:
        self.end += len(values)
        kept = values[-self._size :]
        low = (self.end - len(kept)) % self._size
        before_edge = min(len(kept), self._size - low)
        self._values[low : low + before_edge] = kept[:before_edge]
        self._values[: len(kept) - before_edge] = kept[before_edge:]
        self.start = max(self.start, self.end - self._size)
