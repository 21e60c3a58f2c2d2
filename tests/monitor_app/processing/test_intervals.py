"""Which beats the rate is made of: none of those that noise puts between the beats, all of a real rhythm."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.processing.intervals import TimedBeat, trusted_intervals
from monitor_app.processing.rate import RateMeter


def beats(times_s, *, quality=1.0, disturbed=True, worse=()):
    """Beats of one quality; ``worse`` names others by time."""
    other = dict(worse)
    return [TimedBeat(t, quality=other.get(t, quality), disturbed=disturbed) for t in times_s]


def steady(count=20, interval_s=0.8):
    return [round(k * interval_s, 3) for k in range(count)]


def rate_of(some):
    meter = RateMeter()
    for b in some:
        meter.add(b.t_s, after_gap=b.after_gap, quality=b.quality, disturbed=b.disturbed)
    return meter.read(some[-1].t_s).per_min


def test_a_beat_that_splits_an_interval_among_noise_is_left_out_whatever_its_quality():
    found = trusted_intervals(beats(sorted([*steady(), 8.45])))
    assert found == pytest.approx([0.8] * 18)


def test_on_an_undisturbed_line_a_clear_one_is_an_interpolated_ectopic_and_counts():
    times = sorted([*steady(), 8.45])
    assert len(trusted_intervals(beats(times, disturbed=False))) == 20
    assert len(trusted_intervals(beats(times, disturbed=False, worse={8.45: 0.9}))) == 18


def test_a_beat_of_low_quality_is_left_out_of_a_steady_rhythm():
    found = trusted_intervals(beats(steady(), disturbed=False, worse={8.0: 0.4}))
    assert len(found) == 17
    assert found == pytest.approx([0.8] * 17)


def test_two_artefacts_within_one_interval_are_left_out():
    times = sorted([*steady(), 8.25, 8.5])
    assert trusted_intervals(beats(times, worse={8.25: 0.6, 8.5: 0.7})) == pytest.approx([0.8] * 18)


@pytest.mark.parametrize("disturbed", [False, True])
def test_a_rhythm_that_doubles_is_believed_after_six_beats(disturbed):
    """Every second beat of it splits what was one interval before: artefacts do not go on like that."""
    before = steady(20)
    for count in (7, 12):
        after = [round(before[-1] + 0.4 * k, 3) for k in range(1, count + 1)]
        assert trusted_intervals(beats(before + after, disturbed=disturbed))[-6:] == pytest.approx([0.4] * 6)


def test_in_fibrillation_an_early_beat_is_no_artefact():
    intervals = np.random.default_rng(4).uniform(0.35, 0.95, 24)
    times = [0.0, *(float(t) for t in np.cumsum(intervals))]
    assert trusted_intervals(beats(times)) == pytest.approx(list(intervals))
    assert len(trusted_intervals(beats(times, worse={times[12]: 0.1}))) == 22  # hardly anything speaks for it


def test_in_fibrillation_on_a_disturbed_line_an_early_beat_must_be_clear_to_count():
    """Neither its time nor its shape vouches for it."""
    intervals = [0.5, 0.8, 0.6, 0.95, 0.45, 0.85] * 4
    times = [0.0, *(float(t) for t in np.cumsum(intervals))]
    early, due = times[11], times[14]
    for disturbed, quality, known in ((True, 0.6, 22), (True, 0.9, 24), (False, 0.6, 24)):
        some = beats(times, disturbed=disturbed, worse={early: quality})
        assert len(trusted_intervals(some)) == known
    assert len(trusted_intervals(beats(times, worse={due: 0.6}))) == 24


@pytest.mark.parametrize("pattern_s", [(0.6, 0.9), (0.4, 0.6), (0.5, 0.5, 0.9)])
def test_coupled_beats_of_good_quality_count_among_noise(pattern_s):
    times = [float(t) for t in np.cumsum((0.0, *(pattern_s * 8)))]
    assert rate_of(beats(times)) == pytest.approx(rate_of(beats(times, disturbed=False)))


def test_no_interval_crosses_a_gap():
    some = beats(steady())
    some[10] = TimedBeat(some[10].t_s, after_gap=True, disturbed=True)
    assert len(trusted_intervals(some)) == 18


@given(
    st.floats(0.5, 1.1),
    st.lists(st.integers(2, 26), max_size=3, unique=True),
    st.floats(0.3, 0.7),
    st.booleans(),
)
def test_artefacts_do_not_raise_the_rate_of_a_steady_heart(interval_s, splits, where, clear):
    """An artefact now and then among noise, clear or not, leaves the rate as it is."""
    apart = [s for s in splits if all(abs(s - other) > 2 for other in splits if other != s)]
    times = [interval_s * k for k in range(30)]
    extra = {interval_s * (s + where): 1.0 if clear else 0.6 for s in apart}
    some = beats(sorted([*times, *extra]), worse=extra)
    assert rate_of(some) == pytest.approx(60 / interval_s, rel=0.01)


def metered(*parts):
    """A meter fed with stretches of ``(count, interval_s, qualities that take turns)``."""
    meter, t = RateMeter(), 0.0
    for count, interval_s, qualities in parts:
        for k in range(count):
            t += interval_s
            meter.add(t, quality=qualities[k % len(qualities)], disturbed=True)
    return meter, t


def test_a_run_is_neither_made_longer_nor_ended_by_a_beat_of_low_quality_in_it():
    """clinical.md §5.8.1: below 0.5 a value is not for rules."""
    meter = RateMeter()
    for k in range(20):
        meter.add(0.4 * k, quality=0.3 if k == 10 else 1.0)
    assert meter.run_above(140) == 17
    assert meter.run_below(140) == 0


@pytest.mark.parametrize(("unsure", "run"), [(1, 17), (2, 17), (3, 0), (20, 0)])
def test_nothing_but_beats_of_low_quality_end_a_run(unsure, run):
    assert metered((18, 0.4, [1.0]), (unsure, 0.4, [0.3]))[0].run_above(140) == run


def test_what_went_on_between_two_runs_is_not_left_out():
    """Nine fast beats, a minute at 60/min of low quality, and nine more are no seventeen in a row (AL-HR-02)."""
    meter, _ = metered((30, 1.0, [1.0]), (9, 0.4, [1.0]), (60, 1.0, [0.3]), (9, 0.4, [1.0]))
    assert meter.run_above(140) == 8


@pytest.mark.parametrize("unsure", [1, 2])
def test_a_beat_of_low_quality_ends_a_run_that_it_contradicts(unsure):
    meter, _ = metered((9, 0.4, [1.0]), (unsure, 1.0, [0.3]), (9, 0.4, [1.0]))
    assert meter.run_above(140) == 8
    slow, _ = metered((9, 1.6, [1.0]), (unsure, 0.3, [0.3]), (4, 0.4, [1.0]))
    assert slow.run_below(40) == 0


def test_an_artefact_within_a_slow_interval_does_not_end_the_slow_run():
    meter, t = metered((4, 1.7, [1.0]))
    meter.add(t + 0.8, quality=0.3, disturbed=True)
    meter.add(t + 1.7, disturbed=True)
    meter.add(t + 3.4, disturbed=True)
    assert meter.run_below(40) == 4


def test_every_second_beat_of_low_quality_in_time_is_a_rhythm_of_two_shapes():
    meter, t = metered((30, 1.0, [1.0]), (40, 1 / 3, [0.9, 0.3]))
    assert meter.read(t).per_min == pytest.approx(180, rel=0.01)
    assert meter.run_above(140) >= 17
    meter.add(t + 1 / 3, quality=0.9, disturbed=True)
    meter.add(t + 2 / 3, quality=0.9, disturbed=True)
    assert meter.read(t + 2 / 3).per_min == pytest.approx(180, rel=0.01)


def test_every_second_beat_of_low_quality_out_of_time_is_none():
    """So T waves come that are taken for beats: in time for themselves, and not halfway."""
    meter, t = RateMeter(), 0.0
    for _ in range(40):
        meter.add(t, quality=1.0, disturbed=True)
        meter.add(t + 0.3, quality=0.3, disturbed=True)
        t += 0.7
    assert meter.read(t).per_min is None or meter.read(t).per_min < 100
    assert meter.run_above(140) == 0


@given(st.lists(st.floats(0.2, 3.0), min_size=1, max_size=30))
def test_clear_beats_on_a_quiet_line_all_count(intervals_s):
    times = [0.0, *(float(t) for t in np.cumsum(intervals_s))]
    expected = [later - earlier for earlier, later in pairwise(times)]
    assert trusted_intervals(beats(times, disturbed=False)) == expected


def test_where_only_doubtful_beats_came_last_there_is_no_rate():
    """The intervals before them do not tell of now."""
    some = beats(steady(), worse={12.8: 0.2, 13.6: 0.2, 14.4: 0.2, 15.2: 0.2})
    assert rate_of(some[:18]) == pytest.approx(75)
    assert rate_of(some) is None
    assert rate_of([*some, *(TimedBeat(15.2 + 0.8 * k) for k in (1, 2))]) == pytest.approx(75)
