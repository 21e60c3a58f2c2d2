"""Pulses, pulse rate and signal quality of a plethysmogram.

Pulses by the slope-sum idea: the rise of the smoothed wave over the last 170 ms peaks once per pulse, whatever the
shape of the fall. Pleth has no unit and is auto-scaled by most monitors, so everything here is relative.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from monitor_app.processing.fir import History, StreamFir, smoothing_kernel
from monitor_app.processing.picker import AdaptivePicker, Event, PickerTuning
from monitor_app.processing.rate import RateMeter, RateReading
from monitor_app.processing.runs import Samples, finite_runs, median, share_in_threes
from monitor_app.processing.signal_quality import QualityReason, SignalQuality, ramp, weakest

_SMOOTH_S = 0.1
_RISE_S = 0.17
_TUNING = PickerTuning(bar=0.4, refractory_s=0.19, look_s=0.15, learn_s=2.5, floor=1e-9, lowest_share=0.05)
_QUALITY_S = 6.0
_PULSES = 6
_DICROTIC = 0.6  # of the usual interval and of the last rise


@dataclass(frozen=True, slots=True)
class Pulse:
    """One pulse. ``sample``: steepest part of its rise. ``strength``: its rise over that of recent pulses."""

    sample: int
    strength: float
    after_gap: bool = False


@dataclass(frozen=True, slots=True)
class PlethSecond:
    """What a pleth says once a second (clinical.md §5.8)."""

    rate: RateReading
    quality: SignalQuality


class PlethChannel:
    """Streaming pulse detector of one pleth wave (25 to 500 Hz). Feed from one thread.

    A pulse comes out at most ``latency_s`` after its steepest rise, save those of the first 2.5 s.
    """

    def __init__(self, rate_hz: float) -> None:
        if not 25 <= rate_hz <= 500:
            raise ValueError(f"pulses need 25 to 500 samples a second, not {rate_hz:g}")
        self._rate_hz = rate_hz
        self._meter = RateMeter()
        self._expected: int | None = None
        self._strengths: deque[float] = deque(maxlen=_PULSES)
        self._start_stretch(0)
        self.latency_s = self._delay / rate_hz + _TUNING.look_s + _TUNING.refractory_s

    def feed(self, samples: Samples, first_sample: int) -> list[Pulse]:
        """Pulses completed by these samples; counter jumps and NaN end a stretch."""
        pulses: list[Pulse] = []
        for start, stop in finite_runs(samples):
            if first_sample + start != self._expected:
                self._start_stretch(first_sample + start)
            self._expected = first_sample + stop
            events = self._events(samples[start:stop])
            pulses += [self._pulse(event) for event in events if not self._is_dicrotic(event)]
        return pulses

    def second(self, now_sample: int) -> PlethSecond:
        """Rate and quality at a sample of the wave's own counter."""
        reading = self._meter.read(now_sample / self._rate_hz)
        return PlethSecond(reading, self._quality(now_sample, reading))

    def _start_stretch(self, first_sample: int) -> None:
        self._origin = first_sample
        rise = max(3, round(_RISE_S * self._rate_hz) // 2 * 2 + 1)
        self._smooth = StreamFir(smoothing_kernel(_SMOOTH_S, self._rate_hz))
        self._sum = StreamFir(np.ones(rise))
        self._picker = AdaptivePicker(self._rate_hz, _TUNING)
        self._last_value: float | None = None
        self._raw = History(round(_QUALITY_S * self._rate_hz))
        self._delay = self._smooth.delay + self._sum.delay
        self._last: Event | None = None
        self._after_gap = True

    def _events(self, samples: Samples) -> list[Event]:
        self._raw.push(samples)
        smooth = self._smooth.feed(samples)
        before = smooth[0] if self._last_value is None else self._last_value
        self._last_value = float(smooth[-1])
        rise = smooth.copy()
        rise[0] -= before
        rise[1:] -= smooth[:-1]
        np.maximum(rise, 0.0, out=rise)
        return self._picker.feed(self._sum.feed(rise))

    def _is_dicrotic(self, event: Event) -> bool:
        """Whether a rise comes too soon and too low to be the next pulse."""
        last, known = self._last, sorted(self._meter.recent_intervals_s(_PULSES))
        if last is not None and len(known) >= 3:
            soon = (event.order - last.order) / self._rate_hz < _DICROTIC * known[len(known) // 2]
            if soon and event.height < _DICROTIC * last.height:
                return True
        self._last = event
        return False

    def _pulse(self, event: Event) -> Pulse:
        pulse = Pulse(self._origin + event.order - self._delay, event.relative, self._after_gap)
        self._after_gap = False
        self._strengths.append(event.relative)
        self._meter.add(pulse.sample / self._rate_hz, after_gap=pulse.after_gap)
        return pulse

    def _quality(self, now_sample: int, reading: RateReading) -> SignalQuality:
        held = self._raw.get(self._raw.end - round(_QUALITY_S * self._rate_hz), self._raw.end)
        if self._expected is None or now_sample - self._expected > self._rate_hz or len(held) < self._rate_hz:
            return SignalQuality(0.0, QualityReason.NO_SIGNAL)
        spread = float(held.max() - held.min())
        if spread <= 1e-9:
            return SignalQuality(0.0, QualityReason.FLAT)
        if reading.per_min is None or len(self._strengths) < 3:
            return SignalQuality(0.3, QualityReason.NO_BEATS)
        return weakest(
            {
                QualityReason.SATURATED: 1.0 - ramp(_clipped_share(held, spread), 0.05, 0.3),
                QualityReason.NOISE: 1.0 - ramp(self._roughness(held, spread), 0.08, 0.3),
                QualityReason.UNEVEN: 1.0 - ramp(_uneven(list(self._strengths)), 0.35, 1.0),
                QualityReason.IRREGULAR: 1.0
                - 0.7 * ramp(_uneven(self._meter.recent_intervals_s(_PULSES)), 0.3, 0.8),
            }
        )

    def _roughness(self, held: Samples, spread: float) -> float:
        """Typical deviation from the smoothed wave, as a share of the pulse height: zero for a clean pulse."""
        kernel = smoothing_kernel(_SMOOTH_S, self._rate_hz)
        if len(kernel) >= len(held):
            return 0.0
        half = len(kernel) // 2
        smooth = np.convolve(held, kernel, "valid")
        return median(np.abs(held[half:-half] - smooth)) * 4.0 / spread


def _uneven(values: list[float]) -> float:
    """Spread of the middle of the values over their median: 0 for equal ones, robust against one outlier."""
    if len(values) < 3:
        return 0.0
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2]
    trimmed = ordered[1:-1] if len(ordered) >= 5 else ordered
    return (trimmed[-1] - trimmed[0]) / middle if middle > 0 else 1.0


def _clipped_share(held: Samples, spread: float) -> float:
    """Share of samples that stand in a run of three equal values at the extreme; a healthy crest has one or two."""
    edge = (held >= held.max() - 1e-6 * spread) | (held <= held.min() + 1e-6 * spread)
    return share_in_threes(edge)
