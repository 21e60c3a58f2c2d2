"""One cable that is out is one alarm: what else is missing from a monitor of which TE-09 tells (clinical.md §5.8.6, §6.6)."""

from monitor_app.core.alarm.facts import LinkFacts
from monitor_app.core.alarm.rule import Case
from monitor_app.core.stamp import NS_PER_S

LONG, SHORT = "TE-09-M", "TE-09-L"


def allowed_s(case: Case, link: LinkFacts, rule_id: str) -> float:
    """Return how long a rule of TE-09 lets this monitor say nothing: the longer of a time and so many of its intervals."""
    fixed_s = case.limits.get(rule_id, "silence_s", case.profile)
    return max(fixed_s, case.limits.get(rule_id, "intervals", case.profile) * link.expected_interval_s)


def due_t_ns(case: Case, link: LinkFacts, rule_id: str) -> int:
    """Return the instant from which a rule of TE-09 calls this monitor silent, if nothing comes until then."""
    return link.last_frame_t_ns + round(allowed_s(case, link, rule_id) * NS_PER_S)


def silent(case: Case, source: str) -> bool:
    """Whether this monitor is silent, whoever tells of it."""
    return any(
        case.facts.t_ns >= due_t_ns(case, link, SHORT) for link in case.facts.links if link.source == source
    )


def told_by(case: Case, source: str) -> str:
    """Name the rule of TE-09 that is announced and true of this monitor; empty where none is, or a person holds it back."""
    for rule_id in (LONG, SHORT):
        peer = case.peer(rule_id)
        if not peer.state.running or peer.suppressor:
            continue
        links = (link for link in case.facts.links if link.source == source)
        if any(case.facts.t_ns >= due_t_ns(case, link, rule_id) for link in links):
            return rule_id
    return ""


def in_words(link: LinkFacts) -> str:
    """Return what the monitor is called, its connection where it has no name (clinical.md §16.5)."""
    return link.name or link.source
