"""What a person keeps from being announced (clinical.md §5.5).

A rule switched off, or one about a signal that is missing on purpose, is not judged while it is held: nothing begins and
nothing ends, and a delay begins anew afterwards. In an alarm pause everything is judged, recorded and drawn as ever, and
only not announced: what holds when the pause is over is announced then; what came and went within it is in the log alone.
What was on the bar before is hidden, except an unacknowledged HIGH alarm of the patient, which stays (``suppression``).
"""

from dataclasses import replace

from monitor_app.core.alarm.facts import NOTHING_HELD, Facts
from monitor_app.core.alarm.rule import Case, Rule, Verdict
from monitor_app.core.alarm.state import RuleState

SWITCHED_OFF = "switched off"
SENSORS_OFF = "sensors off on purpose"
ALARMS_PAUSED = "alarms paused"


def judged(case: Case) -> Verdict:
    """Return how the facts stand for a rule, under what a person holds back now."""
    if case.facts.holds is NOTHING_HELD:
        return case.rule.judge(case)
    why, until = held_back(case.rule, case.facts)
    if not why:
        return case.rule.judge(case)
    if why != ALARMS_PAUSED:
        return Verdict(hold=why, suppressor=why, recheck_t_ns=until)
    verdict = case.rule.judge(case)
    times = [t for t in (until, verdict.recheck_t_ns) if t is not None]
    return replace(verdict, suppressor=ALARMS_PAUSED, recheck_t_ns=min(times, default=None))


def held_back(rule: Rule, facts: Facts) -> tuple[str, int | None]:
    """Return what keeps a rule from being announced now, and until when; empty words where nothing does."""
    holds, t_ns = facts.holds, facts.t_ns
    if rule.id in holds.rules_off:
        until = holds.rules_off[rule.id]
        if until is None or t_ns < until:
            return SWITCHED_OFF, until
    until = holds.sensors_off_until_t_ns
    if rule.signal_loss and until is not None and t_ns < until:
        return SENSORS_OFF, until
    until = holds.alarms_paused_until_t_ns
    if rule.pausable and until is not None and t_ns < until:
        return ALARMS_PAUSED, until
    return "", None


def may_latch(rule: Rule, own: RuleState) -> bool:
    """Whether a condition of the rule that ends now stays until it is acknowledged; one never announced does not."""
    return rule.latching and (own.announced_t_ns is not None or own.suppressor != ALARMS_PAUSED)
