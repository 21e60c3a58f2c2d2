"""What a step writes besides itself: the frozen baseline, and what happened at the pump."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from monitor_app.core.journal import (
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    PhaseEntry,
    VoidEntry,
)
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.refusal import Entries
from monitor_app.core.visit.start_guards import begun_t_ns, ended_t_ns
from monitor_app.core.visit.state import Visit
from monitor_app.core.visit.transitions import Effect, Transition

NewId: TypeAlias = Callable[[], str]


def before_step(visit: Visit, row: Transition, by: Actor, *, facts: VisitFacts, stamp: Stamp) -> Entries:
    """What has to stand in the record before the step: the baseline, where it is frozen by going on."""
    proposal = facts.baseline
    if Effect.FREEZE_BASELINE not in row.effects or visit.baseline is not None or proposal.baseline is None:
        return ()
    return (BaselineEntry(stamp, proposal.baseline, proposal.nibp_ids, by),)


def with_step(
    visit: Visit, row: Transition, step: PhaseEntry, *, facts: VisitFacts, new_id: NewId
) -> Entries:
    """The step and what it does to the infusion (``facts.t_ns`` is the instant of the step)."""
    makers = [_MAKERS[effect] for effect in row.effects if effect in _MAKERS]
    return (step, *(make(visit, step, facts, new_id) for make in makers))


def _start(visit: Visit, step: PhaseEntry, facts: VisitFacts, new_id: NewId) -> InfusionEntry:
    """The actual start at the ordered rate."""
    ordered = infusion_of(visit).ordered
    rate = None if ordered is None else ordered.rate_ml_h
    stamp = _at(step.stamp, begun_t_ns(visit, facts.t_ns))
    return InfusionEntry(stamp, new_id(), "started", rate, step.by, step.reason)


def _pause(visit: Visit, step: PhaseEntry, _facts: VisitFacts, new_id: NewId) -> InfusionEntry:
    reason = str(visit.value("pause_reason") or "")
    return InfusionEntry(step.stamp, new_id(), "paused", None, step.by, reason)


def _resume(_visit: Visit, step: PhaseEntry, _facts: VisitFacts, new_id: NewId) -> InfusionEntry:
    return InfusionEntry(step.stamp, new_id(), "resumed", None, step.by, step.reason)


def _end(visit: Visit, step: PhaseEntry, facts: VisitFacts, new_id: NewId) -> InfusionEntry:
    """The actual end, stamped when it was, with the pump's own volume."""
    end_ns = ended_t_ns(visit, facts.t_ns)
    early = infusion_of(visit).early(end_ns)
    volume = visit.value("pump_volume_ml")
    return InfusionEntry(
        stamp=_at(step.stamp, end_ns),
        entry_id=new_id(),
        action="stopped" if early else "completed",
        rate_ml_per_h=None,
        by=step.by,
        reason=str(visit.value("stop_reason") or "") if early else "",
        pump_volume_ml=float(volume) if isinstance(volume, (int, float)) else None,
    )


def _take_back(visit: Visit, step: PhaseEntry, _facts: VisitFacts, _new_id: NewId) -> VoidEntry:
    reason = str(visit.value("started_by_mistake") or step.reason)
    return VoidEntry(step.stamp, visit.infusion[-1].entry_id, step.by, reason)


def _addendum(visit: Visit, step: PhaseEntry, _facts: VisitFacts, new_id: NewId) -> CareEntry:
    text = str(visit.value("addendum") or step.reason)
    return CareEntry(step.stamp, new_id(), "note", text, step.by, {"addendum": True})


_MAKERS: Mapping[Effect, Callable[[Visit, PhaseEntry, VisitFacts, NewId], JournalEntry]] = MappingProxyType(
    {
        Effect.START_INFUSION: _start,
        Effect.PAUSE_INFUSION: _pause,
        Effect.RESUME_INFUSION: _resume,
        Effect.END_INFUSION: _end,
        Effect.TAKE_BACK_START: _take_back,
        Effect.ADDENDUM: _addendum,
    }
)
"""The entry an effect writes; effects that are not here are for the recorder, the cuff plan and the screen."""


def _at(now: Stamp, t_ns: int) -> Stamp:
    """The stamp of an instant that people name afterwards; wall time is taken along."""
    return (
        now
        if t_ns == now.t_ns
        else replace(now, t_ns=t_ns, utc_ms=now.utc_ms - (now.t_ns - t_ns) // 1_000_000)
    )
