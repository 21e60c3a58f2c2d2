"""Samples on the time axis, against a simulated device whose true sample times are known exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.services.bedside.placement import Placed, Placement

S = 1_000_000_000
MS = 1_000_000
RATE_HZ = 250.0


@dataclass(frozen=True)
class Chunk:
    """What a device sent: its counter, how many, when its last sample was truly taken, when it arrived."""

    first: int
    count: int
    true_end_ns: int
    arrived_ns: int


def device(
    seconds: float, *, ppm: float = 0.0, count: int = 4, delay_ms: Callable[[int], float] = lambda _: 2.0
) -> Iterator[Chunk]:
    """A device whose clock runs ``ppm`` fast; ``delay_ms`` of the n-th chunk is the transport's."""
    period_ns = S / RATE_HZ / (1 + ppm * 1e-6)
    last_arrival = 0
    for number in range(int(seconds * RATE_HZ / count)):
        true_end = round((number + 1) * count * period_ns)
        # bytes never overtake each other
        last_arrival = max(last_arrival, true_end + round(delay_ms(number) * MS))
        yield Chunk(number * count, count, true_end, last_arrival)


def burst(period_ms: float, chunk_ms: float) -> Callable[[int], float]:
    """An adapter that hands over what it has every ``period_ms``."""

    def delay(number: int) -> float:
        end_ms = (number + 1) * chunk_ms
        return float(np.ceil(end_ms / period_ms) * period_ms - end_ms)

    return delay


def span_ns(count: int) -> int:
    return round(count * S / RATE_HZ)


def end_ns(placed: Placed, count: int) -> int:
    return placed.t_ns + span_ns(count)


@pytest.mark.parametrize("ppm", [-3000, -100, 0, 100, 3000])
def test_drift_stays_within_50_ms_over_hours(ppm: float) -> None:
    worst = worst_error_ns(device(2 * 3600, ppm=ppm, count=50))
    assert worst <= 30 * MS


@pytest.mark.parametrize("ppm", [-3000, -100, 100, 3000])
@pytest.mark.parametrize("period_ms", [16, 200])
def test_drift_stays_within_50_ms_behind_a_usb_adapter(ppm: float, period_ms: float) -> None:
    delay = burst(period_ms, 4 / RATE_HZ / (1 + ppm * 1e-6) * 1000)
    assert worst_error_ns(device(600, ppm=ppm, delay_ms=delay)) <= 50 * MS


def worst_error_ns(chunks: Iterator[Chunk]) -> int:
    """How far samples were placed from where they belong, once the first seconds are over."""
    placement = Placement(RATE_HZ)
    worst = 0
    for chunk in chunks:
        placed = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
        assert (placed.gap_ns, placed.index) == (0, chunk.first)
        if chunk.true_end_ns > 5 * S:
            worst = max(worst, abs(end_ns(placed, chunk.count) - chunk.true_end_ns))
    return worst


def test_a_nominal_rate_is_placed_to_the_millisecond() -> None:
    placement = Placement(RATE_HZ)
    for chunk in device(20):
        placed = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
        assert abs(end_ns(placed, chunk.count) - chunk.true_end_ns) <= 3 * MS


def test_delays_up_to_200_ms_make_no_gap_and_do_not_move_the_axis() -> None:
    rng = np.random.default_rng(3)
    placement = Placement(RATE_HZ)
    for chunk in device(120, delay_ms=lambda _: 200.0 if rng.random() < 0.03 else 1.0):
        placed = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
        assert placed.gap_ns == 0
        assert placed.index == chunk.first
    assert abs(end_ns(placed, chunk.count) - chunk.true_end_ns) <= 50 * MS


def test_a_computer_that_stood_still_for_three_seconds_makes_no_gap() -> None:
    """Everything the system had buffered is read at once."""
    placement = Placement(RATE_HZ)

    def delay(number: int) -> float:
        end_s = (number + 1) * 4 / RATE_HZ
        return max(13.0 - end_s, 0) * 1000 if 10 <= end_s < 13 else 1.0

    for chunk in device(30, delay_ms=delay):
        placed = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
        assert placed.gap_ns == 0
        assert abs(end_ns(placed, chunk.count) - chunk.true_end_ns) <= 5 * MS


def test_a_loss_the_counter_tells_is_a_gap_at_its_place() -> None:
    placement = Placement(RATE_HZ)
    gaps = []
    for chunk in device(20):
        if 10 * S < chunk.true_end_ns <= 11 * S:
            continue
        placed = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
        assert placed.index == chunk.first
        if placed.gap_ns:
            gaps.append((placed.gap_from_ns, placed.gap_ns, placed.t_ns))
    ((begin, length, after),) = gaps
    assert begin == pytest.approx(10 * S, abs=4 * MS)
    assert length == pytest.approx(1 * S, abs=span_ns(4))
    assert after == begin + length


@pytest.mark.parametrize("silence_s", [0.4, 1.0, 2.5])
def test_a_silence_the_counter_does_not_tell_becomes_a_gap(silence_s: float) -> None:
    """The device has no counter: its samples continue as if nothing had been lost."""
    placement = Placement(RATE_HZ)
    gaps = []
    first = 0
    for chunk in device(20):
        if 10 * S < chunk.true_end_ns <= 10 * S + silence_s * S:
            continue
        placed = placement.place(first, chunk.count, chunk.arrived_ns)
        first += chunk.count
        if placed.gap_ns:
            gaps.append(placed)
        if chunk.true_end_ns > 12 * S + silence_s * S:
            assert abs(end_ns(placed, chunk.count) - chunk.true_end_ns) <= 5 * MS
            assert abs(placed.index - chunk.first) <= 2
    (gap,) = gaps
    assert gap.gap_ns == pytest.approx(silence_s * S, abs=10 * MS)
    # Noticed once it has lasted longer than any burst: the 0.3 s before that are placed before the gap.
    assert 10 * S - 5 * MS <= gap.gap_from_ns <= 10.35 * S


def test_a_lost_connection_is_a_gap_at_once_and_the_counter_goes_on() -> None:
    placement = Placement(RATE_HZ)
    chunks = list(device(10))
    for chunk in chunks:
        before = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
    placement.lost()
    again = placement.place(0, 4, chunks[-1].arrived_ns + 5 * S)
    assert again.gap_from_ns == end_ns(before, 4)
    assert again.gap_ns == pytest.approx(5 * S - span_ns(4), abs=4 * MS)
    assert again.t_ns == again.gap_from_ns + again.gap_ns
    assert again.index == before.index + 4 + round(again.gap_ns * RATE_HZ / S)


def test_a_counter_that_begins_anew_is_noticed_without_being_told() -> None:
    placement = Placement(RATE_HZ)
    placement.place(1000, 250, 1 * S)
    again = placement.place(0, 250, 4 * S)
    assert (again.gap_from_ns, again.gap_ns, again.t_ns) == (1 * S, 2 * S, 3 * S)
    assert again.index == 250 + 500


def test_a_counter_that_jumps_into_the_future_is_not_believed() -> None:
    placement = Placement(RATE_HZ)
    placement.place(0, 250, 1 * S)
    wild = placement.place(1 << 31, 250, 2 * S)
    assert (wild.index, wild.t_ns, wild.gap_ns) == (250, 1 * S, 0)


def test_a_late_first_chunk_is_put_right_within_a_second() -> None:
    placement = Placement(RATE_HZ)
    for chunk in device(10, delay_ms=lambda n: 200.0 if n < 5 else 0.0):
        placed = placement.place(chunk.first, chunk.count, chunk.arrived_ns)
        if chunk.true_end_ns > 1.2 * S:
            assert abs(end_ns(placed, 4) - chunk.true_end_ns) <= 10 * MS


def test_it_goes_on_where_an_earlier_recording_ended() -> None:
    placement = Placement(RATE_HZ, next_index=5000, from_t_ns=60 * S)
    placed = placement.place(0, 250, 62 * S)
    assert (placed.gap_from_ns, placed.gap_ns) == (60 * S, 1 * S)
    assert (placed.index, placed.t_ns) == (5250, 61 * S)


def test_samples_faster_than_nominal_never_run_ahead_of_the_clock() -> None:
    """An emulator at 5 times the speed."""
    placement = Placement(RATE_HZ)
    for number in range(2000):
        arrived = round((number + 1) * 4 / RATE_HZ / 5 * S)
        placed = placement.place(number * 4, 4, arrived)
        assert end_ns(placed, 4) <= arrived + 300 * MS


EVENTS = st.lists(
    st.tuples(
        st.integers(1, 60),  # samples
        st.integers(0, 400 * MS),  # host time since the last chunk
        st.one_of(st.just(0), st.integers(-5000, 500)),  # jump of the device's counter
        st.booleans(),  # the connection was lost before it
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_time_and_counter_never_go_back(events: list[tuple[int, int, int, bool]]) -> None:
    placement = Placement(RATE_HZ)
    device_next, now = 0, 0
    last: Placed | None = None
    last_count = 0
    for count, passed, jump, lost in events:
        now += passed
        first = max(device_next + jump, 0)
        if lost:
            placement.lost()
        placed = placement.place(first, count, now)
        device_next = first + count
        assert placed.gap_ns >= 0
        if last is not None:
            assert placed.t_ns > last.t_ns
            assert placed.index >= last.index + last_count
            # A gap is told exactly where samples are left open, and only there.
            opened = placed.index - (last.index + last_count)
            assert round(placed.gap_ns * RATE_HZ / S) == opened
            assert (placed.gap_ns > 0) == (opened > 0)
            assert placed.t_ns >= placed.gap_from_ns + placed.gap_ns
        last, last_count = placed, count
