"""The beat detector on MIT-BIH records, side by side with wfdb's XQRS (run with --long for whole records)."""

import sys

import numpy as np
import pytest

from monitor_app.processing.beats import BeatDetector

RECORDS = ("100", "105", "200", "209", "215", "222")
FIRST_S = 300


def live_beats(wave, rate_hz):
    detector = BeatDetector(rate_hz)
    beats = [b for i in range(0, len(wave), 90) for b in detector.feed(wave[i : i + 90], i)]
    return beats + detector.flush()


def run_all(mitdb, score, find, *, seconds=None):
    total, rows = None, []
    for name in RECORDS:
        wave, rate_hz, reference = mitdb(name)
        stop = len(wave) if seconds is None else round(seconds * rate_hz)
        result = score([s for s in reference if s < stop], find(wave[:stop], rate_hz), rate_hz)
        total = result if total is None else total + result
        rows.append(result.row(name))
    return total, "\n".join([*rows, total.row("gross")])


def ours(wave, rate_hz):
    return [b.sample for b in live_beats(wave, rate_hz)]


def test_first_five_minutes(mitdb, score):
    total, table = run_all(mitdb, score, ours, seconds=FIRST_S)
    assert total.f1 >= 0.9985, table


@pytest.mark.long
@pytest.mark.timeout(600)
def test_whole_records_are_no_worse_than_xqrs(mitdb, score, capsys):
    mine, table = run_all(mitdb, score, ours)
    from wfdb.processing import XQRS  # already imported, quietly, by the reader

    def xqrs(wave, rate_hz):
        detector = XQRS(sig=wave, fs=rate_hz)
        detector.detect(verbose=False)
        return list(detector.qrs_inds)

    other, other_table = run_all(mitdb, score, xqrs)
    with capsys.disabled():
        sys.stdout.write(f"\nlive detector\n{table}\nXQRS (whole record at once)\n{other_table}\n")
    assert mine.f1 >= other.f1


def motion_noise(length, rate_hz, rng):
    """Noise like a moving electrode: abrupt bumps as wide as a QRS or a few times wider, over slow drift; unit power."""
    t, bumps = np.arange(length) / rate_hz, np.zeros(length)
    for at_s in np.cumsum(rng.exponential(0.5, round(length / rate_hz * 2.5))):
        sigma_s, height = rng.uniform(0.01, 0.06), rng.normal() * rng.exponential()
        near = slice(*np.searchsorted(t, [at_s - 4 * sigma_s, at_s + 4 * sigma_s]))
        u = (t[near] - at_s) / sigma_s
        bumps[near] += height * np.exp(-u * u / 2) * (1.0 if rng.random() < 0.5 else -u)
    f = np.fft.rfftfreq(length, 1 / rate_hz)
    shape = np.where((f > 0.2) & (f < 12), np.maximum(f, 0.2) ** -0.7, 0.0)
    drift = np.fft.irfft(np.fft.rfft(rng.normal(size=length)) * shape, length)
    noise = bumps / bumps.std() + 0.5 * drift / drift.std()
    return noise / noise.std()


def test_beats_shown_as_valid_in_motion_noise_are_true(mitdb, score):
    """At 6 dB (power of the QRS over that of the noise), at least 95 % of the beats of quality 0.5 and more."""
    total, rng = None, np.random.default_rng(7)
    for name in ("100", "200", "209", "215", "222"):
        wave, rate_hz, reference = mitdb(name)
        stop = round(FIRST_S * rate_hz)
        reference = [s for s in reference if s < stop]
        height = np.median([np.ptp(wave[s - 18 : s + 18]) for s in reference[5:200]])
        noisy = wave[:stop] + motion_noise(stop, rate_hz, rng) * np.sqrt(height**2 / 8 / 10**0.6)
        valid = [b.sample for b in live_beats(noisy, rate_hz) if b.quality >= 0.5]
        result = score(reference, valid, rate_hz)
        total = result if total is None else total + result
    assert total.predictivity >= 0.95
    assert total.sensitivity >= 0.95


def test_scorer_counts_one_to_one(score):
    result = score([100, 200, 300], [98, 104, 210, 500], 100.0)
    assert (result.true, result.extra, result.missed) == (2, 2, 1)


def test_scorer_agrees_with_wfdb(mitdb, score):
    wave, rate_hz, reference = mitdb("105")
    from wfdb.processing import compare_annotations  # already imported, quietly, by the reader

    stop = round(FIRST_S * rate_hz)
    found, reference = ours(wave[:stop], rate_hz), [s for s in reference if s < stop]
    theirs = compare_annotations(np.array(reference), np.array(found), int(0.15 * rate_hz))
    mine = score(reference, found, rate_hz)
    assert (mine.true, mine.extra, mine.missed) == (theirs.tp, theirs.fp, theirs.fn)
