"""What sounds after somebody acknowledged: the next alarm at once, never after the burst that was cut off."""

from monitor_app.core.commands import Acknowledge
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import NURSE, Bench, S

TO_INFUSION = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)


def alarming() -> Bench:
    """A bench with an extreme tachycardia whose burst has just begun, and a low saturation behind it."""
    bench = Bench()
    bench.bedside.begin()
    monitor = bench.plug()
    bench.enter(*TO_INFUSION)
    bench.run(3)
    monitor.numbers |= {"SPO2": 88.0}
    bench.run(20)
    monitor.numbers |= {"HR": 160.0, "PR": 160.0}
    for _ in range(30):
        bench.run(1)
        if bench.sounder.bursts[-1].urgency == "HIGH":
            return bench
    raise AssertionError("no HIGH alarm sounded")


def test_the_graver_one_acknowledged_the_milder_one_is_heard_at_once() -> None:
    bench = alarming()
    before = len(bench.sounder.bursts)
    assert bench.do(Acknowledge(NURSE, "AL-HR-02")) == ()
    later = bench.sounder.bursts[before:]
    assert [(burst.urgency, burst.t_ns) for burst in later] == [("MEDIUM", bench.bedside.clock.t_ns())]


def test_the_milder_one_acknowledged_the_graver_one_begins_anew() -> None:
    bench = alarming()
    before = len(bench.sounder.bursts)
    milder = next(c.rule.id for c in bench.state.conditions if c.unacknowledged and c.rule.id != "AL-HR-02")
    assert bench.do(Acknowledge(NURSE, milder)) == ()
    bench.run(1, step_s=0.1)
    later = bench.sounder.bursts[before:]
    assert [burst.urgency for burst in later] == ["HIGH"]
    assert later[0].t_ns <= bench.bedside.clock.t_ns() - 0.9 * S
