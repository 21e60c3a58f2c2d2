"""What the virtual nurse answers: true of the scenario's patient, and such that an uneventful visit goes on."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.journal import Scalar
from monitor_app.core.visit.guard import Guard
from monitor_app.core.visit.question import Question
from monitor_app.core.visit.state import Visit

PLAIN: Mapping[str, Scalar] = MappingProxyType(
    {
        "allergies": "none known",
        "asa_class": "II",
        "today_antihypertensive": "none prescribed",
        "weight_measured": "today",
        "escort": "Jo Berg, friend, 555 0100",
        "pregnancy": "not possible",
        "pre_vas": 7.0,
        "post_vas": 2.0,
        "ae_review": "all recorded",
        "d8_dissociation": "none",
        "d10_nausea": "none, holds water",
        "d13_score": 10,
        "d20_waste": "none left",
        "d22_release": "clinic protocol",
        "fasting": True,
        "d21_next_visit": True,
        "cause_cleared": True,
        "emergency_outcome": "resolved, stays here",
    }
)


def answer_for(guard: Guard, visit: Visit, told: Mapping[str, Scalar], pump_ml: float) -> Scalar:
    """The answer to a guard's question; None where the nurse has none to give."""
    question = guard.question
    if question is None or question.automatic:
        return None
    return _known(question, visit, told, pump_ml)


def _known(question: Question, visit: Visit, told: Mapping[str, Scalar], pump_ml: float) -> Scalar:
    if question.key in told:
        return told[question.key]
    order = visit.order.order if visit.order else None
    measured: dict[str, Scalar] = {
        "weight_kg": visit.patient("weight_kg"),
        "allergies": visit.patient("allergies"),
        "second_check_weight_kg": order.weight_kg if order else None,
        "second_check_dose_mg_per_kg": order.dose_mg_per_kg if order else None,
        "pump_volume_ml": round(pump_ml, 1),
    }
    value = measured.get(question.key)
    if value is not None and value != "":
        return value
    if question.key in PLAIN:
        return PLAIN[question.key]
    if question.passing:
        return question.passing[0]
    return False if question.kind == "yes_no" else None
