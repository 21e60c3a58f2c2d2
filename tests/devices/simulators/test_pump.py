import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.simulators.pump import InfusionOrder, Pump, PumpState

IDLE, RUNNING, PAUSED, STOPPED, FINISHED = PumpState


def pump_in(state: PumpState) -> Pump:
    pump = Pump(InfusionOrder(0.5, 40), 80)
    if state is not IDLE:
        pump.start(0)
    if state is PAUSED:
        pump.pause(0)
    if state is STOPPED:
        pump.stop(0)
    if state is FINISHED:
        pump.run(2400)
    assert pump.state is state
    return pump


@pytest.mark.parametrize(
    ("state", "start", "pause", "stop"),
    [
        (IDLE, RUNNING, IDLE, IDLE),
        (RUNNING, RUNNING, PAUSED, STOPPED),
        (PAUSED, RUNNING, PAUSED, STOPPED),
        (STOPPED, STOPPED, STOPPED, STOPPED),
        (FINISHED, FINISHED, FINISHED, FINISHED),
    ],
)
def test_every_button_in_every_state(
    state: PumpState, start: PumpState, pause: PumpState, stop: PumpState
) -> None:
    for press, after in (("start", start), ("pause", pause), ("stop", stop)):
        pump = pump_in(state)
        moved = getattr(pump, press)(2400 if state is FINISHED else 0)
        assert pump.state is after
        assert moved is (after is not state)


def test_the_whole_order_goes_in_and_it_stops_by_itself() -> None:
    pump = pump_in(RUNNING)
    assert pump.rate_mg_per_s == pytest.approx(40 / 2400)
    assert pump.run(2399) is None
    assert pump.delivered_mg == pytest.approx(2399 / 60)
    assert pump.run(2409) == 2400
    assert pump.run(2500) is None
    assert pump.delivered_mg == 40.0
    assert pump.over
    assert pump.rate_mg_per_s == 0.0


def test_a_run_pump_takes_no_other_order() -> None:
    assert pump_in(IDLE).program(InfusionOrder(1.0, 60))
    assert not pump_in(PAUSED).program(InfusionOrder(1.0, 60))


@given(st.lists(st.tuples(st.floats(0, 500), st.booleans()), max_size=30))
def test_delivered_is_the_time_it_ran(pieces: list[tuple[float, bool]]) -> None:
    pump = pump_in(RUNNING)
    ran_s = now_s = 0.0
    for seconds, running in pieces:
        pump.start(now_s) if running else pump.pause(now_s)
        now_s += seconds
        pump.run(now_s)
        ran_s += seconds if running else 0.0
    assert pump.delivered_mg == pytest.approx(min(ran_s / 2400, 1) * 40, abs=1e-6)
    assert 0 <= pump.delivered_mg <= 40
