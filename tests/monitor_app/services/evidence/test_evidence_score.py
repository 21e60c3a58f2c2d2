"""The scorer against counts made by hand and against wfdb's own comparison."""

import warnings

import numpy as np
import pytest

from monitor_app.services.evidence.score import AlarmScore, BeatScore, score_beats


@pytest.mark.parametrize(
    ("reference", "found", "expected"),
    [
        ([], [], (0, 0, 0)),
        ([100], [], (0, 0, 1)),
        ([], [100], (0, 1, 0)),
        ([100], [115], (1, 0, 0)),  # exactly 150 ms
        ([100], [116], (0, 1, 1)),
        ([100, 200, 300], [98, 104, 210, 500], (2, 2, 1)),
        ([100, 120], [110, 121], (2, 0, 0)),
        ([100], [90, 101], (1, 1, 0)),
    ],
)
def test_one_to_one_within_150_ms(reference, found, expected):
    result = score_beats(reference, found, 100.0)
    assert (result.true, result.extra, result.missed) == expected


def test_wfdb_counts_the_same():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wfdb 4.3 calls parts of pandas that pandas means to drop
        from wfdb.processing import compare_annotations
    rng = np.random.default_rng(8)
    reference = np.cumsum(rng.integers(200, 400, 300))
    found = np.sort(
        np.concatenate(
            (reference[rng.random(300) > 0.1] + rng.integers(-40, 40), rng.integers(0, reference[-1], 20))
        )
    )
    theirs = compare_annotations(reference, found, int(0.15 * 360))
    mine = score_beats(list(reference), list(found), 360.0)
    assert (mine.true, mine.extra, mine.missed) == (theirs.tp, theirs.fp, theirs.fn)


def test_rates_of_a_score():
    score = BeatScore(90, 10, 30) + BeatScore()
    assert score.sensitivity == 0.75
    assert score.predictivity == 0.9
    assert score.f1 == pytest.approx(2 * 0.75 * 0.9 / 1.65)
    assert (BeatScore().f1, BeatScore().sensitivity, BeatScore().predictivity) == (1.0, 1.0, 1.0)


def test_a_missed_true_alarm_costs_five():
    """clinical.md §5.8: 100 (TP + TN) / (TP + TN + FP + 5 FN)."""
    score = AlarmScore()
    assert (score.true_positive_rate, score.true_negative_rate, score.challenge_score) == (None, None, 0.0)
    for true, raised in [(True, True), (True, False), (False, True), (False, False), (False, False)]:
        score = score.with_case(true=true, raised=raised)
    assert score.true_positive_rate == 0.5
    assert score.true_negative_rate == pytest.approx(2 / 3)
    assert score.challenge_score == pytest.approx(100 * 3 / (3 + 1 + 5))
