import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.agreement import Agreement


def said(values):
    """The verdict on each value of one field, in order."""
    agreement = Agreement()
    return [agreement.accept("PR", value) for value in values]


@pytest.mark.parametrize(
    ("values", "verdicts"),
    [
        pytest.param([72], [True], id="the first value"),
        pytest.param([72, 73, 80], [True, True, True], id="small changes"),
        pytest.param(
            [100, 120, 100, 80], [True, True, True, True], id="a fifth up is no jump, nor 17 % down"
        ),
        pytest.param([100, 121], [True, False], id="more than a fifth up"),
        pytest.param([100, 79], [True, False], id="more than a fifth down"),
        pytest.param([72, 200, 200], [True, False, True], id="a jump that stays"),
        pytest.param([72, 200, 205, 207], [True, False, True, True], id="a jump that goes on moving"),
        pytest.param([72, 200, 72, 200], [True, False, True, False], id="a jump taken back, then again"),
        pytest.param([72, 200, 20, 150], [True, False, False, False], id="jumps that disagree"),
        pytest.param([72, 200, None, 200], [True, False, True, False], id="absence between is no agreement"),
        pytest.param([None, None, 98], [True, True, True], id="absence, then the first value"),
        pytest.param([98, None, 96], [True, True, True], id="absence and return"),
        pytest.param([98, None, 40, 41], [True, True, False, True], id="absence and return elsewhere"),
        pytest.param([0, 1, 1], [True, False, True], id="from nought everything is a jump"),
        pytest.param([-10, -11, -13], [True, True, True], id="below nought"),
    ],
)
def test_table_of_verdicts(values, verdicts):
    assert said(values) == verdicts


def test_fields_do_not_know_of_each_other():
    agreement = Agreement()
    assert agreement.accept("SPO2", 98.0)
    assert agreement.accept("PR", 60.0)
    assert not agreement.accept("PR", 98.0)
    assert agreement.accept("SPO2", 97.0)
    assert agreement.accept("PR", 99.0)


def test_damage_between_is_no_agreement():
    agreement = Agreement()
    agreement.accept("PR", 72.0)
    assert not agreement.accept("PR", 200.0)
    agreement.interrupt()
    assert not agreement.accept("PR", 200.0)
    assert agreement.accept("PR", 200.0)


@given(st.lists(st.floats(0.1, 500), min_size=1, max_size=30), st.floats(0.1, 500))
def test_whatever_was_before_a_value_said_twice_is_believed(before: list[float], value: float):
    assert said([*before, value, value])[-1]


@given(st.floats(20, 300), st.floats(0.01, 1000), st.integers(1, 5))
def test_one_damaged_frame_is_never_believed_far_off(steady: float, damaged: float, frames: int):
    verdict = said([*[steady] * frames, damaged, steady])[-2]
    assert verdict == (abs(damaged - steady) <= 0.2 * steady * (1 + 1e-9))
