"""The states of the alarm system in words: what is paused, off or held, by whom and how long (clinical.md §5.5)."""

from collections.abc import Callable

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.holding import ALARMS_PAUSED
from monitor_app.core.alarm.system_state import (
    AlarmSystem,
    StateLine,
    pause_alarms,
    switch_sound_off,
    take_sensors_off,
)
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.care import checks
from monitor_app.services.bedside.alarms import words
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.states_view import SoundChoices, StateMark
from monitor_app.services.view.second_sound import second_sound_choices
from monitor_app.services.view.wording import minutes, said

AUDIO_OFF, PAUSED, SENSORS_OFF, RULE_OFF = "AUDIO OFF", "ALARM PAUSED", "SENSORS OFF", "ALARM OFF"
STANDBY = "STANDBY"
UNTIL_NEXT_PHASE = "until the next phase"
NOBODY_MONITORED = "No patient is monitored: there is no alarm to be heard."
_TITLES = {rule.id: rule.title for rule in RULES}


def standby(phase: Phase) -> bool:
    """Whether there is no patient and no alarm: what a monitor still sends is nobody's (clinical.md §5.5)."""
    return phase.alarm_profile is AlarmProfile.NONE


def state_marks(state: BedsideState) -> tuple[StateMark, ...]:
    """The states in force, the gravest first; several rules that are off are one mark. STANDBY is said elsewhere."""
    lines = [line for line in state.alarm_system.lines if line.state != STANDBY]
    marks = [_mark(line, state) for line in lines if line.state != RULE_OFF]
    off = [line for line in lines if line.state == RULE_OFF]
    return (*marks, *([_rules_off(off)] if off else []))


def sensors_off_text(state: BedsideState) -> str:
    """``sensors off on purpose · 4:12`` while they are; empty else."""
    line = next((line for line in state.alarm_system.lines if line.state == SENSORS_OFF), None)
    return "" if line is None else f"sensors off on purpose · {_left(line)}"


def rule_title(rule_id: str) -> str:
    """A rule as it is said, ``SpO₂``; its id where it is none of ours."""
    return said(_TITLES.get(rule_id, rule_id))


def _mark(line: StateLine, state: BedsideState) -> StateMark:
    if line.state == AUDIO_OFF:
        return StateMark(AUDIO_OFF, "Alarm sound off", UNTIL_NEXT_PHASE, _left(line), line.by)
    title, _, detail = line.words.partition(": ")
    if line.state == PAUSED:  # what is not announced is still to be seen (clinical.md §5.5)
        held = [c for c in state.conditions if c.suppressed_by == ALARMS_PAUSED and c.state.running]
        detail = "; ".join(words(c) for c in held)
    return StateMark(line.state, title, said(detail.replace("; ", " · ")), _left(line), line.by)


def _rules_off(lines: list[StateLine]) -> StateMark:
    pairs = [line.words.partition(" off: ") for line in lines]
    by = ", ".join(dict.fromkeys(line.by for line in lines if line.by))
    if len(pairs) == 1:
        rule, _, reason = pairs[0]
        return StateMark(RULE_OFF, f"Alarm off: {rule_title(rule)}", reason, by=by)
    titles = " · ".join(rule_title(rule) for rule, _, _ in pairs)
    return StateMark(RULE_OFF, f"{len(pairs)} alarms off", titles, by=by)


def _left(line: StateLine) -> str:
    return "" if line.left_s is None else minutes(line.left_s)


def sound_choices(state: BedsideState, user: Actor) -> SoundChoices:
    """What may be asked of the alarm system in this phase by this person, and in one sentence why not."""
    system = state.alarm_system
    left = {line.state: _left(line) for line in system.lines}
    bare = AlarmSystem(state.visit.phase)
    ratings = checks(state.visit.care, "moaas")
    rated = ratings[-1][1] if ratings else None
    moaas = rated if isinstance(rated, int | float) else None
    return SoundChoices(
        volume_step=system.volume_step,
        pulse_tone=system.pulse_tone,
        pause_left=left.get(PAUSED, ""),
        pause_refusal=_refusal(lambda: pause_alarms(bare, 0)),
        sensors_left=left.get(SENSORS_OFF, ""),
        sensors_refusal=_refusal(
            lambda: take_sensors_off(bare, 0, by=user, moaas=moaas, with_patient="?", reason="?")
        ),
        can_extend=not system.sensors_extended,
        sound_off=system.audio_off,
        sound_refusal=NOBODY_MONITORED
        if standby(state.visit.phase)
        else _refusal(lambda: switch_sound_off(bare, 0, by=user)),
        self_test=state.visit_facts.self_test,
        second=second_sound_choices(state, user),
        me=f"{user.name or 'I'} ({user.role})",
    )


def _refusal(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except RefusedError as refused:
        return str(refused)
    return ""
