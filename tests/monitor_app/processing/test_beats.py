"""Live beat detector on signals with known beats."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.processing.beats import BeatDetector


def run(wave, rate_hz, *, chunk=25, first=0, **kw):
    detector = BeatDetector(rate_hz, **kw)
    beats = [b for i in range(0, len(wave), chunk) for b in detector.feed(wave[i : i + chunk], first + i)]
    return beats + detector.flush()


def regular(rate_per_min, length_s, start_s=0.5):
    return np.arange(start_s, length_s - 0.6, 60.0 / rate_per_min)


def score_run(score, times_s, wave, rate_hz, **kw):
    return score([round(t * rate_hz) for t in times_s], [b.sample for b in run(wave, rate_hz, **kw)], rate_hz)


@pytest.mark.parametrize("rate_hz", [100.0, 125.0, 200.0, 250.0, 300.0, 360.0, 500.0, 1000.0])
@pytest.mark.parametrize("per_min", [30, 60, 120, 200])
def test_every_beat_at_every_rate(rate_hz, per_min, ecg, score):
    times = regular(per_min, 40)
    result = score_run(
        score, times, ecg(times, rate_hz, length_s=40, t_mv=0.2 if per_min < 150 else 0.0), rate_hz
    )
    assert (result.extra, result.missed) == (0, 0)


def test_300_per_minute(ecg, score):
    times = regular(300, 30)
    result = score_run(score, times, ecg(times, 250.0, length_s=30, t_mv=0.0, p_mv=0.0), 250.0)
    assert result.sensitivity > 0.99
    assert result.extra == 0


def test_position_is_the_r_peak_within_a_sample_or_two(ecg):
    times = regular(77, 30)
    found = np.array([b.sample for b in run(ecg(times, 250.0, length_s=30), 250.0)])
    assert np.abs(found - np.round(times * 250)).max() <= 1


def test_inverted_lead(ecg, score):
    times = regular(80, 30)
    result = score_run(score, times, -ecg(times, 250.0, length_s=30), 250.0)
    assert (result.extra, result.missed) == (0, 0)


@pytest.mark.parametrize("height_mv", [0.5, 1.0, 5.0])
def test_amplitudes_that_must_be_found(height_mv, ecg, score):
    times = regular(80, 30)
    wave = ecg(times, 250.0, length_s=30, qrs_mv=height_mv, t_mv=0.1 * height_mv, p_mv=0.05 * height_mv)
    assert score_run(score, times, wave, 250.0).f1 == 1.0


def test_150_microvolts_are_ignored(ecg):
    times = regular(80, 30)
    wave = ecg(times, 250.0, length_s=30, qrs_mv=0.125, t_mv=0.02, p_mv=0.01)  # 0.15 mV peak to peak
    assert np.ptp(wave) == pytest.approx(0.15, abs=0.01)
    assert run(wave, 250.0) == []


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_relative_units_do_not_matter(scale, ecg):
    times = regular(80, 30)
    wave = ecg(times, 250.0, length_s=30)
    expected = [b.sample for b in run(wave, 250.0)]
    assert [b.sample for b in run(scale * wave, 250.0, scale_is_mv=False)] == expected


@pytest.mark.parametrize("t_mv", [0.6, 1.2])
@pytest.mark.parametrize("per_min", [60, 80, 100])
def test_tall_t_waves_are_rejected(t_mv, per_min, ecg, score):
    """clinical.md §8.3: up to 1.2 mV beside a QRS of 1 mV."""
    times = regular(per_min, 40)
    result = score_run(score, times, ecg(times, 250.0, length_s=40, t_mv=t_mv), 250.0)
    assert (result.extra, result.missed) == (0, 0)


@pytest.mark.parametrize("width_s", [0.009, 0.014, 0.020])
def test_qrs_widths(width_s, ecg, score):
    times = regular(75, 30)
    assert score_run(score, times, ecg(times, 250.0, length_s=30, width_s=width_s), 250.0).f1 == 1.0


def test_wander_hum_and_small_noise(ecg, score):
    times = regular(75, 60)
    wave = ecg(times, 250.0, length_s=60)
    t = np.arange(len(wave)) / 250
    wave += 2.0 * np.sin(2 * np.pi * 0.3 * t) + 0.1 * np.sin(2 * np.pi * 50 * t)
    wave += np.random.default_rng(3).normal(0, 0.05, len(wave))
    assert score_run(score, times, wave, 250.0).f1 == 1.0


@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1000.0])
def test_pacer_spikes_are_not_beats(rate_hz, ecg, score):
    times = regular(70, 40)
    wave = ecg(times, rate_hz, length_s=40)
    for t in times:  # a spike before each QRS and one ineffective in between
        for at in (t - 0.15, t + 0.45):
            start = round(at * rate_hz)
            wave[start : start + max(1, round(0.002 * rate_hz))] += 8.0
    result = score_run(score, times, wave, rate_hz)
    assert (result.extra, result.missed) == (0, 0)


def test_low_beats_between_high_ones_are_found_by_search_back(ecg, score):
    times = regular(75, 60)
    heights = np.where(np.arange(len(times)) % 9 == 5, 0.45, 1.4)
    assert score_run(score, times, ecg(times, 250.0, length_s=60, qrs_mv=heights), 250.0).missed == 0


def test_sudden_fall_of_amplitude_is_regained_within_five_seconds(ecg):
    times = regular(75, 60)
    heights = np.where(times < 30, 2.0, 0.45)
    detector, latest = BeatDetector(250.0), 0.0
    wave = ecg(times, 250.0, length_s=60, qrs_mv=heights, t_mv=0.05, p_mv=0.02)
    found = []
    for i in range(0, len(wave), 25):
        found += [(b.sample / 250, (i + 25) / 250) for b in detector.feed(wave[i : i + 25], i)]
    after = [(t, heard) for t, heard in found if t > 30]
    latest = after[0][1] - 30
    assert latest < 5.0
    assert len(after) >= sum(times > 30) - 1


def test_standstill_gives_no_beats(ecg):
    """P waves alone (0.12 mV) after the last QRS are not beats: asystole must be seen."""
    beats, alone = regular(75, 20), np.arange(20.0, 40.0, 0.8)
    wave = ecg(beats, 250.0, length_s=40)
    wave += ecg(alone, 250.0, length_s=40, qrs_mv=0.0, t_mv=0.0, p_mv=0.12)
    wave += np.random.default_rng(5).normal(0, 0.008, len(wave))
    assert max(b.sample for b in run(wave, 250.0)) < 20 * 250


def test_flat_line_gives_no_beats_and_learning_waits_for_a_signal(ecg, score):
    times = 10.0 + regular(75, 30)
    wave = ecg(times, 250.0, length_s=40)
    assert score_run(score, times, wave, 250.0).f1 == 1.0
    assert run(np.zeros(5000), 250.0) == []


def test_latency_is_bounded(ecg):
    times = regular(75, 60)
    wave = ecg(times, 250.0, length_s=60)
    detector = BeatDetector(250.0)
    assert detector.latency_s <= 0.4
    for i in range(0, len(wave), 5):
        for beat in detector.feed(wave[i : i + 5], i):
            if beat.sample > 2.5 * 250:
                assert (i + 5 - beat.sample) / 250 <= detector.latency_s + 5 / 250 + 0.030


def test_a_gap_restarts_without_an_interval(ecg):
    times = regular(75, 60)
    wave = ecg(times, 250.0, length_s=60)
    detector = BeatDetector(250.0)
    beats = detector.feed(wave[:7500], 0) + detector.feed(wave[8000:], 8000)
    marked = [b.sample for b in beats if b.after_gap]
    assert len(marked) == 2
    assert marked[0] == beats[0].sample
    assert 8000 <= marked[1] < 8000 + 300
    hole = wave.copy()
    hole[7500:8000] = np.nan
    assert [b.sample for b in BeatDetector(250.0).feed(hole, 0)] == [b.sample for b in beats]


def test_the_counter_may_start_anywhere(ecg):
    wave = ecg(regular(75, 20), 250.0, length_s=20)
    shifted = [b.sample - 10_000_000 for b in run(wave, 250.0, first=10_000_000)]
    assert shifted == [b.sample for b in run(wave, 250.0)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_chunking_gives_identical_beats(sizes, seed):
    rng = np.random.default_rng(seed)
    wave = rng.normal(0, 0.05, 4000)
    wave[rng.integers(0, 3990, 14)] += 3.0
    wave = np.convolve(wave, np.hanning(11), "same")
    whole = BeatDetector(250.0).feed(wave, 0)
    detector, pieces, at = BeatDetector(250.0), [], 0
    while at < len(wave):
        for size in sizes:
            pieces += detector.feed(wave[at : at + size], at)
            at += size
    assert pieces == whole


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_beats_are_ordered_apart_and_graded(seed):
    wave = np.random.default_rng(seed).normal(0, 1.0, 3000)
    beats = run(wave, 250.0)
    samples = [b.sample for b in beats]
    assert all(b - a >= 0.19 * 250 for a, b in pairwise(samples))
    assert all(0.0 <= b.quality <= 1.0 and b.strength > 0 for b in beats)


@pytest.mark.parametrize("rate_hz", [99.0, 1001.0])
def test_rates_outside_the_range_are_refused(rate_hz):
    with pytest.raises(ValueError, match="100 to 1000"):
        BeatDetector(rate_hz)


def test_ec13_ventricular_bigeminy_is_counted_at_80(waveform):
    """AAMI EC13 waveform 3a: 80/min by its maker (clinical.md §8.3)."""
    wave, rate_hz = waveform("aami-ec13/aami3a")
    samples = np.array([b.sample for b in run(wave, rate_hz)])
    assert 60.0 * rate_hz / np.diff(samples).mean() == pytest.approx(80, abs=1)


def unrest(count, rate_hz, seed):
    """Noise of the band a QRS lies in, low and without pause: what keeps a line from being still."""
    rng, f = np.random.default_rng(seed), np.fft.rfftfreq(count, 1 / rate_hz)
    noise = np.fft.irfft(np.where((f > 4) & (f < 20), np.fft.rfft(rng.normal(size=count)), 0), count)
    return 0.05 * noise / noise.std()


def bump(wave, rate_hz, at_s, mv=0.9, sigma_s=0.025):
    """A lone deflection, biphasic and wider than the QRS."""
    u = (np.arange(len(wave)) / rate_hz - at_s) / sigma_s
    return wave + mv * u * np.exp(0.5 - u * u / 2)


@pytest.mark.parametrize("noisy", [False, True])
def test_an_early_stranger_is_an_ectopic_on_a_still_line_and_noise_on_a_restless_one(noisy, ecg):
    times, rate_hz = regular(70, 40), 250.0
    wave = bump(ecg(times, rate_hz, length_s=40), rate_hz, times[30] - 0.4)
    if noisy:
        wave = wave + unrest(len(wave), rate_hz, 3)
    near = [b for b in run(wave, rate_hz) if abs(b.sample / rate_hz - times[30] + 0.4) < 0.15]
    assert [b.quality >= 0.5 for b in near] == ([] if noisy else [True])


def test_a_tachycardia_of_other_shape_that_begins_in_noise_loses_three_beats_at_most(ecg, score):
    rate_hz = 250.0
    before, after = np.arange(0.5, 30.0, 0.85), np.arange(30.3, 44.0, 0.38)
    wave = ecg(before, rate_hz, length_s=45)
    for at_s in after:
        wave = bump(wave, rate_hz, at_s, mv=1.2)
    wave = wave + unrest(len(wave), rate_hz, 4)
    result = score_run(score, after, wave[: round(44.2 * rate_hz)], rate_hz)
    assert result.missed <= 3
