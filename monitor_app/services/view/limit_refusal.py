"""Why a limit that somebody is about to set would be refused, in words, before it is sent (clinical.md §5.6)."""

from collections.abc import Iterable

from devices.errors import ConfigError
from monitor_app.core.alarm.auto_limits import AutoLimit, with_auto_limits
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limit_change import LimitChange, refusal, with_change
from monitor_app.core.alarm.limit_check import ORDERS, PROFILES, check_order
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.system_state import LEAD
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.view.limit_words import PHASES, unit_of
from monitor_app.services.view.wording import said

ENDED = frozenset({Phase.DONE, Phase.SIGNED, Phase.CANCEL})
OVER = "The patient has left; the limits of this visit stay as they are."
UNKNOWN = "The limits in force are not known yet."


def refused(view: LimitsView, change: LimitChange, *, by: Actor, reason: str = "") -> str:
    """Say in one sentence why this change would be refused; empty when it would not."""
    limits = view.limits
    if limits is None or view.phase in ENDED:
        return OVER if limits is not None else UNKNOWN
    sentence = refusal(limits, change, by=by, reason=reason, locked=view.locked)
    return said(_in_words(sentence, with_change(limits, change))).replace("mm[Hg]", "mmHg")


def needs_lead(view: LimitsView, change: LimitChange, by: Actor) -> bool:
    """Whether only a clinical lead could set it, and this person is none."""
    if by.role == LEAD:
        return False
    as_lead = refused(view, change, by=Actor(by.name, LEAD), reason="asked")
    return not as_lead and bool(refused(view, change, by=by, reason="asked"))


def auto_refused(view: LimitsView, proposals: Iterable[AutoLimit], *, by: Actor) -> str:
    """Say why these of the proposals would be refused together; empty when they would not."""
    chosen = tuple(proposals)
    if view.limits is None or view.phase in ENDED:
        return OVER if view.limits is not None else UNKNOWN
    for proposal in chosen:
        if proposal.target in view.locked and by.role != LEAD:
            return f"The clinic has locked {proposal.label}; only the clinical lead can change it."
    try:
        with_auto_limits(view.limits, chosen)
    except ConfigError:
        limits = view.limits
        for proposal in chosen:
            if proposal.target is not None and proposal.value is not None:
                limits = limits.replaced(*proposal.target, proposal.value)
        return said(crossing(limits)) or "These limits would cross: take one of them out."
    return ""


def crossing(limits: Limits) -> str:
    """Say which two limits cross or come too close, by the names of their rules; empty where none do."""
    for profile in PROFILES.values():
        for order in ORDERS:
            low, high = limits.get(*order.lower, profile), limits.get(*order.upper, profile)
            if low > high - order.apart:
                apart = f"at least {order.apart:g} below" if order.apart else "no higher than"
                where = _where(limits, order.lower, profile) or _where(limits, order.upper, profile)
                return f"{_said(order.lower, low)} must be {apart} {_said(order.upper, high)}{where}."
    return ""


def _in_words(sentence: str, after: Limits) -> str:
    """A refusal that names limits by the keys of a preset file, as somebody at the chair would say it."""
    try:
        check_order(after)
    except ConfigError as error:
        return crossing(after) if sentence == str(error) else sentence
    return sentence


def _said(name: tuple[str, str], value: float) -> str:
    rule = next(rule for rule in RULES if rule.id == name[0])
    parameter = rule.parameter(name[1])
    unit = "" if parameter is None else unit_of(parameter)
    return f"{rule.title} {value:g} {unit}".strip()


def _where(limits: Limits, name: tuple[str, str], profile: AlarmProfile) -> str:
    return f" in {PHASES[profile].lower()}" if (*name, profile) in limits.by_profile else ""
