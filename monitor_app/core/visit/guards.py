"""Every guard by its key, and the guards of a step as they stand now."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.phase import Phase
from monitor_app.core.visit import closing_guards, discharge_guards, gates, limbs, start_guards
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guard import Evaluator, Guard, asked
from monitor_app.core.visit.state import Visit
from monitor_app.core.visit.transitions import Transition, transition_between

JUDGED: Mapping[str, Evaluator] = MappingProxyType(
    {
        "monitor_on_patient": start_guards.monitor_on_patient,
        limbs.KIND: limbs.limbs_said,
        "weight_change": start_guards.weight_change,
        "pregnancy": start_guards.pregnancy,
        "baseline_complete": gates.baseline_complete,
        "bp_gate": gates.bp_gate,
        "bp_gate_second": gates.bp_gate_second,
        "hr_gate": gates.hr_gate,
        "spo2_gate": gates.spo2_gate,
        "order_signed": start_guards.order_signed,
        "dose_consistent": start_guards.dose_consistent,
        "order_weight": start_guards.order_weight,
        "second_check_weight_kg": start_guards.second_check_weight,
        "second_check_dose_mg_per_kg": start_guards.second_check_dose,
        "self_test": start_guards.self_test,
        "no_high_alarm": start_guards.no_high_alarm,
        "ecg_steady": start_guards.ecg_steady,
        "spo2_steady": start_guards.spo2_steady,
        "start_min_ago": start_guards.start_time,
        "resume_alarm": start_guards.resume_alarm,
        "end_min_ago": start_guards.end_time,
        "stop_reason": start_guards.stop_reason,
        "pump_off": start_guards.pump_off,
        "within_60_s": start_guards.within_60_s,
        "d1_observation": discharge_guards.d1_observation,
        "bp_recovered": discharge_guards.bp_recovered,
        "post_vas": discharge_guards.post_vas,
        "moaas_5": discharge_guards.moaas_5,
        "ae_review": discharge_guards.ae_review,
        "d2_bp": discharge_guards.d2_bp,
        "d3_hr": discharge_guards.d3_hr,
        "d4_spo2": discharge_guards.d4_spo2,
        "d5_rr": discharge_guards.d5_rr,
        "d6_sedation": discharge_guards.d6_sedation,
        "d12_pain": discharge_guards.d12_pain,
        "d13_score": discharge_guards.d13_score,
        "d16_events": discharge_guards.d16_events,
        "wf07_ongoing": discharge_guards.wf07_ongoing,
        "d17_alarms": discharge_guards.d17_alarms,
        "record_complete": closing_guards.record_complete,
        "events_settled": closing_guards.events_settled,
        "serious_event_form": closing_guards.serious_event_form,
        "nurse_signed": closing_guards.nurse_signed,
        "order_cosign": closing_guards.order_cosign,
    }
)
"""Guards the program judges. A key that is not here is a question, judged by its answer."""


def guards_for(visit: Visit, to_phase: Phase, facts: VisitFacts) -> tuple[Guard, ...]:
    """The guards of the step from the present phase, in the order of the table; empty also where there is no step.

    Guards that do not apply to this visit are left out.
    """
    row = transition_between(visit.phase, to_phase)
    return () if row is None else guards_of(row, visit, facts)


def guards_of(row: Transition, visit: Visit, facts: VisitFacts) -> tuple[Guard, ...]:
    """The guards of one row as they stand."""
    found = (_evaluate(key, visit, facts) for key in row.guards)
    return tuple(guard for guard in found if guard is not None)


def _evaluate(key: str, visit: Visit, facts: VisitFacts) -> Guard | None:
    judge = JUDGED.get(key)
    return asked(visit, QUESTIONS[key]) if judge is None else judge(visit, facts)
