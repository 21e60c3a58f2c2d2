"""The clocks that are always on the screen (clinical.md §3.3), as one pure function."""

from dataclasses import dataclass

from monitor_app.core.observation import SEDATION, due_items
from monitor_app.core.stamp import NS_PER_S
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.recovery import recovery_minimum
from monitor_app.core.visit.state import Visit


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds and milligrams; None where a clock does not apply. Negative ``*_in_s`` count up what is overdue."""

    phase_s: float
    infusion_elapsed_s: float | None = None  # pumping time, pauses left out
    infusion_planned_s: float | None = None
    infusion_end_in_s: float | None = None
    given_mg: float | None = None  # calculated
    ordered_mg: float | None = None
    nibp_in_s: float | None = None
    nibp_age_s: float | None = None
    sedation_check_in_s: float | None = None
    recovery_left_s: float | None = None
    recovery_reason: str = ""
    since_interaction_s: float | None = None


def timers(visit: Visit, facts: VisitFacts, t_ns: int) -> Timers:
    """Every clock at ``t_ns``; the cuff's next reading comes from ``facts.next_nibp_t_ns``."""
    infusion = infusion_of(visit)
    started = infusion.t0_ns is not None
    minimum = recovery_minimum(visit, facts.rules)
    sedation = next((item for item in due_items(visit, facts.rules) if item.item == SEDATION), None)
    return Timers(
        phase_s=_since(visit.phase_start_t_ns, t_ns) or 0.0,
        infusion_elapsed_s=infusion.running_s(t_ns) if started else None,
        infusion_planned_s=infusion.planned_s,
        infusion_end_in_s=_until(infusion.planned_end_t_ns(t_ns), t_ns),
        given_mg=infusion.given_mg(t_ns) if started else None,
        ordered_mg=None if infusion.ordered is None else infusion.ordered.total_mg,
        nibp_in_s=_until(facts.next_nibp_t_ns, t_ns),
        nibp_age_s=_since(visit.readings[-1].stamp.t_ns if visit.readings else None, t_ns),
        sedation_check_in_s=_until(None if sedation is None else sedation.due_t_ns, t_ns),
        recovery_left_s=None if minimum is None else minimum.left_s(t_ns),
        recovery_reason="" if minimum is None else minimum.reason,
        since_interaction_s=_since(visit.last_interaction_t_ns, t_ns),
    )


def _since(then_t_ns: int | None, t_ns: int) -> float | None:
    return None if then_t_ns is None else (t_ns - then_t_ns) / NS_PER_S


def _until(then_t_ns: int | None, t_ns: int) -> float | None:
    return None if then_t_ns is None else (then_t_ns - t_ns) / NS_PER_S
