"""What a person can physically do at the simulated chair. Frozen values, so that they can be posted and kept.

None of these is a line in the chart: recording an act does not perform it, nor the reverse (design.md §3).
"""

from dataclasses import dataclass
from typing import TypeAlias

from devices.signals import NibpFailure

LIMBS = ("left arm", "right arm", "left leg", "right leg")
ELECTRODES = ("RA", "LA", "RL", "LL", "V")
"""A five-wire set (clinical.md §8.1)."""


@dataclass(frozen=True, slots=True)
class StartPump:
    """Press start on the pump: the order begins, or a pause ends."""


@dataclass(frozen=True, slots=True)
class PausePump:
    """Hold the infusion; what is in stays in."""


@dataclass(frozen=True, slots=True)
class StopPump:
    """End the infusion for good."""


@dataclass(frozen=True, slots=True)
class SetOrder:
    """Program the pump. Refused once it has run."""

    mg_per_kg: float
    minutes: float


@dataclass(frozen=True, slots=True)
class SetOxygen:
    """Turn the oxygen to a flow; 0 is off."""

    l_per_min: float


@dataclass(frozen=True, slots=True)
class GiveDrug:
    """Give a drug by hand. Only midazolam changes the body (clinical.md §17.2); the others are known to the scenario."""

    name: str
    dose_mg: float


@dataclass(frozen=True, slots=True)
class PlaceCuff:
    """Put the cuff on a limb, well: it is no longer loose and its fault is gone."""

    limb: str = "left arm"


@dataclass(frozen=True, slots=True)
class LoosenCuff:
    """The cuff slips or its hose comes off."""


@dataclass(frozen=True, slots=True)
class BreakCuff:
    """The cuff fails in a given way at every try; None mends it."""

    failure: NibpFailure | None


@dataclass(frozen=True, slots=True)
class PressNibp:
    """Press START on a monitor that times its own cuff; while it measures, the same key stops it."""


@dataclass(frozen=True, slots=True)
class SetNibpAuto:
    """Set the cycle on a monitor that times its own cuff, in minutes; None is manual."""

    interval_min: int | None


@dataclass(frozen=True, slots=True)
class PlaceProbe:
    """Put the SpO2 probe on a finger (or toe) of a limb and plug it in."""

    limb: str = "right arm"


@dataclass(frozen=True, slots=True)
class RemoveProbe:
    """The probe slips off; ``unplugged`` when its cable is out of the monitor."""

    unplugged: bool = False


@dataclass(frozen=True, slots=True)
class SetLeadsOff:
    """These electrodes are off; an empty tuple is all on again."""

    electrodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """The patient moves: 0 still .. 1 violent."""

    level: float


@dataclass(frozen=True, slots=True)
class Talk:
    """Speak to the patient, about something (``symptoms``, ``calm`` …)."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class SetCable:
    """Pull the monitor's data cable, or plug it in again."""

    out: bool


@dataclass(frozen=True, slots=True)
class Perform:
    """Anything else a scenario may wait for by name (``emergency``, ``call_help``)."""

    name: str


Act: TypeAlias = (
    StartPump
    | PausePump
    | StopPump
    | SetOrder
    | SetOxygen
    | GiveDrug
    | PlaceCuff
    | LoosenCuff
    | BreakCuff
    | PressNibp
    | SetNibpAuto
    | PlaceProbe
    | RemoveProbe
    | SetLeadsOff
    | Move
    | Talk
    | SetCable
    | Perform
)


@dataclass(frozen=True, slots=True)
class TimedAct:
    """An act at an instant of the patient's time; None is as soon as possible."""

    act: Act
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class BedsideEvent:
    """Something happened at the chair. ``name`` is what scenario triggers call it (``pump_paused``)."""

    at_s: float
    name: str
    detail: str = ""
