"""What the true rhythm justifies, and that noise alone announces nothing."""

import numpy as np
import pytest

from monitor_app.services.evidence.beats_report import by_ratio
from monitor_app.services.evidence.noise_runs import (
    NoiseTask,
    announced,
    noise_run,
    noise_tasks,
    noisy_samples,
    run_all,
)
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import AnnotatedEcg, annotated_records
from monitor_app.services.evidence.truth import TrueRhythm


@pytest.mark.parametrize(
    ("rule", "interval_s", "expected"),
    [
        ("AL-HR-03", 60 / 121, True),
        ("AL-HR-03", 60 / 119, False),
        ("AL-HR-02", 60 / 141, True),
        ("AL-HR-02", 60 / 139, False),
        ("AL-HR-06", 60 / 49, True),
        ("AL-HR-06", 60 / 51, False),
        ("AL-HR-07", 60 / 39, True),
        ("AL-HR-07", 60 / 41, False),
        ("AL-HR-01", 0.8, False),
    ],
)
def test_only_a_rate_beyond_the_limit_justifies(rule, interval_s, expected):
    rhythm = TrueRhythm(list(np.arange(0.0, 60.0, interval_s)), 60.0)
    assert rhythm.justifies(rule, 40.0) is expected


def test_a_pause_justifies_asystole_for_as_long_as_it_may_be_announced():
    beats_s = [*np.arange(0.0, 20.0, 0.8), *np.arange(24.3, 60.0, 0.8)]
    rhythm = TrueRhythm(beats_s, 60.0)
    assert [rhythm.justifies("AL-HR-01", at) for at in (15.0, 24.0, 30.0, 45.0)] == [False, True, True, False]


def test_motion_at_6_db_raises_nothing_in_a_quiet_heart(shared_data):
    """With no pulse beside it to contradict."""
    ecg = next(annotated_records(shared_data)).first(60)
    found = noise_run(NoiseTask(ecg, 6.0, 11, ()))
    assert found.announced == ()
    assert found.valid.predictivity >= 0.95


def stretch(ecg, samples, from_s, to_s):
    """The part of a record between two instants, in other samples."""
    start, stop = round(from_s * ecg.rate_hz), round(to_s * ecg.rate_hz)
    beats = tuple(b - start for b in ecg.beats if start <= b < stop)
    return AnnotatedEcg(ecg.name, ecg.rate_hz, samples[start:stop], beats)


@pytest.mark.parametrize(
    ("name", "seed", "at_s"), [("222", 13, 1228.0), ("200", 101, 1263.0), ("209", 103, 351.0)]
)
def test_bumps_between_irregular_beats_are_no_tachycardia(name, seed, at_s, shared_data):
    """Where AL-HR-03 came of beats that were none, at 6 dB in hearts of 85 to 113/min."""
    ecg = next(r for r in annotated_records(shared_data) if r.name == name)
    noisy = noisy_samples(NoiseTask(ecg, 6.0, seed, ()))
    assert [a for a in announced(stretch(ecg, noisy, at_s - 60, at_s + 15)) if not a.justified] == []


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("snr_db", [12.0, 6.0, 0.0])
def test_motion_raises_nothing_in_a_heart_just_below_the_limit(snr_db, shared_data):
    """Record 215 beats at 105 to 119/min for most of its length, and AL-HR-03 begins at 120."""
    ecg = next(r for r in annotated_records(shared_data) if r.name == "215")
    for seed in (3, 4):
        assert [a for a in noise_run(NoiseTask(ecg, snr_db, seed, ())).announced if not a.justified] == []


def toy():
    beats = tuple(range(100, 2900, 80))
    wave = np.zeros(3000)
    wave[list(beats)] = 1.0
    return AnnotatedEcg("toy", 100.0, wave, beats)


def test_everybody_gets_the_same_samples():
    heard = []
    deaf = Peer("Deaf", "a program that finds nothing", lambda wave, _rate: heard.append(wave) or [])
    tasks = noise_tasks([toy()], (deaf,), ((6.0, (7, 8)),))
    assert [(t.snr_db, t.seed, len(t.peers)) for t in tasks] == [(None, 0, 0), (6.0, 7, 1), (6.0, 8, 1)]
    assert noisy_samples(tasks[0]) is tasks[0].ecg.samples
    rows = by_ratio(run_all(tasks, 1))
    assert [(row.snr_db, row.runs) for row in rows] == [(None, 1), (6.0, 2)]
    assert [np.array_equal(h, noisy_samples(t)) for h, t in zip(heard, tasks[1:], strict=True)] == [
        True,
        True,
    ]
    assert rows[1].peers["Deaf"].missed == 2 * len(toy().beats)
