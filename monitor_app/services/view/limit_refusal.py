"""Why a limit that somebody is about to set would be refused, in words, before it is sent (clinical.md §5.6)."""

from collections.abc import Iterable

from devices.errors import RefusedError
from monitor_app.core.alarm.auto_limits import AutoLimit, with_auto_limits
from monitor_app.core.alarm.limit_change import LimitChange, refusal
from monitor_app.core.alarm.system_state import LEAD
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.limits_view import LimitsView
from monitor_app.services.view.wording import said

ENDED = frozenset({Phase.DONE, Phase.SIGNED, Phase.CANCEL})
OVER = "The patient has left; the limits of this visit stay as they are."
UNKNOWN = "The limits in force are not known yet."


def refused(view: LimitsView, change: LimitChange, *, by: Actor, reason: str = "") -> str:
    """Say in one sentence why this change would be refused; empty when it would not. The rule is named beside it."""
    limits = view.limits
    if limits is None or view.phase in ENDED:
        return OVER if limits is not None else UNKNOWN
    sentence = said(refusal(limits, change, by=by, reason=reason, locked=view.locked))
    rule = view.rules.get(change.rule)
    own = sentence.removeprefix(f"{rule.title}: ") if rule is not None else sentence
    return own[:1].upper() + own[1:]


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
    except RefusedError as crossing:
        return said(str(crossing))
    return ""
