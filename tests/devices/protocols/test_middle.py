from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.middle import MiddleOfThree, TwiceSaid


def told(*numbers: float | None) -> list[float | None]:
    """What is told after each frame; "-" where nothing is."""
    middle = MiddleOfThree()
    return [(middle.take("PR", number) or ("-",))[0] for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((72,), [72]),
        ((72, 72), [72, 72]),
        ((72, 72, 80), [72, 72, "-"]),
        ((72, 72, 80, 80), [72, 72, "-", 80]),
        ((72, 80, 80, 72, 72), [72, "-", 80, "-", 72]),
        ((72, 72, 80, 72), [72, 72, "-", 72]),
        ((72, 72, 80, 90), [72, 72, "-", "-"]),
        ((72, 72, 80, 90, 90), [72, 72, "-", "-", 90]),
        ((72, 72, 74, 76, 78, 80), [72, 72, "-", "-", 76, 78]),
        ((72, 73, 72, 73, 72), [72, "-", 72, 73, 72]),
        ((72, 72, 74, 73, 72, 74, 73), [72, 72, "-", "-", 73, 73, 73]),
        ((72, 73, 72, 74), [72, "-", 72, "-"]),
        ((72, 72, 200, 72, 80), [72, 72, "-", 72, "-"]),
        ((72, 200, 72, 200, 72), [72, "-", 72, "-", 72]),
        ((72, 72, 200, 150, 110, 72), [72, 72, "-", "-", "-", "-"]),
        ((72, 72, None), [72, 72, "-"]),
        ((72, 72, None, None), [72, 72, "-", None]),
        ((72, 72, None, 72, 72), [72, 72, "-", "-", 72]),
        ((None, None, 72, 72), [None, None, "-", 72]),
    ],
)
def test_the_table(numbers, expected):
    assert told(*numbers) == expected


def test_where_absence_is_sure_it_is_told_at_once():
    middle = MiddleOfThree()
    assert middle.take("PR", 72.0, sure=True) == (72.0,)
    assert middle.take("PR", None, sure=True) == (None,)
    assert middle.take("PR", 75.0, sure=True) == (75.0,)


def test_after_an_interruption_two_must_agree_and_fields_are_apart():
    middle = MiddleOfThree()
    for name in ("PR", "SPO2"):
        assert middle.take(name, 72.0) == (72.0,)
    middle.interrupt()
    assert middle.take("PR", 90.0) == ()
    assert middle.take("PR", 90.0) == (90.0,)
    assert middle.take("SPO2", 72.0) == ()


@given(st.integers(30, 200), st.integers(0, 250), st.integers(2, 10))
def test_one_wrong_frame_among_steady_ones_is_never_told(true, wrong, at):
    numbers = [float(true)] * 12
    numbers[at] = float(wrong)
    assert set(told(*numbers)) <= {float(true), "-"}


@given(st.lists(st.integers(-3, 3), min_size=10, max_size=40), st.data())
def test_with_one_wrong_frame_nothing_is_told_outside_what_was_sent_around_it(steps, data):
    numbers = [100.0]
    for step in steps:
        numbers.append(numbers[-1] + step)
    at = data.draw(st.integers(1, len(numbers) - 1))
    damaged = [*numbers[:at], data.draw(st.floats(0, 511)), *numbers[at + 1 :]]
    for k, number in enumerate(told(*damaged)):
        if number != "-" and k:
            near = numbers[max(0, k - 3) : k + 1]
            assert number is not None
            assert min(near) <= number <= max(near)


@given(st.lists(st.integers(-4, 4), min_size=10, max_size=60))
def test_a_number_that_wanders_is_never_untold_for_long(steps):
    numbers = [90.0]
    for step in steps:
        numbers.append(numbers[-1] + step)
    untold = "".join("-" if number == "-" else "+" for number in told(*numbers))
    assert "----" not in untold


@given(st.integers(45, 180), st.lists(st.tuples(st.integers(2, 9), st.integers(0, 511)), max_size=8))
def test_wrong_frames_with_a_good_one_between_are_never_told_where_they_are_far_off(true, faults):
    numbers: list[float] = [float(true)] * 2
    for distance, wrong in faults:
        far = wrong if abs(wrong - true) > true / 4 else true / 2
        numbers += [float(far), *[float(true)] * (distance - 1)]
    assert set(told(*numbers)) <= {float(true), "-"}


@given(st.lists(st.sampled_from([70.0, 75.0, 80.0, None]), min_size=1, max_size=30))
def test_a_number_that_stays_is_told(numbers):
    heard = told(*numbers)
    for k, (before, now) in enumerate(pairwise(numbers), 1):
        if before == now:
            assert heard[k] == now


def test_a_state_changes_when_it_was_said_twice():
    state = TwiceSaid("off")
    assert state.take("on")
    assert not state.take("off")
    assert state.held == "on"
    assert state.take("off")
    assert state.held == "off"
    assert not state.take("on")
    state.interrupt()
    assert not state.take("on")
    assert state.held == "off"
