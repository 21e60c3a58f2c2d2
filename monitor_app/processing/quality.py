"""Signal quality of one ECG lead, streaming (clinical.md §8.3).

Saturation, flat line, baseline wander, high-frequency noise ratio, clearness of the beats, regularity, agreement of
two detectors. A quiet baseline without beats is a *good* signal: that is what lets asystole be believed.
"""

from bisect import bisect_left
from collections import deque
from itertools import pairwise
from statistics import median as middle

import numpy as np

from monitor_app.processing.beats import Beat
from monitor_app.processing.curve_length import CurveLengthDetector
from monitor_app.processing.fir import History
from monitor_app.processing.runs import Samples, finite_runs, median, share_in_threes
from monitor_app.processing.signal_quality import QualityReason, SignalQuality, ramp, weakest

_FLAT_MV = 0.020  # clinical.md §8.1: < 20 µV p-p for 3 s
_FLAT_S = 3.0
_LEAST_QRS_MV = 0.5  # clinical.md §8.3: a QRS is 0.5 to 5 mV
_FLAT_RELATIVE = 1e-3  # of half the converter's range, where there are no millivolts
_LOOK_S = 4.0
_AGREE_S = 8.0
_AGREE_WINDOW_S = 0.15  # clinical.md §8.3 match window
_SETTLE_S = 0.5  # youngest stretch the slower detector may not have decided yet
_NOISE_LAG_S = 0.008
_BLOCK_S = 0.25
_SIGMA_PER_MEDIAN_STEP = 1.0484  # 1.4826 / sqrt(2), for white noise
_CLEAR_BEATS = (0.6, 0.95)
"""Mean quality of the beats of 8 s, about those the shown rate is made of: false ones among them falsify it (§8.3)."""
_BATCH_S = (
    0.5  # the second opinion is asked in pieces of this length: only the quality once a second needs it
)


class EcgQuality:
    """Feed the same samples as the beat detector, and its beats; ask once a second.

    ``edges``: lowest and highest value the converter can give, in the input's unit, where known.
    """

    def __init__(
        self, rate_hz: float, *, scale_is_mv: bool = True, edges: tuple[float, float] | None = None
    ) -> None:
        self._rate_hz = rate_hz
        self._edges = edges
        self._flat = _FLAT_MV if scale_is_mv else _FLAT_RELATIVE
        self._least = _LEAST_QRS_MV if scale_is_mv else _FLAT_RELATIVE
        self._height = 0.0
        self._wave = History(round(_LOOK_S * rate_hz))
        self._second_opinion: CurveLengthDetector | None = None
        self._waiting: list[Samples] = []
        self._expected: int | None = None
        self._stretch_start = 0
        self._beats: deque[Beat] = deque(maxlen=64)
        self._others: deque[int] = deque(maxlen=64)

    def feed(self, samples: Samples, first_sample: int, beats: list[Beat]) -> None:
        """Take the next samples and the beats found in them."""
        self._beats.extend(beats)
        for start, stop in finite_runs(samples):
            if first_sample + start != self._expected or self._second_opinion is None:
                self._ask_second_opinion()
                self._wave = History(round(_LOOK_S * self._rate_hz))
                self._second_opinion = CurveLengthDetector(self._rate_hz, first_sample + start)
                self._stretch_start = first_sample + start
            self._expected = first_sample + stop
            self._wave.push(samples[start:stop])
            self._waiting.append(samples[start:stop])
            if len(self._waiting) * (stop - start) >= _BATCH_S * self._rate_hz:
                self._ask_second_opinion()

    def _ask_second_opinion(self) -> None:
        if self._second_opinion is not None and self._waiting:
            self._others.extend(self._second_opinion.feed(np.concatenate(self._waiting)))
        self._waiting.clear()

    @property
    def flat(self) -> bool:
        """Whether the last 3 s moved by less than 20 µV: with leads on, asystole or a lost electrode (§8.1)."""
        held = self._last(_FLAT_S)
        return len(held) >= _FLAT_S * self._rate_hz * 0.99 and float(held.max() - held.min()) < self._flat

    def second(self, now_sample: int) -> SignalQuality:
        """Quality at a sample of the wave's own counter."""
        self._ask_second_opinion()
        held = self._last(_LOOK_S)
        if self._expected is None or now_sample - self._expected > self._rate_hz or len(held) < self._rate_hz:
            return SignalQuality(0.0, QualityReason.NO_SIGNAL)
        if self.flat:
            return SignalQuality(0.0, QualityReason.FLAT)
        height = self._complex_height(held, now_sample)
        factors = {
            QualityReason.SATURATED: 1.0 - ramp(self._clipped_share(held), 0.02, 0.2),
            QualityReason.WANDER: 1.0 - 0.7 * ramp(self._wander(held) / height, 1.0, 4.0),
            QualityReason.NOISE: 1.0 - ramp(self._noise(held) / height, 0.05, 0.25),
        }
        cause = weakest(factors)
        overall = weakest(factors | self._beat_factors(now_sample))
        # What is wrong with the wave itself is worth more to the reader than what it does to the beats.
        return overall if cause.usable else SignalQuality(overall.value, cause.reason)

    def _last(self, seconds: float) -> Samples:
        end = self._wave.end
        return self._wave.get(end - round(seconds * self._rate_hz), end)

    def _complex_height(self, held: Samples, now_sample: int) -> float:
        """Height of the beats; in a silence that of the last ones, against which its noise is small.

        The second largest swing among half-second pieces is a beat's even at 30/min, and not one artefact's.
        """
        n = max(1, round(0.5 * self._rate_hz))
        pieces = held[len(held) % n :].reshape(-1, n)
        swing = float(np.partition(pieces.max(axis=1) - pieces.min(axis=1), -2)[-2])
        if self._beats and now_sample - self._beats[-1].sample < _LOOK_S * self._rate_hz:
            self._height = swing
        return max(swing, self._height, self._least)

    def _wander(self, held: Samples) -> float:
        n = max(1, round(_BLOCK_S * self._rate_hz))
        blocks = np.sort(held[len(held) % n :].reshape(-1, n), axis=1)
        middles = 0.5 * (blocks[:, (n - 1) // 2] + blocks[:, n // 2])
        return float(middles.max() - middles.min())

    def _noise(self, held: Samples) -> float:
        """Standard deviation of fast noise from the median step, which QRS complexes hardly touch."""
        lag = max(1, round(_NOISE_LAG_S * self._rate_hz))
        return _SIGMA_PER_MEDIAN_STEP * median(np.abs(held[lag:] - held[:-lag]))

    def _clipped_share(self, held: Samples) -> float:
        low, high = (float(held.min()), float(held.max())) if self._edges is None else self._edges
        return share_in_threes((held <= low) | (held >= high))

    def _beat_factors(self, now_sample: int) -> dict[QualityReason, float]:
        end = now_sample - round(_SETTLE_S * self._rate_hz)
        start = max(end - round(_AGREE_S * self._rate_hz), self._stretch_start)
        mine = [b for b in self._beats if start <= b.sample < end]
        others = [s for s in self._others if start <= s < end]
        if not mine and not others:
            return {}
        recent = [b.quality for b in mine if b.sample >= end - round(_LOOK_S * self._rate_hz)]
        samples = [b.sample for b in mine]
        agreement = self._agreement(samples, others, start, end)
        return {
            QualityReason.WEAK_BEATS: min(
                1.0, _mean(recent) / 0.9, ramp(_mean([b.quality for b in mine]), *_CLEAR_BEATS)
            ),
            QualityReason.DISAGREE: ramp(agreement, 0.55, 0.92),
            QualityReason.IRREGULAR: 1.0 - 0.4 * ramp(_irregularity(samples), 0.3, 1.0),
        }

    def _agreement(self, mine: list[int], others: list[int], start: int, end: int) -> float:
        """Share of the beats of either detector that the other has too (bSQI); 1 where there are none.

        Beats within the match window of an end are not asked, because their partner may lie beyond it.
        """
        window = _AGREE_WINDOW_S * self._rate_hz
        asked, answered = 0, 0
        mine, others = sorted(mine), sorted(others)
        for some, partners in ((mine, others), (others, mine)):
            inner = [s for s in some if start + window <= s < end - window]
            asked += len(inner)
            for s in inner:
                at = bisect_left(partners, s - window)
                answered += at < len(partners) and partners[at] <= s + window
        return answered / asked if asked else 1.0


def _mean(qualities: list[float]) -> float:
    return sum(qualities) / len(qualities) if qualities else 1.0  # silence is not noise


def _irregularity(samples: list[int]) -> float:
    """Median change from interval to interval over the median interval: 0 in sinus rhythm."""
    if len(samples) < 4:
        return 0.0
    intervals = [later - earlier for earlier, later in pairwise(samples)]
    changes = [abs(later - earlier) for earlier, later in pairwise(intervals)]
    return float(middle(changes) / max(1.0, middle(intervals)))
