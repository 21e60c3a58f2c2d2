"""Breaths in a respiration wave (impedance or CO2), and since when there has been none (clinical.md §6.4, AL-RR-01).

The wave is smoothed over half a second, which takes most of the heart's share out of it; a breath is a rise, and the fall
before it, of at least 30 % of a typical one. What is typical is learnt from the last breaths alone, so that the heartbeat
that is left in the wave of a patient who does not breathe never becomes one.

A line that loses a frame now and then must not hide that nobody breathes: a hole in which hardly a breath has room leaves
the count of silence going. What a breath of this patient looks like is kept over a hole of any length.
"""

from collections import deque
from statistics import median

import numpy as np

from monitor_app.processing.runs import Samples, finite_runs

RATES_HZ = (10.0, 500.0)
"""Where breaths can be found in a wave."""
SMOOTH_S = 0.5
BREATH_SHARE = 0.3
STILL_SHARE = 0.1
"""Below it nothing moves at all; between the two it may be shallow breathing, or the heart."""
LEARNT = 4
_LOOK_HZ = 10.0  # so often the smoothed wave is looked at: nobody breathes faster than once a second
_STILL_S = 8.0
_TYPICAL = 8
HOLE_S = 2.0
"""A hole up to this long hides no whole breath of a patient who breathes 30 times a minute or less (AL-RR-04)."""
HOLES_SHARE = 0.25
"""Nor do several, as long as no more than this share of the silence lies in them."""
_LEARN_S = 12.0
"""Before as many breaths are known, what the wave did in so long a time stands for a typical breath."""


class BreathChannel:
    """Streaming breath detector of one wave. Feed from one thread.

    Samples are float64 of shape (n,), NaN where missing, in any unit; positions are on the wave's own counter.
    """

    def __init__(self, rate_hz: float) -> None:
        if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
            raise ValueError(
                f"breaths need {RATES_HZ[0]:g} to {RATES_HZ[1]:g} samples a second, not {rate_hz:g}"
            )
        self.rate_hz = rate_hz
        self._width = max(1, round(SMOOTH_S * rate_hz))
        self._swings: deque[float] = deque(maxlen=_TYPICAL)
        self._typical = 0.0  # the size of a breath
        self._step = max(1, int(rate_hz / _LOOK_HZ))
        self._early: deque[float] = deque(maxlen=round(_LEARN_S * rate_hz / self._step))
        self._recent: deque[float] = deque(maxlen=round(_STILL_S * rate_hz / self._step))
        self._waiting: list[tuple[int, Samples]] = []
        self._expected: int | None = None
        self._missed = 0  # samples in holes since the last breath
        self._tail: Samples = np.empty(0)
        self._begin(0)

    def feed(self, samples: Samples, first_sample: int) -> None:
        """Take the next samples; they are looked at when ``second`` asks, because packets are small and many."""
        self._waiting.append((first_sample, samples))

    def second(self) -> list[int]:
        """Look at what has come and return where breaths were completed; at counter jumps and NaN the smoothing begins anew."""
        breaths: list[int] = []
        for first_sample, samples in _joined(self._waiting):
            for start, stop in finite_runs(samples):
                breaths += self._stretch(samples[start:stop], first_sample + start)
        self._waiting.clear()
        return breaths

    def _stretch(self, samples: Samples, first_sample: int) -> list[int]:
        if first_sample != self._expected:
            self._hole(first_sample)
        self._expected = first_sample + len(samples)
        breaths: list[int] = []
        smooth = self._smoothed(samples)
        at = self._expected - len(smooth)
        offset = -at % self._step
        for k, value in enumerate(smooth[offset :: self._step].tolist()):
            if self._turn(value):
                self.last_sample = at + offset + k * self._step
                self._missed = 0
                breaths.append(self.last_sample)
        return breaths

    def _hole(self, first_sample: int) -> None:
        """Go on after a short hole, where the wave now is against where it was; begin anew after any other."""
        missing = first_sample - (first_sample if self._expected is None else self._expected)
        self._missed += missing
        allowed = max(HOLE_S * self.rate_hz, HOLES_SHARE * (first_sample - self.last_sample))
        if missing <= 0 or missing > HOLE_S * self.rate_hz or self._missed > allowed:
            self._begin(first_sample)
        self._tail = np.empty(0)

    def _begin(self, first_sample: int) -> None:
        """Begin anew: the last breath may have been in the hole."""
        self.last_sample = first_sample
        self._missed = 0
        self._tail = np.empty(0)
        self._rising = False
        self._extreme: float | None = None
        self._start = 0.0
        self._recent.clear()

    def _smoothed(self, samples: Samples) -> Samples:
        held = np.concatenate((self._tail, samples))
        self._tail = held[max(0, len(held) - self._width + 1) :]
        if len(held) < self._width:
            return np.empty(0)
        sums = np.concatenate(([0.0], np.cumsum(held)))
        return (sums[self._width :] - sums[: -self._width]) / self._width

    def _turn(self, value: float) -> bool:
        """Follow the wave to one more value; True where it has risen by a breath since it last fell by one."""
        self._recent.append(value)
        if not self.learnt:
            self._early.append(value)
            self._typical = max(self._early) - min(self._early)
        if self._extreme is None:
            self._extreme = self._start = value
        step = BREATH_SHARE * self._typical
        if self._rising:
            if value > self._extreme:
                self._extreme = value
            elif self._extreme - value >= step > 0:
                self._swings.append(self._extreme - self._start)
                self._typical = median(self._swings) if self.learnt else self._typical
                self._rising, self._extreme = False, value
        elif value < self._extreme:
            self._extreme = value
        elif value - self._extreme >= step > 0:
            self._rising, self._start, self._extreme = True, self._extreme, value
            return True
        return False

    @property
    def learnt(self) -> bool:
        """Whether enough breaths have been seen to know what one looks like."""
        return len(self._swings) >= LEARNT

    @property
    def still(self) -> bool:
        """Whether the wave has hardly moved for the last 8 s: less than a tenth of a typical breath."""
        held = self._recent
        full = self.learnt and len(held) == held.maxlen
        return full and max(held) - min(held) < STILL_SHARE * self._typical


def _joined(waiting: list[tuple[int, Samples]]) -> list[tuple[int, Samples]]:
    """Put together the pieces that follow on each other without a hole."""
    groups: list[tuple[int, list[Samples]]] = []
    expected: int | None = None
    for first_sample, samples in waiting:
        if first_sample != expected:
            groups.append((first_sample, []))
        groups[-1][1].append(samples)
        expected = first_sample + len(samples)
    return [(first, np.concatenate(pieces)) for first, pieces in groups]
