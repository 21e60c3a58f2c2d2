"""The cuff at the bedside: what starts it, what stops it, what its readings become (clinical.md §5.8.5, §8.4; protocols.md §10)."""

from dataclasses import replace

import pytest

from devices.drivers.base import DriverCommand, NibpTiming
from devices.signals import LinkState, LinkStatus, NibpFailure, NibpPhase, NibpProgress, NumericReading
from monitor_app.core.commands import Acknowledge, NibpCancel, NibpNow, SetNibpPlan, Undo
from monitor_app.core.journal import CareEntry, NibpEntry, NibpStarted
from monitor_app.core.phase import Phase
from monitor_app.core.visit.limbs import Limbs
from tests.monitor_app.services.bedside.bench import (
    INFO,
    NURSE,
    SOURCE,
    Bench,
    BenchMonitor,
    failed,
    info,
    reading,
)

START, STOP = DriverCommand.NIBP_START, DriverCommand.NIBP_STOP


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.bedside.begin()
    return made


@pytest.fixture
def monitor(bench: Bench) -> BenchMonitor:
    return bench.plug()


def started(bench: Bench) -> list[tuple[str, float]]:
    return [(e.trigger, e.stamp.t_s) for e in bench.of(NibpStarted)]


def infusing(bench: Bench) -> float:
    """Go to the infusion with a quiet cuff; return when it began."""
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.run(250)
    bench.enter(Phase.READY, Phase.INF)
    return bench.t_s


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
        (first, at), (second, then) = started(bench)
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


class TestWhatBecomesOfAReading:
    @pytest.mark.parametrize(
        ("result", "reason"),
        [
            (reading(0, 0), "diastolic 0 is below 30"),
            (reading(120, 29), "diastolic 29 is below 30"),
            (reading(271, 90), "systolic 271 is above 270"),
            (reading(100, 86), "less than 15 apart"),
            (reading(120, 80, 80), "does not lie between"),
            (replace(reading(120, 80), questionable=True), "disturbed"),
            (replace(reading(120, 80), diastolic_mmhg=None), "missing"),
        ],
    )
    def test_what_is_not_accepted_is_kept_and_told_and_never_shown(
        self, bench: Bench, monitor: BenchMonitor, result: object, reason: str
    ) -> None:
        monitor.pressures = [result]
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(35)
        (entry,) = bench.of(NibpEntry)
        assert reason in entry.rejected
        assert not entry.accepted
        assert bench.bedside.cuff.readings == ()
        assert "TE-07-L" in bench.standing()

    @pytest.mark.parametrize("result", [reading(270, 100), reading(45, 30), reading(120, 80, 93)])
    def test_the_edges_are_accepted(self, bench: Bench, monitor: BenchMonitor, result: object) -> None:
        monitor.pressures = [result]
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(35)
        assert len(bench.bedside.cuff.readings) == 1

    def test_a_failed_cycle_is_repeated_once_after_30_s(self, bench: Bench, monitor: BenchMonitor) -> None:
        monitor.pressures = [failed(NibpFailure.MOTION), failed(NibpFailure.MOTION), reading(120, 80)]
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(240)
        (_, first), (again, then), *later = started(bench)
        assert again == "retry"
        assert then - (first + 30) == pytest.approx(30, abs=2)
        # After the repetition nothing inflates by itself for 2 min.
        assert all(t - (then + 30) >= 119 for _, t in later)
        assert bench.announced("TE-07-L")
        assert bench.announced("TE-07-M")

    def test_v15_a_severe_reading_is_taken_again_after_60_s(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        began = infusing(bench)
        monitor.pressures = [reading(181, 95), reading(158, 92)]
        bench.run(32)
        assert bench.announced("AL-BP-01") == [pytest.approx(began + 30, abs=1)]
        view = bench.state.cuff
        assert view.next_trigger == "retake"
        assert view.next_due_t_ns == pytest.approx((began + 90) * 1e9, abs=2e9)
        bench.run(90)
        first, again = bench.of(NibpEntry)[-2:]
        assert (again.trigger, again.systolic_mmhg) == ("retake", 158)
        severe = next(c for c in bench.bedside.alarms.conditions if c.rule.id == "AL-BP-01")
        assert severe.state.name == "LATCHED"
        assert severe.note == "not confirmed"
        hypertension = next(c for c in bench.bedside.alarms.conditions if c.rule.id == "AL-BP-02")
        assert hypertension.state.name.startswith("ACTIVE")
        bench.do(Acknowledge(NURSE, "AL-BP-01"))
        assert "AL-BP-01" not in bench.standing()
        assert first.nibp_id != again.nibp_id

    def test_the_nurse_can_call_the_re_take_off(self, bench: Bench, monitor: BenchMonitor) -> None:
        infusing(bench)
        monitor.pressures = [reading(181, 95)]
        bench.run(32)
        count = len(started(bench))
        bench.do(NibpCancel(NURSE, retake_only=True))
        bench.run(100)
        assert len(started(bench)) == count

    def test_a_second_monitors_cuff_is_noted_and_not_used(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.plug("other@port2")
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(3)
        bench.say(NibpProgress(NibpPhase.MEASURING, 90), "other@port2")
        bench.say(reading(200, 120), "other@port2")
        bench.run(3)
        assert bench.of(NibpEntry) == []
        assert bench.standing() == set()
        (note,) = bench.system("OTHER_CUFF")
        assert "200/120" in note.text
        assert SOURCE in note.text
        bench.run(30)
        assert len(bench.of(NibpEntry)) == 1

    def test_v27_overdue_at_seven_and_ten_minutes(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(250)
        bench.enter(Phase.READY)
        last = bench.bedside.cuff.readings[-1].t_ns / 1e9
        monitor.cuff_s = 10_000  # it hangs from now on
        monitor.asked.clear()
        bench.run(620, each=lambda: setattr(monitor, "cuff_end_ns", None))
        (low,) = bench.announced("TE-08-L")
        (medium,) = bench.announced("TE-08-M")
        assert low - last == pytest.approx(7 * 60, abs=1)
        assert medium - last == pytest.approx(10 * 60, abs=1)


class TestLimbs:
    def test_v13_spo2_is_held_while_the_cuff_inflates_on_its_limb(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        bench.place("left arm", "left hand")
        monitor.cuff_s = 40
        bench.enter(Phase.BASE, Phase.READY, Phase.INF)
        monitor.numbers["SPO2"] = 80
        bench.run(39)
        assert bench.announced("AL-SP-01") == []
        assert bench.state.facts.nibp.inflating_on_spo2_limb_since_t_ns is not None
        bench.run(14)
        assert bench.announced("AL-SP-01") == [pytest.approx(50, abs=2)]

    def test_v14_on_another_limb_it_alarms_as_usual(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN)
        bench.place("left arm", "right hand")
        monitor.cuff_s = 40
        bench.enter(Phase.BASE, Phase.READY, Phase.INF)
        monitor.numbers["SPO2"] = 80
        bench.run(20)
        assert bench.announced("AL-SP-01") == [pytest.approx(11, abs=1)]

    def test_the_limb_is_recorded_and_goes_with_each_reading(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        bench.place("right leg", "left hand")
        bench.enter(Phase.BASE)
        bench.run(35)
        assert bench.of(NibpEntry)[0].limb == "right leg"
        assert bench.state.cuff.limbs.cuff == "right leg"
        (said,) = [e for e in bench.of(CareEntry) if e.kind == "limbs"]
        assert said.fields == {"cuff": "right leg", "probe": "left hand"}

    def test_nothing_is_assumed_before_it_is_said(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(35)
        assert bench.of(NibpEntry)[0].limb == ""
        assert bench.state.facts.nibp.inflating_on_spo2_limb_since_t_ns is None

    def test_a_wrong_touch_is_taken_back_and_the_hold_with_it(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN)
        bench.place("left arm", "right hand")
        bench.place(probe="left hand")
        assert bench.bedside.cuff.limbs.probe_behind_cuff
        newest = [e for e in bench.of(CareEntry) if e.kind == "limbs"][-1]
        bench.do(Undo(newest.entry_id, NURSE))
        assert bench.bedside.cuff.limbs == Limbs("left arm", "right hand")

    def test_moved_while_the_cuff_inflates_holds_from_its_start(
        self, bench: Bench, monitor: BenchMonitor
    ) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(10)
        started = bench.bedside.cuff.plan.measuring
        bench.place("left arm", "left hand")
        assert started is not None
        assert bench.state.facts.nibp.inflating_on_spo2_limb_since_t_ns == started.t_ns


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


def test_the_first_monitor_with_a_cuff_is_the_cuff() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.plug("a@1", replace(INFO, nibp=NibpTiming.NONE))
    bench.plug("b@2")
    bench.plug("c@3")
    assert bench.bedside.cuff.source == "b@2"
