"""Every entry that is an event, as one line: kind, what, who, and its particulars."""

from dataclasses import dataclass

from monitor_app.core.alarm.system_record import SOUND_STATES
from monitor_app.core.journal import (
    AnswerEntry,
    BaselineEntry,
    CareEntry,
    DeviceEntry,
    InfusionEntry,
    JournalEntry,
    LimitEntry,
    LinkEntry,
    NibpStarted,
    OrderEntry,
    PhaseEntry,
    RefusalEntry,
    SignatureEntry,
    SoundEntry,
    SystemEntry,
    VoidEntry,
)
from monitor_app.core.stamp import NS_PER_S, SYSTEM, Actor
from monitor_app.exporters.csv_table import cell
from monitor_app.exporters.timeline import number


@dataclass(frozen=True, slots=True)
class EventLine:
    """``detail`` holds ``name=value`` pairs joined by ``; ``."""

    kind: str
    text: str
    by: Actor = SYSTEM
    reason: str = ""
    detail: str = ""
    entry_id: str = ""


def event_line(entry: JournalEntry) -> EventLine | None:
    """Return the line of an entry; None for signals, readings and alarms, which have tables of their own."""
    lines = (_visit_line, _care_line, _treatment_line, _equipment_line, _program_line)
    return next((found for line in lines if (found := line(entry))), None)


def _visit_line(entry: JournalEntry) -> EventLine | None:
    match entry:
        case PhaseEntry():
            text = f"{entry.from_phase.value} to {entry.to_phase.value}"
            return EventLine("phase", text, entry.by, entry.reason, _joined(overrides=list(entry.overrides)))
        case RefusalEntry():
            return EventLine("refused", entry.action, entry.by, "; ".join(entry.reasons))
        case AnswerEntry():
            return EventLine("answer", entry.key, entry.by, entry.reason, _joined(value=entry.value))
        case _:
            return None


def _care_line(entry: JournalEntry) -> EventLine | None:
    match entry:
        case CareEntry():
            return EventLine(
                entry.kind, entry.text, entry.by, "", _joined(**dict(entry.fields)), entry.entry_id
            )
        case VoidEntry():
            return EventLine("void", "taken back", entry.by, entry.reason, "", entry.entry_id)
        case SignatureEntry():
            return EventLine(
                "signature", entry.meaning, entry.by, "", _joined(record_sha256=entry.record_sha256)
            )
        case _:
            return None


def _treatment_line(entry: JournalEntry) -> EventLine | None:
    match entry:
        case BaselineEntry(baseline=base):
            detail = _joined(
                sys=base.systolic_mmhg,
                dia=base.diastolic_mmhg,
                hr=base.hr_per_min,
                spo2=base.spo2_percent,
                rr=base.rr_per_min,
            )
            return EventLine("baseline", "frozen", entry.by, entry.reason, detail)
        case OrderEntry(order=order):
            detail = _joined(
                dose_mg_per_kg=order.dose_mg_per_kg,
                weight_kg=order.weight_kg,
                concentration_mg_per_ml=order.concentration_mg_per_ml,
                duration_min=order.duration_min,
                ordered_by=order.ordered_by,
                verbal=order.verbal,
            )
            return EventLine("order", order.drug, entry.by, "", detail)
        case InfusionEntry():
            detail = _joined(rate_ml_per_h=entry.rate_ml_per_h, pump_volume_ml=entry.pump_volume_ml)
            return EventLine("infusion", entry.action, entry.by, entry.reason, detail, entry.entry_id)
        case _:
            return None


def _equipment_line(entry: JournalEntry) -> EventLine | None:
    match entry:
        case DeviceEntry():
            detail = _joined(provenance=entry.provenance.value)
            return EventLine("device", f"{entry.source} {entry.description}".strip(), detail=detail)
        case LinkEntry():
            detail = _joined(frames_ok=entry.frames_ok, frames_bad=entry.frames_bad)
            return EventLine(
                "link", f"{entry.source} {entry.state.value}", reason=entry.detail, detail=detail
            )
        case NibpStarted():
            return EventLine("nibp_started", entry.trigger, detail=_joined(source=entry.source))
        case _:
            return None


def _program_line(entry: JournalEntry) -> EventLine | None:
    match entry:
        case SoundEntry():
            kind = "sound" if entry.state in SOUND_STATES else "alarm_system"
            until_s = None if entry.until_t_ns is None else round(entry.until_t_ns / NS_PER_S, 3)
            return EventLine(kind, entry.state, entry.by, entry.reason, _joined(until_s=until_s))
        case LimitEntry():
            text = f"{entry.rule} {entry.parameter} = {number(entry.value)}"
            return EventLine("limit", text, entry.by, entry.reason)
        case SystemEntry():
            return EventLine("system", entry.code, reason=entry.text, detail=_joined(**dict(entry.fields)))
        case _:
            return None


def _joined(**pairs: str | float | bool | list[str] | None) -> str:
    words = []
    for name, value in pairs.items():
        text = " ".join(value) if isinstance(value, list) else cell(value)
        if text:
            words.append(f"{name}={text}")
    return "; ".join(words)
