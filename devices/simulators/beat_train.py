"""When the heart beats and the chest moves: the rhythm every simulated wave is tied to.

Second by second: what happens within second k depends only on the seed and on the vitals at its beginning.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from devices.simulators.population import FloatArray

KEPT_S = 120
"""Seconds of the past that can still be asked for."""

_SINUS_ARRHYTHMIA = 0.03  # share of RR at 70/min moved by breathing; fades as the rate rises
_JITTER = 0.008  # share of RR, beat by beat


@dataclass(frozen=True, slots=True)
class Second:
    """The rhythm's state at the beginning of one second."""

    hr_per_min: float
    rr_per_min: float
    breath_phase: float  # breaths since the beginning; its whole part numbers the breath
    perfusion_index_percent: float


class BeatTrain:
    """R peaks and breaths. Beats are known up to the first one past the last second added."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 10])
        self._times_s: list[float] = []
        self._intervals_s: list[float] = []
        self._next_s: float | None = None
        self._phase = float(self._rng.random())
        self._seconds: dict[int, Second] = {}

    def add_second(self, k: int, *, hr_per_min: float, rr_per_min: float, pi_percent: float) -> None:
        """Let second k begin with these values. Seconds come in order."""
        second = Second(hr_per_min, rr_per_min, self._phase, pi_percent)
        self._seconds[k] = second
        self._phase += rr_per_min / 60.0
        self._seconds.pop(k - KEPT_S, None)
        self._beat_through(k, second)
        if len(self._times_s) > 16 * KEPT_S:
            first = bisect_left(self._times_s, k - KEPT_S - 2.0)
            del self._times_s[:first], self._intervals_s[:first]

    def second(self, k: int) -> Second | None:
        """Return the state at the beginning of second k; None when it is not (or no longer) known."""
        return self._seconds.get(k)

    def breath_phase(self, at_s: FloatArray, k: int) -> FloatArray:
        """Return breaths since the beginning at instants within second k."""
        second = self._seconds[k]
        return second.breath_phase + (at_s - k) * (second.rr_per_min / 60.0)

    def between(self, start_s: float, end_s: float) -> FloatArray:
        """Return R peaks in [start, end) that are known."""
        times = self._times_s
        return np.array(times[bisect_left(times, start_s) : bisect_left(times, end_s)], dtype=np.float64)

    def around(self, k: int, *, before_s: float, next_too: bool) -> tuple[FloatArray, FloatArray]:
        """Return R peaks from ``before_s`` before second k to its end, and the RR interval before each, in seconds.

        ``next_too`` adds the first beat after it, whose P wave may already show. Never more: later ones are not known
        yet when the second is first drawn, and drawing it again must give the same samples.
        """
        times = self._times_s
        part = slice(bisect_left(times, k - before_s), bisect_left(times, k + 1) + int(next_too))
        return np.array(times[part]), np.array(self._intervals_s[part])

    def _beat_through(self, k: int, second: Second) -> None:
        if second.hr_per_min < 1.0:
            self._next_s = None  # standstill, after the beat whose P wave may have been drawn already
            return
        if self._next_s is None:
            self._next_s = k + min(0.5, 30.0 / second.hr_per_min)
            self._append(self._next_s, 60.0 / second.hr_per_min)
        while self._next_s < k + 1:
            interval_s = self._interval(self._next_s - k, second)
            self._next_s += interval_s
            self._append(self._next_s, interval_s)

    def _append(self, at_s: float, interval_s: float) -> None:
        self._times_s.append(at_s)
        self._intervals_s.append(interval_s)

    def _interval(self, into_s: float, second: Second) -> float:
        breath = second.breath_phase + into_s * second.rr_per_min / 60.0
        sway = _SINUS_ARRHYTHMIA * min(70.0 / second.hr_per_min, 1.5) ** 2
        swing = 1.0 - sway * math.sin(2.0 * math.pi * breath) + _JITTER * self._rng.standard_normal()
        return 60.0 / second.hr_per_min * swing
