"""What a person may ask of the alarm system: its states, its limits, its sound (clinical.md §5.3, §5.5, §5.6)."""

from dataclasses import dataclass
from typing import TypeAlias

from monitor_app.core.phase import AlarmProfile
from monitor_app.core.sound_output import SoundOutput
from monitor_app.core.stamp import Actor


@dataclass(frozen=True, slots=True)
class PauseAlarms:
    """Announce nothing of the patient for 30 to 180 s while the leads are placed, or end the pause with 0."""

    by: Actor
    duration_s: float = 120.0


@dataclass(frozen=True, slots=True)
class SwitchRule:
    """Switch one rule off, or on again."""

    rule: str
    on: bool
    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeSensorsOff:
    """The sensors come off on purpose for 5 min; ``with_patient``: who is with the patient meanwhile."""

    by: Actor
    with_patient: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExtendSensorsOff:
    """Five minutes more without sensors, once."""

    by: Actor


@dataclass(frozen=True, slots=True)
class PutSensorsOn:
    """The sensors are on again; what is missing is announced from now on."""

    by: Actor


@dataclass(frozen=True, slots=True)
class SwitchSound:
    """Switch the alarm sound off without an end (a clinical lead only), or on again."""

    on: bool
    by: Actor


@dataclass(frozen=True, slots=True)
class SetLimit:
    """Set one number of a rule; ``profile`` None: in all phases."""

    rule: str
    parameter: str
    value: float
    by: Actor
    reason: str = ""
    profile: AlarmProfile | None = None


@dataclass(frozen=True, slots=True)
class ApplyAutoLimits:
    """Take these of the limits proposed from the baseline, by their labels ("SYS high"), after they were shown."""

    labels: tuple[str, ...]
    by: Actor


@dataclass(frozen=True, slots=True)
class ChooseIndication:
    """Begin from the preset of an indication, by name; empty for none. Before the infusion only."""

    indication: str
    by: Actor


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Choose how loud alarms are: step 1 to 4."""

    step: int
    by: Actor


@dataclass(frozen=True, slots=True)
class SetPulseTone:
    """Switch the tone at each pulse on or off; it is information, never an alarm."""

    on: bool
    by: Actor


@dataclass(frozen=True, slots=True)
class ChooseSecondSound:
    """Choose the second output, for HIGH alarms nobody answers; ``NO_OUTPUT``: none."""

    output: SoundOutput
    by: Actor


@dataclass(frozen=True, slots=True)
class TrySecondSound:
    """Play a HIGH burst softly on the second output, and nowhere else."""

    by: Actor


AlarmCommand: TypeAlias = (
    PauseAlarms
    | SwitchRule
    | TakeSensorsOff
    | ExtendSensorsOff
    | PutSensorsOn
    | SwitchSound
    | SetLimit
    | ApplyAutoLimits
    | ChooseIndication
    | SetVolume
    | SetPulseTone
    | ChooseSecondSound
    | TrySecondSound
)
