"""Linear-phase kernels and a streaming convolution with a bounded memory.

Finite responses forget: whatever an artefact did is gone one kernel later, and every output is the same dot product
however the samples were cut into chunks, so the beats found do not depend on the chunking.
"""

import numpy as np

from monitor_app.processing.runs import Samples

_RELATIVE_EDGE_PAD = 2  # np.hanning is zero at both ends; two extra points make every tap count


def odd_length(seconds: float, rate_hz: float) -> int:
    """Number of taps nearest to a duration that has a middle tap (at least 3)."""
    return max(3, round(seconds * rate_hz) // 2 * 2 + 1)


def bandpass_kernel(low_hz: float, high_hz: float, rate_hz: float, *, length_s: float) -> Samples:
    """Hann-windowed sinc band-pass with zero gain at rest and largest gain 1."""
    n = odd_length(length_s, rate_hz)
    t = (np.arange(n) - (n - 1) / 2) / rate_hz
    window = _hann(n)
    upper = np.sinc(2.0 * min(high_hz, 0.45 * rate_hz) * t) * window
    lower = np.sinc(2.0 * low_hz * t) * window
    kernel = upper / upper.sum() - lower / lower.sum()
    probe = np.linspace(0.5 * low_hz, min(2.0 * high_hz, 0.5 * rate_hz), 200)
    gain = np.abs(np.exp(-2j * np.pi * probe[:, None] * t[None, :]) @ kernel)
    return np.asarray(kernel / gain.max())


def smoothing_kernel(length_s: float, rate_hz: float) -> Samples:
    """Hann average with unit gain at rest."""
    window = _hann(odd_length(length_s, rate_hz))
    return np.asarray(window / window.sum())


def _hann(n: int) -> Samples:
    return np.asarray(np.hanning(n + _RELATIVE_EDGE_PAD)[1:-1], dtype=np.float64)


class StreamFir:
    """Convolve a stream with a kernel; output k belongs to input ``k - delay``.

    Starts as if the first sample had stood there for ever.
    """

    def __init__(self, kernel: Samples) -> None:
        self._kernel = kernel
        self._tail: Samples | None = None
        self.delay = len(kernel) // 2

    def feed(self, samples: Samples) -> Samples:
        """Next outputs, as many as inputs."""
        keep = len(self._kernel) - 1
        tail = np.full(keep, samples[0]) if self._tail is None else self._tail
        joined = np.concatenate((tail, samples))
        self._tail = joined[-keep:]
        return np.convolve(joined, self._kernel, "valid")


class StreamMedian:
    """Running median over an odd width: takes out pacer spikes and single wild samples, keeps the QRS."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._tail: Samples | None = None
        self.delay = width // 2

    def feed(self, samples: Samples) -> Samples:
        """Next outputs, as many as inputs."""
        if self._width == 1:
            return samples
        keep = self._width - 1
        tail = np.full(keep, samples[0]) if self._tail is None else self._tail
        joined = np.concatenate((tail, samples))
        self._tail = joined[-keep:]
        if self._width == 3:
            a, b, c = joined[:-2], joined[1:-1], joined[2:]
            return np.asarray(np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c)))
        windows = np.lib.stride_tricks.sliding_window_view(joined, self._width)
        return np.asarray(np.median(windows, axis=1), dtype=np.float64)


class History:
    """The last ``size`` values of a stream, addressed by their number since the start."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: Samples = np.empty(0)
        self._end = 0

    @property
    def end(self) -> int:
        """Number of the next value to come."""
        return self._end

    @property
    def begin(self) -> int:
        """Number of the oldest value still held."""
        return self._end - len(self._values)

    def push(self, values: Samples) -> None:
        """Append; what falls out of the window is forgotten at the next push, so a whole chunk stays readable."""
        self._values = np.concatenate((self._values[-self._size :], values))
        self._end += len(values)

    def get(self, start: int, stop: int) -> Samples:
        """Values ``start`` up to ``stop``, cut at what is held."""
        begin = self.begin
        return self._values[max(0, start - begin) : max(0, stop - begin)]
