"""The last seconds of one wave, ready to draw: values by sample counter, gaps as NaN, never filled."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class WaveSlice:
    """Samples ``first … first+len(values)``; NaN where nothing came."""

    first: int
    values: npt.NDArray[np.float32]


class WaveRing:
    """A ring of the newest samples of one wave. Used from one thread: the one that draws.

    ``end`` is one past the newest sample's counter. ``t_ns_of_end`` places it on the session's axis.
    """

    def __init__(self, rate_hz: float, seconds: float = 20.0) -> None:
        self.rate_hz = rate_hz
        self._size = int(rate_hz * seconds)
        self._values = np.full(self._size, np.nan, dtype=np.float32)
        self.start = 0
        self.end = 0
        self.t_ns_of_end = 0

    def append(self, first: int, values: npt.NDArray[np.floating], t_ns_of_end: int) -> None:
        """Add samples at their counter; a jump forward leaves a gap, what is older than the ring is dropped."""
        if self.end == 0 or first < self.end - self._size:
            self.start = self.end = first
        if first > self.end:
            self._fill_gap(min(first - self.end, self._size), first)
        values = values[-self._size :]
        end = max(first + len(values), self.end)
        index = np.arange(end - len(values), end) % self._size
        self._values[index] = values
        self.end = end
        self.start = max(self.start, end - self._size)
        self.t_ns_of_end = t_ns_of_end

    def _fill_gap(self, missing: int, first: int) -> None:
        self._values[np.arange(first - missing, first) % self._size] = np.nan
        self.end = first
        self.start = max(self.start, first - self._size)

    def since(self, first: int) -> WaveSlice:
        """Samples from counter ``first`` (or the oldest held) to the newest, as a copy."""
        begin = min(max(first, self.start), self.end)
        return WaveSlice(begin, self._values[np.arange(begin, self.end) % self._size])
