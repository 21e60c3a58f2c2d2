"""The alarm desk: runs the engine, records every step of every alarm, and lets the most urgent one sound."""

from collections.abc import Callable

from devices.errors import KnownError
from monitor_app.core.alarm.audio import AudioMode, AudioState, Burst, pause_audio, plan_sound, resume_audio
from monitor_app.core.alarm.engine import AlarmEngine, Condition, Transition
from monitor_app.core.alarm.facts import Facts
from monitor_app.core.journal import JournalEntry, SoundEntry
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, SYSTEM, Actor, Stamp
from monitor_app.services.bedside.publication import SOFT, SoundBurst, SoundView
from monitor_app.services.ports import Sounder

_DEMONSTRATED = tuple(p.value for p in (Priority.HIGH, Priority.MEDIUM, Priority.LOW))


class AlarmDesk:
    """Everything about alarms at one bedside. Bedside thread only."""

    def __init__(
        self,
        engine: AlarmEngine,
        *,
        sounder: Sounder,
        record: Callable[[JournalEntry], None],
        announce: Callable[[SoundBurst], None],
        stamp: Callable[[int], Stamp],
    ) -> None:
        self._engine = engine
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
        times = [t for t in (self._engine.next_deadline_ns(), self._audio_deadline) if t is not None]
        return min(times) if times else None

    def evaluate(self, facts: Facts) -> bool:
        """Judge the facts; True when any alarm took a step."""
        transitions = self._engine.evaluate(facts)
        self._keep(transitions, None)
        self._sound(facts.t_ns)
        return bool(transitions)

    def acknowledge(self, rule: str, by: Actor, t_ns: int) -> bool:
        """Acknowledge one rule's alarm, or the most urgent unacknowledged one; False when there is none."""
        transitions = self._engine.acknowledge(rule or None, t_ns)
        self._keep(transitions, by)
        if transitions:
            self._sounder.silence()  # the burst that plays is the acknowledged one's, or the next begins at once
        self._sound(t_ns)
        return bool(transitions)

    def pause_audio(self, duration_s: float, by: Actor, t_ns: int) -> None:
        """Pause the sound, or end the pause with 0. Raises KnownError outside 30 to 120 s."""
        if duration_s <= 0:
            self._audio = resume_audio(self._audio)
            self._record(SoundEntry(self._stamp(t_ns), "normal", by, None, "pause ended by hand"))
        else:
            self._audio = pause_audio(self._audio, self.conditions, t_ns, duration_s)
            until = t_ns + round(duration_s * NS_PER_S)
            self._record(SoundEntry(self._stamp(t_ns), "paused", by, until))
            self._sounder.silence()
        self._sound(t_ns)

    def demonstrate(self, priority: str, t_ns: int) -> None:
        """Play one priority softly, for the self-test; an alarm that sounds is not interrupted.

        :raises KnownError: there is no such priority.
        """
        if priority not in _DEMONSTRATED:
            raise KnownError(f"There is no alarm priority {priority}; use {', '.join(_DEMONSTRATED)}.")
        if not any(condition.unacknowledged for condition in self.conditions):
            sound = SoundBurst(f"{SOFT}{priority}", "GENERAL", t_ns)
            self._sounder.play(sound)
            self._announce(sound)

    def view(self, trouble: str) -> SoundView:
        """The state of the sound, for the screen; ``trouble``: why it may not be heard."""
        if trouble:
            return SoundView("missing" if self._sounder.trouble else "moved", None, trouble)
        if self._audio.mode is AudioMode.PAUSED:
            return SoundView("paused", self._audio.paused_until_t_ns)
        return SoundView()

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
        self._audio, burst, self._audio_deadline = plan_sound(self._audio, self.conditions, t_ns)
        if before is AudioMode.PAUSED and self._audio.mode is AudioMode.NORMAL:
            self._record(
                SoundEntry(self._stamp(t_ns), "normal", SYSTEM, None, "pause over or broken by a new alarm")
            )
        if burst is not None:
            self._play(burst, t_ns)

    def _play(self, burst: Burst, t_ns: int) -> None:
        sound = SoundBurst(burst.urgency, burst.melody, t_ns, louder=burst.louder)
        self._sounder.play(sound)
        self._announce(sound)


def words(condition: Condition) -> str:
    """A condition in words: what is beyond which limit, or its title where there is no number."""
    return condition.text or condition.rule.title
