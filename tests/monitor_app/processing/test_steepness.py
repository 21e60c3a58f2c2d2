"""A bump of a moving electrode is no QRS, however alike the band in which beats are looked for makes them."""

from itertools import pairwise

import numpy as np
import pytest

from monitor_app.processing.beats import BeatDetector
from monitor_app.processing.ecg_channel import EcgChannel
from monitor_app.processing.qrs_features import QrsFeatures
from monitor_app.processing.steepness import Steepness

RATE_HZ = 360.0
QRS_SIGMA_S, BUMP_SIGMA_S = 0.010, 0.024
WIDE_SIGMA_S = 0.032
BEAT_SIGMA_S = 0.012
LIKE_A_BEAT_S, LIKE_A_BEAT_MV = (0.018, 0.026), (1.0, 1.6)
"""Bumps that in the band of the detector are about as high as a beat and of the same shape."""
SMALL_S, SMALL_MV = 0.02, 0.2


def bell(t, at_s, sigma_s, height_mv):
    return height_mv * np.exp(-0.5 * ((t - at_s) / sigma_s) ** 2)


def drawn(length_s, *parts, noise_mv=0.01, seed=1):
    """Bells of ``(time, sigma, height)`` and a little sensor noise."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return np.random.default_rng(seed).normal(0, noise_mv, t.size) + sum(bell(t, *part) for part in parts)


def complexes(*sigmas_s, noise_mv=0.01):
    """One candidate a second of each width, as high as a beat once it has passed the band of the detector."""
    wave = drawn(len(sigmas_s) + 1.0, *((k + 0.7, s, 1.0) for k, s in enumerate(sigmas_s)), noise_mv=noise_mv)
    features = QrsFeatures(RATE_HZ, 0)
    found = [c for c in (*features.feed(wave), *features.flush()) if c.peak_to_peak > 0.3]
    assert len(found) == len(sigmas_s)
    return found


def after(*beats):
    known = Steepness()
    for beat in beats:
        known.add(beat)
    return known


def test_a_bump_has_no_steep_parts_and_a_beat_has():
    *beats, bump, beat = complexes(*[QRS_SIGMA_S] * 10, BUMP_SIGMA_S, QRS_SIGMA_S)
    known = after(*beats)
    assert known.share(bump) == 0.0
    assert known.share(beat) == 1.0


def test_wide_complexes_are_compared_with_their_like_alone():
    """Of a wide tachycardia nothing is steep but the noise on it."""
    *beats, another = complexes(*[WIDE_SIGMA_S] * 20)
    known = after(*beats)
    assert known.share(another) >= 0.5


def test_nothing_is_held_against_the_first_beats():
    *beats, bump = complexes(*[QRS_SIGMA_S] * 7, BUMP_SIGMA_S)
    assert after(*beats).share(bump) == 1.0
    known = after(*beats, *beats)
    assert known.share(bump) == 0.0
    known.clear()
    assert known.share(bump) == 1.0


@pytest.mark.parametrize("rate_hz", [100.0, 125.0, 250.0, 1000.0])
def test_it_tells_them_apart_at_any_rate_of_samples(rate_hz):
    t = np.arange(round(13 * rate_hz)) / rate_hz
    wave = sum(bell(t, k + 0.7, BUMP_SIGMA_S if k == 11 else QRS_SIGMA_S, 1.0) for k in range(12))
    found = QrsFeatures(rate_hz, 0).feed(np.asarray(wave))
    known = after(*found[:10])
    assert (known.share(found[10]), known.share(found[11])) == (1.0, 0.0)


def fibrillating(per_min, length_s, seed):
    """Times of an irregular rhythm, as of atrial fibrillation: intervals within a third of their mean."""
    rng, mean_s = np.random.default_rng(seed), 60 / per_min
    return 0.5 + np.cumsum(rng.uniform(0.67 * mean_s, 1.33 * mean_s, round(length_s / mean_s)))


def moved_electrode(beats_s, length_s, seed):
    """Beats, slow bumps as high as they are between some of them, and small ones everywhere."""
    rng = np.random.default_rng(seed)
    usual_s = np.median(np.diff(beats_s))
    bumps_s = [0.5 * (a + b) for a, b in pairwise(beats_s[12:]) if b - a > usual_s and rng.random() < 0.5]
    small_s = np.arange(0.3, length_s, 0.11)
    wave = drawn(
        length_s,
        *((s, BEAT_SIGMA_S, 1.0) for s in beats_s),
        *((s, rng.uniform(*LIKE_A_BEAT_S), rng.uniform(*LIKE_A_BEAT_MV)) for s in bumps_s),
        *((s, SMALL_S, SMALL_MV * rng.normal()) for s in small_s),
    )
    return wave, bumps_s


def run(wave):
    """All beats, and the rate of every usable second."""
    channel, beats, rates, step = EcgChannel(RATE_HZ), [], [], round(0.5 * RATE_HZ)
    for k, start in enumerate(range(0, len(wave), step)):
        beats += channel.feed(wave[start : start + step], start).beats
        second = channel.second()
        if k % 2 and second.quality.usable and second.rate.per_min is not None:
            rates.append(second.rate.per_min)
    return beats, rates


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_bumps_between_the_beats_of_an_irregular_heart_do_not_make_it_fast(seed):
    """Where intervals vary to be early is no evidence: bumps were counted, 100/min became 130 and AL-HR-03 came of it."""
    beats_s = fibrillating(100, 60, seed)
    wave, bumps_s = moved_electrode(beats_s, beats_s[-1] + 1, seed=4)
    beats, rates = run(wave)
    of_bumps = [b for b in beats if min(abs(b.sample / RATE_HZ - s) for s in bumps_s) < 0.05]
    assert len(of_bumps) >= 10
    assert sum(b.quality >= 0.5 for b in of_bumps) <= 2
    assert len(rates) > 45
    assert max(rates) < 120


def test_a_fast_irregular_heart_is_found_among_the_same_bumps():
    beats_s = fibrillating(150, 60, seed=5)
    _, rates = run(moved_electrode(beats_s, beats_s[-1] + 1, seed=4)[0])
    assert len(rates) > 45
    assert min(rates[10:]) > 120


def test_on_a_quiet_line_a_wide_ectopic_keeps_its_quality():
    """It may look unlike the beats: nothing there is a moving electrode."""
    beats_s = np.arange(0.5, 40, 0.8)
    parts = [(s, 0.03 if k % 7 == 6 else QRS_SIGMA_S, 1.0) for k, s in enumerate(beats_s)]
    wave, detector = drawn(41, *parts), BeatDetector(RATE_HZ)
    found = [*detector.feed(wave, 0), *detector.flush()]
    assert len(found) == len(beats_s)
    assert all(b.quality >= 0.5 for b in found)


def test_a_new_rhythm_of_other_complexes_is_believed_from_its_second_beat_on():
    """Bumps come beside beats, an escape rhythm comes instead of them: its rate must not wait for eight of its beats."""
    narrow = [(0.5 + 0.75 * k, 0.012, 1.0) for k in range(53)]  # 80/min for 40 s
    wide = [(41.0 + 1.667 * k, 0.034, 1.2) for k in range(16)]  # 36/min
    wave = drawn(66.0, *narrow, *wide, noise_mv=0.03, seed=3)
    t = np.arange(wave.size) / RATE_HZ
    motion = np.random.default_rng(4).normal(0, 1, 14)
    wave += sum(0.05 * a * np.sin(2 * np.pi * (1.0 + 0.5 * k) * t + k) for k, a in enumerate(motion))
    channel = EcgChannel(RATE_HZ)
    slow_after_s = None
    for second in range(66):
        part = slice(round(second * RATE_HZ), round((second + 1) * RATE_HZ))
        channel.feed(wave[part], part.start)
        rate = channel.second().rate.per_min
        if slow_after_s is None and second > 41 and rate is not None and rate < 45:
            slow_after_s = second + 1 - 41.0
    assert slow_after_s is not None
    assert slow_after_s < 14
