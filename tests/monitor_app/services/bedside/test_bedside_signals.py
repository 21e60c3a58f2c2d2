"""Signals at the bedside: links, sources of the heart rate, silence and its alarms (clinical.md §6.6, V8, V25)."""

from dataclasses import replace

import pytest

from devices.clock import ManualClock
from devices.signals import BeatMark, Counters, DeviceStatus, LinkState, LinkStatus, NumericReading, Quality
from monitor_app.core.alarm.facts import Shown
from monitor_app.core.journal import LinkEntry
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import INFO, NURSE, Bench, BenchMonitor, info, reading
from tests.monitor_app.services.bedside.bench_visit import INFUSING


class TestHeartRateSource:
    """clinical.md §6.1: ECG, fallback pleth PR, then NIBP PR; the tile shows which."""

    def shown(self, bench: Bench) -> tuple[float | None, str]:
        hr: Shown = bench.state.facts.hr
        return hr.value, hr.source

    def test_the_monitors_ecg_rate_comes_first(self, bench: Bench, monitor: BenchMonitor) -> None:
        monitor.numbers |= {"HR": 71, "PR": 75}
        bench.run(2)
        assert self.shown(bench) == (71, "ECG")

    def test_v8_with_a_lead_off_it_is_the_pulse(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(*INFUSING)
        monitor.numbers |= {"HR": 71, "PR": 75}
        bench.run(2)
        bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
        bench.run(4, step_s=0.1)
        assert self.shown(bench) == (75, "PR")
        assert bench.announced("TE-01-M") == [pytest.approx(5, abs=0.5)]
        assert bench.announced("AL-HR-01") == []
        tile = bench.bedside.alarms.conditions[0]
        assert tile.text == "ECG lead off: LA"

    def test_with_only_the_chest_electrode_off_the_rate_is_still_judged(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(*INFUSING)
        bench.run(2)
        bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="V"))
        monitor.numbers |= {"HR": 150, "PR": None}
        bench.run(30, step_s=0.5)
        assert self.shown(bench) == (150, "ECG")
        assert bench.announced("AL-HR-03")

    def test_with_ecg_and_pulse_gone_it_is_the_cuffs_for_a_minute(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.pressures = [replace(reading(120, 80), pulse_per_min=66)]
        monitor.numbers |= {"HR": None, "PR": None}
        bench.run(31)
        assert self.shown(bench) == (66, "NIBP")
        bench.run(61)
        assert self.shown(bench)[0] is None

    def test_the_cuffs_pulse_goes_with_its_monitor(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        monitor.numbers |= {"HR": None, "PR": None}
        bench.run(31)
        assert self.shown(bench)[0] == 70
        bench.silence()
        assert self.shown(bench)[0] is None

    def test_another_monitors_lead_off_does_not_silence_this_ones_rate(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.plug("other@2")
        bench.run(2)
        bench.say(DeviceStatus("ECG_LEAD_OFF", active=True), "other@2")
        bench.run(1)
        assert self.shown(bench) == (72, "ECG")
        assert bench.state.facts.ecg_lead_off_since_t_ns is None


class TestSilence:
    @pytest.mark.parametrize("told_by_the_link", [True, False], ids=["usb unplugged", "no one tells"])
    def test_v25_all_times_count_from_the_last_valid_frame(
        self, bench: Bench, monitor: BenchMonitor, told_by_the_link: bool
    ) -> None:
        bench.enter(*INFUSING)
        bench.run(60, step_s=0.5)
        last = bench.t_s
        if told_by_the_link:
            bench.silence()
        monitor.talking = False
        bench.run(15, step_s=0.1)
        assert bench.announced("TE-09-L") == [pytest.approx(last + 3, abs=0.15)]
        assert bench.announced("TE-09-M") == [pytest.approx(last + 10, abs=0.15)]
        assert bench.announced("AL-HR-09") == [pytest.approx(last + 10, abs=0.15)]
        bench.back()
        bench.run(8)
        assert not bench.standing() & {"TE-09-L", "TE-09-M", "AL-HR-09"}

    def test_a_status_repeated_by_the_link_is_no_frame(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(*INFUSING)
        bench.run(20, step_s=0.5)
        monitor.talking = False
        bench.run(2)
        bench.say(LinkStatus(LinkState.STREAMING, "receiving", Counters(frames_ok=500)))
        bench.run(2, step_s=0.1)
        assert bench.announced("TE-09-L") == [pytest.approx(23, abs=0.15)]

    def test_frames_that_say_nothing_new_are_signs_of_life(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(*INFUSING)
        monitor.talking = False
        for second in range(30):
            bench.run(1)
            bench.say(LinkStatus(LinkState.STREAMING, "receiving", Counters(frames_ok=second * 10)))
        assert bench.announced("TE-09-L") == []

    def test_link_down_blanks_numbers_at_once(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.run(3)
        bench.silence()
        facts = bench.state.facts
        assert (facts.hr.value, facts.spo2.value, facts.rr.value) == (None, None, None)

    def test_a_slow_monitor_is_not_called_silent(self, bench: Bench) -> None:
        slow = bench.plug(info=info(expected_interval_s=10.0, numeric_interval_s=10.0))
        slow.talking = False
        bench.enter(*INFUSING)
        for _ in range(6):
            for name in ("HR", "PR", "SPO2", "RR"):
                bench.say(NumericReading(name, 90.0, "1"))
            bench.run(10)
        assert bench.announced("TE-09-L") == []
        assert bench.announced("AL-HR-09") == []
        assert bench.state.facts.hr.value == 90

    def test_spo2_older_than_30_s_is_blank_and_told(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(*INFUSING)
        bench.run(5)
        monitor.numbers["SPO2"] = None
        bench.run(29, step_s=0.5)
        assert bench.announced("TE-06") == []
        bench.run(4, step_s=0.5)
        assert bench.announced("TE-06") == [pytest.approx(35, abs=0.6)]

    def test_changes_of_a_connection_are_recorded_once_each(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        for _ in range(3):
            bench.say(LinkStatus(LinkState.STALLED, "no valid frame for 3 s", Counters(frames_ok=7)))
        states = [(e.state, e.frames_ok) for e in bench.of(LinkEntry)]
        assert states == [(LinkState.STREAMING, 0), (LinkState.STALLED, 7)]


def test_unknown_signals_and_beat_marks_are_taken_in_silence(bench: Bench, monitor: BenchMonitor) -> None:
    bench.say(BeatMark("ECG"))
    bench.say(NumericReading("CORE_SWEETNESS", 3.0, "1", Quality.WEAK))
    bench.run(1)
    assert bench.system("INTERNAL_ERROR") == []
    assert bench.standing() == set()


def test_device_conditions_are_recorded_in_words(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN)
    bench.say(DeviceStatus("SPO2_NO_FINGER", active=True))
    bench.say(DeviceStatus("SPO2_NO_FINGER", active=False))
    texts = [e.text for e in bench.system("DEVICE_STATUS")]
    assert texts == ["SPO2_NO_FINGER began", "SPO2_NO_FINGER ended"]


def test_v24_the_wall_clock_set_back_an_hour_changes_no_timer(monitor: BenchMonitor, bench: Bench) -> None:
    clock: ManualClock = bench.clock
    bench.enter(*INFUSING)
    bench.run(31)
    due = bench.bedside.cuff.next_due_t_ns
    clock.set_wall_utc(clock.wall_utc().replace(hour=clock.wall_utc().hour - 1))
    bench.run(2)
    (jump,) = bench.system("CLOCK_JUMP")
    assert jump.fields["jump_s"] == pytest.approx(-3600, abs=1)
    assert bench.bedside.cuff.next_due_t_ns == due
    assert bench.t_s == 33
    stamps = [e.stamp.t_ns for e in bench.entries]
    assert stamps == sorted(stamps)
    assert bench.entries[-1].stamp.utc_ms < bench.entries[0].stamp.utc_ms
    assert INFO.nibp.value == "host"
    assert NURSE.role == "nurse"
