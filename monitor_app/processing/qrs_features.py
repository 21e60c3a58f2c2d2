"""From ECG samples to QRS candidates: the front end of the beat detector.

Band 8-25 Hz (QRS energy without T wave, wander or muscle), rectified and smoothed to an envelope; each envelope peak
that stands alone within ±160 ms is a candidate. Everything is finite-response, so nothing rings after an artefact.
"""

from dataclasses import dataclass

import numpy as np

from monitor_app.processing.fir import (
    History,
    StreamFir,
    StreamMedian,
    bandpass_kernel,
    odd_length,
    smoothing_kernel,
)
from monitor_app.processing.runs import Samples

_BAND_HZ = (8.0, 25.0)
_BAND_LENGTH_S = 0.2
_ENVELOPE_S = 0.1
_ALONE_S = 0.16  # below the shortest interval of clinical.md §8.3 (300/min = 200 ms)
_SPIKE_S = 0.002  # pacer pulses last up to 2 ms
_SHAPE_HALF_S = 0.07  # half of the widest QRS of clinical.md §8.3 (120 ms), rounded up
_SHIFT_S = 0.03  # how far two beats' fiducial points may differ when their shapes are compared
_FINE_HZ = (15.0, 40.0)
"""Where a QRS still has its steep flanks and a moving electrode hardly anything (it is slow); muscle lies above."""
_BACKGROUND_S = 1.0
_BACKGROUND_SHARE = 0.3  # the quantile of the envelope that lies between beats even at 300/min
_SMALLEST = 1e-6  # envelope below this is a flat line in any unit


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One envelope peak. ``sample`` is the deflection's peak in input samples, ``order`` the envelope's.

    ``height`` and ``background`` are envelope levels (input unit), ``slope`` the steepest band-passed change per
    second, ``peak_to_peak`` of the unfiltered complex. ``shapes`` holds the complex at several shifts, one per row,
    each of unit length; the middle row is unshifted. ``fine`` holds the same of its steep parts alone, ``sharpness`` is
    their height from peak to peak (input unit).
    """

    sample: int
    order: int
    height: float
    slope: float
    peak_to_peak: float
    background: float
    shapes: Samples
    fine: Samples
    sharpness: float

    @property
    def shape(self) -> Samples:
        """The unshifted complex, unit length, shape (n,)."""
        return np.asarray(self.shapes[len(self.shapes) // 2])

    @property
    def fine_shape(self) -> Samples:
        """The unshifted steep parts, unit length, shape (n,)."""
        return np.asarray(self.fine[len(self.fine) // 2])


class QrsFeatures:
    """Streaming candidates of one unbroken stretch of samples; make a new one after a gap.

    A candidate comes out ``latency`` samples after its envelope peak, whatever the chunking.
    """

    def __init__(self, rate_hz: float, first_sample: int) -> None:
        self._rate_hz = rate_hz
        self._origin = first_sample
        self._spikes = StreamMedian(_spike_width(rate_hz))
        self._band = StreamFir(bandpass_kernel(*_BAND_HZ, rate_hz, length_s=_BAND_LENGTH_S))
        self._smooth = StreamFir(smoothing_kernel(_ENVELOPE_S, rate_hz))
        self._steep = bandpass_kernel(*_FINE_HZ, rate_hz, length_s=_BAND_LENGTH_S)
        self._alone = round(_ALONE_S * rate_hz)
        self._shape_half = round(_SHAPE_HALF_S * rate_hz)
        self._shift = round(_SHIFT_S * rate_hz)
        # Row r, column c: where the sample c of a complex shifted by r lies in the stretch around its peak.
        self._rows = np.arange(2 * self._shift + 1)[:, None] + np.arange(2 * self._shape_half + 1)
        span = odd_length(_BACKGROUND_S + _BAND_LENGTH_S + 2 * _ALONE_S, rate_hz)
        self._wave, self._filtered, self._envelope = History(span), History(span), History(span)
        self._next_peak = 1
        self.latency = self._spikes.delay + self._band.delay + self._smooth.delay + self._alone

    @property
    def decided(self) -> int:
        """Every envelope peak before this input sample has come out."""
        return self._origin + self._envelope.end - self.latency

    def feed(self, samples: Samples) -> list[Candidate]:
        """Candidates that the next samples complete, in order."""
        wave = self._spikes.feed(samples)
        filtered = self._band.feed(wave)
        self._wave.push(wave)
        self._filtered.push(filtered)
        self._envelope.push(self._smooth.feed(np.abs(filtered)))
        return [self._candidate(peak) for peak in self._peaks()]

    def flush(self) -> list[Candidate]:
        """Candidates that need only the last value to go on; nothing may be fed afterwards."""
        last = self._wave.get(self._wave.end - 1, self._wave.end)
        return self.feed(np.repeat(last, self.latency)) if len(last) else []

    def _peaks(self) -> list[int]:
        start, stop = self._next_peak, self._envelope.end - self._alone
        if stop <= start:
            return []
        self._next_peak = stop
        near = self._envelope.get(start - 1, stop + 1)
        middle = near[1:-1]
        local = np.flatnonzero((middle > near[:-2]) & (middle >= near[2:]) & (middle > _SMALLEST))
        return [start + int(i) for i in local if self._stands_alone(start + int(i))]

    def _stands_alone(self, peak: int) -> bool:
        around = self._envelope.get(peak - self._alone, peak + self._alone + 1)
        before = min(self._alone, peak - max(0, self._envelope.begin))
        height = around[before]
        return bool(height >= around.max() and (before == 0 or height > around[:before].max()))

    def _candidate(self, peak: int) -> Candidate:
        half = self._smooth.delay
        start = max(0, peak - 2 * half)
        complex_ = self._filtered.get(start, peak + 1)
        top = start + int(np.argmax(np.abs(complex_)))
        background = self._envelope.get(
            peak + self._alone - round(_BACKGROUND_S * self._rate_hz), peak + self._alone
        )
        quantile = int(_BACKGROUND_SHARE * len(background))
        wave_top, peak_to_peak = self._refine(top, positive=bool(complex_[top - start] > 0))
        fine = self._fine_around(top)
        return Candidate(
            sample=self._origin + wave_top - self._spikes.delay,
            order=self._origin + peak - self._smooth.delay - self._band.delay - self._spikes.delay,
            height=float(self._envelope.get(peak, peak + 1)[0]),
            slope=float(np.abs(complex_[1:] - complex_[:-1]).max()) * self._rate_hz
            if len(complex_) > 1
            else 0.0,
            peak_to_peak=peak_to_peak,
            background=float(np.partition(background, quantile)[quantile]),
            shapes=self._shifted(self._around(self._filtered, top, self._shape_half + self._shift)),
            fine=self._shifted(fine),
            sharpness=float(np.ptp(fine[self._shift : -self._shift])),
        )

    def _refine(self, top: int, *, positive: bool) -> tuple[int, float]:
        """Move from the band-passed peak to the deflection's own, and measure the complex unfiltered."""
        centre = top - self._band.delay
        reach = max(1, self._shift)
        start = max(0, centre - reach)
        near = self._wave.get(start, centre + reach + 1)
        offset = int(np.argmax(near) if positive else np.argmin(near)) if len(near) else 0
        whole = self._wave.get(max(0, centre - self._shape_half), centre + self._shape_half + 1)
        return start + offset, float(whole.max() - whole.min()) if len(whole) else 0.0

    def _fine_around(self, top: int) -> Samples:
        """What of the unfiltered wave around a band-passed peak is steep, as long as a shape with its shifts."""
        margin = len(self._steep) // 2
        near = self._around(self._wave, top - self._band.delay, self._shape_half + self._shift + margin)
        return np.convolve(near, self._steep, "valid")

    @staticmethod
    def _around(wave: History, centre: int, reach: int) -> Samples:
        """Values of a stream up to ``reach`` away from one, shape (2 reach + 1,)."""
        part = wave.get(max(0, centre - reach), centre + reach + 1)
        missing = 2 * reach + 1 - len(part)
        if missing:  # only in the first moments of a stretch
            part = np.concatenate((np.full(missing, part[0] if len(part) else 0.0), part))
        return part

    def _shifted(self, part: Samples) -> Samples:
        rows = part[self._rows]
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        return np.asarray(rows / (lengths[:, None] + 1e-12))


def _spike_width(rate_hz: float) -> int:
    """Median width that swallows a pacer pulse; 1 (none) where one sample is longer than a third of a narrow QRS."""
    if rate_hz < 180:
        return 1
    return 2 * max(1, round(_SPIKE_S * rate_hz)) + 1
