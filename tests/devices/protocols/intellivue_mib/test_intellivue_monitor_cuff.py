import pytest

from devices.patient import CuffPressures, SensorState
from devices.protocols.base import CuffPanel
from devices.signals import NibpFailure
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.intellivue_mib import printed
from tests.devices.protocols.intellivue_mib.bare_host import POLL_ALARMS, Wire, alarm_texts, values


def cuff_states(wire, seconds):
    found = []
    for _ in range(seconds):
        state = values(wire.kept_alive(1.0)).get(0x4A04)
        if state is not None and (not found or found[-1] != state):
            found.append(state)
    return found


def test_cuff_cycle_shows_its_values_before_the_bit_clears():
    wire = Wire().associated()
    assert isinstance(wire.monitor, CuffPanel)
    wire.say(printed.POLL_NUMERICS)
    wire.kept_alive(2.0)
    wire.monitor.press_nibp()
    found = cuff_states(wire, 45)
    assert [(values_, state) for values_, state, _ in found] == [
        ((None, None, None), 0x2020),
        ((122.0, 78.0, 92.0), 0x0020),
        ((122.0, 78.0, 92.0), 0x0000),
    ]
    assert found[1][2] == found[2][2]
    assert found[2][2].startswith("2026010508")
    assert [what for what, _ in wire.patient.cuff_log] == ["started", "ended"]


def test_second_press_stops_and_leaves_the_old_reading():
    wire = Wire().associated()
    wire.say(printed.POLL_NUMERICS)
    wire.monitor.press_nibp()
    first = cuff_states(wire, 45)[-1]
    wire.monitor.press_nibp()
    wire.kept_alive(5.0)
    wire.monitor.press_nibp()
    assert cuff_states(wire, 3) == [first]


@pytest.mark.parametrize(
    ("patient", "text"),
    [
        (FakePatient(sensor_state=SensorState(cuff_loose=True)), "NBP INTERRUPTED"),
        (FakePatient(pressures=CuffPressures(failure=NibpFailure.MOTION)), "NBP MEASURE FAILED"),
        (FakePatient(pressures=CuffPressures(failure=NibpFailure.OVER_PRESSURE)), "NBP CUFF OVERPRESS"),
        (FakePatient(pressures=CuffPressures(failure=NibpFailure.BLOCKED)), "NBP CUFF NOT DEFL"),
        (FakePatient(pressures=CuffPressures(failure=NibpFailure.ERROR)), "NBP EQUIP MALF"),
    ],
)
def test_failed_cycle_is_a_technical_alarm_until_the_next(patient, text):
    wire = Wire(patient).associated()
    wire.say(POLL_ALARMS)
    wire.monitor.press_nibp()
    assert alarm_texts(wire.kept_alive(45.0))[0] == [text]
    wire.monitor.press_nibp()
    assert alarm_texts(wire.kept_alive(2.0))[0] == []


def test_auto_cycle():
    wire = Wire()
    wire.monitor.set_nibp_auto(5)
    wire.run(660.0)
    assert [at_s for what, at_s in wire.patient.cuff_log if what == "started"] == [0.0, 300.0, 600.0]
    wire.monitor.set_nibp_auto(5)  # the same again changes nothing
    wire.run(1.0)
    wire.monitor.set_nibp_auto(None)
    wire.run(600.0)
    assert len(wire.patient.cuff_log) == 6


def test_clock_can_be_set_back_and_stamps_the_next_reading():
    wire = Wire().associated()
    wire.say(printed.POLL_NUMERICS)
    wire.monitor.set_clock(1_700_000_000.0)
    wire.monitor.press_nibp()
    assert cuff_states(wire, 45)[-1][2].startswith("2023111422")
