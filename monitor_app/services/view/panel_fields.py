"""Single values the panels begin with, by name (``Screen.fields``), and the adverse events still to be completed."""

from devices.clock import NS_PER_S
from monitor_app.core.adverse_event import hypertension_grade
from monitor_app.core.journal import Scalar
from monitor_app.core.observation import PAIN, due_items
from monitor_app.core.visit.care import ANTIHYPERTENSIVE, adverse_events, checks, drug_group, oxygen_now
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.questions import PAUSED_FOR_PRESSURE
from monitor_app.core.visit.state import Visit
from monitor_app.processing.filters import FilterMode
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.screen import EventView
from monitor_app.services.view.capability import cannot_lines, delay_lines
from monitor_app.services.view.wording import clock, said

DUE_SOON_NS = 120 * NS_PER_S
CHECK_ITEMS = ("moaas", "dissociation", "nausea", "rr", "iv_site")
DEFAULT_ORDER = {"dose_mg_per_kg": 0.5, "concentration_mg_per_ml": 1.0, "duration_min": 40.0}
"""First dose of a new patient (clinical.md §1.1 P8, P11) from a 1 mg/mL bag; each is shown and can be changed."""


def panel_fields(state: BedsideState) -> dict[str, Scalar]:
    """The values the panels read. Names: ``weight_kg``, ``order.…``, ``nibp.…``, ``check.…``, ``oxygen.…``, ``limbs.…`` and more."""
    visit, t_ns = state.visit, state.stamp.t_ns
    infusion = infusion_of(visit)
    oxygen, limbs = oxygen_now(visit.care), state.cuff.limbs
    fields: dict[str, Scalar] = {
        "weight_kg": visit.value("weight_kg") or visit.patient("weight_kg"),
        "nibp.interval_min": state.cuff.interval_s / 60 if state.cuff.interval_s else None,
        "nibp.armed": state.cuff.armed,
        "nibp.differs": state.cuff.differs,
        "limbs.cuff": limbs.cuff,
        "limbs.probe": limbs.probe,
        "limbs.iv": limbs.iv,
        "limbs.text": said(limbs.text),
        "oxygen.l_per_min": oxygen.l_per_min,
        "oxygen.device": oxygen.device,
        "limits.delays": "\n".join(delay_lines(state)),
        "limits.cannot": "\n".join(cannot_lines(state)),
        "waves.filter": state.ecg_filter.mode.name.lower(),
        "waves.mains_hz": state.ecg_filter.mains_hz,
        "waves.diagnostic": FilterMode.DIAGNOSTIC in state.ecg_filter.modes,
        "infusion.open": infusion.open,
        "infusion.early": infusion.early(t_ns),
        "self_test": state.visit_facts.self_test,
    }
    fields["event.Hypertension"] = _hypertension(visit)
    due = due_items(visit, state.visit_facts.rules)
    fields["due.vas"] = any(i.item == PAIN and i.due_t_ns <= t_ns + DUE_SOON_NS for i in due)
    for item in CHECK_ITEMS:
        taken = checks(visit.care, item)
        fields[f"check.{item}"] = taken[-1][1] if taken else None
    return fields | _order(visit)


def _hypertension(visit: Visit) -> int | None:
    """The grade the readings since the start of the infusion amount to (clinical.md §10.3); organ signs only a person sees."""
    since_ns = infusion_of(visit).t0_ns or 0
    treated = any(e.kind == "drug" and drug_group(e) == ANTIHYPERTENSIVE for e in visit.care)
    treated |= PAUSED_FOR_PRESSURE in {visit.value("pause_reason"), visit.value("stop_reason")}
    baseline = visit.baseline.baseline if visit.baseline else None
    grades = [
        hypertension_grade(
            r.systolic_mmhg, r.diastolic_mmhg, baseline=baseline, treated=treated, organ_signs=False
        )
        for r in visit.readings
        if r.stamp.t_ns >= since_ns and r.systolic_mmhg is not None and r.diastolic_mmhg is not None
    ]
    return max((g for g in grades if g is not None), default=None)


def _order(visit: Visit) -> dict[str, Scalar]:
    if visit.order is None:
        return {f"order.{key}": value for key, value in DEFAULT_ORDER.items()}
    order = visit.order.order
    return {
        "order.dose_mg_per_kg": order.dose_mg_per_kg,
        "order.weight_kg": order.weight_kg,
        "order.concentration_mg_per_ml": order.concentration_mg_per_ml,
        "order.duration_min": order.duration_min,
        "order.ordered_by": order.ordered_by,
        "order.verbal": order.verbal,
    }


def event_views(state: BedsideState) -> tuple[EventView, ...]:
    """Every adverse event of the visit as it stands, those not complete first."""
    found = []
    for event in adverse_events(state.visit.care):
        at = clock(state.stamp.utc_ms - (state.stamp.t_ns - event.t_ns) * 1000 // NS_PER_S)
        grade = "" if event.grade is None else f", grade {event.grade}"
        found.append(EventView(event.entry_id, f"{event.term}{grade} · {at}", event.grade, event.outcome))
    return tuple(sorted(found, key=lambda view: bool(view.outcome and view.grade)))
