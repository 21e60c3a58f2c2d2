"""The header: who sits here, where the visit stands, how much has been given."""

from devices.clock import NS_PER_S
from monitor_app.core.dose_check import format_number
from monitor_app.core.phase import Phase
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.recovery import RISK_AGE_YEARS, at_risk, recovery_minimum
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.screen import HeaderView, PhaseStep
from monitor_app.services.view.equipment import also_received_text, monitor_alarm_text
from monitor_app.services.view.wording import between, clock, minutes

NO_ALLERGIES = frozenset({"none", "none known", "nka", "nkda"})
"""Answers that would say nothing by themselves beside the patient's name."""
SIMULATED = "SIMULATED, NOT A PATIENT"
_STEPS = (
    ("checkin", "Check-in", {Phase.SCHED, Phase.CHECKIN}),
    ("baseline", "Baseline", {Phase.BASE, Phase.READY}),
    ("infusion", "Infusion", {Phase.INF, Phase.PAUSE, Phase.EMERG}),
    ("recovery", "Recovery", {Phase.REC}),
    ("discharge", "Discharge", {Phase.DCA, Phase.DONE, Phase.SIGNED, Phase.CANCEL}),
)


def header(state: BedsideState) -> HeaderView:
    """The header as it stands."""
    opened, visit, t_ns = state.opened, state.visit, state.stamp.t_ns
    infusion = infusion_of(visit)
    given = infusion.given_mg(t_ns) if infusion.t0_ns is not None else None
    ordered = infusion.ordered
    compared = bool(infusion.pump_checks)
    rate = ordered.rate_ml_h if ordered else 0.0
    emergency = visit.phase is Phase.EMERG
    since_ms = state.stamp.utc_ms - (t_ns - visit.phase_start_t_ns) * 1000 // NS_PER_S
    return HeaderView(
        chair=opened.chair,
        monitor_text=_monitors(state),
        patient=" · ".join(part for part in (opened.initials, opened.patient_key) if part),
        badge=_badge(visit),
        simulated_text=SIMULATED if opened.simulated else "",
        details=_details(visit),
        steps=_steps(state),
        dose_given="" if given is None else f"{given:.1f}",
        dose_total=f"{'/ ' if given is not None else ''}{ordered.total_mg:.1f} mg"
        if ordered
        else "no order yet",
        dose_mark="" if given is None or compared else "calc.",
        dose_detail=f"{rate:.1f} mL/h · {format_number(infusion.concentration_mg_per_ml)} mg/mL"
        if ordered
        else "",
        big_clock=between(t_ns, visit.phase_start_t_ns) if emergency else "",
        big_title="EMERGENCY" if emergency else "",
        big_note=f"since {clock(since_ms)}" if emergency else "",
    )


def _monitors(state: BedsideState) -> str:
    links = (f"{v.driver_name} · {v.description} · {v.state.value} {v.detail}".strip() for v in state.links)
    said = (*links, monitor_alarm_text(state), also_received_text(state))
    return "\n".join(line for line in said if line)


def _badge(visit: Visit) -> str:
    age = visit.patient("age_years")
    parts = []
    if isinstance(age, (int, float)) and age >= RISK_AGE_YEARS:
        parts.append(f"≥ {RISK_AGE_YEARS}")
    if visit.patient("htn") is True:
        parts.append("HTN")
    return " · ".join(parts)


def _details(visit: Visit) -> str:
    age, sex = visit.patient("age_years"), visit.patient("sex")
    weight = visit.value("weight_kg") or visit.patient("weight_kg")
    allergies = str(visit.value("allergies") or visit.patient("allergies") or "")
    parts = [
        f"{age:g} y" if isinstance(age, (int, float)) else "",
        str(sex or ""),
        f"{weight:g} kg" if isinstance(weight, (int, float)) else "",
        "no allergies" if allergies.casefold() in NO_ALLERGIES else allergies,
    ]
    return " · ".join(part for part in parts if part)


def _steps(state: BedsideState) -> tuple[PhaseStep, ...]:
    visit = state.visit
    current = next((i for i, (_, _, phases) in enumerate(_STEPS) if visit.phase in phases), 0)
    return tuple(
        _step(
            state,
            number,
            key,
            title,
            "done" if number < current else "current" if number == current else "next",
        )
        for number, (key, title, _) in enumerate(_STEPS)
    )


def _step(state: BedsideState, number: int, key: str, title: str, standing: str) -> PhaseStep:
    if standing == "current":
        return _current(state, number, key, title)
    note = _result(state, key) if standing == "done" else _needs(state, key)
    return PhaseStep(key, number + 1, title, standing, note)


def _result(state: BedsideState, key: str) -> str:
    visit = state.visit
    if key == "baseline" and visit.baseline:
        b = visit.baseline.baseline
        return f"{b.systolic_mmhg:.0f}/{b.diastolic_mmhg:.0f}"
    if key == "infusion":
        infusion = infusion_of(visit)
        return f"{infusion.given_mg(state.stamp.t_ns):.1f} mg" if infusion.t0_ns is not None else ""
    return ""


def _needs(state: BedsideState, key: str) -> str:
    if key == "recovery":
        return f"{planned_recovery_min(state):g} min"
    if key == "infusion" and state.visit.order:
        return f"{state.visit.order.order.duration_min:g} min"
    return ""


def planned_recovery_min(state: BedsideState) -> float:
    """How long recovery will be at least, as far as that is known before it begins (clinical.md §12 D1)."""
    rules, visit = state.visit_facts.rules, state.visit
    longer = at_risk(visit) or any(visit.pressure_alarms.values())
    return max(rules.recovery_min, rules.extended_min) if longer else rules.recovery_min


def _current(state: BedsideState, number: int, key: str, title: str) -> PhaseStep:
    visit, t_ns = state.visit, state.stamp.t_ns
    elapsed, of_text, fraction = between(t_ns, visit.phase_start_t_ns), "", None
    infusion = infusion_of(visit)
    if visit.phase in {Phase.INF, Phase.PAUSE} and infusion.planned_s:
        run_s = infusion.running_s(t_ns)
        elapsed, of_text = minutes(run_s), f"of {minutes(infusion.planned_s)}"
        fraction = min(run_s / infusion.planned_s, 1.0)
    if visit.phase is Phase.PAUSE and of_text:
        elapsed, of_text = between(t_ns, visit.phase_start_t_ns), f"at {elapsed} {of_text}"
    if visit.phase is Phase.REC:
        minimum = recovery_minimum(visit, state.visit_facts.rules)
        if minimum is not None and infusion.t_end_ns is not None:
            total_s = max((minimum.t_ns - infusion.t_end_ns) / NS_PER_S, 1.0)
            done_s = (t_ns - infusion.t_end_ns) / NS_PER_S
            elapsed, of_text, fraction = minutes(done_s), f"of {minutes(total_s)}", min(done_s / total_s, 1.0)
    shown = {Phase.PAUSE: "Paused", Phase.EMERG: "EMERGENCY", Phase.READY: "Ready", Phase.DONE: "Patient left",
             Phase.SIGNED: "Signed", Phase.CANCEL: "Not treated"}.get(visit.phase, title)  # fmt: skip
    if not visit.phase.monitoring:
        elapsed = ""
    return PhaseStep(key, number + 1, shown, "current", "", elapsed, of_text, fraction)
