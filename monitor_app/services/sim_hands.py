"""Hands at the simulated chair: what the bedside panel's controls do there. Safe to call from any thread."""

from devices.simulators.acts import (
    Act,
    GiveDrug,
    LoosenCuff,
    Move,
    PausePump,
    PlaceCuff,
    PlaceProbe,
    RemoveProbe,
    SetLeadsOff,
    SetOxygen,
    StartPump,
    StopPump,
    Talk,
)
from monitor_app.services.sim_chair import SimulatedChair

_PUMP: dict[str, type[StartPump] | type[PausePump] | type[StopPump]] = {
    "start": StartPump,
    "resume": StartPump,
    "pause": PausePump,
    "stop": StopPump,
}


class Hands:
    """Posts acts to the virtual bedside; remembers only which electrodes are off."""

    def __init__(self, chair: SimulatedChair) -> None:
        self._chair = chair
        self._leads_off: set[str] = set()

    def _do(self, act: Act) -> None:
        self._chair.bedside.post(act)

    def pump(self, what: str) -> None:
        """``start``, ``pause``, ``resume`` or ``stop`` the pump."""
        self._do(_PUMP[what]())

    def oxygen(self, l_per_min: float) -> None:
        """Turn the oxygen to a flow; 0 is off."""
        self._do(SetOxygen(l_per_min))

    def drug(self, name: str, dose_mg: float) -> None:
        """Give a drug."""
        self._do(GiveDrug(name, dose_mg))

    def cuff(self, on: bool, limb: str) -> None:  # noqa: FBT001 - a switch's own slot
        """Put the cuff on a limb, or let it come loose."""
        self._do(PlaceCuff(limb) if on else LoosenCuff())

    def lead(self, electrode: str, on: bool) -> None:  # noqa: FBT001 - a switch's own slot
        """Put an electrode on, or take it off."""
        (self._leads_off.discard if on else self._leads_off.add)(electrode)
        self._do(SetLeadsOff(tuple(sorted(self._leads_off))))

    def finger(self, on: bool) -> None:  # noqa: FBT001 - a switch's own slot
        """Put the probe on a finger, or take it off."""
        self._do(PlaceProbe() if on else RemoveProbe())

    def motion(self, level: float) -> None:
        """Let the patient move: 0 still .. 1 violent."""
        self._do(Move(level))

    def talk(self, topic: str) -> None:
        """Speak to the patient."""
        self._do(Talk(topic))
