"""Who may change a limit, and to what (clinical.md §0, §5.6).

Inside its range anybody at the chair; outside it a clinical lead with a written reason; nobody beyond what makes sense.
"""

import math
from dataclasses import dataclass

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import possible
from monitor_app.core.alarm.limit_crossing import crossing
from monitor_app.core.alarm.limit_names import named, number
from monitor_app.core.alarm.limits import Limits, Parameter
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.system_state import LEAD
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import Actor


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A number somebody wants; ``profile`` None: in all phases."""

    rule: str
    parameter: str
    value: float
    profile: AlarmProfile | None = None


def refusal(
    limits: Limits,
    change: LimitChange,
    *,
    by: Actor,
    reason: str = "",
    locked: frozenset[tuple[str, str]] = frozenset(),
) -> str:
    """Say in one sentence why this change is refused; empty when it is not."""
    rule = next((rule for rule in RULES if rule.id == change.rule), None)
    parameter = None if rule is None else rule.parameter(change.parameter)
    if rule is None or parameter is None:
        return f"{change.rule} has no limit {change.parameter}."
    if (rule.id, parameter.key) in locked and by.role != LEAD:
        return f"The clinic has locked this limit of {rule.title}; only the clinical lead can change it."
    refused = _value_refusal(rule, parameter, change, by=by, reason=reason)
    return refused or crossing(with_change(limits, change))


def changed(
    limits: Limits,
    change: LimitChange,
    *,
    by: Actor,
    reason: str = "",
    locked: frozenset[tuple[str, str]] = frozenset(),
) -> Limits:
    """Return the limits after the change. Raises ``RefusedError`` in the words of ``refusal``."""
    refused = refusal(limits, change, by=by, reason=reason, locked=locked)
    if refused:
        raise RefusedError(refused)
    return with_change(limits, change)


def with_change(limits: Limits, change: LimitChange) -> Limits:
    """Return the limits with a number set; for all phases it is set in those that had one of their own, too."""
    after = limits.replaced(change.rule, change.parameter, change.value, change.profile)
    if change.profile is None:
        for rule, key, profile in limits.by_profile:
            if (rule, key) == (change.rule, change.parameter):
                after = after.replaced(rule, key, change.value, profile)
    return after


def _value_refusal(rule: Rule, parameter: Parameter, change: LimitChange, *, by: Actor, reason: str) -> str:
    value = change.value
    if parameter.low == parameter.high:
        return f"{rule.title}: this number is fixed at {number(parameter, parameter.low)}."
    low, high = possible(parameter)
    if not math.isfinite(value) or not low <= value <= high:
        between = f"{low:g} and {number(parameter, high)}"
        return f"{rule.title}: {number(parameter, value)} cannot be; the number lies between {between}."
    if parameter.allows(value):
        return ""
    words = named(rule.id, parameter, value)
    end = parameter.high if value > parameter.high else parameter.low
    way = "looser" if parameter.loosens(value, end) else "tighter" if parameter.looser else "further"
    beyond, usual = f"{rule.title}: {words[0].lower()}{words[1:]} is {way} than the", number(parameter, end)
    if by.role != LEAD:
        return f"{beyond} {usual} a {by.role} may set; ask the clinical lead."
    return "" if reason.strip() else f"{beyond} usual {usual}; write down the reason."
