"""Limits in the record: the whole set when a session begins, single numbers afterwards, and back again after a restart."""

from collections.abc import Iterable, Mapping

from monitor_app.core.alarm.limit_check import PROFILES
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.journal import JournalEntry, LimitEntry
from monitor_app.core.phase import AlarmProfile
from monitor_app.core.stamp import Actor, Stamp

_NAMES: Mapping[AlarmProfile, str] = {profile: name for name, profile in PROFILES.items()}


def limit_entries(
    limits: Limits, stamp: Stamp, *, by: Actor, reason: str, before: Limits | None = None
) -> tuple[LimitEntry, ...]:
    """Return one entry for each number, or for each that differs from ``before``.

    A number of one phase is written ``rec.limit_per_min``. ``reason`` names the presets and their versions.
    """
    known = {} if before is None else _flat(before)
    return tuple(
        LimitEntry(stamp, rule, name, value, by, reason)
        for (rule, name), value in _flat(limits).items()
        if known.get((rule, name)) != value
    )


def recorded_limits(entries: Iterable[JournalEntry], start: Limits) -> Limits:
    """Return the limits as the record left them; what it does not name, or this version does not know, is as in ``start``."""
    limits = start
    for entry in entries:
        if not isinstance(entry, LimitEntry):
            continue
        phase, _, key = entry.parameter.rpartition(".")
        if (entry.rule, key) in start.values and (not phase or phase in PROFILES):
            limits = limits.replaced(entry.rule, key, entry.value, PROFILES[phase] if phase else None)
    return limits


def _flat(limits: Limits) -> dict[tuple[str, str], float]:
    flat = dict(limits.values)
    for (rule, key, profile), value in limits.by_profile.items():
        flat[rule, f"{_NAMES[profile]}.{key}"] = value
    return flat
