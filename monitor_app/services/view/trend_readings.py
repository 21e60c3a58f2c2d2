"""Cuff readings on the trend chart, each in the colour of the alarm it was part of (clinical.md §13.1).

An alarm's steps name only the reading that began it; the one that confirms it lies beyond the same limit and is no new
step. It is therefore compared with the limit that was in force when it was taken.
"""

from bisect import bisect_right
from collections.abc import Sequence

from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.rules_pressure_course import PRESSURE_RULES
from monitor_app.core.journal import NibpEntry
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.priority import Priority
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.display import DisplayModel
from monitor_app.services.screen import TrendNibp

HIGH_RULES = frozenset({"AL-BP-01", "AL-BP-02", "AL-BP-03"})
LOW_RULES = frozenset({"AL-BP-08", "AL-BP-09"})
AT_LIMIT = frozenset({"AL-BP-01"})
"""Rules that are met at their limit as well (clinical.md §6.2)."""
_RULES: tuple[Rule, ...] = tuple(r for r in PRESSURE_RULES if r.id in HIGH_RULES | LOW_RULES)


def trend_readings(model: DisplayModel, state: BedsideState, start_s: float) -> tuple[TrendNibp, ...]:
    """Return the accepted readings from ``start_s`` on, in the order they came."""
    begun: dict[str, int] = {}
    worst: dict[int, Priority] = {}
    for alarm in model.alarms:
        if alarm.rule.startswith("AL-BP"):
            t_ns = alarm.stamp.t_ns
            begun.setdefault(alarm.rule, t_ns)
            worst[t_ns] = _graver(worst.get(t_ns), alarm.priority)
    limits = _Limits(model, state)
    found = []
    for e in model.nibp:
        if not (
            e.accepted and e.systolic_mmhg and e.diastolic_mmhg and e.mean_mmhg and e.stamp.t_s >= start_s
        ):
            continue
        priority = worst.get(e.stamp.t_ns)
        for rule in _RULES:
            if begun.get(rule.id, e.stamp.t_ns) < e.stamp.t_ns and limits.beyond(rule, e):
                priority = _graver(priority, rule.priority)
        found.append(TrendNibp(e.stamp.t_s, e.systolic_mmhg, e.diastolic_mmhg, e.mean_mmhg, priority))
    return tuple(found)


def _graver(one: Priority | None, other: Priority) -> Priority:
    return other if one is None or other.rank > one.rank else one


class _Limits:
    """The limits of the pressure as they were at any instant of the visit."""

    def __init__(self, model: DisplayModel, state: BedsideState) -> None:
        self._now = state.alarm_system.limits
        self._changes = model.limits.log
        self._phases = state.visit.phases
        self._begun: Sequence[int] = [step.stamp.t_ns for step in self._phases]

    def beyond(self, rule: Rule, reading: NibpEntry) -> bool:
        """Whether a reading lies beyond the limit of a rule that was live when it was taken."""
        profile = self._profile(reading.stamp.t_ns)
        if profile not in rule.profiles:
            return False
        for key in ("systolic_mmhg", "diastolic_mmhg", "mean_mmhg"):
            value = getattr(reading, key)
            limit = self._limit(rule, key, profile, reading.stamp.t_ns)
            if value is None or limit is None:
                continue
            past = value > limit if rule.id in HIGH_RULES else value < limit
            if past or (value == limit and rule.id in AT_LIMIT):
                return True
        return False

    def _profile(self, t_ns: int) -> AlarmProfile:
        at = bisect_right(self._begun, t_ns)
        return self._phases[at - 1].to_phase.alarm_profile if at else AlarmProfile.NONE

    def _limit(self, rule: Rule, key: str, profile: AlarmProfile, t_ns: int) -> float | None:
        if self._now is None or rule.parameter(key) is None:
            return None
        for own in (profile, None):
            change = self._changes.change(rule.id, key, own)
            if change is not None and change.before is not None and t_ns < change.entry.stamp.t_ns:
                return change.before
        return self._now.get(rule.id, key, profile)
