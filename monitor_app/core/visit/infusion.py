"""The infusion as it was recorded: when it ran, at which rate, and how much that makes (clinical.md §9.1).

The pump is not controlled and not read; everything here follows from what people recorded. A rate stands until the next
entry; pauses count nothing; the calculated volume is held against every volume read off the pump.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from devices.errors import KnownError
from monitor_app.core.dose import (
    DoseResult,
    RateSegment,
    dose_of,
    given_ml,
    planned_end_t_ns,
    running_s,
)
from monitor_app.core.journal import InfusionEntry
from monitor_app.core.visit.state import Visit

ENDING = frozenset({"completed", "stopped"})
PUMP_TOLERANCE = 0.05  # clinical.md §9.1: more than 5 % apart is WF-03
EARLY_BELOW = 0.98  # of the ordered dose; the mirror of WF-03's + 2 %
READING_NEAR_END_NS = 5 * 60 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class PumpCheck:
    """A volume read off the pump beside the calculated one."""

    t_ns: int
    pump_ml: float
    calculated_ml: float

    @property
    def apart(self) -> float:
        """Calculated against pump, as a fraction of the pump's volume (of 1 mL below that)."""
        return (self.calculated_ml - self.pump_ml) / max(self.pump_ml, 1.0)

    @property
    def disagrees(self) -> bool:
        """Whether they are more than 5 % apart (clinical.md §9.1)."""
        return abs(self.apart) > PUMP_TOLERANCE


@dataclass(frozen=True, slots=True)
class Infusion:
    """What the infusion of a visit amounts to. ``t0_ns`` and ``t_end_ns`` are the actual start and end; None: not yet."""

    t0_ns: int | None = None
    t_end_ns: int | None = None
    segments: tuple[RateSegment, ...] = ()
    ordered: DoseResult | None = None
    concentration_mg_per_ml: float = 0.0
    planned_s: float | None = None
    pump_checks: tuple[PumpCheck, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it was started and its end not yet recorded."""
        return self.t0_ns is not None and self.t_end_ns is None

    @property
    def running(self) -> bool:
        """Whether the pump is recorded as running now."""
        return bool(self.segments) and self.segments[-1].end_t_ns is None

    @property
    def rate_ml_per_h(self) -> float:
        """The recorded rate now; 0 when nothing runs."""
        return self.segments[-1].rate_ml_per_h if self.running else 0.0

    @property
    def stopped_t_ns(self) -> int | None:
        """When the pump last stopped; None while it runs or before it ran."""
        return self.segments[-1].end_t_ns if self.segments else None

    def given_ml(self, t_ns: int) -> float:
        """Calculated millilitres by ``t_ns``."""
        return given_ml(self.segments, t_ns)

    def given_mg(self, t_ns: int) -> float:
        """Calculated milligrams by ``t_ns``."""
        return self.given_ml(t_ns) * self.concentration_mg_per_ml

    def running_s(self, t_ns: int) -> float:
        """Seconds of pumping by ``t_ns``, pauses left out."""
        return running_s(self.segments, t_ns)

    def planned_end_t_ns(self, t_ns: int) -> int | None:
        """When the ordered volume is (or was) in at the present rate; None while nothing runs."""
        return None if self.ordered is None else planned_end_t_ns(self.segments, t_ns, self.ordered.volume_ml)

    def early(self, t_ns: int) -> bool:
        """Whether ending at ``t_ns`` leaves part of the ordered dose ungiven."""
        return self.ordered is not None and self.given_mg(t_ns) < EARLY_BELOW * self.ordered.total_mg


def infusion_of(visit: Visit) -> Infusion:
    """Work out the infusion of a visit from its order and its pump entries."""
    segments = rate_segments(visit.infusion)
    starts = [entry.stamp.t_ns for entry in visit.infusion if entry.action == "started"]
    ends = [entry.stamp.t_ns for entry in visit.infusion if entry.action in ENDING]
    checks = tuple(
        PumpCheck(entry.stamp.t_ns, entry.pump_volume_ml, given_ml(segments, entry.stamp.t_ns))
        for entry in visit.infusion
        if entry.pump_volume_ml is not None
    )
    infusion = Infusion(
        t0_ns=starts[0] if starts else None,
        t_end_ns=ends[-1] if ends else None,
        segments=segments,
        pump_checks=checks,
    )
    if visit.order is None:
        return infusion
    order = visit.order.order
    try:
        ordered: DoseResult | None = dose_of(order)
    except KnownError:  # an order read back from a record made elsewhere may hold anything
        ordered = None
    return replace(
        infusion,
        ordered=ordered,
        concentration_mg_per_ml=order.concentration_mg_per_ml,
        planned_s=order.duration_min * 60,
    )


def rate_segments(entries: Iterable[InfusionEntry]) -> tuple[RateSegment, ...]:
    """Turn pump entries into stretches of pumping, in the order they were recorded."""
    done: list[RateSegment] = []
    running: RateSegment | None = None
    rate = 0.0
    for entry in entries:
        rate = rate if entry.rate_ml_per_h is None else entry.rate_ml_per_h
        if entry.action == "volume" or (entry.action == "rate" and running is None):
            continue
        if running is not None:
            done.append(replace(running, end_t_ns=max(running.start_t_ns, entry.stamp.t_ns)))
            running = None
        if entry.action in {"started", "resumed", "rate"}:
            running = RateSegment(entry.stamp.t_ns, None, rate)
    return (*done, running) if running is not None else tuple(done)


def end_systolic_mmhg(visit: Visit) -> float | None:
    """Systolic pressure at tEnd: the accepted reading nearest to it, within 5 min (clinical.md §6.2 AL-BP-11)."""
    t_end_ns = infusion_of(visit).t_end_ns
    if t_end_ns is None:
        return None
    near = [r for r in visit.readings if abs(r.stamp.t_ns - t_end_ns) <= READING_NEAR_END_NS]
    nearest = min(near, key=lambda r: abs(r.stamp.t_ns - t_end_ns), default=None)
    return None if nearest is None else nearest.systolic_mmhg
