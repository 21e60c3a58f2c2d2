"""Presets: files of alarm limits, read, checked and written (clinical.md §5.6)."""

import tomllib
from pathlib import Path

from devices.errors import ConfigError, KnownError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import limits_of
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.tile_limits import TileLimits, tile_limits
from monitor_app.core.phase import AlarmProfile
from monitor_app.resources_path import resource_path

FACTORY = ("presets", "factory.toml")

_HEADING = """\
# Alarm limits as they come with Chairside: the defaults of clinical.md §6.
# Each number shows its unit and the range a clinic may choose from. For one phase only, add a table with its name:
#     [AL-HR-03.rec]
#     limit_per_min = 115
# pre: baseline and ready; inf: infusion and pause; rec: recovery and discharge.
# clear_margin and the like say how far inside its limit a value must be to end the alarm; clear_s for how long.
"""


def load_limits(path: Path) -> Limits:
    """Read a preset. Raises ``ConfigError`` naming file, key, value and range, ``KnownError`` where it can't be read."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KnownError(f"{path} cannot be read: {error.strerror or error}; check the name.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    try:
        return limits_of(table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def factory_limits() -> Limits:
    """Return the limits the program comes with."""
    return load_limits(resource_path(*FACTORY))


def tile_lines(limits: Limits, profile: AlarmProfile = AlarmProfile.INF) -> TileLimits:
    """Return the limits each tile shows in a phase profile."""
    return tile_limits(limits, profile)


def preset_text(limits: Limits, rules: tuple[Rule, ...] = RULES) -> str:
    """Write a preset as TOML: one table for each rule, ranges and units beside the numbers."""
    return "\n".join([_HEADING, *(_table(rule, limits) for rule in rules if rule.parameters)])


def _table(rule: Rule, limits: Limits) -> str:
    lines = [f"[{rule.id}]  # {rule.title}, {rule.priority.value}"]
    lines += [_line(p, limits.values[rule.id, p.key]) for p in rule.parameters]
    own = [(profile, key, value) for (of, key, profile), value in limits.by_profile.items() if of == rule.id]
    for profile in dict.fromkeys(profile for profile, _, _ in own):
        lines.append(f"[{rule.id}.{profile.value}]")
        lines += [f"{key} = {value:g}" for at, key, value in own if at is profile]
    return "\n".join(lines) + "\n"


def _line(parameter: Parameter, value: float) -> str:
    allowed = "fixed"
    if parameter.low != parameter.high:
        allowed = f"{parameter.low:g} to {parameter.high:g}"
    return f"{parameter.key} = {value:g}".ljust(28) + f"# {parameter.unit}, {allowed}"
