"""Heart or pulse rate from beat times.

clinical.md §8.3: if the last 3 intervals all exceed 1200 ms, the mean of the last 4; else the last 12 without the
largest and the smallest. While fewer than 12 are known: from 5 on the same trimmed mean of what there is, with 2 to 4
the plain mean, with fewer no rate. A gap in the signal gives no interval across it, and noise none that ends at a beat
which is probably not one (``intervals.py``).
"""

import math
from collections import deque
from dataclasses import dataclass

from monitor_app.processing.intervals import TimedBeat, run_length, trusted_intervals

_SLOW_S = 1.2
_SLOW_LOOK = 3
_SLOW_MEAN = 4
_WINDOW = 12
_TRIM_FROM = 5
_BEAT_LEVEL = 4  # clinical.md §5.8: median of the last 4
_HISTORY = 64  # beats among which a run is looked for (AL-HR-02 needs 17)
_LOOK = 32  # beats the shown rate is taken from: twelve intervals, were half of them not to be trusted
_FORGET_S = 10.0  # after a longer hole the old rhythm says nothing about the new one
LOWEST_PER_MIN = 15.0
HIGHEST_PER_MIN = 300.0


@dataclass(frozen=True, slots=True)
class RateReading:
    """The rate at one moment. ``per_min`` None: too few beats, no beat for 4 s, or outside 15-300/min.

    ``beat_level_per_min`` is the median of the last 4 intervals, which leads the average (clinical.md §5.8).
    ``since_beat_s`` counts from the last beat, or from the first moment asked about while none came.
    """

    per_min: float | None
    beat_level_per_min: float | None
    since_beat_s: float
    intervals: int


class RateMeter:
    """Collect beats, read the rate once a second. Times are seconds on the wave's own sample scale."""

    def __init__(self) -> None:
        self._intervals: deque[float] = deque(maxlen=_HISTORY)
        self._beats: deque[TimedBeat] = deque(maxlen=_HISTORY)
        self._trusted: list[float] | None = None
        self._last_s: float | None = None
        self._start_s: float | None = None

    def add(
        self, t_s: float, *, after_gap: bool = False, quality: float = 1.0, disturbed: bool = False
    ) -> None:
        """Take the next beat; ``after_gap`` where samples are missing between it and the one before.

        ``quality`` 0-1 as the detector gives it; ``disturbed``: found among noise.
        """
        last_s = self._last_s
        if last_s is not None and t_s <= last_s:
            return
        if after_gap or last_s is None:
            if last_s is not None and t_s - last_s > _FORGET_S:
                self._intervals.clear()
                self._beats.clear()
        else:
            self._intervals.append(t_s - last_s)
        self._beats.append(TimedBeat(t_s, after_gap, quality, disturbed))
        self._trusted = None
        self._last_s = t_s

    def read(self, now_s: float) -> RateReading:
        """The rate as it is shown at ``now_s``."""
        if self._start_s is None:
            self._start_s = now_s
        since_s = now_s - (self._start_s if self._last_s is None else self._last_s)
        # 15/min is one beat in 4 s: with a longer silence any rate would be a lie.
        silent = since_s > 60.0 / LOWEST_PER_MIN
        return RateReading(
            per_min=None if silent else self._average(),
            beat_level_per_min=None if silent else self._beat_level(),
            since_beat_s=max(0.0, since_s),
            intervals=len(self._intervals),
        )

    def run_above(self, limit_per_min: float) -> int:
        """Latest unbroken run of beats each faster than the limit (AL-HR-02)."""
        return run_length(self._beats, lambda s: 60.0 / s > limit_per_min)

    def run_below(self, limit_per_min: float) -> int:
        """Latest unbroken run of beats each slower than the limit (AL-HR-07)."""
        return run_length(self._beats, lambda s: 60.0 / s < limit_per_min)

    def recent_intervals_s(self, count: int) -> list[float]:
        """Up to ``count`` latest intervals, oldest first."""
        return list(self._intervals)[-count:]

    def _known(self) -> list[float]:
        if self._trusted is None:
            self._trusted = trusted_intervals(tuple(self._beats)[-_LOOK:])
        return self._trusted

    def _average(self) -> float | None:
        known = self._known()
        if len(known) >= _SLOW_LOOK and all(s > _SLOW_S for s in known[-_SLOW_LOOK:]):
            chosen = known[-_SLOW_MEAN:]
        else:
            chosen = known[-_WINDOW:]
            if len(chosen) >= _TRIM_FROM:
                chosen = sorted(chosen)[1:-1]
        return _in_range(math.fsum(chosen) / len(chosen)) if len(chosen) >= 2 else None

    def _beat_level(self) -> float | None:
        last = sorted(self._known()[-_BEAT_LEVEL:])
        if len(last) < _BEAT_LEVEL:
            return None
        return _in_range(0.5 * (last[1] + last[2]))


def _in_range(interval_s: float) -> float | None:
    per_min = 60.0 / interval_s
    return per_min if LOWEST_PER_MIN <= per_min <= HIGHEST_PER_MIN * 1.005 else None
