"""Tasks not done: the table of clinical.md §6.7.

WF-07 and WF-08 block a step of the visit through its guards (``core.visit``); here they are lines of information beside
it, as WF-05 and WF-09 are. Information is never sounded, and stands on no alarm bar.
"""

from dataclasses import replace

from monitor_app.core.alarm.limits import Parameter
from monitor_app.core.alarm.rule import (
    DURING_AND_AFTER,
    INF,
    NOT_MET,
    PATIENT,
    REC,
    UNKNOWN,
    Case,
    Judge,
    Melody,
    Rule,
    Verdict,
)
from monitor_app.core.dose import planned_end_t_ns
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S


def _late(case: Case, due_t_ns: int, text: str) -> Verdict:
    """Met ``late_min`` after an instant, from then on."""
    tell = due_t_ns + round(case.limit("late_min") * 60 * NS_PER_S)
    if case.facts.t_ns < tell:
        return Verdict(met=False, ended=True, recheck_t_ns=tell)
    late_min = (case.facts.t_ns - due_t_ns) / NS_PER_S / 60
    return Verdict(
        met=True,
        value=late_min,
        limit=case.limit("late_min"),
        text=f"{text} {late_min:.0f} min",
        severity=late_min,
    )


def _overdue(case: Case) -> Verdict:
    """WF-01: a scheduled observation is overdue; the one overdue longest is named, how many more are said."""
    due = case.facts.work.due
    if not due:
        return NOT_MET
    first = min(due, key=lambda task: task.due_t_ns)
    verdict = _late(case, first.due_t_ns, f"{first.title} overdue")
    if not verdict.met:
        return verdict
    late_ns = round(case.limit("late_min") * 60 * NS_PER_S)
    others = [task.due_t_ns + late_ns for task in due if task is not first]
    more = sum(1 for tell in others if tell <= case.facts.t_ns)
    coming = min((tell for tell in others if tell > case.facts.t_ns), default=None)
    text = f"{verdict.text}, {more} more" if more else verdict.text
    return replace(verdict, text=text, recheck_t_ns=coming)


def _end_passed(case: Case) -> Verdict:
    """WF-02: the ordered volume is in and nobody has recorded the end."""
    infusion = case.facts.work.infusion
    due = None if infusion is None else infusion.planned_end_t_ns(case.facts.t_ns)
    return NOT_MET if due is None else _late(case, due, "Planned end of the infusion passed")


def _too_much(case: Case) -> Verdict:
    """WF-03: more than the ordered dose + 2 % by calculation, or the pump's volume tells another (clinical.md §9.1)."""
    infusion = case.facts.work.infusion
    if infusion is None or infusion.ordered is None:
        return NOT_MET
    apart = next((check for check in reversed(infusion.pump_checks[-1:]) if check.disagrees), None)
    if apart is not None:
        text = f"Pump {apart.pump_ml:g} mL, calculated {apart.calculated_ml:.1f} mL"
        return Verdict(met=True, value=apart.calculated_ml, limit=apart.pump_ml, text=text)
    share = 1 + case.limit("over_percent") / 100
    limit_mg = infusion.ordered.total_mg * share
    given_mg = infusion.given_mg(case.facts.t_ns)
    if given_mg <= limit_mg:
        cross = planned_end_t_ns(infusion.segments, case.facts.t_ns, infusion.ordered.volume_ml * share)
        later = None if cross is None else max(cross, case.facts.t_ns) + 1
        return Verdict(met=False, ended=True, recheck_t_ns=later)
    text = f"Dose {given_mg:.1f} mg, ordered {infusion.ordered.total_mg:g} mg"
    return Verdict(met=True, value=given_mg, limit=limit_mg, text=text, severity=given_mg - limit_mg)


def _long_pause(case: Case) -> Verdict:
    """WF-04: the infusion has been paused for longer than 15 min."""
    since = case.facts.work.paused_since_t_ns
    if since is None or case.facts.phase is not Phase.PAUSE:
        return NOT_MET
    return _late(case, since, "Infusion paused for")


def _minimum_reached(case: Case) -> Verdict:
    """WF-05: the minimum recovery time is over."""
    due = case.facts.recovery_minimum_t_ns
    if due is None:
        return UNKNOWN
    if case.facts.t_ns < due:
        return Verdict(met=False, ended=True, recheck_t_ns=due)
    return Verdict(met=True, text="Minimum observation reached", since_t_ns=due)


def _long_recovery(case: Case) -> Verdict:
    """WF-06: in recovery for longer than 120 min."""
    since = case.facts.work.recovery_since_t_ns
    return NOT_MET if since is None else _late(case, since, "In recovery for")


def _ongoing(case: Case) -> Verdict:
    """WF-07: an adverse event still going on at the discharge."""
    events = case.facts.work.ongoing_events
    if not events or case.facts.phase is not Phase.DCA:
        return NOT_MET
    return Verdict(met=True, text=f"Still going on: {', '.join(events)}")


def _unrated(case: Case) -> Verdict:
    """WF-08: pain not rated after the infusion when the minimum recovery time is over."""
    due = case.facts.recovery_minimum_t_ns
    if due is None or not case.facts.work.pain_unrated:
        return NOT_MET
    if case.facts.t_ns < due:
        return Verdict(met=False, ended=True, recheck_t_ns=due)
    return Verdict(met=True, text="Pain after the infusion has not been rated", since_t_ns=due)


def _reviews(case: Case) -> Verdict:
    """WF-09: a safety lab, psychological review or urine drug screen is due; told at check-in."""
    due = case.facts.work.reviews_due
    return Verdict(met=True, text=f"Due: {', '.join(due)}") if due else NOT_MET


def _rule(rule_id: str, title: str, priority: Priority, judge: Judge, *parameters: Parameter) -> Rule:
    return Rule(
        rule_id,
        title,
        AlarmClass.WORKFLOW,
        priority,
        PATIENT,
        judge,
        parameters,
        melody=Melody.DRUG_DELIVERY,
    )


def _after_min(default: float, low: float, high: float) -> Parameter:
    return Parameter("late_min", default, low, high, "min", "clinical.md §6.7")


def _in(rule: Rule, *profiles: AlarmProfile) -> Rule:
    return replace(rule, profiles=frozenset(profiles))


_RULES = (
    _rule("WF-01-M", "Observation overdue", Priority.MEDIUM, _overdue, _after_min(5, 3, 10)),
    replace(
        _rule("WF-01-L", "Observation overdue", Priority.LOW, _overdue, _after_min(2, 0, 5)),
        hidden_by=("WF-01-M",),
    ),
    _in(_rule("WF-02-M", "Infusion should be over", Priority.MEDIUM, _end_passed, _after_min(5, 2, 10)), INF),
    replace(
        _rule("WF-02-L", "Infusion should be over", Priority.LOW, _end_passed, _after_min(1, 0, 5)),
        profiles=frozenset({INF}),
        hidden_by=("WF-02-M",),
    ),
    replace(
        _rule(
            "WF-03",
            "Dose above the order",
            Priority.MEDIUM,
            _too_much,
            Parameter("over_percent", 2, 0, 5, "%", "clinical.md §6.7"),
        ),
        profiles=DURING_AND_AFTER,
    ),
    _in(_rule("WF-04", "Long pause", Priority.LOW, _long_pause, _after_min(15, 5, 30)), INF),
    _in(_rule("WF-05", "Minimum observation reached", Priority.INFO, _minimum_reached), REC),
    _in(_rule("WF-06", "Long recovery", Priority.LOW, _long_recovery, _after_min(120, 60, 180)), REC),
    _in(_rule("WF-07", "Adverse event going on", Priority.INFO, _ongoing), REC),
    _in(_rule("WF-08", "Pain not rated", Priority.INFO, _unrated), REC),
    _in(_rule("WF-09", "Review due", Priority.INFO, _reviews), AlarmProfile.TECHNICAL),
)

_OF_RECOVERY = frozenset({"WF-05", "WF-08"})  # these look at the recovery minimum too
WORKFLOW_RULES = tuple(rule if rule.id in _OF_RECOVERY else replace(rule, watch="work") for rule in _RULES)
