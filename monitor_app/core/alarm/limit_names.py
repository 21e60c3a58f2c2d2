"""What the numbers of the alarm rules are called at the chair: never by the keys of a preset file (clinical.md §5.6)."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import INF, PRE, REC
from monitor_app.core.phase import AlarmProfile

PHASES: Mapping[AlarmProfile, str] = MappingProxyType(
    {PRE: "Baseline", INF: "Infusion", REC: "Recovery", AlarmProfile.TECHNICAL: "Check-in"}
)
"""The columns of clinical.md §6 in words."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "limit_per_min": "",
        "limit_percent": "",
        "systolic_mmhg": "Systolic",
        "diastolic_mmhg": "Diastolic",
        "mean_mmhg": "Mean",
        "percent": "Of baseline",
        "rise_per_min": "Above baseline by",
        "rise_percent": "Above baseline by",
        "fall_percent": "Below baseline by",
        "rise_systolic": "Systolic up by",
        "rise_diastolic": "Diastolic up by",
        "rise_mmhg": "Up by",
        "no_beat_s": "No beat for",
        "no_breath_s": "No breath for",
        "after_min": "After the end",
        "readings": "From",
        "cover_min": "Covering",
        "on": "Rule",
        "silence_s": "Silent for",
        "intervals": "Longer than",
        "grace_s": "Late by",
        "failures": "From",
        "quality": "Quality",
        "bad_percent": "Bad frames",
        "free_mb": "Free disk",
        "charge_percent": "Charge",
        "jump_s": "Jump",
        "stalled_s": "Stalled for",
        "late_min": "Late by",
        "over_percent": "Over by",
        "delay_s": "Delay",
        "beats": "In a row",
        "step_mmhg": "Each up by",
        "total_mmhg": "In all",
        "last_mmhg": "Last from",
        "floor_systolic": "Systolic from",
        "floor_diastolic": "Diastolic from",
        "floor_mmhg": "Systolic from",
        "or_below_systolic": "Or systolic below",
        "or_below_diastolic": "Or diastolic below",
        "pulse_veto_s": "Pulse holds it",
        "hold_s": "Doubt holds it",
        "total_s": "At the latest",
        "clear_s": "Ends after",
        "clear_margin": "Ends inside by",
        "clear_fall_margin": "Fall ends inside by",
        "clear_systolic": "Systolic ends inside by",
        "clear_diastolic": "Diastolic ends inside by",
        "clear_mean": "Mean ends inside by",
        "clear_percent": "Ends inside by",
        "clear_rise": "Ends inside by",
        "clear_fall_mmhg": "Ends with a fall of",
        "clear_beats": "Ends with",
    }
)
"""What each number is, before its value; those of a plain limit are told by above or below alone."""

OWN: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("AL-BP-12", "percent"): "Further from baseline than",
        ("AL-BP-11", "rise_mmhg"): "Above the infusion's end by",
    }
)
"""Where a rule means something of its own by a number of that name."""
BY_ARROW = ("limit_per_min", "limit_percent", "systolic_mmhg", "diastolic_mmhg", "mean_mmhg")
"""Limits of which it is said only whether they lie above or below."""
_UNITS: Mapping[str, str] = MappingProxyType({"mm[Hg]": "mmHg", "of 1": ""})
SWITCH = "1 on, 0 off"


def number(parameter: Parameter, value: float) -> str:
    """A value with its unit: ``120 /min``."""
    if parameter.unit == SWITCH:
        return "on" if value else "off"
    unit = unit_of(parameter)
    return f"{value:g} {unit}" if unit else f"{value:g}"


def unit_of(parameter: Parameter) -> str:
    """The unit as it is written on the screen."""
    return "" if parameter.unit == SWITCH else _UNITS.get(parameter.unit, parameter.unit)


def name_of(rule: str, parameter: Parameter) -> str:
    """What the number is, before its value: ``Systolic above``, ``Delay``."""
    own = OWN.get((rule, parameter.key))
    if own is not None:
        return own
    said = NAMES[parameter.key]
    if parameter.key not in BY_ARROW:
        return said
    way = "above" if parameter.looser > 0 else "below"
    return f"{said} {way}".strip().capitalize()


def named(rule: str, parameter: Parameter, value: float) -> str:
    """Name and value: ``Delay 3 s``."""
    return f"{name_of(rule, parameter)} {number(parameter, value)}"
