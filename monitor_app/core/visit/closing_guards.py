"""Guards of the signature (clinical.md §3.2 T14)."""

from monitor_app.core.phase import Phase
from monitor_app.core.visit.care import adverse_events
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.discharge_guards import post_vas_value
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guard import Guard, Judgement, asked, automatic, judged
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.state import Visit

NURSE_ROLES = frozenset({"nurse"})


def record_complete(visit: Visit, _facts: VisitFacts) -> Guard:
    """Nothing mandatory is missing; after a transfer a prescriber may sign without what could not be had."""
    missing = []
    if visit.value("pre_vas") is None:
        missing.append("pain before the infusion")
    if infusion_of(visit).t0_ns is not None:
        if post_vas_value(visit) is None:
            missing.append("pain after the infusion")
        if infusion_of(visit).t_end_ns is None:
            missing.append("end of the infusion")
    if visit.value("ae_review") is None:
        missing.append("review of adverse events")
    text = f"Missing: {', '.join(missing)}." if missing else "Every mandatory field is filled."
    return judged(visit, QUESTIONS["record_complete"], Judgement(ok=not missing, text=text))


def events_settled(visit: Visit, _facts: VisitFacts) -> Guard:
    """Adverse events have grade and outcome; those still going on are confirmed."""
    events = adverse_events(visit.care)
    incomplete = [event.term for event in events if event.grade is None or not event.outcome]
    if incomplete:
        text = f"Grade or outcome missing: {', '.join(incomplete)}."
        return automatic("events_settled", Judgement(ok=False, text=text))
    ongoing = [event.term for event in events if event.ongoing]
    if not ongoing:
        return automatic("events_settled", Judgement(ok=True, text="Every event is complete."))
    text = f"Still going on: {', '.join(ongoing)}; confirm it."
    return judged(visit, QUESTIONS["ae_ongoing_confirmed"], Judgement(ok=False, text=text, confirm=True))


def serious_event_form(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """After an emergency a serious adverse event is on record (clinical.md §3.2 T12)."""
    if not visit.had_emergency:
        return None
    ok = any(event.serious for event in adverse_events(visit.care))
    text = "Serious event recorded." if ok else "The emergency needs its serious-event form."
    return automatic("serious_event_form", Judgement(ok=ok, text=text))


def nurse_signed(visit: Visit, _facts: VisitFacts) -> Guard:
    """The nurse signs before the prescriber."""
    done_ns = max((step.stamp.t_ns for step in visit.phases if step.to_phase is Phase.DONE), default=0)
    ok = any(s.by.role in NURSE_ROLES and s.stamp.t_ns >= done_ns for s in visit.signatures)
    return automatic(
        "nurse_signed", Judgement(ok=ok, text="Nurse signed." if ok else "The nurse signs first.")
    )


def order_cosign(visit: Visit, _facts: VisitFacts) -> Guard | None:
    """A verbal order carries its prescriber's own signature by now (clinical.md §3.2 T4)."""
    if visit.order is None or visit.order.by.role == "prescriber" or not visit.order.order.verbal:
        return None
    return asked(visit, QUESTIONS["order_cosign"])
