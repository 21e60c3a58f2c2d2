"""A second, simple QRS detector for the agreement of two (bSQI, clinical.md §8.3).

Length of the curve over 100 ms, after Zong's idea: it has no band-pass, so noise that the main detector's band hides
fools this one first, and the two then disagree.
"""

import numpy as np

from monitor_app.processing.fir import StreamFir, StreamMedian
from monitor_app.processing.picker import AdaptivePicker, Event, PickerTuning
from monitor_app.processing.runs import Samples

_WINDOW_S = 0.1
_LAG_S = 0.012
_T_WAVE_S = 0.36
_T_WAVE_SHARE = 0.75  # a second event this soon and this much lower is the T wave
_TUNING = PickerTuning(
    bar=0.6, refractory_s=0.2, look_s=0.12, learn_s=2.0, floor=0.0, lowest_share=0.4, sink_after_s=4.0
)


class CurveLengthDetector:
    """Streaming over one unbroken stretch; returns beat positions (input samples), about ±50 ms."""

    def __init__(self, rate_hz: float, first_sample: int) -> None:
        self._origin = first_sample
        self._lag = max(1, round(_LAG_S * rate_hz))
        width = max(3, round(_WINDOW_S * rate_hz) // 2 * 2 + 1)
        self._spikes = StreamMedian(3)
        self._sum = StreamFir(np.ones(width))
        self._picker = AdaptivePicker(rate_hz, _TUNING)
        self._tail: Samples | None = None
        self._t_wave = round(_T_WAVE_S * rate_hz)
        self._last: Event | None = None
        self._delay = self._spikes.delay + self._sum.delay + self._lag // 2

    def feed(self, samples: Samples) -> list[int]:
        """Beats that these samples complete."""
        if not samples.size:
            return []
        wave = self._spikes.feed(samples)
        tail = np.full(self._lag, wave[0]) if self._tail is None else self._tail
        joined = np.concatenate((tail, wave))
        self._tail = joined[-self._lag :]
        feature = self._sum.feed(np.abs(joined[self._lag :] - joined[: -self._lag]))
        beats = [event for event in self._picker.feed(feature) if not self._is_t_wave(event)]
        return [self._origin + event.order - self._delay for event in beats]

    def _is_t_wave(self, event: Event) -> bool:
        last = self._last
        soon = last is not None and event.order - last.order < self._t_wave
        if last is not None and soon and event.height < _T_WAVE_SHARE * last.height:
            return True
        self._last = event
        return False
