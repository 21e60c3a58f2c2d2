"""Noise that is a function of (seed, sample number) or (seed, time), so that cutting a wave in pieces changes nothing."""

import numpy as np

from devices.simulators.population import FloatArray

_TILE = 15_013  # prime, so that no beat or breath falls into step with it
_MOTION_RATE_HZ = 40.0


class NoiseTiles:
    """White noise by sample number, and slow movement noise by time; both repeat only after minutes."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([seed, 20])
        self._white = rng.standard_normal(_TILE)
        rough = rng.standard_normal(_TILE)
        kernel = np.hanning(15)
        wrapped = np.concatenate([rough[-7:], rough, rough[:7]])
        smooth = np.convolve(wrapped, kernel / np.sqrt((kernel**2).sum()), mode="valid")
        self._slow = np.append(smooth, smooth[0])
        self._slow_times = np.arange(_TILE + 1, dtype=np.float64) / _MOTION_RATE_HZ

    def white(self, first_sample: int, count: int, *, stream: int) -> FloatArray:
        """Return standard normal noise for these samples; streams are unlike one another."""
        start = (first_sample + stream * 4_999) % _TILE
        if start + count <= _TILE:
            return self._white[start : start + count]
        return np.asarray(self._white[np.arange(start, start + count) % _TILE])

    def movement(self, at_s: FloatArray, *, stream: int) -> FloatArray:
        """Return noise below about 6 Hz with unit deviation, as a function of time: what a moving limb adds."""
        period_s = _TILE / _MOTION_RATE_HZ
        return np.asarray(np.interp((at_s + 37.0 * stream) % period_s, self._slow_times, self._slow))
