"""Which monitor's cuff measures."""

from dataclasses import replace

import pytest

from devices.drivers.base import NibpTiming
from devices.signals import NibpPhase, NibpProgress
from monitor_app.core.journal import NibpEntry
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.cuff_in_use import CuffInUse
from tests.monitor_app.services.bedside.bench import INFO, SOURCE, Bench, BenchMonitor, reading


def test_the_first_with_a_cuff_is_used_and_others_are_only_known() -> None:
    cuffs = CuffInUse()
    assert (cuffs.source, cuffs.timing) == ("", NibpTiming.NONE)
    assert not cuffs.add("oximeter", NibpTiming.NONE)
    assert cuffs.add("first", NibpTiming.MONITOR)
    assert not cuffs.add("second", NibpTiming.HOST)
    assert (cuffs.source, cuffs.timing) == ("first", NibpTiming.MONITOR)
    assert [cuffs.has_cuff(s) for s in ("oximeter", "first", "second")] == [False, True, True]


@pytest.mark.parametrize(
    ("alive", "there"), [({"a", "b"}, "a"), ({"b", "c"}, "b"), ({"c"}, "c"), (set(), "b")]
)
def test_of_several_it_names_the_first_that_is_there(alive: set[str], there: str) -> None:
    cuffs = CuffInUse()
    for source in ("a", "b", "c"):
        cuffs.add(source, NibpTiming.HOST)
    cuffs.switch_to("b", "as chosen")
    assert cuffs.first_there(alive.__contains__) == there


def test_without_a_rival_nobody_is_asked() -> None:
    cuffs = CuffInUse()
    cuffs.add("only", NibpTiming.HOST)
    assert cuffs.first_there(lambda _source: False) == "only"


def test_a_switch_names_both_and_takes_the_other_ones_timing() -> None:
    cuffs = CuffInUse()
    cuffs.add("a", NibpTiming.HOST)
    cuffs.add("b", NibpTiming.MONITOR)
    switch = cuffs.switch_to("b", "it is not connected")
    assert (switch.before, switch.after, switch.why) == (("a", "NIBP"), ("b", "NIBP"), "it is not connected")
    assert (cuffs.source, cuffs.timing) == ("b", NibpTiming.MONITOR)


def test_the_first_monitor_with_a_cuff_is_the_cuff() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.plug("a@1", replace(INFO, nibp=NibpTiming.NONE))
    bench.plug("b@2")
    bench.plug("c@3")
    assert bench.bedside.cuff.source == "b@2"


def test_a_second_monitors_cuff_is_noted_and_not_used(bench: Bench, monitor: BenchMonitor) -> None:
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
