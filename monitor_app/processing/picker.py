"""Pick events out of a non-negative feature stream with one adaptive threshold.

The plain counterpart of the beat detector: the pulse detector uses it, and the second, independent opinion on the ECG
(``curve_length.py``). One level follows the events; it sinks while none come.
"""

from dataclasses import dataclass

import numpy as np

from monitor_app.processing.fir import History
from monitor_app.processing.runs import Samples

_FOLLOW = 0.2  # share of the way to each new event's height
_LARGEST_STEP = 3.0
_SINK_PER_S = 0.5
_HIGHEST_FADES = 0.98  # per event


@dataclass(frozen=True, slots=True)
class PickerTuning:
    """``bar``: threshold as a share of the level. ``floor``: heights below are never events.

    ``lowest_share``: how far the level may sink, as a share of its highest: the noise of a silence is no event.
    ``sink_after_s``: for how long no event may come before it sinks.
    """

    bar: float
    refractory_s: float
    look_s: float
    learn_s: float
    floor: float
    lowest_share: float
    sink_after_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Event:
    """``order`` counts feature values; ``relative`` is the height over the level before it."""

    order: int
    height: float
    relative: float


class AdaptivePicker:
    """Streaming; the same events however the feature is cut into chunks."""

    def __init__(self, rate_hz: float, tuning: PickerTuning) -> None:
        self._tuning = tuning
        self._look = max(1, round(tuning.look_s * rate_hz))
        self._refractory = round(tuning.refractory_s * rate_hz)
        self._learn = round(tuning.learn_s * rate_hz)
        self._sink_every = max(1, round(tuning.sink_after_s * rate_hz))
        self._sink = _SINK_PER_S**tuning.sink_after_s
        self._feature = History(self._learn + self._look)
        self._level = 0.0
        self._highest = 0.0
        self._at = 0
        self._quiet_since = 0

    def feed(self, feature: Samples) -> list[Event]:
        """Events that these values complete."""
        self._feature.push(feature)
        if self._level == 0.0 and not self._learned():
            return []
        events: list[Event] = []
        while self._step(events):
            pass
        return events

    def _learned(self) -> bool:
        if self._feature.end < self._learn:
            return False
        self._level = max(float(self._feature.get(0, self._learn).max()), self._tuning.floor, 1e-12)
        return True

    def _step(self, events: list[Event]) -> bool:
        """Advance to the next event or sinking of the level; False when more values are needed."""
        stop = min(self._feature.end - self._look, self._quiet_since + self._sink_every)
        if stop <= self._at:
            return self._sink_level(stop)
        bar = max(self._tuning.bar * self._level, self._tuning.floor)
        above = np.flatnonzero(self._feature.get(self._at, stop) > bar)
        if not len(above):
            self._at = stop
            return self._sink_level(stop)
        crossing = self._at + int(above[0])
        window = self._feature.get(crossing, crossing + self._look)
        top = int(np.argmax(window))
        height = float(window[top])
        events.append(Event(crossing + top, height, height / self._level))
        self._level += _FOLLOW * (min(height, _LARGEST_STEP * self._level) - self._level)
        self._highest = max(self._level, _HIGHEST_FADES * self._highest)
        self._at = max(crossing + top + self._refractory, crossing + 1)
        self._quiet_since = self._at
        return True

    def _sink_level(self, reached: int) -> bool:
        if reached < self._quiet_since + self._sink_every:
            return False
        self._quiet_since = reached
        lowest = self._tuning.lowest_share * self._highest
        self._level = max(self._level * self._sink, min(self._level, lowest), self._tuning.floor, 1e-12)
        return True
