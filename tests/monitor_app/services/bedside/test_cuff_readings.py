"""What becomes of a cuff reading: accepted, refused, failed, taken again, missed (clinical.md §5.8.5, §8.4)."""

from dataclasses import replace

import pytest

from devices.signals import NibpFailure
from monitor_app.core.commands import Acknowledge, NibpCancel
from monitor_app.core.journal import NibpEntry
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, failed, reading


def infusing(bench: Bench) -> float:
    """Go to the infusion with a quiet cuff; return when it began."""
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.run(250)
    bench.enter(Phase.READY, Phase.INF)
    return bench.t_s


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
        assert bench.bedside.cuff.readings.accepted == ()
        assert "TE-07-L" in bench.standing()

    @pytest.mark.parametrize("result", [reading(270, 100), reading(45, 30), reading(120, 80, 93)])
    def test_the_edges_are_accepted(self, bench: Bench, monitor: BenchMonitor, result: object) -> None:
        monitor.pressures = [result]
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(35)
        assert len(bench.bedside.cuff.readings.accepted) == 1

    def test_a_failed_cycle_is_repeated_once_after_30_s(self, bench: Bench, monitor: BenchMonitor) -> None:
        monitor.pressures = [failed(NibpFailure.MOTION), failed(NibpFailure.MOTION), reading(120, 80)]
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(240)
        (_, first), (again, then), *later = bench.cuff_starts()
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
        count = len(bench.cuff_starts())
        bench.do(NibpCancel(NURSE, retake_only=True))
        bench.run(100)
        assert len(bench.cuff_starts()) == count

    def test_v27_overdue_at_seven_and_ten_minutes(self, bench: Bench, monitor: BenchMonitor) -> None:
        bench.enter(Phase.CHECKIN, Phase.BASE)
        bench.run(250)
        bench.enter(Phase.READY)
        last = bench.bedside.cuff.readings.accepted[-1].t_ns / 1e9
        monitor.cuff_s = 10_000  # it hangs from now on
        monitor.asked.clear()
        bench.run(620, each=lambda: setattr(monitor, "cuff_end_ns", None))
        (low,) = bench.announced("TE-08-L")
        (medium,) = bench.announced("TE-08-M")
        assert low - last == pytest.approx(7 * 60, abs=1)
        assert medium - last == pytest.approx(10 * 60, abs=1)
