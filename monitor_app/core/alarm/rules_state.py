"""What people at the chair rate and enter: the table of clinical.md §6.5, with the card of each.

A rating stands until the next one; of sedation scales the newest counts, of those entered together the graver. Panic,
suicidal intent and vomiting are entered once: they alarm until somebody acknowledges, and again when entered again.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from monitor_app.core.alarm.facts import Noted, NurseFacts, Rating
from monitor_app.core.alarm.rule import ANY, NOT_MET, UNKNOWN, Case, Melody, Rule, Verdict, patient_rule
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S

MOAAS_DEEP, MOAAS_DROWSY = 2, 3  # clinical.md §6.5
POSS_DEEP, POSS_DROWSY = 4, 3  # clinical.md §6.5
RASS_AGITATED, RASS_VERY_AGITATED = 2, 3  # clinical.md §6.5
VOMITING_MOAAS = 4  # clinical.md §6.5
VOMITING_COUNTS_NS = 15 * 60 * NS_PER_S
"""Vomiting with a patient who becomes drowsy later than this is a new matter; our choice, the interval of the checks."""


def _sedated(case: Case, *, moaas: float, poss: float) -> Verdict:
    """AL-SD-01, -02: the newest sedation rating is at or beyond a level."""
    nurse = case.facts.nurse
    newest = max((r.t_ns for r in (nurse.moaas, nurse.poss) if r is not None), default=None)
    if newest is None:
        return UNKNOWN
    found = [
        Verdict(met=True, value=rating.value, limit=limit, text=f"{name} {rating.value:g}", severity=severity)
        for name, rating, limit, severity in _sedation_parts(nurse, moaas, poss)
        if rating.t_ns == newest and severity >= 0
    ]
    return max(found, key=lambda verdict: verdict.severity, default=NOT_MET)


def _sedation_parts(nurse: NurseFacts, moaas: float, poss: float) -> list[tuple[str, Rating, float, float]]:
    parts = []
    if nurse.moaas is not None:
        parts.append(("MOAA/S", nurse.moaas, moaas, moaas - nurse.moaas.value))
    if nurse.poss is not None:
        parts.append(("POSS", nurse.poss, poss, nurse.poss.value - poss))
    return parts


def _agitated(case: Case, *, rass: float) -> Verdict:
    """AL-SD-03: RASS at or above a level."""
    rating = case.facts.nurse.rass
    if rating is None:
        return UNKNOWN
    if rating.value < rass:
        return NOT_MET
    return Verdict(
        met=True, value=rating.value, limit=rass, text=f"RASS {rating.value:+g}", severity=rating.value
    )


def event(case: Case, noted: Noted | None) -> Verdict:
    """Return the verdict of something that happened once: met until what happened has been acknowledged."""
    handled = case.own.handled_t_ns
    if noted is None or (handled is not None and noted.t_ns <= handled):
        return NOT_MET
    return Verdict(met=True, value=noted.value, text=noted.text, since_t_ns=noted.t_ns, event_t_ns=noted.t_ns)


def _entered(case: Case, *, of: Callable[[NurseFacts], Noted | None]) -> Verdict:
    """AL-SD-04, -05: it was entered."""
    return event(case, of(case.facts.nurse))


def _vomiting(case: Case) -> Verdict:
    """AL-SD-06: vomiting entered, and the patient not fully awake by the last MOAA/S."""
    nurse = case.facts.nurse
    if nurse.vomiting is None or nurse.moaas is None:
        return NOT_MET
    recent = case.facts.t_ns < nurse.vomiting.t_ns + VOMITING_COUNTS_NS or case.own.state.running
    if nurse.moaas.value > VOMITING_MOAAS or not recent:
        return NOT_MET
    verdict = event(case, nurse.vomiting)
    return replace(verdict, text=f"{verdict.text}, MOAA/S {nurse.moaas.value:g}") if verdict.met else verdict


_rule = partial(patient_rule, melody=Melody.GENERAL)

_RULES: tuple[Rule, ...] = (
    replace(
        _rule(
            "AL-SD-01", "Deeply sedated", Priority.HIGH, partial(_sedated, moaas=MOAAS_DEEP, poss=POSS_DEEP)
        ),
        card=("Stop the infusion?", "Airway open, oxygen on?", "Call for help."),
    ),
    replace(
        _rule(
            "AL-SD-02", "Sedated", Priority.MEDIUM, partial(_sedated, moaas=MOAAS_DROWSY, poss=POSS_DROWSY)
        ),
        hidden_by=("AL-SD-01",),
        card=("Rouse the patient.", "Oxygen?", "Check again in 5 min."),
    ),
    replace(
        _rule("AL-SD-03-H", "Very agitated", Priority.HIGH, partial(_agitated, rass=RASS_VERY_AGITATED)),
        card=("Calm the room, stay with the patient.", "Is everybody safe?", "Tell the prescriber."),
    ),
    replace(
        _rule("AL-SD-03-M", "Agitated", Priority.MEDIUM, partial(_agitated, rass=RASS_AGITATED)),
        hidden_by=("AL-SD-03-H",),
        card=("Calm the room, stay with the patient.", "Is everybody safe?", "Tell the prescriber."),
    ),
    replace(
        _rule("AL-SD-04", "Distress", Priority.MEDIUM, partial(_entered, of=lambda nurse: nurse.distress)),
        momentary=True,
        card=("Pause the infusion?", "Stay with the patient.", "Does the patient want to stop?"),
    ),
    replace(
        _rule(
            "AL-SD-05", "Suicidal intent", Priority.HIGH, partial(_entered, of=lambda nurse: nurse.suicidal)
        ),
        alarm_class=AlarmClass.WORKFLOW,
        profiles=ANY,
        latching=False,
        momentary=True,
        card=("Follow the clinic's safety plan.", "Stay with the patient.", "Tell the prescriber."),
    ),
    replace(
        _rule("AL-SD-06", "Vomiting while drowsy", Priority.MEDIUM, _vomiting),
        momentary=True,
        card=("Turn the patient on the side.", "Suction ready?"),
    ),
)

STATE_RULES = tuple(replace(rule, watch="nurse") for rule in _RULES)
