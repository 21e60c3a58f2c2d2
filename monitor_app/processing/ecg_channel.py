"""One ECG lead from samples to what the screen and the rules need."""

from dataclasses import dataclass

from monitor_app.processing.beats import Beat, BeatDetector
from monitor_app.processing.filters import FilterMode, Mains, ecg_filter
from monitor_app.processing.quality import EcgQuality
from monitor_app.processing.rate import RateMeter, RateReading
from monitor_app.processing.runs import Samples
from monitor_app.processing.signal_quality import SignalQuality


@dataclass(frozen=True, slots=True, eq=False)
class EcgUpdate:
    """What one chunk gave. ``display`` has the chunk's own length and place, delayed by ``display_delay_s``."""

    first_sample: int
    display: Samples
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class EcgSecond:
    """What the lead says once a second. ``flat``: the last 3 s moved by less than 20 µV (clinical.md §8.1)."""

    rate: RateReading
    quality: SignalQuality
    flat: bool


class EcgChannel:
    """Streaming filter, beats, rate and quality of one lead. Feed and ask from one thread.

    Samples are float64 of shape (n,), NaN where missing, in millivolts or (``scale_is_mv`` False) relative units.
    ``edges``: the converter's range in the same unit, for clipping.
    """

    def __init__(
        self, rate_hz: float, *, scale_is_mv: bool = True, edges: tuple[float, float] | None = None
    ) -> None:
        self.rate_hz = rate_hz
        self.meter = RateMeter()
        self._detector = BeatDetector(rate_hz, scale_is_mv=scale_is_mv)
        self._quality = EcgQuality(rate_hz, scale_is_mv=scale_is_mv, edges=edges)
        self._filter = ecg_filter(rate_hz)
        self._next_sample: int | None = None

    @property
    def display_delay_s(self) -> float:
        """Delay of the drawn wave, stated as clinical.md §8.2 asks."""
        return self._filter.delay_s

    @property
    def beat_latency_s(self) -> float:
        """Longest time from an R peak to its report, outside learning and search-back."""
        return self._detector.latency_s

    def set_filter(self, mode: FilterMode, *, mains: Mains = Mains.OFF) -> None:
        """Change the display filter; raises ValueError where the rate cannot carry the mode."""
        self._filter = ecg_filter(self.rate_hz, mode, mains=mains)

    def feed(self, samples: Samples, first_sample: int) -> EcgUpdate:
        """Process the next chunk; ``first_sample`` is the device's counter and may jump."""
        if self._next_sample is not None and first_sample != self._next_sample:
            self._filter.reset()
        self._next_sample = first_sample + len(samples)
        beats = self._detector.feed(samples, first_sample)
        self._quality.feed(samples, first_sample, beats)
        for beat in beats:
            self.meter.add(
                beat.sample / self.rate_hz,
                after_gap=beat.after_gap,
                quality=beat.quality,
                disturbed=beat.disturbed,
            )
        return EcgUpdate(first_sample, self._filter.feed(samples), tuple(beats))

    def second(self, now_sample: int | None = None) -> EcgSecond:
        """Rate and quality at a sample of the wave's counter (default: the end of what was fed)."""
        now = (self._next_sample or 0) if now_sample is None else now_sample
        return EcgSecond(self.meter.read(now / self.rate_hz), self._quality.second(now), self._quality.flat)
