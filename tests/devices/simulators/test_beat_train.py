import numpy as np
import pytest

from devices.simulators.beat_train import KEPT_S, BeatTrain


def train(rates: list[float], *, rr: float = 15.0, seed: int = 1) -> BeatTrain:
    beats = BeatTrain(seed)
    for k, rate in enumerate(rates):
        beats.add_second(k, hr_per_min=rate, rr_per_min=rr, pi_percent=3)
    return beats


@pytest.mark.parametrize("rate", [35, 60, 72, 110, 150, 220])
def test_mean_rate_is_the_rate_asked(rate: float) -> None:
    times = train([rate] * 100).between(0, 100)
    assert 60 / np.diff(times).mean() == pytest.approx(rate, abs=1.0)


def test_variability_follows_the_breath_and_is_small() -> None:
    intervals = np.diff(train([60.0] * 110).between(0, 110)) * 1000
    assert 10 < intervals.std() < 60
    fast = np.diff(train([140.0] * 100).between(0, 100)) * 1000
    assert fast.std() < 10


def test_a_step_in_rate_shows_within_two_beats() -> None:
    times = train([80.0] * 20 + [125.0] * 20).between(0, 40)
    after = np.diff(times[times > 21.5])
    assert 60 / after.mean() == pytest.approx(125, abs=2)


def test_standstill_and_return() -> None:
    times = train([70.0] * 10 + [0.0] * 10 + [70.0] * 10).between(0, 30)
    assert not ((times > 11.2) & (times < 20.2)).any()
    assert (times > 20.2).sum() >= 10
    assert (np.diff(times) > 0.3).all()


def test_between_is_half_open_and_pieces_make_the_whole() -> None:
    beats = train([77.0] * 60)
    whole = beats.between(0, 60)
    pieces = np.concatenate([beats.between(k * 0.1, (k + 1) * 0.1) for k in range(600)])
    assert np.array_equal(whole, pieces)
    assert whole[3] in beats.between(whole[3], whole[4])
    assert whole[4] not in beats.between(whole[3], whole[4])


def test_what_a_second_is_drawn_from_does_not_change_later() -> None:
    beats = BeatTrain(3)
    seen = {}
    for k in range(60):
        beats.add_second(k, hr_per_min=60 + 2 * k, rr_per_min=15, pi_percent=3)
        seen[k] = beats.around(k, before_s=0.75, next_too=True)
    for k, (times, intervals) in seen.items():
        later_times, later_intervals = beats.around(k, before_s=0.75, next_too=True)
        assert np.array_equal(times, later_times)
        assert np.array_equal(intervals, later_intervals)


def test_the_past_is_forgotten() -> None:
    beats = train([200.0] * 1000)
    assert beats.second(999) is not None
    assert beats.second(999 - KEPT_S) is None
    assert beats.between(0, 300).size == 0
    assert beats.between(999 - KEPT_S, 999).size > 300


def test_breath_phase_is_continuous() -> None:
    beats = train([70.0] * 30, rr=12)
    at_s = np.arange(25)[:, None] + np.arange(10) / 10
    phase = np.concatenate([beats.breath_phase(row, k) for k, row in enumerate(at_s)])
    assert np.allclose(np.diff(phase), 0.02)
