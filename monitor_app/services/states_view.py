"""What the screen says of the states of the alarm system, and what may be asked of it now (clinical.md §5.5)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateMark:
    """One state in force. ``state``: its name in clinical.md §5.5, which chooses the icon; ``title`` is never left out."""

    state: str  # "AUDIO OFF", "ALARM PAUSED", "SENSORS OFF", "ALARM OFF"
    title: str  # "Sensors off"
    detail: str = ""  # "toilet · with the patient: Ann Lee"
    countdown_text: str = ""  # "4:12"


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
    me: str = ""
