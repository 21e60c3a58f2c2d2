"""How long each rule waits before it announces, in seconds: the delays in force (clinical.md §6)."""

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.phase import AlarmProfile

_DELAY = "delay_s"


def rule_delays(limits: Limits, profile: AlarmProfile) -> dict[str, float]:
    """Return the delay of every rule that is live in a phase profile; 0 for one that judges single events."""
    live = (rule for rule in RULES if profile in rule.profiles)
    return {r.id: limits.get(r.id, _DELAY, profile) if _DELAY in r.keys else 0.0 for r in live}
