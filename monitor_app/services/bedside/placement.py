"""Where a wave's samples lie on the session's time axis.

A device counts its samples; the host knows when bytes came. A sample's place is its counter at the nominal rate from an
anchor, and the anchor follows the host's clock: transport only ever delays, so the least delay seen in a window tells
how far device and host have drifted apart. A delay that stays is lost samples: the counter then jumps, the gap is told.
"""

from collections import deque
from dataclasses import dataclass

from devices.clock import NS_PER_MS, NS_PER_S

WINDOW_NS = NS_PER_S
"""How long a delay must last before it is believed: longer than any burst of a USB adapter."""
LOSS_NS = 250 * NS_PER_MS
"""A lasting delay above this is lost samples; below it is drift of the device's clock and is slewed."""
SLEW_DIVISOR = 8
"""Drift is taken up by an eighth a window: smooth, yet a 0.3 % clock error stays within some 25 ms."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a chunk begins: session counter and time; ``gap_ns`` of silence came before it (0: none)."""

    index: int
    t_ns: int
    gap_from_ns: int
    gap_ns: int


class Placement:
    """Places the chunks of one wave of one source. Used from the bedside's thread only."""

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self._next_device: int | None = None
        self._next_index = 0
        self._next_t_ns = 0
        self._delays: deque[tuple[int, int]] = deque()

    def _samples_ns(self, count: int) -> int:
        return round(count * NS_PER_S / self.rate_hz)

    def place(self, first: int, count: int, arrived_t_ns: int) -> Placed:
        """Place ``count`` samples whose device counter begins at ``first`` and whose last byte came just now."""
        if self._next_device is None:
            self._restart(arrived_t_ns - self._samples_ns(count))
            gap_from, gap_ns = self._next_t_ns, 0
        elif first < self._next_device:
            gap_from, gap_ns = self._resume(arrived_t_ns - self._samples_ns(count))
        else:
            gap_from, gap_ns = self._skip(first - self._next_device)
            extra = self._follow(arrived_t_ns, count)
            if extra and not gap_ns:
                gap_from = self._next_t_ns - extra
            gap_ns += extra
        placed = Placed(self._next_index, self._next_t_ns, gap_from, gap_ns)
        self._next_device = first + count
        self._next_index += count
        self._next_t_ns += self._samples_ns(count)
        return placed

    def _restart(self, t_ns: int) -> None:
        self._next_t_ns = max(t_ns, 0)
        self._delays.clear()

    def _resume(self, t_ns: int) -> tuple[int, int]:
        """Continue after a device counter that began anew (a reconnect): the time between is a gap."""
        gap_from = self._next_t_ns
        gap_ns = max(t_ns - gap_from, 0)
        self._next_index += round(gap_ns * self.rate_hz / NS_PER_S)
        self._restart(gap_from + gap_ns)
        return gap_from, gap_ns

    def _skip(self, missing: int) -> tuple[int, int]:
        """Leave room for samples that the device counted and nobody received."""
        gap_from, gap_ns = self._next_t_ns, self._samples_ns(missing)
        self._next_index += missing
        self._next_t_ns += gap_ns
        return gap_from, gap_ns

    def _follow(self, arrived_t_ns: int, count: int) -> int:
        """Keep the anchor with the host's clock; the length of silence when a lasting delay shows a loss."""
        delay = arrived_t_ns - (self._next_t_ns + self._samples_ns(count))
        if delay < 0:
            self._next_t_ns += delay
            self._delays.clear()
            return 0
        self._delays.append((arrived_t_ns, delay))
        if arrived_t_ns - self._delays[0][0] < WINDOW_NS:
            return 0
        least = min(d for _, d in self._delays)
        self._delays.clear()
        if least < LOSS_NS:
            self._next_t_ns += least // SLEW_DIVISOR
            return 0
        self._next_index += round(least * self.rate_hz / NS_PER_S)
        self._next_t_ns += least
        return least
