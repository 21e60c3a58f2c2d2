"""How the chair sounds: volume, and the tone at each pulse (clinical.md §5.3)."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from devices.clock import NS_PER_S
from monitor_app.core.alarm_commands import SetPulseTone, SetVolume
from monitor_app.core.journal import JournalEntry, SystemEntry
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.refusal import not_acting
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarm_system_desk import Asker
from monitor_app.services.bedside.publication import SoundBurst

VOLUME_STEPS = range(1, 5)  # clinical.md §5.3: four steps, the lowest can be heard
VOLUME_CODE, PULSE_TONE_CODE = "VOLUME", "PULSE_TONE"
PULSE = "PULSE"
PITCH_WITHOUT_SPO2 = "100"
"""As monitors do: a QRS tone without saturation has the usual pitch. A lost saturation has an alarm of its own."""
PULSE_FRESH_NS = 3 * NS_PER_S // 2
"""A beat told later than this is of the past: its tone would be out of step with the patient."""
BEAT_LASTS_NS = 3 * NS_PER_S
"""An ECG without a beat for so long leaves the tone to the pulse (three seconds: 20 beats a minute)."""


class SoundChoices:
    """What was chosen about sound. Bedside thread only. Whoever looks on keeps the volume for the next session.

    ``quiet_low``: during the infusion LOW alarms are picture only (clinical.md §16.3).
    """

    def __init__(
        self,
        *,
        visit: Callable[[], Visit],
        record: Callable[[JournalEntry], None],
        stamp: Callable[[int], Stamp],
        volume_step: int,
        quiet_low: bool = False,
    ) -> None:
        self._visit = visit
        self._record = record
        self._stamp = stamp
        self.volume_step = volume_step
        self.quiet_low = quiet_low
        self.pulse_tone = False
        self.askers: Mapping[type, Asker] = MappingProxyType(
            {SetVolume: self._set_volume, SetPulseTone: self._set_pulse_tone}
        )

    def take_up(self, entries: Iterable[JournalEntry]) -> None:
        """Go on with the pulse tone as a cut-off session left it; the volume comes from the settings."""
        for entry in entries:
            if isinstance(entry, SystemEntry) and entry.code == PULSE_TONE_CODE:
                self.pulse_tone = entry.fields.get("on") is True

    def _set_volume(self, command: SetVolume, t_ns: int) -> tuple[str, ...]:
        if refused := not_acting(self._visit(), command.by):
            return (refused,)
        if command.step not in VOLUME_STEPS:
            return (
                f"The alarm volume has the steps 1 to 4; {command.step} is none of them, and none is silent.",
            )
        self.volume_step = command.step
        text = f"alarm volume {command.step} of 4"
        self._note(VOLUME_CODE, text, {"step": command.step}, by=command.by, t_ns=t_ns)
        return ()

    def _set_pulse_tone(self, command: SetPulseTone, t_ns: int) -> tuple[str, ...]:
        if refused := not_acting(self._visit(), command.by):
            return (refused,)
        if command.on is not self.pulse_tone:
            self.pulse_tone = command.on
            text = f"pulse tone {'on' if command.on else 'off'}"
            self._note(PULSE_TONE_CODE, text, {"on": command.on}, by=command.by, t_ns=t_ns)
        return ()

    def _note(self, code: str, text: str, fields: Mapping[str, int], *, by: Actor, t_ns: int) -> None:
        self._record(SystemEntry(self._stamp(t_ns), code, text, {**fields, "by": by.name}))


class PulseTone:
    """Plays a tone at each new beat while it may be heard. Nothing of it is recorded.

    ``play`` sounds it; ``may_sound`` says whether no alarm burst sounds or is due at this session time.
    """

    def __init__(self, play: Callable[[SoundBurst], None], may_sound: Callable[[int], bool]) -> None:
        self._play = play
        self._may_sound = may_sound
        self._last_t_ns = 0

    def beat(self, beat_t_ns: int | None, t_ns: int, *, spo2_percent: float | None, volume_step: int) -> None:
        """Take the newest beat there is; its tone falls with the SpO2."""
        if beat_t_ns is None or beat_t_ns <= self._last_t_ns:
            return
        self._last_t_ns = beat_t_ns
        if t_ns - beat_t_ns <= PULSE_FRESH_NS and self._may_sound(t_ns):
            pitch = PITCH_WITHOUT_SPO2 if spo2_percent is None else f"{spo2_percent:.0f}"
            self._play(SoundBurst(PULSE, pitch, t_ns, volume_step=volume_step))


def newest_beat_t_ns(qrs_t_ns: int | None, pulse_t_ns: int | None, t_ns: int) -> int | None:
    """Return the newest QRS while the ECG has any, else the newest pulse of the pleth; None without either."""
    return qrs_t_ns if qrs_t_ns is not None and t_ns - qrs_t_ns <= BEAT_LASTS_NS else pulse_t_ns
