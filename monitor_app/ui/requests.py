"""What the window asks of the program beside the commands of ``core.commands``: choices about the screen itself."""

from dataclasses import dataclass

from monitor_app.core.phase import Phase
from monitor_app.core.sound_output import SoundOutput
from monitor_app.core.stamp import Actor
from monitor_app.ui.style import Theme


@dataclass(frozen=True, slots=True)
class ThemeChosen:
    """Another colour set was chosen; already in force, to be remembered."""

    theme: Theme


@dataclass(frozen=True, slots=True)
class CalibrationChosen:
    """The 50 mm bar was measured; already in force, to be remembered for this screen."""

    px_per_mm: float


@dataclass(frozen=True, slots=True)
class UserChosen:
    """Another person is at the chair."""

    user: Actor


@dataclass(frozen=True, slots=True)
class ResolvedSeen:
    """The lines about resolved alarms were read."""

    user: Actor


@dataclass(frozen=True, slots=True)
class TrendWindowChosen:
    """Another span of the trend was chosen; 0 is the whole session (clinical.md §13.1)."""

    minutes: int


@dataclass(frozen=True, slots=True)
class GainChosen:
    """Another gain of the ECG was chosen, in mm/mV; 0 is auto (clinical.md §8.6)."""

    mm_per_mv: float


@dataclass(frozen=True, slots=True)
class VolumeChosen:
    """Another alarm volume was chosen (1 to 4); already in force at the bedside, to be remembered."""

    step: int


@dataclass(frozen=True, slots=True)
class SecondSoundChosen:
    """Another second sound output was chosen; already in force at the bedside, to be remembered."""

    output: SoundOutput


@dataclass(frozen=True, slots=True)
class MonitorChosen:
    """These monitors (DRIVER@PORT) are to be used from now on; ``witness`` has seen a real one at a network address."""

    devices: tuple[str, ...]
    witness: str = ""


@dataclass(frozen=True, slots=True)
class SafetyRead:
    """The page on electrical safety was read, to be remembered."""

    user: Actor


@dataclass(frozen=True, slots=True)
class StepChosen:
    """The phase panel is to be about another step than the usual one; None: the usual one again."""

    to_phase: Phase | None


Request = (
    StepChosen
    | ThemeChosen
    | CalibrationChosen
    | UserChosen
    | ResolvedSeen
    | TrendWindowChosen
    | GainChosen
    | VolumeChosen
    | SecondSoundChosen
    | MonitorChosen
    | SafetyRead
)
