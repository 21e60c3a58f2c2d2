"""What the screen says of the states of the alarm system, and what may be asked of it now (clinical.md §5.5)."""

from dataclasses import dataclass, field

from monitor_app.core.sound_output import NO_OUTPUT, SoundOutput


@dataclass(frozen=True, slots=True)
class StateMark:
    """One state in force. ``state``: its name in clinical.md §5.5, which chooses the icon; ``title`` is never left out.

    ``by``: who asked for it; empty where that is not known.
    """

    state: str  # "AUDIO OFF", "ALARM PAUSED", "SENSORS OFF", "ALARM OFF"
    title: str  # "Sensors off"
    detail: str = ""  # "toilet · with the patient: Ann Lee"
    countdown_text: str = ""  # "4:12"
    by: str = ""

    @property
    def told(self) -> str:
        """What stands after title and time where there is room: ``toilet · with the patient: Ann Lee · by RN Ito``."""
        by = f"by {self.by}" if self.by and self.by not in self.detail else ""
        return " · ".join(part for part in (self.detail, by) if part)


@dataclass(frozen=True, slots=True)
class SecondSoundChoices:
    """The second output, for HIGH alarms nobody answers (clinical.md §5.4).

    ``outputs``: what can be chosen, the chosen one among them also where it is missing. ``trouble``: why nothing can be
    heard there, a sentence. ``none_refusal``: why this person may not choose none now.
    """

    chosen: SoundOutput = NO_OUTPUT
    outputs: tuple[SoundOutput, ...] = ()
    trouble: str = ""
    none_refusal: str = ""


@dataclass(frozen=True, slots=True)
class SoundChoices:
    """What the panel "Alarm sound and pauses" offers. A refusal is empty where the thing may be asked for.

    ``…_left``: the time of a state in force, empty where it is not. ``can_extend``: the time without sensors may be made
    longer once more. ``me``: how the person at the chair is called where somebody stays with the patient.
    """

    volume_step: int = 4
    pulse_tone: bool = False
    pause_left: str = ""
    pause_refusal: str = ""
    sensors_left: str = ""
    sensors_refusal: str = ""
    can_extend: bool = False
    sound_off: bool = False
    sound_refusal: str = ""
    self_test: str = ""
    second: SecondSoundChoices = field(default_factory=SecondSoundChoices)
    me: str = ""
