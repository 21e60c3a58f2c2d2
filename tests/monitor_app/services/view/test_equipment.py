"""What the screen says of the monitors: who serves, what they report, what they cannot do, how late an alarm may be."""

from dataclasses import replace

import pytest

from devices.drivers.base import NibpTiming
from devices.registry import driver_ids, driver_info
from devices.signals import DeviceIdentity, DeviceStatus, LinkState, NumericReading
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.rule_delays import rule_delays
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.screen import Screen
from monitor_app.services.view.builder import build_screen
from monitor_app.services.view.capability import RATE_RULES, cannot_lines, delay_lines, worst_delays
from monitor_app.services.view.equipment import also_received_text, monitor_alarm_text, name_of, silent_lines
from tests.monitor_app.services.bedside.bench import INFO, SOURCE, Bench, info

SECOND = "other@/dev/ttyUSB1"
NURSE = Actor("Nina Roe", "nurse")


def monitored(*infos: object) -> Bench:
    """A patient on one or two monitors."""
    bench = Bench()
    bench.bedside.begin()
    for source, what in zip((SOURCE, SECOND), infos, strict=False):
        bench.plug(source, what)
    bench.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
    bench.run(5)
    return bench


def screen(bench: Bench) -> Screen:
    bench.run(1)
    made = build_screen(bench.display, NURSE)
    assert made is not None
    return made


def captions(bench: Bench) -> dict[str, str]:
    return {tile.key: tile.caption for tile in screen(bench).tiles}


def test_one_monitor_needs_no_name_on_its_tiles() -> None:
    shown = captions(monitored(INFO))
    assert shown["HR"] == "/min · ECG"
    assert shown["SPO2"] == "% · pulse 72"


def test_of_two_the_one_that_serves_is_named() -> None:
    bench = monitored(INFO, info(id="other", name="Other"))
    bench.say(DeviceIdentity("GE", "B850"))
    shown = captions(bench)
    assert shown["HR"] == "/min · ECG · B850"
    assert shown["SPO2"] == "% · pulse 72 · B850"
    assert shown["NIBP"].startswith("mmHg · B850")
    assert shown["RR"] == "/min · B850"
    bench.silence()
    assert captions(bench)["HR"] == "/min · ECG · Other"


def test_two_of_a_kind_are_told_apart_by_their_ports() -> None:
    state = monitored(INFO, replace(INFO, id="other")).state
    assert name_of(state, SOURCE) == "Bench monitor port"
    assert name_of(state, SECOND) == "Bench monitor ttyUSB1"
    assert name_of(state, "nobody@x") == ""


def test_the_monitors_own_alarm_is_said_and_clears_none_of_ours() -> None:
    bench = monitored(INFO)
    assert screen(bench).alarm_bar.quiet_text == "No alarms"
    bench.say(DeviceStatus("MONITOR_ALARM", active=True, detail="yellow"))
    bench.say(DeviceStatus("MONITOR_ALARM_TEXT", active=True, detail="HR HIGH"))
    shown = screen(bench)
    assert shown.alarm_bar.quiet_text == "No alarms here · Monitor: yellow · HR HIGH"
    assert not shown.alarm_bar.lines
    assert not shown.banners
    bench.monitors[SOURCE][0].numbers["HR"] = 130.0
    bench.run(8)
    shown = screen(bench)
    assert [line.rule for line in shown.alarm_bar.lines] == ["AL-HR-03"]
    assert "Monitor: yellow · HR HIGH" in shown.banners
    bench.say(DeviceStatus("MONITOR_ALARM", active=False))
    shown = screen(bench)
    assert [line.rule for line in shown.alarm_bar.lines] == ["AL-HR-03"]
    assert shown.banners == ()
    assert monitor_alarm_text(bench.state) == ""


def test_numbers_without_a_place_are_listed_on_hover() -> None:
    bench = monitored(INFO)
    for number in range(8):
        bench.say(NumericReading(f"X{number}", 1.5 * number, "/min"))
    text = also_received_text(bench.state)
    assert text.startswith("Also received: X0 0 /min, X1 1.5 /min")
    assert text.endswith("X5 7.5 /min and 2 more")
    assert text in screen(bench).header.monitor_text


# The limits panel.


@pytest.mark.parametrize(("interval_s", "tachycardia_s", "extreme_s"), [(1.0, 4.0, 6.0), (5.0, 8.0, 10.0)])
def test_the_worst_delay_is_refresh_plus_the_rules_own(
    interval_s: float, tachycardia_s: float, extreme_s: float
) -> None:
    """Own delays: clinical.md §6.1, 3 s and 5 s."""
    delays = rule_delays(default_limits(), AlarmProfile.INF)
    found = {d.rule: d.delay_s for d in worst_delays(RATE_RULES, interval_s, delays)}
    assert (found["AL-HR-03"], found["AL-HR-02"]) == (tachycardia_s, extreme_s)


def test_rules_that_are_not_live_or_judge_single_events_wait_for_nothing() -> None:
    delays = rule_delays(default_limits(), AlarmProfile.INF)
    assert "AL-HR-08" not in delays
    assert delays["AL-BP-01"] == 0
    assert rule_delays(default_limits(), AlarmProfile.REC)["AL-HR-08"] == 60


def test_the_delays_follow_the_monitor_in_use() -> None:
    bench = monitored(
        info(numeric_interval_s=5.0),
        info(id="other", numerics=("SPO2",), nibp=NibpTiming.NONE, confirm_s=2.0),
    )
    rate, saturation, pressure = delay_lines(bench.state)
    assert rate == (
        "Heart rate (a new value within 5 s), alarm at worst after: extreme tachycardia 10 s, tachycardia 8 s, "
        "bradycardia 8 s, extreme bradycardia 8 s"
    )
    assert saturation == "SpO₂ (a new value within 3 s), alarm at worst after: desaturation 13 s, low 18 s"
    assert pressure == "Blood pressure alarms come with each reading, every 5 min"
    assert screen(bench).fields["limits.delays"] == f"{rate}\n{saturation}\n{pressure}"


def test_what_no_monitor_gives_has_no_alarm() -> None:
    bench = monitored(info(numerics=("RR",), waveforms=(), nibp=NibpTiming.NONE))
    assert delay_lines(bench.state) == (
        "Heart rate: no monitor connected gives it, so its alarms are off",
        "SpO₂: no monitor connected gives it, so its alarms are off",
        "Blood pressure: no monitor connected has a cuff, so its alarms are off",
    )


def test_what_monitors_cannot_do_is_said_under_their_names() -> None:
    one = monitored(info(cannot=("It has no clock.", "It sends no pleth.")))
    assert cannot_lines(one.state) == ("It has no clock.", "It sends no pleth.")
    two = monitored(
        info(cannot=("It has no clock.",)), info(id="other", name="Other", cannot=("It is deaf.",))
    )
    assert cannot_lines(two.state) == ("Bench monitor: It has no clock.", "Other: It is deaf.")
    assert screen(two).fields["limits.cannot"] == "Bench monitor: It has no clock.\nOther: It is deaf."


@pytest.mark.parametrize("driver_id", driver_ids())
def test_every_family_has_a_short_name(driver_id: str) -> None:
    state = monitored(driver_info(driver_id)).state
    (link,) = state.links
    assert 2 <= len(link.short_name) <= 40
    assert "(" not in link.short_name
    assert cannot_lines(state)


class TestSilentLines:
    def test_an_open_port_is_told_with_the_time_since_data_came(self) -> None:
        """The link's words are of this opening: after minutes of data "0 bytes so far" would not be true."""
        bench = monitored(INFO)
        bench.silence(state=LinkState.SEARCHING)
        bench.run(20)
        (line,) = silent_lines(bench.state)
        assert "port open, no data for 0:2" in line
        assert "bytes" not in line
        assert line in screen(bench).banners or any("no data for" in text for text in screen(bench).banners)

    def test_a_lost_port_keeps_its_own_words(self) -> None:
        bench = monitored(INFO)
        bench.silence()
        assert silent_lines(bench.state) == ("Bench monitor: unplugged",)

    def test_nothing_is_said_while_one_of_them_serves(self) -> None:
        bench = monitored(INFO, info(id="other", name="Other"))
        bench.silence()
        assert silent_lines(bench.state) == ()

    def test_nothing_is_said_once_the_patient_has_left(self) -> None:
        bench = monitored(INFO)
        bench.enter(Phase.REC, Phase.DCA, Phase.DONE)
        bench.silence(state=LinkState.SEARCHING)
        assert silent_lines(bench.state) == ()
        assert not any("no data" in text for text in screen(bench).banners)

    def test_before_check_in_it_helps_to_connect(self) -> None:
        bench = Bench()
        bench.bedside.begin()
        bench.plug()
        bench.silence()
        assert silent_lines(bench.state) == ("Bench monitor: unplugged",)
