"""A recorded wave at any other rate: windowed-sinc interpolation, band-limited to the slower of the two rates."""

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from devices.recordings.recording import FloatArray, Wave

IntArray: TypeAlias = npt.NDArray[np.int64]

_LOBES = 10
"""Zero crossings of the sinc on each side; with the Kaiser window about 70 dB stop band."""

_KAISER_BETA = 7.0
_PASS = 0.94
"""Cut-off as a share of the lower Nyquist rate, when going down; leaves room for the filter's slope."""

_LARGEST_TABLE = 4096


class Resampler:
    """Gives samples of one wave at one rate, any piece at a time; a sample depends only on its number.

    With ``loop`` the wave repeats for ever; otherwise there is nothing (NaN) past its end.
    """

    def __init__(self, wave: Wave, rate_hz: float, *, loop: bool = False) -> None:
        step = Fraction(wave.rate_hz).limit_denominator(10_000) / Fraction(rate_hz).limit_denominator(10_000)
        self._num, self._den = step.numerator, step.denominator
        self._size = wave.samples.size
        self._loop = loop
        self._gap = np.isnan(wave.samples)
        self._has_gaps = bool(self._gap.any())
        self._filled = _bridged(wave.samples, self._gap)
        self._cut = _PASS * rate_hz / wave.rate_hz if rate_hz < wave.rate_hz else 1.0
        half = int(np.ceil(_LOBES / self._cut))
        self._taps = np.arange(1 - half, half + 1)
        self._table = self._weights(np.arange(self._den)) if self._den <= _LARGEST_TABLE else None

    def samples(self, first: int, count: int) -> FloatArray:
        """Return samples ``first`` … ``first + count`` at the asked rate."""
        if not self._size:
            return np.full(count, np.nan)
        place = np.arange(first, first + count) * self._num
        whole, phase = place // self._den, place % self._den
        values = self._interpolated(whole, phase)
        if self._has_gaps:
            values[self._gap[self._index(whole + (2 * phase >= self._den))]] = np.nan
        if not self._loop and (first < 0 or whole[-1:].sum() >= self._size):
            values[(whole < 0) | (whole >= self._size)] = np.nan
        return values

    def _interpolated(self, whole: IntArray, phase: IntArray) -> FloatArray:
        if self._den == 1 and self._num == 1:
            return np.array(self._filled[self._index(whole)])
        weights = self._weights(phase) if self._table is None else self._table[phase]
        near = self._filled[self._index(whole[:, None] + self._taps)]
        return np.asarray(np.einsum("ij,ij->i", weights, near))

    def _weights(self, phase: IntArray) -> FloatArray:
        """Return the filter for samples that lie ``phase / den`` past a source sample, shape (n, taps)."""
        distance = phase[:, None] / self._den - self._taps
        shape = 1.0 - (distance / (self._taps.size // 2)) ** 2
        weights = np.sinc(self._cut * distance) * np.i0(_KAISER_BETA * np.sqrt(np.maximum(shape, 0.0)))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _index(self, numbers: IntArray) -> IntArray:
        if self._loop:
            return np.asarray(numbers % self._size)
        return np.asarray(np.minimum(np.maximum(numbers, 0), self._size - 1))


def _bridged(samples: FloatArray, gap: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the samples with straight lines over the gaps, so that a gap does not spread to its neighbours."""
    if not gap.any():
        return samples
    if gap.all():
        return np.zeros_like(samples)
    numbers = np.arange(samples.size)
    return np.asarray(np.interp(numbers, numbers[~gap], samples[~gap]))
