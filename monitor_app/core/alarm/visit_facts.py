"""What the alarm rules are told of the visit: ratings, events, tasks. Pure; it changes only with an entry of the visit."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from monitor_app.core.alarm.facts import DueTask, Noted, NurseFacts, Rating, WorkFacts
from monitor_app.core.observation import due_items
from monitor_app.core.phase import Phase
from monitor_app.core.visit.care import adverse_events, checks
from monitor_app.core.visit.discharge_guards import post_vas_value
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.state import Visit

DISTRESS_TERMS = frozenset({"panic attack", "feeling of impending death"})  # clinical.md §6.5 AL-SD-04, §10.3
DISSOCIATION_SEVERE = 3  # clinical.md §4.1: rated 0 to 3
DISSOCIATION_GRADE = 3  # clinical.md §10.3: cannot be reassured
REVIEWS = (  # clinical.md §6.7 WF-09; dates in the patient's fields, as 2026-01-31
    ("safety_lab_due", "safety lab"),
    ("psych_review_due", "psychological review"),
    ("drug_screen_due", "urine drug screen"),
)


def nurse_facts(visit: Visit) -> NurseFacts:
    """Return what was rated, counted and entered last (clinical.md §6.5); what was taken back does not count."""
    return NurseFacts(
        moaas=_last(visit, "moaas"),
        poss=_last(visit, "poss"),
        rass=_last(visit, "rass"),
        rr_counted=_last(visit, "rr"),
        distress=_newest(_distress(visit)),
        suicidal=_newest(_events(visit, "suicid")),
        vomiting=_newest(_events(visit, "vomiting")),
    )


def work_facts(visit: Visit, rules: ClinicRules) -> WorkFacts:
    """Return what is due, and how far infusion and recovery are (clinical.md §6.7)."""
    infusion = infusion_of(visit)
    recovery = next((step.stamp.t_ns for step in visit.phases if step.to_phase is Phase.REC), None)
    after = visit.phase in {Phase.REC, Phase.DCA}
    return WorkFacts(
        due=tuple(DueTask(item.title, item.due_t_ns) for item in due_items(visit, rules)),
        infusion=infusion if infusion.t0_ns is not None else None,
        paused_since_t_ns=visit.phase_start_t_ns if visit.phase is Phase.PAUSE else None,
        recovery_since_t_ns=recovery if after else None,
        ongoing_events=tuple(event.term for event in adverse_events(visit.care) if event.ongoing),
        pain_unrated=after and post_vas_value(visit) is None,
        reviews_due=reviews_due(visit) if visit.phase is Phase.CHECKIN else (),
    )


def reviews_due(visit: Visit) -> tuple[str, ...]:
    """Return which reviews are due on the day of the visit, by the dates the patient's record names."""
    if visit.opened is None:
        return ()
    today = datetime.fromtimestamp(visit.opened.stamp.utc_ms / 1000, UTC).date()
    return tuple(name for key, name in REVIEWS if (due := _date(visit.patient(key))) and due <= today)


def _last(visit: Visit, item: str) -> Rating | None:
    rated = [(t_ns, value) for t_ns, value in checks(visit.care, item) if isinstance(value, (int, float))]
    return Rating(float(rated[-1][1]), rated[-1][0]) if rated else None


def _distress(visit: Visit) -> Iterable[Noted]:
    for event in adverse_events(visit.care):
        term = event.term.casefold()
        lost = term == "dissociation" and (event.grade or 0) >= DISSOCIATION_GRADE
        if term in DISTRESS_TERMS or lost:
            yield Noted(event.t_ns, event.term)
    for t_ns, value in checks(visit.care, "dissociation"):
        if isinstance(value, (int, float)) and value >= DISSOCIATION_SEVERE:
            yield Noted(t_ns, "Severe dissociation")


def _events(visit: Visit, word: str) -> Iterable[Noted]:
    return (Noted(e.t_ns, e.term) for e in adverse_events(visit.care) if word in e.term.casefold())


def _newest(noted: Iterable[Noted]) -> Noted | None:
    return max(noted, key=lambda one: one.t_ns, default=None)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
