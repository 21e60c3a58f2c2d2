"""The second opinion on beats, and the picker under it."""

import numpy as np
import pytest

from monitor_app.processing.curve_length import CurveLengthDetector
from monitor_app.processing.picker import AdaptivePicker, PickerTuning

TUNING = PickerTuning(bar=0.5, refractory_s=0.2, look_s=0.1, learn_s=1.0, floor=0.01, lowest_share=0.1)


def bumps(positions, heights, length=1000):
    feature = np.zeros(length)
    for at, height in zip(positions, heights, strict=True):
        feature[at - 3 : at + 4] = height * np.array([0.2, 0.6, 0.9, 1.0, 0.9, 0.6, 0.2])
    return feature


@pytest.mark.parametrize("chunk", [1, 13, 1000])
def test_picker_finds_bumps_whatever_the_chunks(chunk):
    positions = list(range(50, 950, 80))
    feature = bumps(positions, np.linspace(1.0, 2.0, len(positions)))
    picker = AdaptivePicker(100.0, TUNING)
    events = [e for i in range(0, 1000, chunk) for e in picker.feed(feature[i : i + chunk])]
    assert [e.order for e in events] == positions
    assert events[-1].height == pytest.approx(2.0)


def test_picker_sinks_to_a_lower_level_but_not_below_its_floor():
    positions = [50, 130, 210, 700, 780, 860]
    picker = AdaptivePicker(100.0, TUNING)
    events = picker.feed(bumps(positions, [1, 1, 1, 0.2, 0.2, 0.005]))
    assert [e.order for e in events] == positions[:5]


@pytest.mark.parametrize("rate_hz", [125.0, 250.0, 500.0])
def test_beats_without_their_t_waves(rate_hz, ecg, score):
    times = np.arange(0.5, 39.0, 0.8)
    wave = ecg(times, rate_hz, length_s=40, t_mv=0.5)
    detector = CurveLengthDetector(rate_hz, 0)
    found = [s for i in range(0, len(wave), 25) for s in detector.feed(wave[i : i + 25])]
    result = score([round(t * rate_hz) for t in times], found, rate_hz)
    assert result.extra == 0
    assert result.missed <= 1


def test_it_is_good_enough_on_a_real_record(mitdb, score):
    wave, rate_hz, reference = mitdb("209")
    found = CurveLengthDetector(rate_hz, 0).feed(wave[: 300 * 360])
    assert score([s for s in reference if s < 300 * 360], found, rate_hz).f1 > 0.97
