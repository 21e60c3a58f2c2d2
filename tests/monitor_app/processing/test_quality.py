"""ECG signal quality: what must be trusted and what must not."""

import numpy as np
import pytest

from monitor_app.processing.beats import BeatDetector
from monitor_app.processing.quality import EcgQuality
from monitor_app.processing.signal_quality import QualityReason, SignalQuality, ramp, weakest

RATE_HZ = 250.0


def judged(wave, **kw):
    """Quality at each second, after the first ten."""
    detector = BeatDetector(RATE_HZ, scale_is_mv=kw.get("scale_is_mv", True))
    quality = EcgQuality(RATE_HZ, **kw)
    out = []
    for i in range(0, len(wave), 25):
        quality.feed(wave[i : i + 25], i, detector.feed(wave[i : i + 25], i))
        if (i + 25) % 250 == 0:
            out.append(quality.second(i + 25))
    return out[10:], quality


@pytest.fixture
def clean(ecg):
    return ecg(np.arange(0.5, 39.5, 0.8), RATE_HZ, length_s=40)


def test_clean_signal_is_good(clean):
    seconds, quality = judged(clean)
    assert all(s.value >= 0.9 and s.reason is QualityReason.GOOD and s.usable for s in seconds)
    assert not quality.flat


@pytest.mark.parametrize("per_min", [30, 180])
def test_slow_and_fast_rhythms_are_good(per_min, ecg):
    wave = ecg(np.arange(0.5, 39.5, 60 / per_min), RATE_HZ, length_s=40, t_mv=0.1)
    assert min(s.value for s in judged(wave)[0]) >= 0.8


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda w, _: np.zeros_like(w), QualityReason.FLAT),
        (lambda w, rng: w + rng.normal(0, 1.0, len(w)), QualityReason.NOISE),
        (lambda w, _: np.clip(20 * w, -2.0, 2.0), QualityReason.SATURATED),
    ],
)
def test_spoilt_signals_are_not_usable(spoil, reason, clean):
    seconds, _ = judged(spoil(clean, np.random.default_rng(1)), edges=(-2.0, 2.0))
    assert all(not s.usable for s in seconds[4:])
    assert reason in {s.reason for s in seconds}


def test_wander_is_named_but_leaves_a_little_trust(clean):
    t = np.arange(len(clean)) / RATE_HZ
    seconds, _ = judged(clean + 3.0 * np.sin(2 * np.pi * 0.25 * t))
    assert {s.reason for s in seconds[5:]} & {QualityReason.WANDER}


def test_quiet_line_without_beats_is_a_good_signal(ecg):
    """Asystole with leads on must not be taken for a bad signal (V7)."""
    wave = np.random.default_rng(2).normal(0, 0.01, 10000)
    wave[:5000] += ecg(np.arange(0.5, 19.5, 0.8), RATE_HZ, length_s=20)
    seconds, quality = judged(wave)
    assert seconds[-1].value >= 0.8
    assert not quality.flat


def test_flat_within_three_seconds(clean):
    wave = np.concatenate((clean, np.zeros(round(3.1 * RATE_HZ))))
    _, quality = judged(wave)
    assert quality.flat


def test_missing_samples_are_no_signal(clean):
    _, quality = judged(clean)
    assert quality.second(len(clean) + 300).reason is QualityReason.NO_SIGNAL
    assert EcgQuality(RATE_HZ).second(1000).reason is QualityReason.NO_SIGNAL


@pytest.mark.parametrize("name", ["100", "209", "215"])
def test_real_clean_records_are_trusted(mitdb, name):
    wave, rate_hz, _ = mitdb(name)
    detector, quality, good = BeatDetector(rate_hz), EcgQuality(rate_hz), []
    for i in range(0, 180 * 360, 360):
        quality.feed(wave[i : i + 360], i, detector.feed(wave[i : i + 360], i))
        good.append(quality.second(i + 360).usable)
    assert np.mean(good[5:]) > 0.98


def test_ramp_and_weakest():
    assert [ramp(v, 1.0, 3.0) for v in (0, 1, 2, 3, 4)] == [0.0, 0.0, 0.5, 1.0, 1.0]
    factors = {QualityReason.NOISE: 0.4, QualityReason.WANDER: 0.7}
    assert weakest(factors) == SignalQuality(0.4, QualityReason.NOISE)
    assert weakest({QualityReason.NOISE: 0.9}) == SignalQuality(0.9, QualityReason.GOOD)
