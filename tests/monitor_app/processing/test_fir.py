import numpy as np
import pytest
from scipy import ndimage, signal

from monitor_app.processing.fir import (
    History,
    StreamFir,
    StreamMedian,
    bandpass_kernel,
    odd_length,
    smoothing_kernel,
)

NOISE = np.random.default_rng(4).normal(size=500)


@pytest.mark.parametrize("rate_hz", [100.0, 250.0, 360.0, 1000.0])
def test_band_of_the_qrs_kernel(rate_hz):
    _, gain = signal.freqz(
        bandpass_kernel(8.0, 25.0, rate_hz, length_s=0.2), worN=[0.0, 0.5, 3.0, 15.0, 48.0], fs=rate_hz
    )
    level = np.abs(gain)
    assert level[0] < 1e-9
    assert level[1] < 0.02
    assert level[2] < 0.25
    assert level[3] > 0.9
    assert level[4] < 0.1 or rate_hz == 100.0


@pytest.mark.parametrize("chunk", [1, 7, 500])
def test_stream_equals_scipy_after_the_start(chunk):
    kernel = smoothing_kernel(0.1, 250.0)
    fir, median = StreamFir(kernel), StreamMedian(5)
    smooth = np.concatenate([fir.feed(NOISE[i : i + chunk]) for i in range(0, 500, chunk)])
    np.testing.assert_allclose(smooth[30:], signal.lfilter(kernel, [1.0], NOISE)[30:], atol=1e-12)
    middle = np.concatenate([median.feed(NOISE[i : i + chunk]) for i in range(0, 500, chunk)])
    np.testing.assert_array_equal(middle[4:], ndimage.median_filter(NOISE, 5)[2:-2])


def test_median_of_three_is_the_median():
    out = StreamMedian(3).feed(NOISE)
    np.testing.assert_array_equal(out[2:], ndimage.median_filter(NOISE, 3)[1:-1])
    np.testing.assert_array_equal(StreamMedian(1).feed(NOISE), NOISE)


def test_constant_input_has_no_start_up():
    assert (
        np.abs(StreamFir(bandpass_kernel(8.0, 25.0, 250.0, length_s=0.2)).feed(np.full(100, 7.0))).max()
        < 1e-12
    )
    np.testing.assert_allclose(StreamFir(smoothing_kernel(0.1, 250.0)).feed(np.full(100, 7.0)), 7.0)


def test_history_addresses_by_number():
    history = History(10)
    for i in range(0, 30, 3):
        history.push(np.arange(i, i + 3, dtype=float))
    assert history.end == 30
    assert history.get(22, 26).tolist() == [22, 23, 24, 25]
    assert history.get(28, 99).tolist() == [28, 29]
    assert history.get(0, 19).tolist() == list(range(history.begin, 19))


@pytest.mark.parametrize(("seconds", "taps"), [(0.1, 25), (0.2, 51), (0.001, 3)])
def test_lengths_are_odd(seconds, taps):
    assert odd_length(seconds, 250.0) == taps
