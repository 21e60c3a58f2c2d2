"""Sensors taken off on purpose: who may, what is held meanwhile, how it ends, and what the record says (clinical.md §5.5)."""

import pytest

from devices.drivers.base import DriverCommand, NibpTiming
from monitor_app.core.alarm_commands import ExtendSensorsOff, PutSensorsOn, TakeSensorsOff
from monitor_app.core.commands import PauseAudio, RecordCare
from monitor_app.services.bedside.alarm_system_desk import SENSORS_OFF_CODE
from tests.monitor_app.services.bedside.alarm_states import (
    TO_RECOVERY,
    lines,
    plug_sensors,
    sensors_off,
    states,
    unplug_sensors,
)
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, info


def test_sensors_off_hold_the_missing_signals_and_nothing_else(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY)
    bench.run(2)
    assert sensors_off(bench) == ()
    unplug_sensors(monitor)
    bench.run(60)
    assert not bench.standing() & {"TE-06", "TE-03-M"}
    assert lines(bench) == {"SENSORS OFF": 240.0}
    bench.do(RecordCare("check", "", NURSE, {"moaas": 2}))
    assert "AL-SD-01" in bench.standing()


def test_signals_back_end_it_the_cuff_measures_at_once_and_the_gap_is_told(
    bench: Bench, monitor: BenchMonitor
) -> None:
    bench.enter(*TO_RECOVERY)
    bench.run(100)  # past the reading on entering recovery
    sensors_off(bench)
    asked = monitor.asked.count(DriverCommand.NIBP_START)
    unplug_sensors(monitor)
    bench.run(50)
    assert bench.state.alarm_system.lines[0].words == "Sensors off: toilet; with the patient: Sam"
    plug_sensors(monitor)
    bench.run(3)
    assert lines(bench) == {}
    assert monitor.asked.count(DriverCommand.NIBP_START) == asked + 1
    assert states(bench) == [
        ("sensors off", NURSE.name, "toilet; with the patient: Sam"),
        ("sensors on", "Chairside", "the signals are back"),
    ]
    (gap,) = bench.system(SENSORS_OFF_CODE)
    assert gap.fields["reason"] == "toilet"
    assert gap.fields["with_patient"] == "Sam"
    assert gap.fields["seconds"] == pytest.approx(51, abs=1)
    assert gap.fields["begin_s"] == pytest.approx(100, abs=0.1)


def test_it_ends_after_five_minutes_or_ten_when_extended_once(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY)
    sensors_off(bench)
    unplug_sensors(monitor)
    bench.run(10)
    assert bench.do(TakeSensorsOff(NURSE, "Sam", "again"))  # no way around the one extension
    assert not bench.state.alarm_system.sensors_extended
    assert bench.do(ExtendSensorsOff(NURSE)) == ()
    assert bench.state.alarm_system.sensors_extended
    assert bench.do(ExtendSensorsOff(NURSE)) == (
        "The time without sensors has been extended once already; put them on again.",
    )
    bench.run(589)
    assert lines(bench) == {"SENSORS OFF": 1.0}
    bench.run(35)
    assert lines(bench) == {}
    assert "TE-06" in bench.standing()
    assert states(bench)[-1] == ("sensors on", "Chairside", "the time is over")


def test_sensors_put_on_by_hand_are_judged_at_once(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY)
    sensors_off(bench)
    assert bench.do(PutSensorsOn(NURSE)) == ()
    assert bench.do(PutSensorsOn(NURSE)) == ("The sensors are not recorded as off.",)
    assert [s[:2] for s in states(bench)] == [("sensors off", NURSE.name), ("sensors on", NURSE.name)]


def test_a_patient_not_disturbed_is_no_rating(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY)
    bench.do(RecordCare("check", "", NURSE, {"moaas": 5}))
    bench.do(RecordCare("check", "", NURSE, {"moaas": "not disturbed", "rr": 12}))
    (reason,) = bench.do(TakeSensorsOff(NURSE, "Sam", "toilet"))
    assert "MOAA/S 4 or 5" in reason


def test_a_monitor_that_times_its_own_cuff_gives_a_task(bench: Bench) -> None:
    monitor = bench.plug(info=info(nibp=NibpTiming.MONITOR))
    bench.enter(*TO_RECOVERY)
    bench.run(5)
    bench.do(PauseAudio(NURSE))
    sensors_off(bench)
    bench.do(PutSensorsOn(NURSE))
    bench.run(2)
    assert bench.state.cuff.task == "press START on the monitor"
    assert DriverCommand.NIBP_START not in monitor.asked
