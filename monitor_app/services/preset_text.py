"""A preset in words: TOML with the unit and the range beside every number (clinical.md §5.6)."""

import json
from collections.abc import Mapping

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import PROFILES
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.preset import Layer, Preset
from monitor_app.core.alarm.rule import Rule

FACTORY_VERSION = 2
FACTORY_PRESET = Preset(
    name="Factory",
    layer=Layer.FACTORY,
    version=FACTORY_VERSION,
    recovery_min=30,
    note="The defaults of clinical.md §6.",
)

_PHASES = {profile: name for name, profile in PROFILES.items()}

_HEADING = """\
# Alarm limits of Chairside. Each number shows its unit and the range a clinic may choose from. For one phase only, add a
# table with its name:
#     [AL-HR-03.rec]
#     limit_per_min = 115
# pre: baseline and ready; inf: infusion and pause; rec: recovery and discharge.
# clear_margin and the like say how far inside its limit a value must be to end the alarm; clear_s for how long.
# A number outside its range needs the clinical lead's name and reason:
#     [[preset.exceptions]]
#     rule = "AL-HR-03"
#     parameter = "limit_per_min"
#     by = "..."
#     role = "clinical lead"
#     reason = "..."
"""


def preset_text(limits: Limits, preset: Preset = FACTORY_PRESET, rules: tuple[Rule, ...] = RULES) -> str:
    """Write a preset as TOML: its head, then a table for each rule; the factory's has every number, others what they change."""
    whole = preset.layer is Layer.FACTORY
    tables = (_table(rule, limits, None if whole else preset.table.get(rule.id, {})) for rule in rules)
    return "\n".join([_HEADING, _head(preset), *(table for table in tables if table)])


def _head(preset: Preset) -> str:
    lines = ["[preset]", f"name = {_text(preset.name)}", f"layer = {_text(preset.layer.name.lower())}"]
    lines.append(f"version = {preset.version}")
    lines += [f"{key} = {_text(value)}" for key, value in _words(preset) if value]
    if preset.recovery_min is not None:
        lines.append(f"recovery_min = {preset.recovery_min:g}".ljust(28) + "# min, 30 to 120")
    if preset.locked:
        names = ", ".join(_text(f"{rule}.{key}") for rule, key in sorted(preset.locked))
        lines.append(f"locked = [{names}]")
    for exception in preset.exceptions:
        lines += ["", "[[preset.exceptions]]"]
        pairs = ("rule", exception.rule), ("parameter", exception.parameter), ("by", exception.by)
        lines += [f"{key} = {_text(value)}" for key, value in pairs]
        lines += [f"role = {_text(exception.role)}", f"reason = {_text(exception.reason)}"]
    return "\n".join(lines) + "\n"


def _words(preset: Preset) -> tuple[tuple[str, str], ...]:
    return ("approved_by", preset.approved_by), ("note", preset.note)


def _table(rule: Rule, limits: Limits, named: object) -> str:
    """Write a rule's numbers; ``named``: those to be written, None for all of them. Empty where there is none."""
    chosen = [p for p in rule.parameters if named is None or (isinstance(named, Mapping) and p.key in named)]
    lines = [_line(p, limits.values[rule.id, p.key]) for p in chosen]
    for profile, name in _PHASES.items():
        own = named.get(name, {}) if isinstance(named, Mapping) else None
        written = [
            f"{key} = {value:g}"
            for (of, key, at), value in limits.by_profile.items()
            if of == rule.id and at is profile and (own is None or key in own)
        ]
        lines += [f"[{rule.id}.{name}]", *written] if written else []
    return "\n".join([f"[{rule.id}]  # {rule.title}, {rule.priority.value}", *lines]) + "\n" if lines else ""


def _line(parameter: Parameter, value: float) -> str:
    allowed = "fixed"
    if parameter.low != parameter.high:
        allowed = f"{parameter.low:g} to {parameter.high:g}"
    return f"{parameter.key} = {value:g}".ljust(28) + f"# {parameter.unit}, {allowed}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
