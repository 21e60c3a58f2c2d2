"""Checking a set of limits: every number inside its range, and no limit across another (clinical.md §5.6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from devices.errors import ConfigError
from monitor_app.core.alarm.catalogue import RULES, default_limits
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.rule import INF, PRE, REC, Rule
from monitor_app.core.phase import AlarmProfile

PROFILES: Mapping[str, AlarmProfile] = {"pre": PRE, "inf": INF, "rec": REC}
POSSIBLE: Mapping[str, tuple[float, float]] = {
    "/min": (3.0, 300.0),
    "mm[Hg]": (20.0, 300.0),
    "%": (1.0, 200.0),
    "s": (0.0, 600.0),
    "min": (0.0, 240.0),
}
"""The widest a clinical lead may go, by unit: what monitors measure (clinical.md §8), and times of a visit; our choice."""
APART = 5.0  # clinical.md §5.6: upper and lower limits stay this far apart


class Order(NamedTuple):
    """``lower`` must not come above ``upper`` less ``apart``; both are (rule, parameter)."""

    lower: tuple[str, str]
    upper: tuple[str, str]
    apart: float


_HR, _SYS, _DIA, _MAP, _PERCENT = (
    "limit_per_min",
    "systolic_mmhg",
    "diastolic_mmhg",
    "mean_mmhg",
    "limit_percent",
)
ORDERS = (
    Order(("AL-HR-07", _HR), ("AL-HR-06", _HR), 0),
    Order(("AL-HR-06", _HR), ("AL-HR-03", _HR), APART),
    Order(("AL-HR-03", _HR), ("AL-HR-02", _HR), 0),
    Order(("AL-BP-09", _SYS), ("AL-BP-08", _SYS), 0),
    Order(("AL-BP-08", _SYS), ("AL-BP-02", _SYS), APART),
    Order(("AL-BP-02", _SYS), ("AL-BP-01", _SYS), 0),
    Order(("AL-BP-02", _DIA), ("AL-BP-01", _DIA), 0),
    Order(("AL-BP-09", _MAP), ("AL-BP-08", _MAP), 0),
    Order(("AL-BP-08", _MAP), ("AL-BP-03", _MAP), APART),
    Order(("AL-SP-01", _PERCENT), ("AL-SP-02", _PERCENT), 0),
    Order(("AL-RR-02", _HR), ("AL-RR-03", _HR), 0),
    Order(("AL-RR-03", _HR), ("AL-RR-04", _HR), APART),
    Order(("TE-13-M", "free_mb"), ("TE-13-L", "free_mb"), 0),
    Order(("TE-17-H", "charge_percent"), ("TE-17-M", "charge_percent"), 0),
    Order(("WF-01-L", "late_min"), ("WF-01-M", "late_min"), 0),
    Order(("WF-02-L", "late_min"), ("WF-02-M", "late_min"), 0),
)
"""Within one sign the graver rule lies beyond the milder one, and low stays below high."""


def limits_of(
    table: Mapping[str, object],
    rules: Sequence[Rule] = RULES,
    *,
    base: Limits | None = None,
    beyond: frozenset[tuple[str, str]] = frozenset(),
) -> Limits:
    """Return the limits of a parsed preset; what it leaves out is as in ``base``, the defaults if none is given.

    ``table``: rule id → parameter → number, with sub-tables ``pre``, ``inf``, ``rec`` for numbers of one phase.
    ``beyond``: (rule, parameter) a clinical lead has let go outside its range. Raises ``ConfigError`` naming key, value
    and range.
    """
    known = {rule.id: {p.key: _widened(rule, p, beyond) for p in rule.parameters} for rule in rules}
    start = default_limits(tuple(rules)) if base is None else base
    values, by_profile = dict(start.values), dict(start.by_profile)
    for rule_id, numbers in table.items():
        if rule_id not in known:
            raise ConfigError(f"[{rule_id}] is not an alarm rule; rules are named as in [AL-HR-03].")
        if not isinstance(numbers, Mapping):
            raise ConfigError(f"{rule_id} = {numbers!r}: write a table [{rule_id}] with the rule's numbers.")
        for key, value in numbers.items():
            if key not in PROFILES:
                values[rule_id, key] = _checked(rule_id, key, value, known[rule_id])
                continue
            for own_key, own in _phase_table(rule_id, key, value).items():
                name = f"{rule_id}.{key}"
                by_profile[rule_id, own_key, PROFILES[key]] = _checked(name, own_key, own, known[rule_id])
    limits = Limits(values, by_profile)
    check_order(limits)
    return limits


def check_order(limits: Limits) -> None:
    """Raise ``ConfigError`` in the keys of a preset file where two limits cross or come too close, in any phase."""
    for order, profile, lower, upper in crossings(limits):
        between = f"at least {order.apart:g} below" if order.apart else "no higher than"
        raise ConfigError(
            f"[{order.lower[0]}] {order.lower[1]} = {lower:g} crosses [{order.upper[0]}] {order.upper[1]} = "
            f"{upper:g} in {profile.value}: it must be {between} it."
        )


def crossings(limits: Limits) -> Iterator[tuple[Order, AlarmProfile, float, float]]:
    """Yield each order that does not hold, with the phase profile, the lower limit's number and the upper one's."""
    for profile in PROFILES.values():
        for order in ORDERS:
            lower, upper = (limits.get(*name, profile) for name in (order.lower, order.upper))
            if lower > upper - order.apart:
                yield order, profile, lower, upper


def possible(parameter: Parameter) -> tuple[float, float]:
    """Return what the number may be at all, whoever sets it: beyond this it would be a slip of the finger."""
    if parameter.low == parameter.high:
        return parameter.low, parameter.high
    low, high = POSSIBLE.get(parameter.unit, (parameter.low, parameter.high))
    return min(low, parameter.low), max(high, parameter.high)


def _widened(rule: Rule, parameter: Parameter, beyond: frozenset[tuple[str, str]]) -> Parameter:
    if (rule.id, parameter.key) not in beyond:
        return parameter
    low, high = possible(parameter)
    return replace(parameter, low=low, high=high)


def _phase_table(rule_id: str, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"[{rule_id}] {key} = {value!r}: write a table [{rule_id}.{key}] for that phase.")
    return value


def _checked(name: str, key: str, value: object, parameters: Mapping[str, Parameter]) -> float:
    parameter = parameters.get(key)
    if parameter is None:
        raise ConfigError(f"[{name}] has no number {key!r}; it has {', '.join(parameters) or 'none'}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"[{name}] {key} = {value!r} is not a number.")
    if not parameter.allows(value):
        allowed = f"{parameter.low:g} to {parameter.high:g} {parameter.unit}"
        if parameter.low == parameter.high:
            allowed = f"{parameter.low:g} {parameter.unit} only"
        raise ConfigError(f"[{name}] {key} = {value:g} is outside its range, {allowed}.")
    return float(value)
