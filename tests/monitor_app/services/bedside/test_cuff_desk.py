"""The cuff at the bedside: what starts it, what stops it, what its readings become (clinical.md §5.8.5, §8.4; protocols.md §10)."""

import pytest

from devices.drivers.base import DriverCommand, NibpTiming
from devices.signals import LinkState, LinkStatus, NibpFailure, NibpPhase, NibpProgress, NumericReading
from monitor_app.core.commands import NibpCancel, NibpNow, SetNibpPlan
from monitor_app.core.journal import NibpEntry
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, failed, info, reading

START, STOP = DriverCommand.NIBP_START, DriverCommand.NIBP_STOP


class TestWhatStartsIt:
    def test_connecting_and_reconnecting_start_nothing(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN)
        bench.run(400)
        bench.silence()
        bench.run(5)
        bench.back()
        bench.run(700)
        assert monitor.asked == []

    def test_entering_the_baseline_measures_at_once_and_again_after_two_minutes(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        bench.run(10)
        bench.enter(Phase.BASE)
        bench.run(160)
        (first, at), (second, then) = bench.cuff_starts()
        assert (first, second) == ("entry", "entry")
        assert at == pytest.approx(10, abs=1)
        assert then == pytest.approx(10 + 30 + 120, abs=2)

    def test_a_start_waits_for_the_monitor_and_is_not_forgotten(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        bench.silence()
        bench.enter(Phase.BASE)
        bench.run(20)
        assert monitor.asked == []
        bench.back()
        bench.run(2)
        assert monitor.asked == [START]

    def test_a_due_reading_does_not_keep_the_thread_awake_while_the_monitor_is_away(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(40)
        bench.silence()
        bench.run(900)
        ahead = bench.bedside.next_deadline_t_ns() - bench.bedside.clock.t_ns()
        assert ahead > 0.2e9

    def test_the_nurse_may_measure_before_the_visit_begins(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN)
        assert bench.do(NibpNow(NURSE)) == ()
        bench.run(40)
        (entry,) = bench.of(NibpEntry)
        assert (entry.trigger, entry.systolic_mmhg) == ("manual", 124)

    def test_it_is_refused_in_words_while_measuring(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(2)
        assert bench.do(NibpNow(NURSE)) == ("The cuff is measuring already.",)
        assert monitor.asked == [START]

    def test_without_a_cuff_the_nurse_is_told(self, bench: Bench) -> None:
        bench.plug(info=info(nibp=NibpTiming.NONE))
        bench.enter(Phase.CHECKIN)
        assert bench.do(NibpNow(NURSE)) == ("No monitor with a cuff is connected.",)

    def test_a_monitor_that_times_its_own_cuff_is_only_asked_for(self, bench: Bench) -> None:
        monitor = bench.plug(info=info(nibp=NibpTiming.MONITOR))
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(1)
        assert bench.state.cuff.task == "press START on the monitor"
        assert "press START" in bench.do(NibpNow(NURSE))[0]
        bench.say(NibpProgress(NibpPhase.MEASURING, 100))
        bench.run(20)
        bench.say(reading(130, 80))
        assert monitor.asked == []
        assert bench.state.cuff.task == ""
        assert bench.of(NibpEntry)[0].trigger == "entry"


class TestWhatStopsIt:
    def test_cancel_sends_stop_and_the_end_keeps_its_trigger(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(5)
        bench.do(NibpCancel(NURSE))
        assert monitor.asked == [START, STOP]
        (entry,) = bench.of(NibpEntry)
        assert (entry.trigger, entry.failure) == ("entry", NibpFailure.STOPPED)
        assert entry.started_t_ns == 0
        assert bench.standing() == set()  # stopping on purpose is no failure
        bench.run(60)
        assert monitor.asked == [START, STOP]

    def test_leaving_monitoring_stops_it(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(5)
        bench.enter(Phase.CANCEL)
        bench.run(1)
        assert monitor.asked == [START, STOP]
        bench.run(1200)
        assert monitor.asked == [START, STOP]

    def test_a_measurement_that_never_ends_is_an_event_with_its_cause(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        monitor.cuff_s = 10_000
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(182)
        assert monitor.asked == [START, STOP]
        (timed_out, stopped) = bench.of(NibpEntry)
        assert timed_out.failure is NibpFailure.TIMED_OUT
        assert timed_out.stamp.t_s == pytest.approx(180, abs=1)
        assert stopped.failure is NibpFailure.STOPPED
        assert "TE-07-L" in bench.standing()


class TestPlan:
    def test_every_change_of_the_plan_is_recorded(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.do(SetNibpPlan(True, 10, NURSE))
        bench.do(SetNibpPlan(False, 10, NURSE))
        texts = [e.text for e in bench.system("NIBP_PLAN")]
        assert texts == ["cuff every 5 min", "cuff every 10 min", "automatic cuff off"]

    def test_an_interval_the_cuff_does_not_know_is_refused_in_words(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        (reason,) = bench.do(SetNibpPlan(True, 7, NURSE))
        assert "7 min" in reason
        assert bench.bedside.cuff.plan.interval_s == 300

    def test_an_infusion_started_by_mistake_does_not_fix_the_40_minute_reading(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
        bench.run(30)
        bench.enter(Phase.READY)
        bench.run(600)
        bench.enter(Phase.INF)
        assert bench.bedside.cuff.plan.infusion_start_t_ns == bench.bedside.clock.t_ns()

    def test_a_link_that_answers_no_answer_is_a_failed_cycle_not_a_valid_frame(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(1)
        monitor.talking = False
        heard = bench.state.links[0].last_frame_t_ns
        bench.run(2)
        bench.say(LinkStatus(LinkState.STALLED, "no valid frame for 3 s"))
        bench.say(failed(NibpFailure.NO_ANSWER))
        assert bench.of(NibpEntry)[0].failure is NibpFailure.NO_ANSWER
        assert bench.state.links[0].last_frame_t_ns == heard


def test_a_result_stamped_before_the_last_judgement_is_still_judged(bench: Bench) -> None:
    """Several threads: the rules may have been asked between a frame's arrival and its turn in the inbox."""
    monitor = bench.plug()
    monitor.cuff_s = 1000
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.run(30, step_s=0.25)
    bench.say(NumericReading("HR", 72.0, "/min"))
    bench.bedside.advance()
    bench.say(reading(190, 100), late_s=0.1)
    assert bench.announced("AL-BP-01")
    assert bench.bedside.cuff.plan.measuring is None
    assert bench.bedside.cuff.plan.repeat is not None
    stamps = [e.stamp.t_ns for e in bench.entries]
    assert stamps == sorted(stamps)
