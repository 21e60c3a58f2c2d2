"""The states of the alarm system besides NORMAL and AUDIO PAUSED (clinical.md §5.5), as a value.

Pure: a person's wish gives a new state or a refusal in one sentence; entering a phase and looking at the facts end what
has to end. The engine is told by ``holds``, the screen by ``lines``. The audio pause itself lives in ``audio``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from devices.errors import RefusedError
from monitor_app.core.alarm.confirmation import lead_off
from monitor_app.core.alarm.facts import NOTHING_HELD, Facts, Holds
from monitor_app.core.alarm.rule import INF, REC, Rule
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import NS_PER_S, Actor

LEAD = "clinical lead"  # the role of clinical.md §0, §5.5
ALARM_PAUSE_PHASES = frozenset({Phase.CHECKIN, Phase.BASE})  # clinical.md §5.5
ALARM_PAUSE_S = (30.0, 180.0)  # clinical.md §5.5: at most 180
ALARM_PAUSE_DEFAULT_S = 120.0  # clinical.md §5.5
SENSORS_OFF_PHASES = frozenset({Phase.REC, Phase.DCA, Phase.PAUSE})  # clinical.md §5.5
SENSORS_OFF_S = 5 * 60.0  # clinical.md §5.5
SENSORS_OFF_MOAAS = 4  # clinical.md §5.5
AUDIO_OFF_REMINDER_S = 120.0  # clinical.md §5.5


@dataclass(frozen=True, slots=True)
class RuleOff:
    """One rule switched off. ``phase``: it is on again when the visit leaves it; None: until somebody says so."""

    by: Actor
    reason: str
    since_t_ns: int
    phase: Phase | None


@dataclass(frozen=True, slots=True)
class SensorsOff:
    """The sensors are off on purpose. ``missed``: a signal has been missing since, so its return ends the state."""

    by: Actor
    with_patient: str
    reason: str
    since_t_ns: int
    until_t_ns: int
    extended: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class AudioOff:
    """The sound is off without an end, by a clinical lead, until the next phase."""

    by: Actor
    since_t_ns: int

    def reminder_t_ns(self, t_ns: int) -> int:
        """When the next reminder is due, every 120 s from the switching off."""
        step = round(AUDIO_OFF_REMINDER_S * NS_PER_S)
        return self.since_t_ns + ((t_ns - self.since_t_ns) // step + 1) * step


@dataclass(frozen=True, slots=True)
class StateLine:
    """One state as the screen shows it: words, the seconds left, None where there is no end by time, and who asked for it."""

    state: str
    words: str
    left_s: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class AlarmSystem:
    """What is paused, off or held now."""

    phase: Phase = Phase.SCHED
    alarms_paused_until_t_ns: int | None = None
    alarms_paused_by: Actor | None = None
    sensors_off: SensorsOff | None = None
    audio_off: AudioOff | None = None
    off: Mapping[str, RuleOff] = field(default_factory=dict)

    @property
    def standby(self) -> bool:
        """Whether there is no patient and no alarm: before check-in and after the patient has left."""
        return self.phase.alarm_profile is AlarmProfile.NONE

    @property
    def holds(self) -> Holds:
        """What the engine keeps from being announced."""
        if self.alarms_paused_until_t_ns is None and self.sensors_off is None and not self.off:
            return NOTHING_HELD
        return Holds(
            alarms_paused_until_t_ns=self.alarms_paused_until_t_ns,
            sensors_off_until_t_ns=None if self.sensors_off is None else self.sensors_off.until_t_ns,
            rules_off=dict.fromkeys(self.off),
        )

    @property
    def deadline_t_ns(self) -> int | None:
        """When something here ends by time alone."""
        off_until = None if self.sensors_off is None else self.sensors_off.until_t_ns
        times = (self.alarms_paused_until_t_ns, off_until)
        return min((t for t in times if t is not None), default=None)


def pause_alarms(
    state: AlarmSystem, t_ns: int, *, by: Actor | None = None, duration_s: float = ALARM_PAUSE_DEFAULT_S
) -> AlarmSystem:
    """Announce nothing of the patient while the leads are placed. Raises ``RefusedError``."""
    low, high = ALARM_PAUSE_S
    if state.phase not in ALARM_PAUSE_PHASES:
        raise RefusedError("Alarms can be paused in Check-in and Baseline only, while the leads are placed.")
    if not low <= duration_s <= high:
        raise RefusedError(f"Alarms can be paused for {low:.0f} to {high:.0f} s, not {duration_s:g} s.")
    until_t_ns = t_ns + round(duration_s * NS_PER_S)
    return replace(state, alarms_paused_until_t_ns=until_t_ns, alarms_paused_by=by)


def resume_alarms(state: AlarmSystem) -> AlarmSystem:
    """End the alarm pause."""
    return replace(state, alarms_paused_until_t_ns=None, alarms_paused_by=None)


def switch_off(state: AlarmSystem, rule: Rule, *, by: Actor, reason: str, t_ns: int) -> AlarmSystem:
    """Switch one rule off. Raises ``RefusedError``: HIGH during or after the infusion, HIGH and MEDIUM without a reason."""
    grave = rule.priority in {Priority.HIGH, Priority.MEDIUM}
    if state.phase is Phase.EMERG:
        raise RefusedError("No alarm can be switched off in an emergency.")
    if rule.priority is Priority.HIGH and state.phase.alarm_profile in {INF, REC}:
        raise RefusedError(
            f"{rule.title} is a HIGH alarm: it cannot be switched off during or after the infusion."
        )
    if grave and not reason.strip():
        raise RefusedError(f"Say why {rule.title} is switched off; it is on again in the next phase.")
    off = RuleOff(by, reason.strip(), t_ns, state.phase if grave else None)
    return replace(state, off={**state.off, rule.id: off})


def switch_on(state: AlarmSystem, rule_id: str) -> AlarmSystem:
    """Switch one rule on again."""
    return replace(state, off={key: off for key, off in state.off.items() if key != rule_id})


def take_sensors_off(
    state: AlarmSystem, t_ns: int, *, by: Actor, moaas: float | None, with_patient: str, reason: str
) -> AlarmSystem:
    """Hold the alarms of missing signals for 5 min. ``moaas``: the last rating. Raises ``RefusedError``."""
    if state.sensors_off is not None:
        raise RefusedError("The sensors are recorded as off already; extend the time, or put them on.")
    if state.phase not in SENSORS_OFF_PHASES:
        raise RefusedError(
            "Sensors come off on purpose in Paused, Recovery and Discharge only, never in the infusion."
        )
    if moaas is None or moaas < SENSORS_OFF_MOAAS:
        raise RefusedError("The last sedation check must be MOAA/S 4 or 5 before the sensors come off.")
    if not with_patient.strip():
        raise RefusedError("Say who is with the patient while the sensors are off.")
    if not reason.strip():
        raise RefusedError("Say what the sensors come off for.")
    until = t_ns + round(SENSORS_OFF_S * NS_PER_S)
    off = SensorsOff(by, with_patient.strip(), reason.strip(), t_ns, until)
    return replace(state, sensors_off=off)


def extend_sensors_off(state: AlarmSystem) -> AlarmSystem:
    """Add 5 min, once. Raises ``RefusedError``."""
    off = state.sensors_off
    if off is None:
        raise RefusedError("The sensors are not recorded as off.")
    if off.extended:
        raise RefusedError("The time without sensors has been extended once already; put them on again.")
    until = off.until_t_ns + round(SENSORS_OFF_S * NS_PER_S)
    return replace(state, sensors_off=replace(off, until_t_ns=until, extended=True))


def switch_sound_off(state: AlarmSystem, t_ns: int, *, by: Actor) -> AlarmSystem:
    """Switch the sound off until the next phase. Raises ``RefusedError`` unless a clinical lead asks."""
    if by.role != LEAD:
        raise RefusedError(
            "Only the clinical lead can switch the alarm sound off; pause it for up to 120 s instead."
        )
    if state.phase is Phase.EMERG:
        raise RefusedError("The alarm sound cannot be switched off in an emergency.")
    return replace(state, audio_off=AudioOff(by, t_ns))


def switch_sound_on(state: AlarmSystem) -> AlarmSystem:
    """Switch the sound on again."""
    return replace(state, audio_off=None)


def enter_phase(state: AlarmSystem, phase: Phase) -> AlarmSystem:
    """Follow the visit: what belongs to the phase it leaves ends; in an emergency nothing is muted (clinical.md §3.1)."""
    if phase is state.phase:
        return state
    if phase is Phase.EMERG or phase.alarm_profile is AlarmProfile.NONE:
        return AlarmSystem(phase)
    paused = phase in ALARM_PAUSE_PHASES
    return AlarmSystem(
        phase=phase,
        alarms_paused_until_t_ns=state.alarms_paused_until_t_ns if paused else None,
        alarms_paused_by=state.alarms_paused_by if paused else None,
        sensors_off=state.sensors_off if phase in SENSORS_OFF_PHASES else None,
        off={rule: off for rule, off in state.off.items() if off.phase is None},
    )


def observed(state: AlarmSystem, facts: Facts) -> AlarmSystem:
    """End what is over at ``facts.t_ns``, and the time without sensors when the signals are back.

    The caller that sees ``sensors_off`` go measures the blood pressure at once and records the gap (clinical.md §5.5).
    """
    paused, off = state.alarms_paused_until_t_ns, state.sensors_off
    if paused is not None and facts.t_ns >= paused:
        state = resume_alarms(state)
    if off is None:
        return state
    missing = signals_missing(facts)
    if facts.t_ns >= off.until_t_ns or (off.missed and not missing):
        return replace(state, sensors_off=None)
    return replace(state, sensors_off=replace(off, missed=True)) if missing and not off.missed else state


def signals_missing(facts: Facts) -> bool:
    """Whether a sensor is off, or a number that was to be had is gone."""
    gone = any(shown.fitted and shown.value is None for shown in (facts.hr, facts.spo2))
    return gone or lead_off(facts) or facts.spo2_sensor_off_since_t_ns is not None


def lines(state: AlarmSystem, t_ns: int) -> tuple[StateLine, ...]:
    """Return what the screen says of the states in force, the gravest first."""
    if state.standby:
        return (StateLine("STANDBY", "No patient monitored"),)
    found: list[StateLine] = []
    if state.audio_off is not None:
        who = state.audio_off.by.name or LEAD
        found.append(StateLine("AUDIO OFF", f"Sound off ({who})", by=who))
    if state.alarms_paused_until_t_ns is not None:
        left_s = _left(state.alarms_paused_until_t_ns, t_ns)
        found.append(StateLine("ALARM PAUSED", "Alarms paused", left_s, _who(state.alarms_paused_by)))
    if state.sensors_off is not None:
        sensors = state.sensors_off
        words = f"Sensors off: {sensors.reason}; with the patient: {sensors.with_patient}"
        found.append(StateLine("SENSORS OFF", words, _left(sensors.until_t_ns, t_ns), _who(sensors.by)))
    found += [
        StateLine("ALARM OFF", f"{rule} off: {off.reason or 'no reason asked'}", by=_who(off.by))
        for rule, off in state.off.items()
    ]
    return tuple(found)


def _who(by: Actor | None) -> str:
    return "" if by is None else by.name or by.role


def _left(until_t_ns: int, t_ns: int) -> float:
    return max(0, until_t_ns - t_ns) / NS_PER_S
