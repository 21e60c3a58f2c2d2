"""The phase panel: what the visit needs to move on, each guard in words with its question."""

from monitor_app.core.phase import Phase
from monitor_app.core.visit.guard import Guard
from monitor_app.core.visit.guards import guards_for
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.screen import GuardView, PhasePanelView

_NEXT = {
    Phase.SCHED: (Phase.CHECKIN, "To check the patient in", "Patient is here"),
    Phase.CHECKIN: (Phase.BASE, "To begin the baseline", "Begin baseline"),
    Phase.BASE: (Phase.READY, "To freeze the baseline", "Freeze baseline"),
    Phase.READY: (Phase.INF, "To start the infusion", "Start infusion"),
    Phase.INF: (Phase.REC, "To end the infusion", "Infusion ended"),
    Phase.PAUSE: (Phase.INF, "To resume the infusion", "Resume infusion"),
    Phase.REC: (Phase.DCA, "To begin the discharge checks", "Begin discharge"),
    Phase.DCA: (Phase.DONE, "To let the patient go", "Patient leaves"),
    Phase.DONE: (Phase.SIGNED, "To sign the record", "Sign"),
    Phase.EMERG: (Phase.REC, "To end the emergency", "Emergency over"),
}


def next_phase(phase: Phase) -> Phase | None:
    """The phase that usually comes next."""
    step = _NEXT.get(phase)
    return step[0] if step else None


def phase_panel(state: BedsideState, to_phase: Phase | None = None) -> PhasePanelView:
    """The panel for the usual next step, or for another that was pressed."""
    visit = state.visit
    step = _NEXT.get(visit.phase)
    if to_phase is None:
        to_phase = step[0] if step else None
    if to_phase is None:
        return PhasePanelView(visit.phase.title, None, (), ready=False, button="", missing_text="")
    usual = step is not None and step[0] is to_phase
    title = step[1] if usual and step else f"To go on to {to_phase.title.lower()}"
    button = step[2] if usual and step else to_phase.title
    guards = guards_for(visit, to_phase, state.visit_facts)
    missing = sum(1 for g in guards if not g.met)
    return PhasePanelView(
        title=title,
        to_phase=to_phase,
        guards=tuple(_guard(g) for g in guards),
        ready=missing == 0,
        button=button,
        missing_text=_missing(missing),
        freeze_ready=state.visit_facts.baseline.ready,
        order_needed=visit.phase is Phase.READY and visit.order is None,
    )


def _missing(count: int) -> str:
    if count == 0:
        return ""
    return "1 thing missing" if count == 1 else f"{count} things missing"


def _guard(guard: Guard) -> GuardView:
    question, answer = guard.question, guard.answer
    asks = question is not None and not question.automatic
    decided = answer.override_by if answer is not None and guard.overridden else None
    return GuardView(
        key=guard.key,
        text=guard.text,
        met=guard.met,
        amber=guard.amber,
        kind=question.kind if question is not None and asks else "auto",
        choices=question.choices if question is not None and asks else (),
        unit=question.unit if question is not None else "",
        answer=answer.value if answer is not None else None,
        can_override=guard.override != "none" and not guard.met,
        override_text=f"passed by {decided.name}: {answer.reason}" if decided and answer else "",
        help=question.help if question is not None else "",
    )
