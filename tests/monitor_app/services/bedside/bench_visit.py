"""Steps of a visit at a bench, past their guards, and a program that is started again in the middle of one."""

from devices.clock import ManualClock
from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import (
    Baseline,
    BaselineEntry,
    InfusionEntry,
    JournalEntry,
    Order,
    OrderEntry,
    Scalar,
    SessionOpened,
)
from monitor_app.core.phase import Phase
from monitor_app.core.record import SessionRecord
from monitor_app.services.assembly import Surroundings, make_bedside
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.resume import cut_off
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor, S

PLACING = (Phase.CHECKIN, Phase.BASE)
INFUSING = (*PLACING, Phase.READY, Phase.INF)


def put(bench: Bench, *entries: JournalEntry) -> None:
    """Write what a step of the visit writes, past its guards."""
    for entry in entries:
        bench.bedside.journal.write(entry)


def chair(*phases: Phase, order_min: float = 40.0, **numbers: float | None) -> tuple[Bench, BenchMonitor]:
    """A bench in the last of these phases, with the infusion running where one of them says so."""
    bench = Bench()
    bench.bedside.begin()
    monitor = bench.plug()
    monitor.numbers |= numbers
    bench.run(2)
    bench.enter(*phases)
    if Phase.INF in phases:
        stamp = bench.bedside.clock.stamp()
        order = Order(0.5, 70.0, 1.0, order_min, "Dr. Kim Lind")
        rate = 35.0 / (order_min / 60)
        put(bench, OrderEntry(stamp, order, NURSE), InfusionEntry(stamp, "i1", "started", rate, NURSE))
    return bench, monitor


def recovering(**numbers: float | None) -> tuple[Bench, BenchMonitor]:
    """A bench in the recovery, the infusion just over."""
    bench, monitor = chair(*INFUSING, **numbers)
    put(bench, InfusionEntry(bench.bedside.clock.stamp(), "i2", "completed", None, NURSE))
    bench.enter(Phase.REC)
    return bench, monitor


def frozen(bench: Bench, systolic: float, diastolic: float, hr: float = 72.0) -> None:
    baseline = Baseline(systolic, diastolic, hr, 98.0, 14.0)
    put(bench, BaselineEntry(bench.bedside.clock.stamp(), baseline, (), NURSE))


def care(bench: Bench, kind: str, text: str = "", **fields: Scalar) -> None:
    reasons = bench.do(RecordCare(kind, text, NURSE, fields))
    assert reasons == ()


def restarted(before: Bench, gap_s: float) -> Bench:
    """The same session in a program that was started again so much later, from what the first one recorded."""
    opened, *entries = before.entries
    assert isinstance(opened, SessionOpened)
    record = SessionRecord(opened, tuple(entries), (), before.bedside.visit.phase, before.t_s, closed=False)
    last = max(e.stamp for e in before.entries if hasattr(e, "stamp"))
    clock = ManualClock(before.clock.wall_utc(), start_ns=17)
    clock.sleep_until(clock.monotonic_ns() + round(gap_s * S))
    cut = cut_off(record, last, clock)

    def make(around: Surroundings, _clock: ManualClock) -> Bedside:
        return make_bedside(
            record.opened, around, first_entry=cut.last_entry_number, origin_t_ns=cut.origin_t_ns
        )

    bench = Bench(clock=clock, make=make)
    bench.bedside.begin(cut)
    bench.plug()
    bench.run(1)
    return bench
