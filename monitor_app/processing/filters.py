"""Causal display filters for the ECG strip.

Modes of clinical.md §8.2. Raw samples are stored unfiltered; these shape only what is drawn. The cascade runs as one
state-space system in blocks: a block of n samples costs one matrix product instead of n steps of Python.
"""

import math
from enum import Enum

import numpy as np
import numpy.typing as npt

from monitor_app.processing.runs import Samples, finite_runs
from monitor_app.processing.sos import Sos, butter_highpass, butter_lowpass, group_delay_s, notch

_BLOCK = 64  # beyond this the triangular product grows faster than the saved calls
_NOTCH_WIDTH_HZ = 5.0  # mains drifts by ±0.5 Hz; a narrower notch rings visibly after each QRS
_QRS_CENTRE_HZ = 10.0  # where a QRS complex carries most of its energy: the delay is stated there
_LOWPASS_ORDER = 4
_NYQUIST_SHARE = 0.45  # the upper corner is lowered to this share of the sample rate where it would not fit


class FilterMode(Enum):
    """The bands of clinical.md §8.2; the value is (low corner Hz, high corner Hz)."""

    MONITOR = (0.5, 40.0)
    FILTERED = (1.0, 20.0)
    DIAGNOSTIC = (0.05, 150.0)

    @property
    def label(self) -> str:
        """Band as it is printed on the strip."""
        return f"{self.value[0]:g}–{self.value[1]:g} Hz"


class Mains(Enum):
    """The notch against mains hum; the value is its frequency in Hz."""

    OFF = 0.0
    HZ_50 = 50.0
    HZ_60 = 60.0


def available_modes(rate_hz: float) -> tuple[FilterMode, ...]:
    """Modes that a wave at this rate can have: diagnostic needs 500 Hz (clinical.md §8.2)."""
    if rate_hz >= 500:
        return tuple(FilterMode)
    return (FilterMode.MONITOR, FilterMode.FILTERED)


def design(mode: FilterMode, rate_hz: float, *, mains: Mains = Mains.OFF) -> Sos:
    """Sections for a mode; raises ValueError where the rate cannot carry it.

    Diagnostic uses a single-pole high-pass, whose phase leaves the ST segment level. A notch at or above half
    the sample rate is left out: hum there has already folded to another frequency.
    """
    if mode not in available_modes(rate_hz):
        raise ValueError(f"{mode.name} needs at least 500 samples a second, the wave has {rate_hz:g}")
    low_hz, high_hz = mode.value
    order = 1 if mode is FilterMode.DIAGNOSTIC else 2
    parts = [
        butter_highpass(order, low_hz, rate_hz),
        butter_lowpass(_LOWPASS_ORDER, min(high_hz, _NYQUIST_SHARE * rate_hz), rate_hz),
    ]
    if mains is not Mains.OFF and mains.value < rate_hz / 2:
        parts.append(notch(mains.value, rate_hz, _NOTCH_WIDTH_HZ))
    return np.concatenate(parts)


class StreamFilter:
    """A cascade of sections fed in chunks of any size; the output does not depend on how they are cut.

    It starts as if its first sample had stood there for ever, and starts again after ``reset`` or missing values
    (NaN in, NaN out), so a step at either place leaves no ringing. Not thread-safe.
    """

    def __init__(self, sos: Sos, rate_hz: float) -> None:
        self._a, self._b, self._c, self._d = _state_space(sos)
        self._rest = np.linalg.solve(np.eye(len(self._a)) - self._a, self._b)
        self._state: npt.NDArray[np.float64] | None = None
        self._blocks: dict[int, npt.NDArray[np.float64]] = {}
        self.delay_s = group_delay_s(sos, _QRS_CENTRE_HZ, rate_hz)

    def reset(self) -> None:
        """Forget the past: the next sample is a new beginning."""
        self._state = None

    def feed(self, samples: Samples) -> Samples:
        """Filter the next samples; shape kept."""
        if samples.size <= _BLOCK:
            out = self._run(samples)
        else:
            parts = [self._run(samples[i : i + _BLOCK]) for i in range(0, samples.size, _BLOCK)]
            out = np.concatenate(parts)
        return out

    def _run(self, samples: Samples) -> Samples:
        if samples.size == 0:
            return samples
        before = self._state
        out = self._block(samples)
        # A missing value poisons every later output and state, so the last one tells for the whole block.
        if math.isfinite(out[-1]):
            return out
        self._state = before
        return self._run_with_holes(samples)

    def _run_with_holes(self, samples: Samples) -> Samples:
        out = np.full(samples.shape, np.nan)
        end = 0
        for start, stop in finite_runs(samples):
            if start > 0:
                self._state = None
            out[start:stop] = self._block(samples[start:stop])
            end = stop
        if end < samples.size:
            self._state = None
        return out

    def _block(self, samples: Samples) -> Samples:
        n = samples.size
        if self._state is None:
            self._state = self._rest * samples[0]
        matrix = self._blocks.get(n)
        if matrix is None:
            matrix = self._blocks[n] = self._block_matrix(n)
        both = matrix @ np.concatenate((self._state, samples))
        self._state = both[n:]
        return np.asarray(both[:n])

    def _block_matrix(self, n: int) -> npt.NDArray[np.float64]:
        """Rows: n outputs then the next state. Columns: the state then n inputs."""
        order = len(self._a)
        matrix = np.zeros((n + order, order + n))
        power = np.eye(order)
        impulse = np.zeros(n)
        impulse[0] = self._d
        for i in range(n):
            matrix[i, :order] = self._c @ power
            if i + 1 < n:
                impulse[i + 1] = matrix[i, :order] @ self._b
            matrix[n:, order + n - 1 - i] = power @ self._b
            power = self._a @ power
        matrix[n:, :order] = power
        for i in range(n):
            matrix[i, order : order + i + 1] = impulse[i::-1]
        return matrix


def ecg_filter(
    rate_hz: float, mode: FilterMode = FilterMode.MONITOR, *, mains: Mains = Mains.OFF
) -> StreamFilter:
    """Build the display filter of one ECG lead; its ``delay_s`` is far below the 200 ms of clinical.md §8.2."""
    return StreamFilter(design(mode, rate_hz, mains=mains), rate_hz)


def _state_space(
    sos: Sos,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], float]:
    """The cascade as ``x' = a x + b u``, ``y = c x + d u`` (transposed direct form II in each section)."""
    order = 2 * len(sos)
    a, b, c = np.zeros((order, order)), np.zeros(order), np.zeros(order)
    d = 1.0  # gain from the cascade's input to the current section's input
    for k, (b0, b1, b2, _, a1, a2) in enumerate(sos):
        i = 2 * k
        feed = np.array([b1 - a1 * b0, b2 - a2 * b0])
        a[i : i + 2] += np.outer(feed, c)
        a[i : i + 2, i : i + 2] += [[-a1, 1.0], [-a2, 0.0]]
        b[i : i + 2] = feed * d
        c = b0 * c
        c[i] += 1.0
        d *= b0
    return a, b, c, float(d)
