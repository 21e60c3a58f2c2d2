"""What the true rhythm would have announced: the rate of annotated beats against the limits of the rate rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor_app.processing.rate import RateMeter

LIMITS = {"AL-HR-02": 140.0, "AL-HR-03": 120.0, "AL-HR-06": 50.0, "AL-HR-07": 40.0}
"""clinical.md §6.1, defaults, per minute."""
NO_BEAT_S = 4.0
"""AL-HR-01, clinical.md §6.1."""
_FAST = frozenset({"AL-HR-02", "AL-HR-03"})
_FAST_RUN, _SLOW_RUN = 17, 5
_LOOK_BACK_S = 15.0
"""An announcement may follow its cause by the rate's averaging, the rule's delay and 5 s for the pulse (§5.9)."""
_LOOK_AHEAD_S = 1.0


@dataclass(frozen=True, slots=True)
class Announced:
    """One announcement of a rate rule, and whether the true rhythm gave cause for it."""

    rule: str
    at_s: float
    justified: bool


@dataclass(frozen=True, slots=True)
class _Second:
    at_s: float
    rate_per_min: float | None
    since_beat_s: float
    fast_run: int
    slow_run: int


class TrueRhythm:
    """The rate as clinical.md §8.3 has it, second by second, of beats that an expert marked."""

    def __init__(self, beats_s: Sequence[float], duration_s: float) -> None:
        meter, waiting = RateMeter(), list(reversed(beats_s))
        self._seconds: list[_Second] = []
        for now_s in range(int(duration_s) + 1):
            while waiting and waiting[-1] <= now_s:
                meter.add(waiting.pop())
            reading = meter.read(float(now_s))
            runs = meter.run_above(LIMITS["AL-HR-02"]), meter.run_below(LIMITS["AL-HR-07"])
            self._seconds.append(_Second(now_s, reading.per_min, reading.since_beat_s, *runs))

    def justifies(self, rule: str, at_s: float) -> bool:
        """Whether the true rate was beyond the rule's limit, or no beat came for 4 s, in the 15 s before."""
        near = [s for s in self._seconds if at_s - _LOOK_BACK_S <= s.at_s <= at_s + _LOOK_AHEAD_S]
        return any(_beyond(rule, second) for second in near)


def _beyond(rule: str, second: _Second) -> bool:
    if rule == "AL-HR-01":
        return second.since_beat_s >= NO_BEAT_S - 1.0  # seconds are whole; a pause ends between two of them
    if (rule == "AL-HR-02" and second.fast_run >= _FAST_RUN) or (
        rule == "AL-HR-07" and second.slow_run >= _SLOW_RUN
    ):
        return True
    rate = second.rate_per_min
    if rate is None:
        return False
    return rate > LIMITS[rule] if rule in _FAST else rate < LIMITS[rule]
