"""Changes of this session's limits over a preset, kept when another preset is chosen (clinical.md §5.6, layer "patient")."""

from monitor_app.core.alarm.limit_change import LimitChange
from monitor_app.core.alarm.limit_crossing import refuse_crossing
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.preset import InForce


def patient_changes(limits: Limits, base: Limits) -> tuple[LimitChange, ...]:
    """Return the numbers in which a session's limits differ from those it began with."""
    found = [
        LimitChange(rule, key, value)
        for (rule, key), value in limits.values.items()
        if base.values.get((rule, key)) != value
    ]
    for (rule, key, profile), value in limits.by_profile.items():
        if base.get(rule, key, profile) != value:
            found.append(LimitChange(rule, key, value, profile))
    return tuple(found)


def rebased(limits: Limits, before: InForce, after: InForce) -> Limits:
    """Lay a session's own changes over another preset; a number that only the new one locks is the preset's.

    A number changed for all phases stays this patient's in all of them, also where the new preset has one of a phase. Every number of a phase that the record may know stays named, so that the record alone gives the same limits back.
    Raises ``RefusedError`` where two limits would cross.
    """
    now = after.limits
    for change in patient_changes(limits, before.limits):
        target = change.rule, change.parameter
        if target not in after.locked or target in before.locked:
            now = _laid(now, limits, change)
    for rule, key, profile in limits.by_profile:
        if (rule, key, profile) not in now.by_profile:
            now = now.replaced(rule, key, now.values[rule, key], profile)
    refuse_crossing(now, "With the limits of this patient that cannot be")
    return now


def _laid(now: Limits, limits: Limits, change: LimitChange) -> Limits:
    """Lay one change over a preset's numbers; one for all phases is laid over those of single phases too."""
    rule, key = change.rule, change.parameter
    now = now.replaced(rule, key, change.value, change.profile)
    if change.profile is None:
        named = {p for r, k, p in (*now.by_profile, *limits.by_profile) if (r, k) == (rule, key)}
        for profile in named:
            now = now.replaced(rule, key, limits.get(rule, key, profile), profile)
    return now
