"""What becomes of a dose order and of freezing the baseline."""

from devices.errors import KnownError
from monitor_app.core.commands import FreezeBaseline, SetOrder
from monitor_app.core.journal import BaselineEntry, Order, OrderEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.refusal import Entries, not_acting, refuse
from monitor_app.core.visit.start_guards import order_findings
from monitor_app.core.visit.state import Visit

ORDER_PHASES = frozenset({Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.PAUSE})
BASELINE_PHASES = frozenset({Phase.BASE, Phase.READY})


def decide_order(visit: Visit, command: SetOrder, *, facts: VisitFacts, stamp: Stamp) -> Entries:
    """Write an order, unless its numbers cannot be meant or pass a hard limit (clinical.md §9.2, §9.4).

    While the infusion goes on, weight and concentration stay: another bag is another infusion.
    """
    order = command.order
    reasons = [not_acting(visit, command.by)]
    if visit.phase not in ORDER_PHASES:
        reasons.append(f"An order cannot be written in {visit.phase.title}.")
    if order.drug.strip().casefold() != "ketamine":
        reasons.append(f"Orders here are for ketamine; {order.drug} is recorded as a drug given.")
    if order.verbal and not order.ordered_by.strip():
        reasons.append("A verbal order needs the name of who gave it.")
    if infusion_of(visit).open and visit.order is not None and _another_bag(visit.order.order, order):
        reasons.append("Weight and concentration cannot change while the infusion goes on; end it first.")
    reasons += _dose_faults(visit, order, facts)
    reasons = [reason for reason in reasons if reason]
    if reasons:
        return refuse(stamp, "Dose order", command.by, *reasons)
    return (OrderEntry(stamp, order, command.by),)


def decide_baseline(visit: Visit, command: FreezeBaseline, *, facts: VisitFacts, stamp: Stamp) -> Entries:
    """Freeze what the readings so far give; a second time only with a reason, the old one is kept."""
    reasons = [not_acting(visit, command.by)]
    if visit.phase not in BASELINE_PHASES:
        reasons.append(f"A baseline is frozen before the infusion, not in {visit.phase.title}.")
    if visit.baseline is not None and not command.reason.strip():
        reasons.append("A baseline is frozen already; a new one needs a reason.")
    if not facts.baseline.ready:
        reasons += facts.baseline.reasons
    reasons = [reason for reason in reasons if reason]
    if reasons or facts.baseline.baseline is None:
        return refuse(stamp, "Freeze baseline", command.by, *reasons)
    entry = BaselineEntry(
        stamp, facts.baseline.baseline, facts.baseline.nibp_ids, command.by, command.reason.strip()
    )
    return (entry,)


def _another_bag(old: Order, new: Order) -> bool:
    return (old.weight_kg, old.concentration_mg_per_ml) != (new.weight_kg, new.concentration_mg_per_ml)


def _dose_faults(visit: Visit, order: Order, facts: VisitFacts) -> list[str]:
    try:
        findings = order_findings(visit, order, facts)
    except KnownError as error:
        return [str(error)]
    return [finding.text for finding in findings if finding.severity.stops]
