"""Where cuff and probe are, and what follows while one takes the other's pulse (clinical.md §5.8.4, V13, V14)."""

import pytest

from monitor_app.core.commands import Undo
from monitor_app.core.journal import CareEntry, NibpEntry
from monitor_app.core.phase import Phase
from monitor_app.core.visit.limbs import Limbs
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor


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
