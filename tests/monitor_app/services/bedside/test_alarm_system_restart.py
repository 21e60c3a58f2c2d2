"""States of the alarm system after a restart: what was paused, off and held comes back with its end (clinical.md §5.5, §5.6)."""

import pytest

from devices.drivers.base import DriverCommand
from monitor_app.core.alarm_commands import (
    ExtendSensorsOff,
    PauseAlarms,
    PutSensorsOn,
    SwitchRule,
    SwitchSound,
)
from monitor_app.core.commands import Acknowledge, NibpNow, PauseAudio
from monitor_app.core.journal import AlarmEntry, NibpStarted
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.alarm_states import (
    TO_RECOVERY,
    lines,
    sensors_off,
    states,
    unplug_sensors,
)
from tests.monitor_app.services.bedside.bench import LEAD, NURSE, Bench, BenchMonitor
from tests.monitor_app.services.bedside.restart import restarted


def test_what_is_paused_off_and_held_comes_back_after_a_restart(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(*TO_RECOVERY)
    bench.run(2)
    bench.do(SwitchRule("AL-HR-03", False, NURSE, "runner"))
    bench.do(SwitchRule("AL-HR-04", False, NURSE))
    sensors_off(bench, who="Sam; his wife")
    bench.do(ExtendSensorsOff(NURSE))
    unplug_sensors(monitor)
    bench.run(30)
    before = bench.bedside.controls.system.state
    again = restarted(bench, gap_s=100)
    assert again.bedside.controls.system.state.off == before.off
    off, was = again.bedside.controls.system.state.sensors_off, before.sensors_off
    assert off is not None
    assert was is not None
    assert (off.until_t_ns, off.with_patient, off.reason, off.extended) == (
        was.until_t_ns,
        "Sam; his wife",
        "toilet",
        True,
    )
    assert lines(again)["SENSORS OFF"] == pytest.approx(600 - 130, abs=1)
    again.enter(Phase.DCA)
    again.run(1)
    assert again.state.alarm_system.rules_off == ("AL-HR-04",)


def test_what_ran_out_while_nothing_ran_ends_at_the_restart(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.do(PauseAlarms(NURSE))
    again = restarted(bench, gap_s=200)
    again.plug()
    again.run(1)
    assert lines(again) == {}
    assert states(again)[-1] == ("alarms on", "Chairside", "the time is over")


def test_a_sound_that_was_off_is_on_after_a_restart_and_a_paused_one_paused_to_its_end(
    bench: Bench, monitor: BenchMonitor
) -> None:
    bench.enter(*TO_RECOVERY[:4])
    bench.do(SwitchSound(False, LEAD))
    again = restarted(bench, gap_s=5)
    again.plug()
    again.run(2)
    assert again.state.sound.state == "normal"
    assert states(again)[-1] == ("normal", "Chairside", "the program restarted")
    assert again.sounder.bursts[-1].urgency == "MEDIUM"  # TE-20 is to be heard
    again.do(Acknowledge(NURSE))
    again.do(PauseAudio(NURSE))
    third = restarted(again, gap_s=30)
    assert third.state.sound.state == "paused"
    third.plug()
    third.run(3)
    assert third.state.sound.state == "normal"  # TE-20 is new and breaks it (clinical.md §5.5)
    assert [e.rule for e in third.of(AlarmEntry)][-1:] == ["TE-20"]


# The cuff, which inflates for nobody who has not asked (clinical.md §5.6).


def without_sensors(bench: Bench, monitor: BenchMonitor) -> None:
    """In recovery, on the way to the toilet, with no reading running."""
    bench.enter(*TO_RECOVERY)
    bench.run(100)
    assert sensors_off(bench) == ()
    unplug_sensors(monitor)
    bench.run(10)


def taken_up(bench: Bench, gap_s: float) -> tuple[Bench, BenchMonitor]:
    """Cut off and taken up, the patient's sensors on."""
    again = restarted(bench, gap_s=gap_s)
    monitor = again.plug()
    again.run(40)
    return again, monitor


@pytest.mark.parametrize("gap_s", [100, 3600])
def test_no_cuff_inflates_after_a_restart_because_the_time_without_sensors_is_over(
    bench: Bench, monitor: BenchMonitor, gap_s: float
) -> None:
    without_sensors(bench, monitor)
    again, back = taken_up(bench, gap_s)
    if gap_s < 300:
        assert again.do(PutSensorsOn(NURSE)) == ()
        again.run(40)
    assert states(again)[-1][0] == "sensors on"
    assert again.bedside.system.plan_held
    assert DriverCommand.NIBP_START not in back.asked
    assert again.do(Acknowledge(NURSE, "TE-20")) == ()
    again.run(2)
    # What was due while it was held comes now; what nothing saw end has long lost its reason.
    assert (DriverCommand.NIBP_START in back.asked) is (gap_s == 100)


def test_what_a_person_asks_for_is_measured_though_the_plan_is_held(
    bench: Bench, monitor: BenchMonitor
) -> None:
    without_sensors(bench, monitor)
    again, back = taken_up(bench, 100)
    assert again.do(NibpNow(NURSE)) == ()
    again.run(40)
    assert back.asked.count(DriverCommand.NIBP_START) == 1
    assert again.of(NibpStarted)[-1].trigger == "manual"
    assert again.do(Acknowledge(NURSE, "TE-20")) == ()
    again.run(35)
    assert back.asked.count(DriverCommand.NIBP_START) == 1


def test_with_no_restart_a_reading_follows_the_sensors_at_once(bench: Bench, monitor: BenchMonitor) -> None:
    without_sensors(bench, monitor)
    before = monitor.asked.count(DriverCommand.NIBP_START)
    assert bench.do(PutSensorsOn(NURSE)) == ()
    bench.run(31)
    assert monitor.asked.count(DriverCommand.NIBP_START) == before + 1
