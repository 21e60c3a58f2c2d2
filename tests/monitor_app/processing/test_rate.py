"""Rate averaging of clinical.md §8.3 and its step responses of §5.9 and §7."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.processing.rate import RateMeter


def fed(intervals_s):
    meter = RateMeter()
    for t in np.concatenate(([0.0], np.cumsum(intervals_s))):
        meter.add(float(t))
    return meter, float(np.sum(intervals_s))


def reading(intervals_s):
    meter, now = fed(intervals_s)
    return meter.read(now)


def step(before, after, *, for_s=30.0):
    """Times since the step and the displayed rate at each later beat."""
    meter, now = fed([60.0 / before] * 20)
    out, t = [], 0.0
    while t < for_s:
        t += 60.0 / after
        meter.add(now + t)
        out.append((t, meter.read(now + t).per_min))
    return out


@pytest.mark.parametrize(("after", "limit", "at_s"), [(125, 120, 5.3), (150, 120, 3.6), (38, 40, 6.3)])
def test_step_crosses_the_limit_when_promised(after, limit, at_s):
    beyond = (lambda r: r > limit) if after > 80 else (lambda r: r < limit)
    crossed = next(t for t, rate in step(80, after) if beyond(rate))
    assert crossed == pytest.approx(at_s, abs=0.1)


@pytest.mark.parametrize("after", [40, 120])
def test_steps_settle_within_11_s(after):
    assert all(rate == pytest.approx(after, abs=5) for t, rate in step(80, after) if t > 11)


def test_seventeen_beats_at_150_take_6_8_s():
    meter, now = fed([0.75] * 20)
    for k in range(1, 18):
        assert meter.run_above(140) == k - 1
        meter.add(now + 0.4 * k)
    assert meter.run_above(140) == 17


def test_artefact_of_v4_lifts_the_display_from_2_9_to_9_8_s():
    meter, now = fed([0.75] * 20)
    times = [60 / 165 * k for k in range(1, 17)]
    times += [times[-1] + 0.75 * k for k in range(1, 12)]
    above = []
    for t in times:
        meter.add(now + t)
        if meter.read(now + t).per_min > 120:
            above.append(t)
    assert above[0] == pytest.approx(2.9, abs=0.1)
    end = next(t for t in times if t > above[-1])
    assert end == pytest.approx(9.8, abs=0.9)


@pytest.mark.parametrize(
    ("pattern_s", "expected"),
    [
        ((0.6, 0.9), 80),  # ventricular bigeminy
        ((0.8, 1.2), 60),  # slow alternating bigeminy
        ((0.4, 0.6), 120),  # rapid alternating bigeminy
        ((0.6, 60 / 90 * 2 - 0.6), 90),  # bidirectional systoles
    ],
)
def test_irregular_rhythms_have_their_mean_rate(pattern_s, expected):
    """Expectations that vendors print (clinical.md §8.3)."""
    for phase in (0, 1):
        assert reading((pattern_s * 10)[phase:]).per_min == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("intervals_s", "per_min"),
    [
        ([], None),
        ([0.8], None),
        ([0.8, 0.8], 75.0),
        ([0.5, 1.0, 1.0, 1.0], 60 / 0.875),  # plain mean of up to four
        ([0.5, 1.0, 1.0, 1.0, 3.0], 60.0),  # from five on without the extremes
        ([1.0] * 11 + [3.0], 60.0),
        ([1.5] * 3, 40.0),
        ([0.75, 1.578, 1.578, 1.578], 60 / 1.371),  # the last three slow: mean of the last four
        ([2.0] * 8, 30.0),
        ([1.2] * 12, 50.0),  # exactly 1200 ms is not slow
        ([0.2] * 20, 300.0),
        ([0.15] * 20, None),
    ],
)
def test_average(intervals_s, per_min):
    expected = None if per_min is None else pytest.approx(per_min, abs=0.01)
    assert reading(intervals_s).per_min == expected


def test_beat_level_is_the_median_of_the_last_four():
    assert reading([0.5, 0.5, 0.5]).beat_level_per_min is None
    assert reading([2.0, 1.0, 0.5, 0.6, 0.4]).beat_level_per_min == pytest.approx(60 / 0.55)


def test_silence_of_four_seconds_ends_the_rate():
    meter, now = fed([0.75] * 20)
    assert meter.read(now + 3.9).per_min == pytest.approx(80)
    late = meter.read(now + 4.1)
    assert (late.per_min, late.beat_level_per_min) == (None, None)
    assert late.since_beat_s == pytest.approx(4.1)


def test_without_any_beat_silence_counts_from_the_first_question():
    meter = RateMeter()
    assert meter.read(100.0).since_beat_s == 0.0
    assert meter.read(105.0).since_beat_s == 5.0


def test_a_gap_gives_no_interval_and_breaks_runs():
    meter, now = fed([0.4] * 10)
    meter.add(now + 5.0, after_gap=True)
    assert meter.run_above(140) == 0
    assert meter.read(now + 5.0).intervals == 10
    meter.add(now + 5.4)
    assert meter.run_above(140) == 1


def test_a_long_gap_forgets_the_old_rhythm():
    meter, now = fed([0.4] * 10)
    meter.add(now + 11.0, after_gap=True)
    assert meter.read(now + 11.0).per_min is None


def test_runs_are_strict_and_end_at_the_first_other_beat():
    meter, _ = fed([0.8] + [60 / 140] * 3 + [0.42] * 4)
    assert meter.run_above(140.0001) == 4
    assert fed([1.0, 1.6, 1.7])[0].run_below(40) == 2
    assert fed([1.5, 1.5])[0].run_below(40) == 0


def test_a_beat_told_twice_counts_once():
    meter, now = fed([0.8, 0.8])
    meter.add(now)
    assert meter.read(now).intervals == 2


@given(st.lists(st.floats(0.2, 4.0), min_size=12, max_size=40))
def test_rate_lies_between_the_fastest_and_slowest_interval(intervals_s):
    per_min = reading(intervals_s).per_min
    assert 60 / max(intervals_s) - 1e-6 <= per_min <= 60 / min(intervals_s) + 1e-6
