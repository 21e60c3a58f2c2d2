"""How the numbers of the alarm rules are said on the screen: name, value with its unit, range, steps of the keys."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import PROFILES
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import INF, PRE, REC
from monitor_app.core.journal import LimitEntry
from monitor_app.core.phase import AlarmProfile
from monitor_app.services.view.wording import said

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

_OWN: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("AL-BP-12", "percent"): "Further from baseline than",
        ("AL-BP-11", "rise_mmhg"): "Above the infusion's end by",
    }
)
"""Where a rule means something of its own by a number of that name."""
_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "limit_per_min": "",
        "limit_percent": "",
        "systolic_mmhg": "SYS ",
        "diastolic_mmhg": "DIA ",
        "mean_mmhg": "MAP ",
        "percent": "",
    }
)
"""Limits that are written with an arrow."""
_LATER = ("delay_s", "hold_s", "total_s", "pulse_veto_s", "on")
"""What is not the limit itself, beside all that begins with ``clear_`` and what is fixed."""
_UNITS: Mapping[str, str] = MappingProxyType({"mm[Hg]": "mmHg", "of 1": ""})
_SWITCH = "1 on, 0 off"
_WIDE, _WIDER, _WIDEST = 60, 500, 5000
"""Ranges wider than these get keys of ten, of hundreds, of thousands."""


def number(parameter: Parameter, value: float) -> str:
    """A value with its unit: ``120 /min``."""
    if parameter.unit == _SWITCH:
        return "on" if value else "off"
    unit = unit_of(parameter)
    return f"{value:g} {unit}" if unit else f"{value:g}"


def unit_of(parameter: Parameter) -> str:
    """The unit as it is written on the screen."""
    return "" if parameter.unit == _SWITCH else _UNITS.get(parameter.unit, parameter.unit)


def name_of(rule: str, parameter: Parameter) -> str:
    """What the number is, before its value: ``Systolic above``, ``Delay``."""
    own = _OWN.get((rule, parameter.key))
    if own is not None:
        return own
    said = NAMES[parameter.key]
    if parameter.key not in _SHORT or parameter.key == "percent":
        return said
    way = "above" if parameter.looser > 0 else "below"
    return f"{said} {way}".strip().capitalize()


def named(rule: str, parameter: Parameter, value: float) -> str:
    """Name and value: ``Delay 3 s``."""
    return f"{name_of(rule, parameter)} {number(parameter, value)}"


def limit_set(entry: LimitEntry) -> str:
    """What a limit was set to, in one line: ``Tachycardia: above 130 /min``."""
    phase, _, key = entry.parameter.rpartition(".")
    rule = next((rule for rule in RULES if rule.id == entry.rule), None)
    parameter = None if rule is None else rule.parameter(key)
    if rule is None or parameter is None:
        return f"{entry.rule} {entry.parameter} {entry.value:g}"
    words = named(rule.id, parameter, entry.value)
    where = f" in {PHASES[PROFILES[phase]].lower()}" if phase in PROFILES else ""
    return f"{said(rule.title)}: {words[0].lower()}{words[1:]}{where}"


def span(parameter: Parameter) -> str:
    """The range a clinic may choose from, without its unit: ``100 to 160``."""
    return "on or off" if parameter.unit == _SWITCH else f"{parameter.low:g} to {parameter.high:g}"


def allowed(parameter: Parameter) -> str:
    """The range with its unit: ``100 to 160 /min``."""
    return f"{span(parameter)} {unit_of(parameter)}".strip()


def fixed(parameter: Parameter) -> bool:
    """Whether nobody can change it."""
    return parameter.low == parameter.high


def is_limit(parameter: Parameter) -> bool:
    """Whether it is what a rule is about: not its delay, not how it ends, not fixed."""
    return (
        not fixed(parameter)
        and parameter.key not in _LATER
        and parameter.key != "clear_s"
        and not parameter.key.startswith("clear_")
    )


def in_short(rule: str, parameter: Parameter, value: float) -> str:
    """A limit for the glance: ``SYS ↑160``, without unit where it is written with an arrow."""
    if parameter.key not in _SHORT or (rule, parameter.key) in _OWN:
        return named(rule, parameter, value)
    arrow = "↑" if parameter.looser > 0 else "↓"
    of_baseline = " % of baseline" if parameter.key == "percent" else ""
    return f"{_SHORT[parameter.key]}{arrow}{value:g}{of_baseline}"


def steps(parameter: Parameter) -> tuple[float, float]:
    """By how much the small and the large keys move it; the same where the range has no room for two."""
    whole = all(float(end).is_integer() for end in (parameter.low, parameter.high, parameter.default))
    room = parameter.high - parameter.low
    if not whole:
        return 0.1, 0.5 if room > 1 else 0.1
    if room > _WIDER:
        return 100, 1000 if room > _WIDEST else 100
    if room > _WIDE:
        return 1, 10
    return 1, 5 if room > 5 else 1
