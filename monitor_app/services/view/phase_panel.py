"""The phase panel: what the visit needs to move on, each guard in words with its question."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.phase import Phase
from monitor_app.core.visit.closing_guards import NURSE_ROLES
from monitor_app.core.visit.guard import Guard, value_text
from monitor_app.core.visit.guards import guards_for
from monitor_app.core.visit.ordering import ORDER_PHASES
from monitor_app.core.visit.signing import addendum_unsigned
from monitor_app.core.visit.state import Visit
from monitor_app.core.visit.transitions import onward
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.screen import GuardView, OtherStep, PhasePanelView
from monitor_app.services.view.wording import said

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
    Phase.SIGNED: (Phase.SIGNED, "To add to the record", "Add to the record"),
}
_OTHERS: Mapping[tuple[Phase, Phase], tuple[str, str]] = MappingProxyType(
    {
        (Phase.PAUSE, Phase.REC): ("To end the infusion", "Infusion ended"),
        (Phase.DCA, Phase.REC): ("To go back to recovery", "Back to recovery"),
        (Phase.EMERG, Phase.DONE): ("The patient has left", "Patient has left"),
        (Phase.INF, Phase.READY): ("The start was a mistake", "Started by mistake"),
        (Phase.CHECKIN, Phase.CANCEL): ("Not to treat today", "Not treated"),
        (Phase.BASE, Phase.CANCEL): ("Not to treat today", "Not treated"),
        (Phase.READY, Phase.CANCEL): ("Not to treat today", "Not treated"),
    }
)
"""Title and button of the ways that are not the usual one. Pausing and EMERGENCY have buttons of their own."""

_DONE_ELSEWHERE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "limbs": ("limbs", "Cuff and probe…"),
        "baseline_complete": ("nibp", "Blood pressure…"),
        "dose_consistent": ("order", "Write order…"),
        "self_test": ("selftest", "Alarm self-test…"),
        "no_high_alarm": ("alarms", "Alarms…"),
        "resume_alarm": ("alarms", "Alarms…"),
        "d17_alarms": ("alarms", "Alarms…"),
        "pump_off": ("pump_stop", "Pump stopped…"),
        "moaas_5": ("check", "Check…"),
        "d5_rr": ("check", "Check…"),
        "d6_sedation": ("check", "Check…"),
        "bp_recovered": ("nibp", "Blood pressure…"),
        "d2_bp": ("nibp", "Blood pressure…"),
        "d4_spo2": ("oxygen", "Oxygen…"),
        "d16_events": ("outcome", "Complete events…"),
        "wf07_ongoing": ("outcome", "Complete events…"),
        "events_settled": ("outcome", "Complete events…"),
        "ae_ongoing_confirmed": ("outcome", "Complete events…"),
        "serious_event_form": ("event", "Event…"),
    }
)
"""Guards that are met at another panel: its key, and what the button says."""

UNANSWERED = " Not answered."
"""Said by the rules of a question without an answer; on the panel its mark says so."""
_GATES = frozenset({"bp_gate", "hr_gate", "spo2_gate"})
"""Met by a yes only in their amber band; beyond it a prescriber decides (clinical.md §3.2 T3)."""
_SECOND_PERSON = frozenset({"second_check_weight_kg", "second_check_dose_mg_per_kg"})


def phase_panel(state: BedsideState, to_phase: Phase | None = None) -> PhasePanelView:
    """The panel for the usual next step, or for another that was pressed."""
    visit = state.visit
    step = _NEXT.get(visit.phase)
    if to_phase is None or (visit.phase, to_phase) not in _OTHERS:
        to_phase = step[0] if step else None
    if to_phase is None:
        return PhasePanelView(visit.phase.title, None, (), ready=False, button="", missing_text="")
    sign_role = _sign_role(visit)
    title, button = _words(visit, to_phase, sign_role)
    guards = guards_for(visit, to_phase, state.visit_facts)
    if sign_role == "nurse":  # the nurse signs first; what only the prescriber owes is not asked of her
        guards = tuple(g for g in guards if g.key not in {"nurse_signed", "order_cosign"})
    if visit.phase is Phase.SIGNED and sign_role:
        guards = ()
    missing = sum(1 for g in guards if not g.met)
    writes_order = visit.phase in ORDER_PHASES - {Phase.INF, Phase.PAUSE} and to_phase is not Phase.CANCEL
    return PhasePanelView(
        title=title,
        to_phase=to_phase,
        guards=tuple(_guard(g) for g in guards),
        ready=missing == 0,
        button=button,
        missing_text=_missing(missing),
        freeze_ready=visit.phase is Phase.READY and state.visit_facts.baseline.ready,
        order_needed=visit.phase is Phase.READY and visit.order is None,
        order_text=("Change order" if visit.order else "Write order") if writes_order else "",
        progress_text=f"{len(guards) - missing} of {len(guards)}" if guards else "",
        others=_others(visit.phase, to_phase),
        sign_role=sign_role,
    )


def _words(visit: Visit, to_phase: Phase, sign_role: str) -> tuple[str, str]:
    """Title of the panel and caption of its button."""
    if sign_role:
        return "To sign the record", f"Sign as {sign_role}"
    other = _OTHERS.get((visit.phase, to_phase))
    step = _NEXT.get(visit.phase)
    if other is not None and (step is None or step[0] is not to_phase):
        return other
    return (step[1], step[2]) if step else (to_phase.title, to_phase.title)


def _sign_role(visit: Visit) -> str:
    """Whose signature comes next; empty where nothing is to be signed."""
    if visit.phase is Phase.DONE:
        return "prescriber" if any(s.by.role in NURSE_ROLES for s in visit.signatures) else "nurse"
    return "prescriber" if visit.phase is Phase.SIGNED and addendum_unsigned(visit) else ""


def _others(phase: Phase, shown: Phase) -> tuple[OtherStep, ...]:
    """The other ways from here, and the way back to the usual one."""
    usual = _NEXT.get(phase)
    found = [OtherStep(usual[0], usual[2])] if usual and usual[0] is not shown else []
    targets = dict.fromkeys(row.to_phase for row in onward(phase))
    found += [
        OtherStep(to, _OTHERS[phase, to][1]) for to in targets if (phase, to) in _OTHERS and to is not shown
    ]
    return tuple(found)


def _missing(count: int) -> str:
    if count == 0:
        return ""
    return "1 thing missing" if count == 1 else f"{count} things missing"


def _guard(guard: Guard) -> GuardView:
    question, answer = guard.question, guard.answer
    decided = answer.override_by if answer is not None and guard.overridden else None
    opens, opens_text = _DONE_ELSEWHERE.get(guard.key, ("", ""))
    return GuardView(
        key=guard.key,
        text=said(_text(guard)),
        met=guard.met,
        amber=guard.amber,
        kind=_kind(guard),
        choices=question.choices if question is not None else (),
        unit=question.unit if question is not None else "",
        answer=answer.value if answer is not None else None,
        can_override=guard.override != "none" and not guard.met,
        override_text=f"passed by {decided.name}: {answer.reason}" if decided and answer else "",
        help=said(question.help) if question is not None else "",
        question=question.key if question is not None else guard.key,
        asked_of=_asked_of(guard),
        opens="" if guard.met else opens,
        opens_text=opens_text,
    )


def _text(guard: Guard) -> str:
    """The guard in words; a question and its answer are kept apart: "Weight: 84 kg"."""
    question, answer = guard.question, guard.answer
    if question is not None and answer is not None:
        answered = value_text(question, answer)
        if guard.text == f"{question.text} {answered}.":
            return f"{question.text}{'' if question.text.endswith('?') else ':'} {answered}"
    return guard.text.removesuffix(UNANSWERED)


def _kind(guard: Guard) -> str:
    """What is asked: nothing where the program judges, where nothing is open, or where only a decision would help."""
    question = guard.question
    if question is None or question.automatic:
        return "auto"
    if guard.met and guard.answer is None and question.required:
        return "auto"
    if guard.key in _GATES and not guard.met and not guard.amber:
        return "auto"
    return question.kind


def _asked_of(guard: Guard) -> str:
    if guard.key in _SECOND_PERSON:
        return "second person"
    question = guard.question
    if question is None or question.answered_by == "none":
        return ""
    return "prescriber"
