"""Signals at the bedside: links, sources of the heart rate, silence and its alarms, waves and gaps (clinical.md §6.6, V8, V25)."""

from dataclasses import replace

import pytest

from devices.clock import ManualClock
from devices.errors import RefusedError
from devices.signals import (
    BeatMark,
    Counters,
    DeviceIdentity,
    DeviceStatus,
    LinkState,
    LinkStatus,
    NumericReading,
    Provenance,
    Quality,
)
from monitor_app.core.alarm.facts import Shown
from monitor_app.core.journal import DeviceEntry, GapEntry, LinkEntry, NumericEntry, PhaseEntry, WaveBlock
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import (
    INFO,
    NURSE,
    SOURCE,
    Bench,
    BenchMonitor,
    info,
    reading,
    wave,
)

INFUSING = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.bedside.begin()
    return made


@pytest.fixture
def monitor(bench: Bench) -> BenchMonitor:
    return bench.plug()


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


class TestProvenance:
    def test_a_simulated_monitor_is_refused_in_a_clinical_session(self) -> None:
        bench = Bench(simulated=False)
        bench.bedside.begin()
        with pytest.raises(RefusedError, match="start a training one"):
            bench.plug(provenance=Provenance.SIMULATED)

    def test_a_port_that_turns_out_to_be_a_pseudo_terminal_is_barred(self) -> None:
        bench = Bench(simulated=False)
        bench.bedside.begin()
        monitor = bench.plug(provenance=Provenance.REAL)
        bench.enter(*INFUSING)
        bench.run(5)
        bench.bedside.settle_provenance(SOURCE, Provenance.SIMULATED)
        bench.bedside.advance()
        before = len(bench.of(NumericEntry))
        bench.run(5)
        assert len(bench.of(NumericEntry)) == before
        assert bench.state.facts.hr.value is None
        assert bench.announced("TE-18")
        assert bench.system("SIMULATED_SOURCE")
        assert all(e.provenance is not Provenance.SIMULATED for e in bench.of(DeviceEntry))
        assert monitor.asked[-1].value == "nibp_stop"
        asked = len(monitor.asked)
        bench.run(600)
        assert len(monitor.asked) == asked
        assert "not used" in bench.state.links[0].detail

    def test_a_monitor_that_names_itself_a_simulator_is_barred_too(self) -> None:
        bench = Bench(simulated=False)
        bench.bedside.begin()
        bench.plug(provenance=Provenance.UNVERIFIED)
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.say(DeviceIdentity(model="CHAIRSIDE-SIM", simulator=True))
        bench.run(2)
        assert bench.state.facts.hr.value is None
        assert bench.announced("TE-18")

    def test_in_a_training_session_all_is_well(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.bedside.settle_provenance(SOURCE, Provenance.SIMULATED)
        bench.run(3)
        assert bench.state.facts.hr.value == 72
        assert bench.announced("TE-18") == []

    def test_what_is_found_out_about_a_monitor_is_recorded(self) -> None:
        bench = Bench(simulated=False)
        bench.bedside.begin()
        bench.plug(provenance=Provenance.UNVERIFIED)
        bench.enter(Phase.CHECKIN)
        bench.bedside.settle_provenance(SOURCE, Provenance.REAL)
        bench.say(DeviceIdentity("Berry", "PM6750", "123", "v1"))
        bench.say(DeviceIdentity("Berry", "PM6750", "123", "v1"))
        found = [(e.provenance, e.identity) for e in bench.of(DeviceEntry)]
        assert found == [
            (Provenance.UNVERIFIED, ""),
            (Provenance.REAL, ""),
            (Provenance.REAL, "Berry PM6750 123 v1"),
        ]


class TestWaves:
    def feed(self, bench: Bench, seconds: float, *, first: int = 0) -> int:
        """Send ECG in chunks of 40 ms for so long; return the counter after it."""
        for _ in range(round(seconds / 0.04)):
            bench.run(0.04, step_s=0.04)
            bench.say(wave("ECG_II", first, 10))
            first += 10
        return first

    def test_blocks_are_recorded_raw_and_continue(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        self.feed(bench, 2)
        blocks = bench.of(WaveBlock)
        assert sum(len(b.counts) for b in blocks) == 500
        assert [b.first_sample for b in blocks] == list(range(0, 500, 10))
        assert bench.of(GapEntry) == []

    def test_a_reconnect_continues_the_counter_and_tells_the_gap(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        self.feed(bench, 2)
        bench.silence()
        bench.run(4)
        bench.back()
        self.feed(bench, 1)
        (gap,) = bench.of(GapEntry)
        assert gap.channel == "ECG_II"
        assert gap.stamp.t_s == pytest.approx(2, abs=0.05)
        assert gap.duration_ns / 1e9 == pytest.approx(4, abs=0.05)
        after = next(b for b in bench.of(WaveBlock) if b.stamp.t_s > 4)
        assert after.first_sample == 500 + round(gap.duration_ns * 250 / 1e9)

    def test_a_gap_that_never_ends_is_told_at_the_end(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        self.feed(bench, 2)
        bench.silence()
        bench.run(5)
        bench.bedside.end()
        (gap,) = bench.of(GapEntry)
        assert gap.duration_ns / 1e9 == pytest.approx(5, abs=0.05)

    def test_leaving_monitoring_tells_it_before_the_step(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        self.feed(bench, 2)
        bench.silence()
        bench.run(5)
        bench.enter(Phase.CANCEL)
        kinds = [type(e) for e in bench.entries]
        assert kinds.index(GapEntry) < len(kinds) - 1 - kinds[::-1].index(PhaseEntry)

    def test_another_rate_is_another_track(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        self.feed(bench, 1)
        bench.run(0.1, step_s=0.1)
        bench.say(wave("ECG_II", 0, 50, rate_hz=500))
        block = bench.of(WaveBlock)[-1]
        assert (block.rate_hz, block.stamp.t_ns >= 1e9) == (500, True)

    def test_an_ecg_that_sends_nothing_is_no_asystole(self, bench: Bench, monitor: BenchMonitor) -> None:
        """Numbers go on, samples stop: there is nothing to judge."""
        bench.enter(*INFUSING)
        self.feed(bench, 2)
        bench.run(20)
        assert bench.announced("AL-HR-01") == []

    def test_waves_and_numbers_are_kept_only_while_a_patient_is_monitored(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        first = self.feed(bench, 1)
        assert bench.of(WaveBlock) == []
        assert bench.of(NumericEntry) == []
        bench.enter(Phase.BASE)
        first = self.feed(bench, 1, first=first)
        assert bench.of(WaveBlock)
        bench.enter(Phase.CANCEL)
        kept = len(bench.of(WaveBlock))
        self.feed(bench, 1, first=first)
        assert len(bench.of(WaveBlock)) == kept


def test_unknown_signals_and_beat_marks_are_taken_in_silence(bench: Bench, monitor: BenchMonitor) -> None:
    bench.say(BeatMark("ECG"))
    bench.say(NumericReading("CORE_SWEETNESS", 3.0, "1", Quality.WEAK))
    bench.run(1)


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
