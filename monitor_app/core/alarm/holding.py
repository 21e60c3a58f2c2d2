"""What a person keeps from being announced, as a verdict in place of the rule's own (clinical.md §5.5).

While held nothing is judged: nothing begins and nothing ends; a delay begins anew afterwards. What was on the bar before
is hidden, except an unacknowledged HIGH alarm of the patient, which stays (``suppression``).
"""

from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.rule import Rule, Verdict

SWITCHED_OFF = "switched off"
SENSORS_OFF = "sensors off on purpose"
ALARMS_PAUSED = "alarms paused"


def held_verdict(rule: Rule, facts: Facts) -> Verdict | None:
    """Return the verdict of a rule that is held now, None where it is judged."""
    holds = facts.holds
    if rule.id in holds.rules_off:
        until = holds.rules_off[rule.id]
        if until is None or facts.t_ns < until:
            return _held(SWITCHED_OFF, until)
    until = holds.sensors_off_until_t_ns
    if rule.signal_loss and until is not None and facts.t_ns < until:
        return _held(SENSORS_OFF, until)
    until = holds.alarms_paused_until_t_ns
    if rule.pausable and until is not None and facts.t_ns < until:
        return _held(ALARMS_PAUSED, until)
    return None


def _held(why: str, until_t_ns: int | None) -> Verdict:
    return Verdict(hold=why, suppressor=why, recheck_t_ns=until_t_ns)
