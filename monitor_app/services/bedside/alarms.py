"""The alarm desk: runs the engine, records every step of every alarm, and lets the most urgent one sound."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from devices.errors import KnownError, RefusedError
from monitor_app.core.alarm.audio import (
    AudioMode,
    AudioState,
    Burst,
    calls_for_help,
    cut_off,
    pause_audio,
    paused_again,
    plan_sound,
    resume_audio,
    silent_until_t_ns,
)
from monitor_app.core.alarm.engine import AlarmEngine, Condition, Transition
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.alarm.system_record import SOUND_OFF, SOUND_ON, SOUND_PAUSED, SOUND_STATES
from monitor_app.core.alarm.system_state import AudioOff
from monitor_app.core.journal import JournalEntry, SoundEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.sound_output import PlayedOn
from monitor_app.core.stamp import NS_PER_S, SYSTEM, Actor, Stamp
from monitor_app.services.bedside.alarm_system_desk import AlarmSystemDesk
from monitor_app.services.bedside.publication import SOFT, SoundBurst, SoundView
from monitor_app.services.bedside.sound_choices import SoundChoices
from monitor_app.services.ports import Sounder

PULSE_LENGTH_NS = 200_000_000
"""A pulse tone begun this shortly before a burst is due would run into it."""
SOFT_LENGTH_NS = round(3.2 * NS_PER_S)  # clinical.md §5.3: a HIGH burst, the longest
_DEMONSTRATED = tuple(p.value for p in (Priority.HIGH, Priority.MEDIUM, Priority.LOW))


class AlarmDesk:
    """Everything about alarms at one bedside. Bedside thread only."""

    def __init__(
        self,
        engine: AlarmEngine,
        *,
        system: AlarmSystemDesk,
        choices: SoundChoices,
        sounder: Sounder,
        record: Callable[[JournalEntry], None],
        announce: Callable[[SoundBurst], None],
        stamp: Callable[[int], Stamp],
    ) -> None:
        self._engine = engine
        self._system = system
        self._choices = choices
        self._was_off: AudioOff | None = None
        self._soft_until_t_ns = 0
        self._calls_help = False
        self._sounder = sounder
        self._record = record
        self._announce = announce
        self._stamp = stamp
        self._audio = AudioState()
        self._audio_deadline: int | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that is not idle, most urgent first."""
        return self._engine.conditions

    @property
    def next_deadline_ns(self) -> int | None:
        """When something changes here with no new input."""
        times = (self._engine.next_deadline_ns(), self._audio_deadline, self._system.deadline_t_ns)
        return min((t for t in times if t is not None), default=None)

    def take_up(self, entries: Sequence[JournalEntry], t_ns: int) -> None:
        """Go on with the states a cut-off session left; a sound that was off is on again, one that was paused is not."""
        self._system.take_up(entries, t_ns)
        last = next(
            (e for e in reversed(entries) if isinstance(e, SoundEntry) and e.state in SOUND_STATES), None
        )
        if last is None:
            return
        if last.state == SOUND_OFF:
            self._record(SoundEntry(self._stamp(t_ns), SOUND_ON, SYSTEM, None, "the program restarted"))
        elif last.state == SOUND_PAUSED and last.until_t_ns is not None:
            self._audio = paused_again(self.conditions, last.until_t_ns)

    def evaluate(self, facts: Facts) -> bool:
        """Judge the facts; True when any alarm took a step."""
        before = self._system.state
        facts = self._system.follow(facts)
        if facts.phase is Phase.EMERG and before.phase is not Phase.EMERG:
            self._end_pause(SYSTEM, facts.t_ns, "nothing is muted in an emergency")
        transitions = self._engine.evaluate(facts)
        self._keep(transitions, None)
        self._sound(facts.t_ns)
        return bool(transitions) or before is not self._system.state

    def acknowledge(self, rule: str, by: Actor, t_ns: int) -> bool:
        """Acknowledge one rule's alarm, or the most urgent unacknowledged one; False when there is none."""
        transitions = self._engine.acknowledge(rule or None, t_ns)
        self._keep(transitions, by)
        if transitions:
            self._sounder.silence()  # the burst that plays is the acknowledged one's, or the next begins at once
            self._audio = cut_off(self._audio)
        self._sound(t_ns)
        return bool(transitions)

    def pause_audio(self, duration_s: float, by: Actor, t_ns: int) -> None:
        """Pause the sound, or end the pause with 0. Raises KnownError outside 30 to 120 s, or while the sound is off."""
        if self._system.state.audio_off is not None:
            raise RefusedError("The alarm sound is off; switch it on before it can be paused.")
        if duration_s <= 0:
            self._end_pause(by, t_ns, "pause ended by hand")
        else:
            self._audio = pause_audio(self._audio, self.conditions, t_ns, duration_s)
            until = t_ns + round(duration_s * NS_PER_S)
            self._record(SoundEntry(self._stamp(t_ns), SOUND_PAUSED, by, until))
            self._sounder.silence()
        self._sound(t_ns)

    def _end_pause(self, by: Actor, t_ns: int, why: str) -> None:
        if self._audio.mode is AudioMode.PAUSED:
            self._audio = resume_audio(self._audio)
            self._record(SoundEntry(self._stamp(t_ns), SOUND_ON, by, None, why))

    def demonstrate(self, priority: str, t_ns: int, *, on: PlayedOn = PlayedOn.FIRST) -> bool:
        """Play one priority softly, for the self-test; an alarm that sounds is not interrupted: False then.

        :raises KnownError: there is no such priority.
        """
        if priority not in _DEMONSTRATED:
            raise KnownError(f"There is no alarm priority {priority}; use {', '.join(_DEMONSTRATED)}.")
        if any(condition.unacknowledged for condition in self.conditions):
            return False
        self._soft_until_t_ns = t_ns + SOFT_LENGTH_NS
        self._begin(SoundBurst(f"{SOFT}{priority}", "GENERAL", t_ns, played_on=on))
        return True

    def tone_may_sound(self, t_ns: int) -> bool:
        """Whether a pulse tone is no trouble now: a patient is there, and no alarm sounds, is due or is silenced."""
        free, state = silent_until_t_ns(self._audio), self._system.state
        if free is None or state.audio_off is not None or state.standby:
            return False
        if t_ns < max(free, self._soft_until_t_ns):
            return False
        due = self._audio_deadline
        return due is None or t_ns + PULSE_LENGTH_NS <= due

    def view(self, trouble: str) -> SoundView:
        """The state of the sound, for the screen; ``trouble``: why it may not be heard, which hides no pause."""
        paused = self._audio.mode is AudioMode.PAUSED
        if trouble:
            until = self._audio.paused_until_t_ns if paused else None
            return SoundView("missing" if self._sounder.trouble else "moved", until, trouble)
        off = self._system.state.audio_off
        if off is not None:
            return SoundView("off", None, f"switched off by {off.by.name or off.by.role}")
        return SoundView("paused", self._audio.paused_until_t_ns) if paused else SoundView()

    @property
    def unacknowledged_high(self) -> tuple[str, ...]:
        """HIGH alarms nobody has acknowledged, in words."""
        return tuple(
            words(c) for c in self.conditions if c.unacknowledged and c.rule.priority is Priority.HIGH
        )

    @property
    def active_high_physiological(self) -> tuple[str, ...]:
        """HIGH alarms of the patient whose condition holds now, in words."""
        return tuple(
            words(c)
            for c in self.conditions
            if c.state.running
            and c.rule.priority is Priority.HIGH
            and c.rule.alarm_class is AlarmClass.PHYSIOLOGICAL
        )

    @property
    def standing(self) -> tuple[str, ...]:
        """Every announced alarm that is active or unacknowledged, in words."""
        return tuple(words(c) for c in self.conditions if c.shown)

    @property
    def retake_wanted(self) -> bool:
        """Whether the reading judged last asks for a re-take (clinical.md §5.8.5)."""
        return self._engine.retake_wanted

    def _keep(self, transitions: list[Transition], by: Actor | None) -> None:
        for step in transitions:
            self._record(step.entry(self._stamp(step.t_ns), by))

    def _sound(self, t_ns: int) -> None:
        """Ask what should sound now, play it, and remember when to ask again."""
        before = self._audio.mode
        state = self._system.state
        if state.audio_off is not None and self._was_off is None:
            self._sounder.silence()
        self._was_off = state.audio_off
        infusion = state.phase.alarm_profile is AlarmProfile.INF and state.phase is not Phase.EMERG
        self._audio, burst, self._audio_deadline = plan_sound(
            self._audio,
            self.conditions,
            t_ns,
            quiet_low=self._choices.quiet_low and infusion,
            off=state.audio_off,
        )
        ended = before is AudioMode.PAUSED and self._audio.mode is AudioMode.NORMAL
        if ended and state.audio_off is None:  # switched off while paused: that entry is the one of its end
            self._record(
                SoundEntry(self._stamp(t_ns), SOUND_ON, SYSTEM, None, "pause over or broken by a new alarm")
            )
        self._heed_help(t_ns)
        if burst is not None:
            self._play(burst, t_ns)

    def _heed_help(self, t_ns: int) -> None:
        """End what sounds on the second output as soon as no alarm calls for help any more."""
        before, self._calls_help = self._calls_help, any(calls_for_help(c, t_ns) for c in self.conditions)
        if before and not self._calls_help:
            self._sounder.silence_second()

    def _play(self, burst: Burst, t_ns: int) -> None:
        on = PlayedOn.BOTH if burst.calls_help else PlayedOn.FIRST
        self._begin(SoundBurst(burst.urgency, burst.melody, t_ns, louder=burst.louder, played_on=on))

    def _begin(self, burst: SoundBurst) -> None:
        sound = replace(burst, volume_step=self._choices.volume_step)
        self._sounder.play(sound)
        self._announce(sound)


def words(condition: Condition) -> str:
    """A condition in words: what is beyond which limit, or its title where there is no number."""
    return condition.text or condition.rule.title
