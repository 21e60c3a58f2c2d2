import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.signals import NibpFailure
from devices.simulators.acts import (
    Act,
    BreakCuff,
    GiveDrug,
    LoosenCuff,
    Move,
    PausePump,
    Perform,
    PlaceCuff,
    PlaceProbe,
    RemoveProbe,
    SetCable,
    SetLeadsOff,
    SetOrder,
    SetOxygen,
    StartPump,
    StopPump,
    Talk,
)
from devices.simulators.pump import InfusionOrder, PumpState
from devices.simulators.virtual_bedside import BASE, INF, REC, VirtualBedside


def chair() -> VirtualBedside:
    return VirtualBedside(InfusionOrder(0.5, 40), 80)


@pytest.mark.parametrize(
    ("act", "names"),
    [
        (StartPump(), ["pump_started"]),
        (PausePump(), []),
        (StopPump(), []),
        (SetOrder(1.0, 60), ["pump_programmed"]),
        (SetOxygen(2), ["oxygen_on"]),
        (SetOxygen(0), ["oxygen_off"]),
        (GiveDrug("Midazolam", 2), ["drug_given", "drug_midazolam"]),
        (PlaceCuff(), ["cuff_placed"]),
        (LoosenCuff(), ["cuff_loosened"]),
        (BreakCuff(NibpFailure.LEAK), ["cuff_fault"]),
        (PlaceProbe(), ["probe_placed"]),
        (RemoveProbe(), ["probe_removed"]),
        (SetLeadsOff(("LA",)), ["leads_off"]),
        (SetLeadsOff(), ["leads_on"]),
        (Move(0.5), ["moved"]),
        (Move(0), ["still"]),
        (Talk("calm"), ["talk", "talk_calm"]),
        (SetCable(out=True), ["cable_out"]),
        (SetCable(out=False), []),
        (Perform("emergency"), ["emergency"]),
    ],
)
def test_what_each_act_is_called(act: Act, names: list[str]) -> None:
    bedside = chair()
    bedside.post(act, 3.5)
    bedside.advance(3.4)
    assert bedside.take_events() == []
    bedside.advance(10)
    events = bedside.take_events()
    assert [event.name for event in events] == names
    assert all(event.at_s == 3.5 for event in events)
    assert bedside.take_events() == []


def test_phases_follow_the_pump() -> None:
    bedside = chair()
    for act, at_s in ((StartPump(), 600), (PausePump(), 900), (StartPump(), 1000)):
        bedside.post(act, at_s)
    bedside.advance(599)
    assert bedside.phase == BASE
    bedside.advance(950)
    assert (bedside.phase, bedside.pump.state) == (INF, PumpState.PAUSED)
    bedside.advance(5000)
    assert bedside.phase == REC
    assert bedside.phase_since_s == {BASE: 0, INF: 600, REC: 3100}
    assert [e.name for e in bedside.take_events()] == [
        "pump_started",
        "pump_paused",
        "pump_resumed",
        "pump_finished",
    ]


@given(st.lists(st.floats(0.01, 400), min_size=1, max_size=40))
def test_steps_of_the_caller_change_nothing(steps: list[float]) -> None:
    cut, whole = chair(), chair()
    for bedside in (cut, whole):
        for act, at_s in (
            (StartPump(), 100.3),
            (PausePump(), 700.7),
            (StartPump(), 801.1),
            (StopPump(), 1500.9),
        ):
            bedside.post(act, at_s)
    now_s = 0.0
    for step in steps:
        now_s += step
        cut.advance(now_s)
    whole.advance(now_s)
    assert cut.pump.delivered_mg == pytest.approx(whole.pump.delivered_mg, abs=1e-9)
    assert cut.take_events() == whole.take_events()


def test_an_act_without_a_time_or_in_the_past_happens_now() -> None:
    bedside = chair()
    bedside.advance(50)
    bedside.post(SetOxygen(2))
    bedside.post(SetOxygen(0), 10)
    bedside.advance(60)
    assert [event.at_s for event in bedside.take_events()] == [50, 50]
    assert bedside.oxygen_l_min == 0


def test_what_happens_by_itself_is_no_act() -> None:
    bedside = chair()
    bedside.happen(LoosenCuff())
    assert bedside.sensors.cuff_loose
    assert bedside.take_events() == []


def test_sensors_and_their_history() -> None:
    bedside = chair()
    bedside.post(RemoveProbe(unplugged=True), 5)
    bedside.post(PlaceProbe("left arm"), 8)
    bedside.advance(6)
    assert bedside.sensors.spo2_finger_out
    assert bedside.sensors.spo2_probe_unplugged
    bedside.advance(9)
    assert not bedside.sensors.spo2_finger_out
    assert [a.since_s for a in bedside.attachments] == [0, 5, 8]
    assert [a.cuff_on_probe_limb for a in bedside.attachments] == [False, False, True]


def test_posting_from_another_thread() -> None:
    bedside = chair()
    threads = [
        threading.Thread(target=lambda: [bedside.post(Perform("x")) for _ in range(200)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bedside.advance(1)
    assert len(bedside.take_events()) == 800


def test_something_else_than_an_act_is_refused() -> None:
    with pytest.raises(TypeError, match="not an act"):
        chair().happen("pump")
