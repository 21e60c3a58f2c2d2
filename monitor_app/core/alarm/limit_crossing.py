"""Which limits cross, in the words of somebody at the chair (clinical.md §5.6); preset files are told by their own keys."""

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_check import crossings
from monitor_app.core.alarm.limit_names import NAMES, PHASES, number
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.phase import AlarmProfile


def crossing(limits: Limits) -> str:
    """Say which two limits cross or come too close, by the names of their rules; empty where none do."""
    found = next(crossings(limits), None)
    if found is None:
        return ""
    order, profile, low, high = found
    apart = f"at least {order.apart:g} below" if order.apart else "no higher than"
    where = _where(limits, order.lower, profile) or _where(limits, order.upper, profile)
    return f"{_said(order.lower, low)} must be {apart} {_said(order.upper, high)}{where}."


def refuse_crossing(limits: Limits, why: str = "") -> None:
    """Raise ``RefusedError`` where two limits cross or come too close; ``why`` stands before the sentence."""
    sentence = crossing(limits)
    if sentence:
        raise RefusedError(f"{why}: {sentence}" if why else sentence)


def _said(name: tuple[str, str], value: float) -> str:
    rule = next(rule for rule in RULES if rule.id == name[0])
    parameter = rule.parameter(name[1])
    if parameter is None:
        return f"{rule.title} {value:g}"
    which = {"systolic_mmhg", "diastolic_mmhg", "mean_mmhg"} & {parameter.key}
    title = f"{rule.title}, {NAMES[parameter.key].lower()}" if which else rule.title
    return f"{title} {number(parameter, value)}"


def _where(limits: Limits, name: tuple[str, str], profile: AlarmProfile) -> str:
    return f" in {PHASES[profile].lower()}" if (*name, profile) in limits.by_profile else ""
