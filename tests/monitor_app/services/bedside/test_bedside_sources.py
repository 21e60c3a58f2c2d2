"""Two monitors on one patient at one bedside: what is shown, recorded and alarmed when one of them goes."""

import pytest

from devices.drivers.base import DriverCommand, NibpTiming, WaveCapability
from devices.signals import DeviceIdentity, DeviceStatus, LinkState, NumericReading
from monitor_app.core.journal import AlarmEntry, NibpEntry, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.publication import WaveShown
from tests.monitor_app.services.bedside.bench import INFO, SOURCE, Bench, info, reading, wave

SECOND = "other@port2"


def pair(**changes: object) -> Bench:
    """Two monitors alike, streaming, with the infusion running."""
    bench = Bench()
    bench.bedside.begin()
    bench.plug()
    bench.plug(SECOND, info(id="other", name="Other monitor (x)", **changes))
    bench.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
    bench.run(20)
    return bench


def switches(bench: Bench) -> list[SystemEntry]:
    return bench.system("SOURCE_SWITCH")


def test_the_first_monitor_speaks_and_its_loss_is_one_entry() -> None:
    bench = pair()
    assert switches(bench) == []
    bench.monitors[SECOND][0].numbers.update(HR=75.0, SPO2=96.0)
    bench.run(2)
    facts = bench.state.facts
    assert (facts.hr.value, facts.hr.monitor, facts.spo2.source) == (72, SOURCE, SOURCE)
    bench.silence()
    bench.run(1)
    facts = bench.state.facts
    assert (facts.hr.value, facts.hr.source, facts.hr.monitor) == (75, "ECG", SECOND)
    assert (facts.spo2.value, facts.spo2.source) == (96, SECOND)
    told = [e for e in switches(bench) if "NIBP" not in str(e.fields["quantities"])]
    (entry,) = told
    assert (entry.fields["from"], entry.fields["to"]) == (SOURCE, SECOND)
    assert entry.fields["why"] == "connection lost"
    assert {"HR", "PR", "SPO2", "RR"} <= set(str(entry.fields["quantities"]).split(", "))


def test_the_first_monitor_speaks_again_after_ten_good_seconds() -> None:
    bench = pair()
    bench.silence()
    bench.run(5)
    bench.back()
    bench.run(9)
    assert bench.state.facts.hr.monitor == SECOND
    bench.run(3)
    assert bench.state.facts.hr.monitor == SOURCE
    assert switches(bench)[-1].fields["why"] == "the preferred monitor is back"


def test_an_alarm_that_stands_goes_on_through_a_switch() -> None:
    bench = pair()
    for monitor, _ in bench.monitors.values():
        monitor.numbers["HR"] = 128.0
    bench.run(8)
    (announced,) = bench.announced("AL-HR-03")
    bench.silence()
    bench.run(8)
    bench.back()
    bench.run(20)
    assert bench.state.facts.hr.monitor == SOURCE
    assert "AL-HR-03" in bench.standing()
    assert bench.announced("AL-HR-03") == [announced]
    steps = [e for e in bench.of(AlarmEntry) if e.rule == "AL-HR-03"]
    assert [e.to_state for e in steps] == ["PENDING", "ACTIVE"]
    assert bench.announced("AL-HR-09") == []


def test_a_delay_that_runs_is_not_begun_anew_by_a_switch() -> None:
    bench = pair()
    for monitor, _ in bench.monitors.values():
        monitor.numbers["SPO2"] = 88.0
    begun = bench.t_s
    bench.run(7)
    bench.silence()
    bench.run(12)
    assert bench.announced("AL-SP-02") == [pytest.approx(begun + 1 + 15, abs=1)]


def test_a_probe_that_is_off_alarms_only_where_no_other_is_on() -> None:
    bench = pair()
    bench.monitors[SOURCE][0].numbers.update(SPO2=None, PR=None)
    bench.say(DeviceStatus("SPO2_NO_FINGER", active=True))
    bench.run(10)
    assert bench.state.facts.spo2.source == SECOND
    assert bench.announced("TE-03-M") == []
    bench.monitors[SECOND][0].numbers.update(SPO2=None, PR=None)
    bench.say(DeviceStatus("SPO2_NO_FINGER", active=True), SECOND)
    bench.run(10)
    assert len(bench.announced("TE-03-M")) == 1


def test_a_lead_off_at_one_monitor_leaves_the_other_ones_heart_rate_judged() -> None:
    bench = pair()
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    for monitor, _ in bench.monitors.values():
        monitor.numbers["HR"] = 128.0
    bench.run(8)
    facts = bench.state.facts
    assert (facts.hr.monitor, facts.hr.value) == (SECOND, 128)
    assert len(bench.announced("AL-HR-03")) == 1


def test_a_rate_of_a_monitor_without_waves_is_judged_while_the_drawn_lead_is_off() -> None:
    bench = pair(waveforms=(), numerics=("HR",))
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    bench.monitors[SECOND][0].numbers["HR"] = 128.0
    bench.run(8)
    facts = bench.state.facts
    assert (facts.hr.source, facts.hr.monitor, facts.hr.value) == ("HR", SECOND, 128)
    assert len(bench.announced("AL-HR-03")) == 1
    assert len(bench.announced("TE-01-M")) == 1, "the strip shows nothing, and why must be told"


def shown_ecg(bench: Bench) -> list[str]:
    return [p.source for p in bench.published if isinstance(p, WaveShown) and p.name.startswith("ECG")]


def test_the_trace_of_the_other_monitor_begins_anew_in_its_place() -> None:
    bench = pair(waveforms=(WaveCapability("ECG_I", 250.0),))
    first = 0

    def feed(*keys: tuple[str, str]) -> None:
        nonlocal first
        for source, name in keys:
            bench.say(wave(name, first, 250), source)
        first += 250

    both = ((SOURCE, "ECG_II"), (SECOND, "ECG_I"))
    bench.run(10, each=lambda: feed(*both))
    assert set(shown_ecg(bench)) == {SOURCE}
    assert bench.display.waves["ECG_II"].source == SOURCE
    bench.silence()
    bench.published.clear()
    bench.run(5, each=lambda: feed(both[1]))
    assert set(shown_ecg(bench)) == {SECOND}
    assert list(bench.display.waves) == ["ECG_I"]
    ring = bench.display.waves["ECG_I"].ring
    assert ring.end - ring.start <= 5 * 250, "nothing of the old trace is in it"
    assert bench.state.ecg_lead == "ECG_I"


def test_unknown_numbers_are_listed_and_the_monitors_alarm_is_told() -> None:
    bench = pair()
    bench.say(NumericReading("HR_SPO2", 78.0, "/min"))
    bench.say(DeviceStatus("MONITOR_ALARM", active=True, detail="yellow"))
    bench.run(1)
    state = bench.state
    assert [(a.name, a.value) for a in state.also_received] == [("HR_SPO2", 78.0)]
    assert [(a.source, a.kinds) for a in state.monitor_alarms] == [(SOURCE, ("yellow",))]
    assert state.facts.hr.value == 72
    assert bench.standing() == set()
    logged = [e for e in bench.system("DEVICE_STATUS") if e.fields["code"] == "MONITOR_ALARM"]
    assert logged[0].fields["detail"] == "yellow"


def test_monitors_are_called_by_their_model_where_they_tell_it() -> None:
    bench = pair()
    names = [link.short_name for link in bench.state.links]
    assert names == ["Bench monitor", "Other monitor"]
    bench.say(DeviceIdentity("GE", "B850", "1", "2"), SECOND)
    assert [link.short_name for link in bench.state.links] == ["Bench monitor", "B850"]


# The cuff.


def cuffs(bench: Bench) -> tuple[str, NibpTiming]:
    return bench.state.cuff.source, bench.state.cuff.timing


def test_the_cuff_of_a_monitor_that_is_not_there_gives_way_until_something_was_measured() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.plug()
    bench.plug(SECOND, info(id="other", nibp=NibpTiming.MONITOR))
    assert cuffs(bench) == (SOURCE, NibpTiming.HOST)
    bench.silence()
    bench.run(5)
    assert cuffs(bench) == (SECOND, NibpTiming.MONITOR)
    bench.back()
    bench.run(3)
    assert cuffs(bench) == (SOURCE, NibpTiming.HOST)


def test_a_cuff_that_has_measured_is_left_only_for_one_that_proves_to_be_on_the_arm() -> None:
    bench = pair(nibp=NibpTiming.MONITOR)
    bench.run(33)
    assert bench.of(NibpEntry)[-1].source == SOURCE
    bench.silence()
    bench.run(6)
    assert cuffs(bench) == (SOURCE, NibpTiming.HOST)
    assert bench.monitors[SECOND][0].asked == [], "no cuff inflates that nobody is known to wear"
    bench.say(reading(131, 80), SECOND)
    bench.run(1)
    assert cuffs(bench) == (SECOND, NibpTiming.MONITOR)
    entry = bench.of(NibpEntry)[-1]
    assert (entry.source, entry.systolic_mmhg, entry.accepted) == (SECOND, 131, True)
    assert switches(bench)[-1].fields["quantities"] == "NIBP"


def test_the_other_cuff_is_not_used_while_the_first_is_there() -> None:
    bench = pair()
    bench.say(reading(180, 110), SECOND)
    bench.run(1)
    assert bench.of(NibpEntry) == []
    assert len(bench.system("OTHER_CUFF")) == 1
    assert DriverCommand.NIBP_START not in bench.monitors[SECOND][0].asked


def test_one_monitor_alone_never_switches() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.plug(SOURCE, INFO)
    bench.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
    bench.run(20)
    bench.silence(state=LinkState.STALLED)
    bench.run(20)
    bench.back()
    bench.run(20)
    assert switches(bench) == []
