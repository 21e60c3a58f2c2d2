"""The cuff's plan after a restart: as it was, and nothing measured at once (clinical.md §5.6, §8.4)."""

import pytest

from monitor_app.core.alarm.facts import NibpReading
from monitor_app.core.nibp_plan import NibpPlan
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.cuff_memory import CuffMemory

S = 1_000_000_000
MIN = 60 * S


def reading(at_min: float) -> NibpReading:
    return NibpReading(1, round(at_min * MIN), 120, 80, 93)


@pytest.mark.parametrize("armed", [True, False])
def test_it_goes_on_with_its_interval_and_asks_for_nothing_now(armed: bool) -> None:
    plan = CuffMemory((), Phase.REC, armed=armed, interval_s=600.0).plan(NibpPlan(), (), 30 * MIN)
    assert (plan.armed, plan.phase, plan.measuring, plan.asked, plan.repeat) == (
        armed,
        Phase.REC,
        None,
        None,
        None,
    )
    assert not armed or plan.interval_s == 600


@pytest.mark.parametrize(
    ("readings_min", "done"), [((), False), ((30, 37), False), ((39,), True), ((42,), True), ((43,), False)]
)
def test_the_reading_near_40_minutes_is_not_taken_twice(readings_min: tuple[float, ...], done: bool) -> None:
    memory = CuffMemory((), Phase.INF, armed=True, interval_s=300.0, infusion_start_t_ns=0)
    plan = memory.plan(NibpPlan(), tuple(reading(m) for m in readings_min), 43 * MIN)
    assert plan.infusion_start_t_ns == 0
    assert plan.window_done is done
