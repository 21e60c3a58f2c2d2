"""What was just recorded, in one line for one deed (screen.md, Actions)."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.dose_check import format_number
from monitor_app.core.journal import (
    AnswerEntry,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    OrderEntry,
    PhaseEntry,
    SignatureEntry,
    SystemEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.visit.closing_questions import QUESTIONS

RECORDED = "recorded"
NOT_CONTROLLED = "recorded, not controlled"
"""Said of everything done at the pump: Chairside only writes it down (clinical.md §16.2)."""

_PUMP: Mapping[str, str] = MappingProxyType(
    {
        "started": "Pump started",
        "paused": "Pump paused",
        "resumed": "Pump resumed",
        "completed": "Infusion complete",
        "stopped": "Pump stopped early",
    }
)
_STEPS: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.CHECKIN: "Patient checked in",
        Phase.BASE: "Baseline begun",
        Phase.DCA: "Discharge checks begun",
        Phase.DONE: "Patient left",
        Phase.SIGNED: "Record signed and locked",
        Phase.CANCEL: "Not treated",
        Phase.EMERG: "EMERGENCY",
    }
)
"""Steps that bring no entry of their own to be told instead."""

SOUND_CODES = frozenset({"VOLUME", "PULSE_TONE", "SECOND_SOUND"})
"""How the chair sounds was changed (clinical.md §5.3): told with who did it."""
_TOLD_CODES = frozenset(
    {
        "CLOCK_JUMP",
        "RESTARTED",
        "SPOKEN",
        "SELF_TEST",
        "OVERLOAD",
        "SOURCE_SWITCH",
        "SIMULATED_SOURCE",
        "OTHER_CUFF",
        "REOPENED",
        "ECG_FILTER",
        "STALLED",
        "IDENTITY_CHANGED",
        "SENSORS_OFF",
        "PRESETS_BROKEN",
    }
)


def deed(entry: JournalEntry) -> str:  # noqa: PLR0911 - one line per kind reads better than a table of casts
    """Say what an entry records, in one line; empty for what is told elsewhere on the screen."""
    match entry:
        case CareEntry():
            return f"{entry.text} · {RECORDED}"
        case InfusionEntry():
            return _pump(entry)
        case PhaseEntry():
            return _step(entry)
        case OrderEntry():
            order = entry.order
            total = format_number(order.dose_mg_per_kg * order.weight_kg, 1)
            return f"Order {total} mg over {order.duration_min:g} min · {RECORDED}"
        case BaselineEntry():
            b = entry.baseline
            return f"Baseline {b.systolic_mmhg:.0f}/{b.diastolic_mmhg:.0f} frozen"
        case AnswerEntry():
            return _decision(entry)
        case SignatureEntry():
            return f"Signed by {entry.by.name}, {entry.by.role}"
        case SystemEntry():
            return _of_system(entry)
        case _:
            return ""


def _of_system(entry: SystemEntry) -> str:
    if entry.code not in SOUND_CODES:
        return entry.text if entry.code in _TOLD_CODES else ""
    by = entry.fields.get("by") or RECORDED
    return f"{entry.text[:1].upper()}{entry.text[1:]} · {by}"


def line_of(entry: JournalEntry) -> str:
    """Return what the line of an entry is known by: a volume tried out step by step has one line, the newest."""
    if isinstance(entry, SystemEntry) and entry.code in SOUND_CODES:
        return entry.code
    code = entry.code if isinstance(entry, SystemEntry) else ""
    return f"{type(entry).__name__}-{code}-{entry.stamp.t_ns}"


def _pump(entry: InfusionEntry) -> str:
    if entry.action == "volume":
        return f"Pump volume {format_number(entry.pump_volume_ml or 0.0, 1)} mL · {RECORDED}"
    if entry.action == "rate":
        return f"Pump rate {format_number(entry.rate_ml_per_h or 0.0, 1)} mL/h · {NOT_CONTROLLED}"
    return f"{_PUMP.get(entry.action, f'Pump {entry.action}')} · {NOT_CONTROLLED}"


def _step(entry: PhaseEntry) -> str:
    if entry.from_phase is Phase.EMERG:
        return f"Emergency over · {RECORDED}"
    if entry.from_phase is Phase.INF and entry.to_phase is Phase.READY:
        return f"Start taken back · {RECORDED}"
    if entry.from_phase is Phase.DCA and entry.to_phase is Phase.REC:
        return f"Back to recovery · {RECORDED}"
    if entry.from_phase is Phase.SIGNED:
        return ""  # the addendum's own text is told
    words = _STEPS.get(entry.to_phase, "")
    return f"{words} · {RECORDED}" if words else ""


def _decision(entry: AnswerEntry) -> str:
    """A decision to pass a guard is told; an ordinary answer shows in the phase panel."""
    if entry.override_by is None:
        return f"Adverse events: {entry.value} · {RECORDED}" if entry.key == "ae_review" else ""
    question = QUESTIONS.get(entry.key)
    what = question.text if question else entry.key
    return f"{what} Decided by {entry.override_by.name}: {entry.reason}"
