"""The last minutes of values against plain sorting of a list."""

from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from monitor_app.core.alarm.facts import Shown
from monitor_app.services.bedside.history import MEDIAN_S, SortedWindow, ValueHistory


@given(st.lists(st.none() | st.integers(40, 60).map(float), max_size=60), st.integers(1, 12))
def test_a_window_knows_the_median_and_the_lowest_of_its_valid_values(
    values: list[float | None], length: int
) -> None:
    window = SortedWindow(length)
    for count, value in enumerate(values, 1):
        window.add(value)
        valid = [v for v in values[:count][-length:] if v is not None]
        assert len(window) == len(valid)
        assert window.median == (median(valid) if valid else None)
        assert window.lowest == min(valid, default=None)


def test_a_median_needs_half_of_five_minutes_valid() -> None:
    history = ValueHistory()
    for second in range(MEDIAN_S // 2 - 1):
        history.add(Shown(70.0 + second % 2), Shown(98.0), Shown(None))
    assert history.hr_median is None
    history.add(Shown(70.0), Shown(91.0, quality=0.4), Shown(None))
    assert history.hr_median == 70.0
    assert history.spo2_lowest == 98.0, "a doubtful value is none"
    assert history.series().rr_per_min[-1] is None
