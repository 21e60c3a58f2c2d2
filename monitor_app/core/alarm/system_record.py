"""The states of the alarm system in the record: the entry of each change, and back to a state after a restart.

Every change is a ``SoundEntry`` (clinical.md §5.5): its ``state`` is one of the words below, or a rule's id with ``off`` or
``on`` behind it. Who is with the patient while the sensors are off stands behind the reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.system_state import (
    AlarmSystem,
    RuleOff,
    SensorsOff,
    enter_phase,
    resume_alarms,
    switch_on,
)
from monitor_app.core.journal import JournalEntry, PhaseEntry, SoundEntry
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor, Stamp

SOUND_PAUSED, SOUND_OFF, SOUND_ON = "paused", "off", "normal"
SOUND_STATES = frozenset({SOUND_PAUSED, SOUND_OFF, SOUND_ON})
"""Words about the sound; the others are about alarms, sensors and rules."""
ALARMS_PAUSED, ALARMS_ON = "alarms paused", "alarms on"
SENSORS_OFF, SENSORS_LONGER, SENSORS_ON = "sensors off", "sensors off longer", "sensors on"
RULE_OFF, RULE_ON = "off", "on"
_WITH = "; with the patient: "
_BY_ID: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in RULES})


def state_words(entry: SoundEntry) -> str:
    """Return a change in words that name nobody: ``sound paused``, ``alarms on``, ``AL-HR-03 off``."""
    return f"sound {entry.state}" if entry.state in SOUND_STATES else entry.state


def change_entries(
    before: AlarmSystem, after: AlarmSystem, stamp: Stamp, *, by: Actor, reason: str = ""
) -> tuple[SoundEntry, ...]:
    """Return an entry for each state that began, moved its end or ended between the two."""
    found: list[SoundEntry] = []
    if before.alarms_paused_until_t_ns != after.alarms_paused_until_t_ns:
        until = after.alarms_paused_until_t_ns
        found.append(SoundEntry(stamp, ALARMS_ON if until is None else ALARMS_PAUSED, by, until, reason))
    found += _sensor_entries(before.sensors_off, after.sensors_off, stamp, by=by, reason=reason)
    if (before.audio_off is None) is not (after.audio_off is None):
        found.append(SoundEntry(stamp, SOUND_ON if after.audio_off is None else SOUND_OFF, by, None, reason))
    for rule, off in after.off.items():
        if before.off.get(rule) != off:
            found.append(SoundEntry(stamp, f"{rule} {RULE_OFF}", by, None, off.reason))
    for rule in before.off:
        if rule not in after.off:
            found.append(SoundEntry(stamp, f"{rule} {RULE_ON}", by, None, reason))
    return tuple(found)


def _sensor_entries(
    before: SensorsOff | None, after: SensorsOff | None, stamp: Stamp, *, by: Actor, reason: str
) -> Iterator[SoundEntry]:
    if after is None:
        if before is not None:
            yield SoundEntry(stamp, SENSORS_ON, by, None, reason)
    elif before is None or before.until_t_ns != after.until_t_ns:
        word = SENSORS_LONGER if after.extended else SENSORS_OFF
        yield SoundEntry(stamp, word, by, after.until_t_ns, f"{after.reason}{_WITH}{after.with_patient}")


def recorded_system(entries: Iterable[JournalEntry]) -> AlarmSystem:
    """Return the states a record left in force, those over by time included: ``observed`` ends them.

    A sound that was off is on again: whoever switched it off may be gone, and the restart itself is an alarm to be heard.
    """
    state = AlarmSystem()
    for entry in entries:
        if isinstance(entry, PhaseEntry):
            state = enter_phase(state, entry.to_phase)
        elif isinstance(entry, SoundEntry):
            state = _applied(state, entry)
    return state


def _applied(state: AlarmSystem, entry: SoundEntry) -> AlarmSystem:
    apply = _APPLIED.get(entry.state)
    if apply is not None:
        return apply(state, entry)
    rule_id, _, word = entry.state.rpartition(" ")
    rule = _BY_ID.get(rule_id)
    if rule is None or word not in {RULE_OFF, RULE_ON}:
        return state
    if word == RULE_ON:
        return switch_on(state, rule_id)
    grave = rule.priority in {Priority.HIGH, Priority.MEDIUM}
    off = RuleOff(entry.by, entry.reason, entry.stamp.t_ns, state.phase if grave else None)
    return replace(state, off={**state.off, rule_id: off})


def _sensors_off(state: AlarmSystem, entry: SoundEntry) -> AlarmSystem:
    if entry.until_t_ns is None:
        return state
    reason, _, who = entry.reason.rpartition(_WITH)
    off = SensorsOff(entry.by, who, reason, entry.stamp.t_ns, entry.until_t_ns)
    return replace(state, sensors_off=off)


def _sensors_longer(state: AlarmSystem, entry: SoundEntry) -> AlarmSystem:
    off = state.sensors_off
    if off is None or entry.until_t_ns is None:
        return state
    return replace(state, sensors_off=replace(off, until_t_ns=entry.until_t_ns, extended=True))


_APPLIED: Mapping[str, Callable[[AlarmSystem, SoundEntry], AlarmSystem]] = MappingProxyType(
    {
        ALARMS_PAUSED: lambda state, entry: replace(
            state, alarms_paused_until_t_ns=entry.until_t_ns, alarms_paused_by=entry.by
        ),
        ALARMS_ON: lambda state, _: resume_alarms(state),
        SENSORS_OFF: _sensors_off,
        SENSORS_LONGER: _sensors_longer,
        SENSORS_ON: lambda state, _: replace(state, sensors_off=None),
    }
)
