"""Noise of a moving electrode, synthesised: what a signal's quality must see through (clinical.md §8.3)."""

from collections.abc import Sequence

import numpy as np

from devices.recordings.recording import FloatArray

_BUMPS_EVERY_S = 0.5
_BUMP_SIGMA_S = (0.01, 0.06)
"""From as narrow as a QRS to a few times wider: what a filter cannot tell from a beat."""
_DRIFT_HZ = (0.2, 12.0)
_DRIFT_SHARE = 0.5
_REACH = 4.0  # sigmas, beyond which a bump is nothing
_HALF_QRS_S = 0.05


def motion_noise(count: int, rate_hz: float, rng: np.random.Generator) -> FloatArray:
    """Abrupt bumps of either sign, half of them biphasic, over slow drift; shape (count,), unit power."""
    t = np.arange(count) / rate_hz
    bumps = np.zeros(count)
    onsets = np.cumsum(rng.exponential(_BUMPS_EVERY_S, round(2.5 * count / rate_hz) + 8))
    for at_s in onsets[onsets < count / rate_hz]:
        sigma_s, height = rng.uniform(*_BUMP_SIGMA_S), rng.normal() * rng.exponential()
        low, high = np.searchsorted(t, [at_s - _REACH * sigma_s, at_s + _REACH * sigma_s])
        u = (t[low:high] - at_s) / sigma_s
        bumps[low:high] += height * np.exp(-0.5 * u * u) * (1.0 if rng.random() < 0.5 else -u)
    noise = _unit(bumps) + _DRIFT_SHARE * _unit(_drift(count, rate_hz, rng))
    return _unit(noise)


def _drift(count: int, rate_hz: float, rng: np.random.Generator) -> FloatArray:
    frequency = np.fft.rfftfreq(count, 1 / rate_hz)
    low, high = _DRIFT_HZ
    shape = np.where((frequency > low) & (frequency < high), np.maximum(frequency, low) ** -0.7, 0.0)
    return np.asarray(np.fft.irfft(np.fft.rfft(rng.normal(size=count)) * shape, count))


def _unit(values: FloatArray) -> FloatArray:
    return np.asarray(values / (values.std() + 1e-12))


def mixed(
    samples: FloatArray, noise: FloatArray, beats: Sequence[int], rate_hz: float, *, snr_db: float
) -> FloatArray:
    """Add noise of unit power at a ratio of powers in dB.

    The signal's power is that of a sine as high as the median QRS, peak to peak: height² / 8, as the noise stress test
    of PhysioNet counts it.
    """
    power = qrs_height(samples, beats, rate_hz) ** 2 / 8.0
    return np.asarray(samples + noise * np.sqrt(power / 10.0 ** (snr_db / 10.0)))


def qrs_height(samples: FloatArray, beats: Sequence[int], rate_hz: float) -> float:
    """Return the median height of the QRS from peak to peak, in the samples' unit."""
    half = max(1, round(_HALF_QRS_S * rate_hz))
    heights = [float(np.ptp(samples[max(0, b - half) : b + half])) for b in beats if b >= half]
    return float(np.median(heights))
