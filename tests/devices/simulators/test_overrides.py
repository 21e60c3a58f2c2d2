import pytest

from devices.simulators.overrides import Override, Ramp, steady


@pytest.mark.parametrize(
    ("now_s", "linear", "eased"),
    [
        (-1, 100, 100),
        (0, 100, 100),
        (25, 125, 115.625),
        (50, 150, 150),
        (75, 175, 184.375),
        (100, 200, 200),
        (999, 200, 200),
    ],
)
def test_ramp(now_s: float, linear: float, eased: float) -> None:
    assert Ramp(0, 100, 100, 200).at(now_s) == pytest.approx(linear)
    assert Ramp(0, 100, 100, 200, ease=True).at(now_s) == pytest.approx(eased)


def test_a_ramp_of_no_length_is_a_step() -> None:
    assert Ramp(5, 0, 1, 2).at(4.9) == 1
    assert Ramp(5, 0, 1, 2).at(5) == 2
    assert steady(3).at(-1e9) == 3


def test_set_starts_from_what_the_model_says_and_holds() -> None:
    override = Override()
    assert override.apply(120, 10) == 120
    override.set_to(180, 120, (10, 60, False))
    assert override.apply(120, 10) == pytest.approx(120)
    assert override.apply(999, 40) == pytest.approx(150)
    assert override.apply(130, 500) == pytest.approx(180)


def test_release_gives_the_model_back() -> None:
    override = Override()
    override.set_to(180, 120, (0, 0, False))
    override.release((100, 60, False))
    assert override.apply(130, 130) == pytest.approx(155)
    assert override.apply(130, 160) == pytest.approx(130)
    assert override.apply(125, 1000) == pytest.approx(125)


def test_offset_follows_the_model() -> None:
    override = Override()
    override.offset_by(20, (0, 10, False))
    assert override.apply(100, 5) == pytest.approx(110)
    assert override.apply(130, 50) == pytest.approx(150)
    override.offset_by(0, (100, 10, False))
    assert override.apply(100, 110) == pytest.approx(100)


def test_a_set_value_is_reached_in_spite_of_an_offset() -> None:
    override = Override()
    override.offset_by(20, (0, 0, False))
    override.set_to(180, 100, (10, 30, False))
    assert override.apply(100, 10) == pytest.approx(120)
    assert override.apply(100, 40) == pytest.approx(180)
