"""How the numbers of the alarm rules are said on the screen: in short, with their range, and the steps of the keys."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import PROFILES
from monitor_app.core.alarm.limit_names import OWN, PHASES, SWITCH, named, unit_of
from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.journal import LimitEntry
from monitor_app.services.view.wording import said

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
_WIDE, _WIDER, _WIDEST = 60, 500, 5000
"""Ranges wider than these get keys of ten, of hundreds, of thousands."""


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
    """The range a clinic may choose from, without its unit: ``100–160``."""
    return "on or off" if parameter.unit == SWITCH else f"{parameter.low:g}–{parameter.high:g}"


def allowed(parameter: Parameter) -> str:
    """The range with its unit: ``100–160 /min``."""
    return f"{span(parameter)} {unit_of(parameter)}".strip()


def can_be_set(parameter: Parameter) -> str:
    """Say the range as one of the setting, not of the patient: ``Limit can be set 75–88 %``, with a full stop."""
    name = "Limit" if is_limit(parameter) else "Delay" if parameter.key == "delay_s" else "It"
    return f"{name} can be set {allowed(parameter)}."


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
    if parameter.key not in _SHORT or (rule, parameter.key) in OWN:
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
