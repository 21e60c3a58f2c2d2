"""Everything a person can set about the alarms of one bedside, joined: states, limits, sound (clinical.md §5.3-§5.6)."""

from collections.abc import Callable, Sequence

from monitor_app.core.journal import JournalEntry, LimitEntry, PhaseEntry, SoundEntry, SystemEntry
from monitor_app.core.visit.facts import ClinicRules
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarm_system_desk import AlarmSystemDesk, Asker
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.limits_desk import LimitsDesk
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.publication import AlarmSystemView
from monitor_app.services.bedside.second_sound import SecondSoundDesk
from monitor_app.services.bedside.sound_choices import PulseTone, SoundChoices, newest_beat_t_ns
from monitor_app.services.bedside.vitals import VitalsBoard
from monitor_app.services.bedside.waves import WavesDesk
from monitor_app.services.session_clock import SessionClock

_TELLING = frozenset({LimitEntry, PhaseEntry, SoundEntry, SystemEntry})
"""Entries that say something of what is set; a record holds many thousand others."""


class AlarmControls:
    """The desks that answer ``core.alarm_commands``, with the alarm desk on them. Bedside thread only.

    ``sensors_on`` is called when a time without sensors is over; ``rules_changed`` takes the clinic's rules of the visit.
    """

    def __init__(
        self,
        parts: BedsideParts,
        journal: JournalDesk,
        clock: SessionClock,
        *,
        sensors_on: Callable[[int], None],
        rules_changed: Callable[[ClinicRules], None],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self.system = AlarmSystemDesk(
            visit=self._visit, record=journal.write, stamp=clock.stamp, sensors_on=sensors_on
        )
        self.choices = self._sound_choices(parts)
        self.limits = self._limits_desk(parts, rules_changed)
        self.alarms = AlarmDesk(
            parts.engine,
            system=self.system,
            choices=self.choices,
            sounder=parts.sounder,
            record=journal.write,
            announce=parts.publish,
            stamp=clock.stamp,
        )
        self.second_sound = self._second_sound(parts)
        self._tone = PulseTone(parts.sounder.play, self.alarms.tone_may_sound)

    def _sound_choices(self, parts: BedsideParts) -> SoundChoices:
        return SoundChoices(
            visit=self._visit,
            record=self._journal.write,
            stamp=self._clock.stamp,
            volume_step=parts.volume_step,
            quiet_low=parts.quiet_low,
        )

    def _limits_desk(self, parts: BedsideParts, rules_changed: Callable[[ClinicRules], None]) -> LimitsDesk:
        return LimitsDesk(
            parts.engine,
            parts.presets,
            visit=self._visit,
            record=self._journal.write,
            stamp=self._clock.stamp,
            rules_changed=rules_changed,
        )

    def _second_sound(self, parts: BedsideParts) -> SecondSoundDesk:
        return SecondSoundDesk(
            parts.sounder,
            parts.second_sound,
            alarms=self.alarms,
            visit=self._visit,
            record=self._journal.write,
            stamp=self._clock.stamp,
        )

    @property
    def askers(self) -> dict[type, Asker]:
        """Who carries out which command."""
        return {**self.system.askers, **self.limits.askers, **self.choices.askers, **self.second_sound.askers}

    def begin(self) -> None:
        """Put into the record with which limits a new session begins."""
        self.limits.begin(self._clock.t_ns())

    def take_up(self, entries: Sequence[JournalEntry], t_ns: int) -> None:
        """Go on with what a cut-off session left; the engine must have taken up its alarms before."""
        telling = [e for e in entries if type(e) in _TELLING]
        self.limits.take_up(telling, t_ns)
        self.choices.take_up(telling)
        self.alarms.take_up(telling, t_ns)

    def pulse(self, waves: WavesDesk, vitals: VitalsBoard) -> None:
        """Let the newest beat be heard, where somebody wants that."""
        if not self.choices.pulse_tone:
            return
        t_ns = self._clock.t_ns()
        self._tone.beat(
            newest_beat_t_ns(waves.ecg.last_beat_t_ns, waves.pleth.last_pulse_t_ns, t_ns),
            t_ns,
            spo2_percent=vitals.shown("SPO2", t_ns).value,
            volume_step=self.choices.volume_step,
        )

    def view(self, t_ns: int) -> AlarmSystemView:
        """What the screen shows of it."""
        state, limits = self.system.state, self.limits
        return AlarmSystemView(
            lines=self.system.lines(t_ns),
            rules_off=tuple(state.off),
            audio_off=state.audio_off is not None,
            limits=limits.limits,
            locked=limits.locked,
            versions=limits.versions,
            indication=limits.indication,
            indications=limits.indications,
            proposals=limits.proposals(),
            volume_step=self.choices.volume_step,
            pulse_tone=self.choices.pulse_tone,
            second_sound=self.second_sound.view,
            sensors_extended=state.sensors_off is not None and state.sensors_off.extended,
        )

    def _visit(self) -> Visit:
        return self._journal.visit
