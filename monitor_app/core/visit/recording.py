"""What becomes of things recorded at the chair: the pump, care, and taking an entry back."""

import math

from monitor_app.core.commands import RecordCare, RecordInfusion, Undo
from monitor_app.core.journal import CareEntry, InfusionEntry, Scalar, VoidEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import NS_PER_S, Stamp
from monitor_app.core.visit.care import care_faults
from monitor_app.core.visit.effects import NewId
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.refusal import Entries, not_acting, refuse
from monitor_app.core.visit.state import Visit

UNDO_S = 10.0  # clinical.md §16.5
RATE_MAX_ML_PER_H = 1200.0  # the fastest an infusion pump of this kind runs
CARE_CLOSED = frozenset({Phase.SCHED, Phase.SIGNED, Phase.CANCEL})
INFUSING = frozenset({Phase.INF, Phase.PAUSE})
_BY_STEP = frozenset({"started", "paused", "resumed", "completed", "stopped"})


def decide_infusion(visit: Visit, command: RecordInfusion, *, stamp: Stamp, new_id: NewId) -> Entries:
    """Record a new rate or a volume read off the pump; in an emergency also that it was paused or stopped."""
    action = f"Pump: {command.action}"
    reasons = [not_acting(visit, command.by), _pump_fault(visit, command)]
    reasons += [_rate_fault(command), _volume_fault(command)]
    reasons = [reason for reason in reasons if reason]
    if reasons:
        return refuse(stamp, action, command.by, *reasons)
    entry = InfusionEntry(
        stamp=stamp,
        entry_id=new_id(),
        action=command.action,
        rate_ml_per_h=command.rate_ml_per_h,
        by=command.by,
        reason=command.reason.strip(),
        pump_volume_ml=command.pump_volume_ml,
    )
    return (entry,)


def decide_care(
    visit: Visit, command: RecordCare, *, facts: VisitFacts, stamp: Stamp, new_id: NewId
) -> Entries:
    """Record something done or seen; an adverse event takes the vital signs of the moment along (clinical.md §10.1)."""
    reasons = [not_acting(visit, command.by)]
    if visit.phase in CARE_CLOSED:
        hint = " Add an addendum instead." if visit.phase is Phase.SIGNED else ""
        reasons.append(f"Nothing can be recorded in {visit.phase.title}.{hint}")
    reasons += care_faults(command.kind, command.text, command.fields)
    reasons += _update_fault(visit, command)
    reasons = [reason for reason in reasons if reason]
    if reasons:
        return refuse(stamp, f"Record {command.kind}", command.by, *reasons)
    fields = dict(command.fields)
    if command.kind == "adverse_event" and "updates" not in fields:
        fields = {**snapshot(visit, facts), **fields}
    return (CareEntry(stamp, new_id(), command.kind, command.text.strip(), command.by, fields),)


def decide_undo(visit: Visit, command: Undo, stamp: Stamp) -> Entries:
    """Strike an entry through: within 10 s just so, later with a reason. Steps of the visit are not undone this way."""
    recorded: tuple[InfusionEntry | CareEntry, ...] = visit.infusion + visit.care
    entry = next((e for e in recorded if e.entry_id == command.entry_id), None)
    if command.entry_id in visit.voided:
        return refuse(stamp, "Undo", command.by, "This entry has been taken back already.")
    if entry is None:
        return refuse(stamp, "Undo", command.by, "There is no such entry in this visit.")
    reasons = [not_acting(visit, command.by)]
    if visit.phase is Phase.SIGNED:
        reasons.append("The record is signed; add an addendum instead.")
    if isinstance(entry, InfusionEntry) and entry.action in _BY_STEP:
        reasons.append("This belongs to a step of the visit; go on from where it is instead.")
    in_time = stamp.t_ns - entry.stamp.t_ns <= UNDO_S * NS_PER_S
    if not in_time and not command.reason.strip():
        reasons.append("More than 10 s have passed: give a reason for taking it back.")
    reasons = [reason for reason in reasons if reason]
    if reasons:
        return refuse(stamp, "Undo", command.by, *reasons)
    reason = command.reason.strip() or "undone at once"
    return (VoidEntry(stamp, command.entry_id, command.by, reason),)


def snapshot(visit: Visit, facts: VisitFacts) -> dict[str, Scalar]:
    """Phase, dose so far and vital signs of the moment; what has no value is left out."""
    found: dict[str, Scalar] = {"phase": visit.phase.value}
    infusion = infusion_of(visit)
    if infusion.t0_ns is not None:
        found["given_mg"] = round(infusion.given_mg(facts.t_ns), 2)
    values: dict[str, float | None] = {"hr": facts.hr_per_min, "spo2": facts.spo2_percent}
    if visit.readings:
        last = visit.readings[-1]
        values |= {"sys": last.systolic_mmhg, "dia": last.diastolic_mmhg}
        values["nibp_age_s"] = round((facts.t_ns - last.stamp.t_ns) / NS_PER_S)
    return found | {name: value for name, value in values.items() if value is not None}


def _pump_fault(visit: Visit, command: RecordInfusion) -> str:
    infusion = infusion_of(visit)
    if command.action == "volume":
        return "" if infusion.t0_ns is not None else "No infusion has been started."
    if command.action == "rate":
        return (
            "" if visit.phase is Phase.INF and infusion.running else "A rate is recorded while the pump runs."
        )
    if command.action in {"paused", "stopped"} and visit.phase is Phase.EMERG:
        running = infusion.running if command.action == "paused" else infusion.open
        return "" if running else "No infusion is going on."
    if command.action in _BY_STEP:
        return "This is a step of the visit: use Start, Pause, Go on or End."
    return f'"{command.action}" is nothing a pump does; record a rate or a volume.'


def _rate_fault(command: RecordInfusion) -> str:
    rate = command.rate_ml_per_h
    if command.action != "rate":
        return "" if rate is None else "A rate is recorded by itself."
    if rate is not None and math.isfinite(rate) and 0 < rate <= RATE_MAX_ML_PER_H:
        return ""
    return f"A rate is more than 0 and at most {RATE_MAX_ML_PER_H:.0f} mL/h."


def _volume_fault(command: RecordInfusion) -> str:
    volume = command.pump_volume_ml
    if volume is None:
        return "Read the volume off the pump." if command.action == "volume" else ""
    return "" if math.isfinite(volume) and 0 <= volume <= 2000 else "A volume is from 0 to 2000 mL."


def _update_fault(visit: Visit, command: RecordCare) -> list[str]:
    target = command.fields.get("updates")
    if target is None or any(entry.entry_id == target for entry in visit.care):
        return []
    return ["The event to be completed is not in this visit."]
