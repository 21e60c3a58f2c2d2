"""Where a wave's samples lie on the session's time axis.

A device counts its samples; the host knows when bytes came. A sample's place is its counter at the nominal rate from an
anchor, and the anchor follows the host's clock: it runs on with the drift found so far, and as transport only ever
delays, the least delay seen in a window tells how far device and host are still apart. A delay that stays is lost
samples: the counter then jumps, the gap is told.
"""

from dataclasses import dataclass

from devices.clock import NS_PER_MS, NS_PER_S
from monitor_app.services.bedside.drift import DriftEstimate

WINDOW_NS = NS_PER_S
"""How long the least delay is looked for before it is taken for drift: longer than any burst of a USB adapter."""
SURE_WINDOW_NS = 4 * NS_PER_S
SURE_CHUNKS = 8
"""The same once the drift is known, and how many must have come: packets of a second may each be late by chance."""
LOSS_NS = 250 * NS_PER_MS
"""A lasting delay above this is lost samples; below it is drift or a burst (USB adapters hold back up to 200 ms)."""
LOSS_AFTER_NS = 300 * NS_PER_MS
"""How long such a delay must last: what a stalled computer held back is read at once and so is not taken for a loss."""
SLEW_DIVISOR = 8
"""Drift is taken up by an eighth a window: smooth, yet a 0.3 % clock error stays within some 25 ms."""
FAR_NS = 40 * NS_PER_MS
FAR_DIVISOR = 2
"""Brought back by half a window, where enough came in it: samples got lost, too few to be told from a burst."""
PULL_DIVISOR = 4
"""Samples that would end in the future are drawn together by at most a quarter, so that time never goes back …"""
LEAD_NS = 250 * NS_PER_MS
"""… except where they lead by more than this (a device faster than its nominal rate): then as far as order allows."""

_Window = tuple[int, int, int]
"""Since when, the least delay in it, and how many chunks came."""


@dataclass(slots=True)
class Placed:
    """Where a chunk begins: session counter and time; ``gap_ns`` of silence came before it (0: none).

    Not frozen, because one is made for every chunk of every wave and freezing makes that three times as dear.
    """

    index: int
    t_ns: int
    gap_from_ns: int
    gap_ns: int


class Placement:
    """Places the chunks of one wave of one source. Used from the bedside's thread only.

    With ``next_index`` and ``from_t_ns`` it goes on where an earlier recording of this wave ended; the time up to the
    first chunk is then a gap.
    """

    def __init__(self, rate_hz: float, *, next_index: int = 0, from_t_ns: int | None = None) -> None:
        self.rate_hz = rate_hz
        self._fresh = from_t_ns is None
        self._next_device: int | None = None
        self._next_index = next_index
        self._next_t_ns = from_t_ns or 0
        self._window: _Window | None = None
        self._far: _Window | None = None
        self._late: tuple[int, int] | None = None
        self._drift = DriftEstimate()

    @property
    def drift_ppm(self) -> float:
        """How much slower than nominal the samples come, in millionths; 0 while that is not known."""
        return self._drift.share * 1e6

    @property
    def next_index(self) -> int:
        """The session's counter of the next sample."""
        return self._next_index

    @property
    def end_t_ns(self) -> int:
        """The end of what was placed so far."""
        return self._next_t_ns

    def samples_ns(self, count: int) -> int:
        """How long so many samples last."""
        return round(count * NS_PER_S / self.rate_hz)

    def lost(self) -> None:
        """Forget the device's counter: the connection is gone, and what comes next begins anew."""
        self._next_device = None
        self._drift.forget()

    def place(self, first: int, count: int, arrived_t_ns: int) -> Placed:
        """Place ``count`` samples whose device counter begins at ``first`` and whose last byte came just now."""
        lasts_ns = self.samples_ns(count)
        gap_from_ns = self._next_t_ns
        missing = self._missing(first, arrived_t_ns - lasts_ns)
        if missing:
            self._leave_open(missing)
        pull_ns = 0
        delay_ns = arrived_t_ns - (self._next_t_ns + lasts_ns)
        if delay_ns < 0:
            self._window = self._late = self._far = None
            pull_ns = min(
                -delay_ns, lasts_ns // PULL_DIVISOR if -delay_ns <= LEAD_NS else max(lasts_ns - 1, 0)
            )
        else:
            lost = self._follow(delay_ns, arrived_t_ns)
            if lost:
                self._leave_open(lost)
                missing += lost
        gap_ns = self.samples_ns(missing) if missing else 0
        placed = Placed(self._next_index, self._next_t_ns, gap_from_ns, gap_ns)
        self._next_device = first + count
        self._next_index += count
        self._next_t_ns += lasts_ns + round(lasts_ns * self._drift.share) - pull_ns
        self._drift.heard(arrived_t_ns - self.samples_ns(self._next_index), arrived_t_ns)
        return placed

    def _missing(self, first: int, begins_t_ns: int) -> int:
        """How many samples are missing before this chunk, as far as counter or clock tell at once."""
        if self._fresh:
            self._fresh = False
            self._next_t_ns = max(begins_t_ns, 0)
            return 0
        if self._next_device is not None and first >= self._next_device:
            counted = first - self._next_device
            skipped_ns = self.samples_ns(counted) if counted else 0
            if self._next_t_ns + skipped_ns <= begins_t_ns + LEAD_NS:
                return counted
        # The counter began anew, or jumped into the future: only the clock can tell.
        self._window = self._late = self._far = None
        self._drift.forget()
        return max((begins_t_ns - self._next_t_ns) * round(self.rate_hz * 1000) // (1000 * NS_PER_S), 0)

    def _leave_open(self, missing: int) -> None:
        self._next_index += missing
        self._next_t_ns += self.samples_ns(missing)

    def _follow(self, delay_ns: int, arrived_t_ns: int) -> int:
        """Keep the anchor with the host's clock; how many samples a lasting delay shows to be lost."""
        self._window = window = _least(self._window, delay_ns, arrived_t_ns)
        if delay_ns >= LOSS_NS:
            return self._judge_loss(delay_ns, arrived_t_ns)
        self._late = None
        self._far = _least(self._far, delay_ns, arrived_t_ns) if delay_ns > FAR_NS else None
        sure = self._drift.known
        if self._far and arrived_t_ns - self._far[0] >= WINDOW_NS and self._far[2] >= SURE_CHUNKS:
            self._next_t_ns += self._far[1] // FAR_DIVISOR
            self._window = self._far = None
        elif arrived_t_ns - window[0] >= (SURE_WINDOW_NS if sure else WINDOW_NS) and (
            window[2] >= SURE_CHUNKS or not sure
        ):
            self._next_t_ns += window[1] // SLEW_DIVISOR
            self._window = None
        return 0

    def _judge_loss(self, delay_ns: int, arrived_t_ns: int) -> int:
        since, least = self._late or (arrived_t_ns, delay_ns)
        least = min(least, delay_ns)
        self._late = since, least
        if arrived_t_ns - since < LOSS_AFTER_NS:
            return 0
        self._window = self._late = self._far = None
        self._drift.forget()
        return round(least * self.rate_hz / NS_PER_S)


def _least(window: _Window | None, delay_ns: int, arrived_t_ns: int) -> _Window:
    since, least, chunks = window or (arrived_t_ns, delay_ns, 0)
    return since, min(least, delay_ns), chunks + 1
