"""The detector on what it was not built with: other shapes, rhythms, leads, rates and disturbances."""

import numpy as np
import pytest

from monitor_app.processing.beats import BeatDetector
from monitor_app.processing.quality import EcgQuality

RATE_HZ = 360.0
# Gaussian parts: offset and width in seconds, height in millivolts. Shapes of the cardiology textbooks.
SINUS = ((-0.16, 0.022, 0.12), (0.0, 0.011, 1.0), (0.028, 0.012, -0.25), (0.26, 0.045, 0.22))
LOW = ((-0.16, 0.022, 0.08), (0.0, 0.011, 0.45), (0.028, 0.012, -0.15), (0.26, 0.045, 0.1))
TALL_P = ((-0.17, 0.022, 0.3), (0.0, 0.012, 0.4), (0.03, 0.013, -0.25), (0.25, 0.05, 0.12))
INVERTED = ((-0.18, 0.018, 0.33), (0.0, 0.014, -0.35), (0.03, 0.012, 0.2), (0.26, 0.05, -0.1))
TALL_T = ((-0.16, 0.022, 0.12), (0.0, 0.011, 1.0), (0.028, 0.012, -0.3), (0.24, 0.035, 1.1))
PEAKED_T = ((-0.16, 0.022, 0.1), (0.0, 0.014, 0.8), (0.03, 0.014, -0.5), (0.23, 0.024, 0.9))
LEFT_BLOCK = ((-0.2, 0.022, 0.1), (-0.03, 0.018, 0.6), (0.03, 0.02, 0.8), (0.3, 0.06, -0.4))
RIGHT_BLOCK = (
    (-0.16, 0.022, 0.12),
    (0.0, 0.011, 0.6),
    (0.03, 0.014, -0.5),
    (0.075, 0.018, 0.45),
    (0.32, 0.05, -0.2),
)
WIDE = ((0.0, 0.032, 0.9), (0.08, 0.03, -0.3), (0.34, 0.06, -0.45))
ECTOPIC = ((0.0, 0.035, 1.6), (0.10, 0.04, -0.7), (0.32, 0.06, -0.5))
HUGE_ECTOPIC = ((0.0, 0.028, 3.0), (0.09, 0.035, -1.4), (0.30, 0.06, -0.8))
PACED = ((0.0, 0.035, -1.3), (0.09, 0.03, 0.3), (0.30, 0.045, 1.5))
P_ALONE = ((0.0, 0.022, 0.18),)


def drawn(beats, length_s, *, seed=1, noise_mv=0.02):
    """A wave of these (time, shape) pairs with sensor noise and wander, quantised as a 12-bit recorder does."""
    rng, t = np.random.default_rng(seed), np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    wave = noise_mv * rng.normal(size=t.size) + 0.2 * np.sin(2 * np.pi * 0.23 * t)
    for at_s, shape in beats:
        height = 1.0 + 0.04 * rng.normal()
        low, high = np.searchsorted(t, [at_s - 0.45, at_s + 0.6])
        for offset_s, sigma_s, mv in shape:
            wave[low:high] += height * mv * np.exp(-0.5 * ((t[low:high] - at_s - offset_s) / sigma_s) ** 2)
    return np.round(wave * 200) / 200


def steady(shape, interval_s, length_s, *, spread=0.03, seed=2):
    """Beats of one shape at about one interval."""
    rng, at_s, out = np.random.default_rng(seed), 0.5, []
    while at_s < length_s - 0.7:
        out.append((at_s, shape))
        at_s += interval_s * (1.0 + spread * rng.normal())
    return out


def found_in(wave, rate_hz=RATE_HZ):
    detector, step = BeatDetector(rate_hz), round(0.04 * rate_hz)
    beats = [b for i in range(0, len(wave), step) for b in detector.feed(wave[i : i + step], i)]
    return [b.sample for b in beats + detector.flush()]


def trusted_share(wave):
    """Share of the seconds after the first ten whose quality is usable."""
    detector, quality, usable = BeatDetector(RATE_HZ), EcgQuality(RATE_HZ), []
    for i in range(0, len(wave) - 18, 18):
        quality.feed(wave[i : i + 18], i, detector.feed(wave[i : i + 18], i))
        if (i + 18) % 360 == 0:
            usable.append(quality.second(i + 18).usable)
    return float(np.mean(usable[10:]))


@pytest.mark.parametrize(
    ("shape", "interval_s"),
    [
        (LOW, 0.8), (TALL_P, 0.7), (INVERTED, 0.95), (TALL_T, 0.8), (PEAKED_T, 0.8), (LEFT_BLOCK, 0.8),
        (RIGHT_BLOCK, 0.8), (WIDE, 0.8), (WIDE, 0.33), (PACED, 0.86), (SINUS, 2.4), (SINUS, 1.5), (LOW, 0.4),
    ],
)  # fmt: skip
def test_one_shape_at_a_steady_rate(shape, interval_s, score):
    beats = steady(shape, interval_s, 60)
    result = score([round(t * RATE_HZ) for t, _ in beats], found_in(drawn(beats, 60)), RATE_HZ)
    assert (result.extra, result.missed) == (0, 0)


def rhythm(name):
    rng, at_s, out = np.random.default_rng(4), 0.5, []
    while at_s < 89:
        chance = rng.random()
        if name == "bigeminy, low sinus beats beside huge ectopics":
            out += [(at_s, LOW), (at_s + 0.5, HUGE_ECTOPIC)]
            at_s += 1.5
        elif name == "paced and own beats in turn":
            out.append((at_s, PACED if chance < 0.7 else SINUS))
            at_s += 0.86
        elif name == "irregular, as in atrial fibrillation":
            out.append((at_s, LOW))
            at_s += max(0.33, rng.gamma(9, 0.075))
        elif name == "ectopics now and then":
            out.append((at_s, SINUS if chance < 0.85 else ECTOPIC))
            at_s += 0.8
        else:
            out.append((at_s, SINUS))
            at_s += 0.9 if chance > 0.15 else rng.uniform(3.0, 6.0)
    return [beat for beat in out if beat[0] < 89]


@pytest.mark.parametrize(
    ("name", "least_f1"),
    [
        ("bigeminy, low sinus beats beside huge ectopics", 0.98),
        ("paced and own beats in turn", 0.995),
        ("irregular, as in atrial fibrillation", 1.0),
        ("ectopics now and then", 0.995),
        ("pauses of 3 to 6 s", 1.0),
    ],
)
def test_mixed_rhythms(name, least_f1, score):
    beats = rhythm(name)
    result = score([round(t * RATE_HZ) for t, _ in beats], found_in(drawn(beats, 90)), RATE_HZ)
    assert result.f1 >= least_f1, result.row(name)


def test_p_waves_of_a_standstill_are_not_taken_for_lower_beats():
    """However long and regular, and though normal P waves reach 0.25 mV."""
    beats = steady(SINUS, 0.85, 20)
    waves = [(t, P_ALONE) for t in np.arange(20.2, 58, 0.85)]
    assert max(found_in(drawn(beats + waves, 60))) < 20 * RATE_HZ


@pytest.mark.parametrize(
    "beats",
    [
        steady(SINUS, 2.4, 60), steady(TALL_P, 0.7, 60), steady(PEAKED_T, 0.8, 60), steady(WIDE, 0.33, 60),
        rhythm("pauses of 3 to 6 s")[:40],
    ],
    ids=["25/min", "tall P", "peaked T", "wide tachycardia", "pauses"],
)  # fmt: skip
def test_clean_rhythms_are_trusted(beats):
    """A rule on the rate must not be put off because a heart is slow, wide or pausing."""
    assert trusted_share(drawn(beats, beats[-1][0] + 1)) >= 0.9


def low_band(count, seed):
    """Bursts of 1-14 Hz, as an electrode that is rubbed gives."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.normal(size=count))
    f = np.fft.rfftfreq(count, 1 / RATE_HZ)
    noise = np.fft.irfft(np.where((f > 1) & (f < 14), spectrum, 0), count)
    noise *= np.repeat(rng.random(count // 1800 + 1) < 0.6, 1800)[:count]
    return noise / noise.std()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rate_that_noise_falsifies_is_not_trusted(mitdb, seed):
    """At 2 dB: where more than a fifth of the beats of the last 8 s are false, the second is not usable."""
    wave, _, reference = mitdb("100")
    wave = wave[: 120 * 360]
    reference = np.array([s for s in reference if s < len(wave)])
    height = np.median([np.ptp(wave[s - 18 : s + 18]) for s in reference[2:80]])
    wave = wave + low_band(len(wave), seed) * height / np.sqrt(8) / 10**0.1
    detector, quality, beats, wrong = BeatDetector(RATE_HZ), EcgQuality(RATE_HZ), [], []
    for i in range(0, len(wave), 18):
        fresh = detector.feed(wave[i : i + 18], i)
        beats += fresh
        quality.feed(wave[i : i + 18], i, fresh)
        if (i + 18) % 360 == 0 and i > 3600:
            end = i + 18 - 180
            last = [b.sample for b in beats if end - 2880 <= b.sample < end]
            false = np.mean([np.abs(reference - s).min() > 54 for s in last]) if last else 0.0
            if false > 0.2:
                wrong.append(quality.second(i + 18).usable)
    assert len(wrong) > 10
    assert np.mean(wrong) <= 0.12


def transformed(wave, how):
    t = np.arange(len(wave)) / RATE_HZ
    rng = np.random.default_rng(6)
    if how == "wander":
        return wave + 1.5 * np.sin(2 * np.pi * 0.33 * t)
    if how == "mains":
        return wave + 0.25 * np.sin(2 * np.pi * 50.2 * t)
    if how == "muscle":
        return wave + np.diff(rng.normal(0, 0.05, len(wave) + 1))
    if how == "gain steps":
        return wave * np.repeat(rng.choice([0.6, 1.0, 1.7, 3.0], len(wave) // 7200 + 1), 7200)[: len(wave)]
    return wave * {"inverted": -1.0, "x0.5": 0.5, "x3": 3.0}[how]


@pytest.mark.parametrize("how", ["inverted", "x0.5", "x3", "wander", "mains", "muscle", "gain steps"])
@pytest.mark.parametrize("name", ["200", "209"])
def test_real_records_transformed(how, name, mitdb, score):
    wave, rate_hz, reference = mitdb(name)
    stop = round(100 * rate_hz)
    found = found_in(transformed(wave[:stop], how), rate_hz)
    assert score([s for s in reference if s < stop], found, rate_hz).f1 >= 0.985


@pytest.mark.parametrize("to_hz", [128.0, 250.0, 500.0, 1000.0])
def test_real_records_at_other_rates(to_hz, mitdb, score):
    wave, rate_hz, reference = mitdb("215")
    stop = round(100 * rate_hz)
    t = np.arange(round(100 * to_hz)) / to_hz
    found = found_in(np.interp(t, np.arange(stop) / rate_hz, wave[:stop]), to_hz)
    reference = [round(s * to_hz / rate_hz) for s in reference if s < stop]
    assert score(reference, found, to_hz).f1 >= 0.99


@pytest.mark.parametrize("name", ["100", "105", "215", "222"])
def test_the_leads_nobody_looked_at(name, mitdb, score):
    """The second channel of the records, on which nothing was decided."""
    wave, rate_hz, reference = mitdb(name, 1)
    stop = round(200 * rate_hz)
    assert score([s for s in reference if s < stop], found_in(wave[:stop], rate_hz), rate_hz).f1 >= 0.97
