"""The ring against a plain dictionary of samples: the newest seconds, gaps as NaN, a counter that goes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.services.wave_ring import HELD_S, WaveRing


def values(count: int, start: float = 0.0) -> np.ndarray:
    return np.arange(start, start + count, dtype=np.float32)


def small() -> WaveRing:
    return WaveRing(rate_hz=10.0, seconds=2.0)  # twenty samples


def test_an_empty_ring_gives_nothing():
    piece = small().since(0)
    assert (piece.first, len(piece.values)) == (0, 0)


def test_what_was_added_comes_back_at_its_counter():
    ring = small()
    ring.append(100, values(5), 1_500)
    piece = ring.since(0)
    assert (piece.first, ring.start, ring.end, ring.t_ns_of_end) == (100, 100, 105, 1_500)
    assert piece.values.tolist() == [0, 1, 2, 3, 4]


def test_only_the_newest_are_held():
    ring = small()
    for k in range(10):
        ring.append(7 * k, values(7, 7.0 * k), k)
    assert (ring.start, ring.end) == (50, 70)
    assert ring.since(0).values.tolist() == list(range(50, 70))
    assert ring.since(66).values.tolist() == [66, 67, 68, 69]


def test_a_chunk_longer_than_the_ring():
    ring = small()
    ring.append(0, values(45), 1)
    assert ring.since(0).values.tolist() == list(range(25, 45))


def test_a_jump_forward_is_a_gap():
    ring = small()
    ring.append(0, values(3), 1)
    ring.append(6, values(2, 6), 2)
    assert np.array_equal(ring.since(0).values, [0, 1, 2, np.nan, np.nan, np.nan, 6, 7], equal_nan=True)


def test_a_gap_longer_than_the_ring():
    ring = small()
    ring.append(0, values(3), 1)
    ring.append(1000, values(2, 1000), 2)
    held = ring.since(0)
    assert held.first == 982
    assert np.isnan(held.values[:-2]).all()
    assert held.values[-2:].tolist() == [1000, 1001]


def test_samples_heard_twice_are_kept_once():
    ring = small()
    ring.append(0, values(6), 1)
    ring.append(4, np.array([99, 99, 6, 7], dtype=np.float32), 2)
    assert ring.since(0).values.tolist() == list(range(8))
    assert ring.epoch == 1


@pytest.mark.parametrize("first", [0, 5, 16])
def test_a_counter_that_goes_back_begins_anew(first):
    ring = small()
    ring.append(0, values(20), 1)
    before = ring.epoch
    ring.append(first, np.array([7, 8, 9], dtype=np.float32), 2)
    assert ring.epoch == before + 1
    assert (ring.start, ring.end) == (first, first + 3)
    assert ring.since(0).values.tolist() == [7, 8, 9]


def test_nothing_added_changes_nothing():
    ring = small()
    ring.append(0, values(3), 1)
    ring.append(9, values(0), 2)
    assert (ring.end, ring.t_ns_of_end, ring.epoch) == (3, 1, 1)


def test_what_was_given_out_is_a_copy():
    ring = small()
    ring.append(0, values(20), 1)
    held = ring.since(0).values
    held[:] = -1
    ring.append(20, values(5, 20), 2)
    assert ring.since(5).values.tolist() == list(range(5, 25))


def test_a_snapshot_stays_as_it_was():
    ring = small()
    ring.append(0, values(20), 1)
    still = ring.snapshot()
    ring.append(20, values(10, 20), 2)
    assert still.since(0).values.tolist() == list(range(20))
    assert (still.end, still.t_ns_of_end, still.rate_hz) == (20, 1, 10.0)


def test_it_holds_the_slowest_sweep_of_a_wide_screen():
    ring = WaveRing(500.0)
    ring.append(0, np.zeros(round(500 * HELD_S) + 1), 1)
    assert ring.end - ring.start == 500 * HELD_S
    assert HELD_S * 6.25 > 700 * 2 / 3  # millimetres of the strips on a 32-inch screen (screen.md, Columns)


steps = st.lists(st.tuples(st.integers(-3, 30), st.integers(1, 30)), max_size=30)


@given(steps)
def test_forward_steps_agree_with_a_dictionary(chunks):
    ring, known, count = small(), {}, 0.0
    for jump, length in chunks:
        first = max(ring.end + jump, 0)
        if first + length <= ring.end:
            continue
        new = values(length, count)
        count += length
        for k, value in enumerate(new):
            if first + k >= ring.end or not known:
                known[first + k] = value
        ring.append(first, new, 0)
        held = ring.since(0)
        assert held.first == ring.start
        expected = [known.get(k, np.nan) for k in range(ring.start, ring.end)]
        assert np.array_equal(held.values, np.array(expected, dtype=np.float32), equal_nan=True)
    assert ring.end - ring.start <= 20


def test_what_came_since_an_instant_can_be_made_a_gap():
    ring = small()
    ring.append(0, values(20), 10_000_000_000)  # samples at 8.0, 8.1 … 9.9 s
    ring.blank_since(9_500_000_000)
    assert ring.since(0).values[:15].tolist() == list(range(15))
    assert np.isnan(ring.since(0).values[15:]).all()
    assert (ring.start, ring.end) == (0, 20)


@pytest.mark.parametrize(
    ("t_ns", "held", "anew"), [(0, 0, 1), (10_000_000_000, 20, 0), (11_000_000_000, 20, 0)]
)
def test_a_gap_takes_no_more_and_no_less_than_there_is(t_ns, held, anew):
    ring = small()
    ring.append(7, values(30), 10_000_000_000)  # over the edge of the ring
    epoch = ring.epoch
    ring.blank_since(t_ns)
    assert np.isfinite(ring.since(0).values).sum() == held
    assert ring.epoch == epoch + anew
