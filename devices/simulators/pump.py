"""The virtual pump: what is really running into the patient.

Chairside never controls it (design.md §3); it answers only to hands at the virtual bedside.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class InfusionOrder:
    """What the prescriber ordered."""

    mg_per_kg: float = 0.5
    minutes: float = 40.0

    def total_mg(self, weight_kg: float) -> float:
        """Return the whole dose for this weight."""
        return self.mg_per_kg * weight_kg


class PumpState(Enum):
    """How the pump stands."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # by hand, before everything was in
    FINISHED = "finished"  # the ordered volume is in


class Pump:
    """A pump programmed with one order. It stops by itself when the order is in.

    What ran is reckoned from the instant of the last button, so that the steps in between change no digit.
    """

    def __init__(self, order: InfusionOrder, weight_kg: float) -> None:
        self.weight_kg = weight_kg
        self.state = PumpState.IDLE
        self.order = order
        self._ran_s = 0.0
        self._ran_before_s = 0.0
        self._since_s = 0.0

    @property
    def delivered_mg(self) -> float:
        """What is in the patient, as of the last ``run`` or button."""
        return self.order.total_mg(self.weight_kg) * (self._ran_s / (self.order.minutes * 60.0))

    @property
    def rate_mg_per_s(self) -> float:
        """What runs in now."""
        if self.state is not PumpState.RUNNING:
            return 0.0
        return self.order.total_mg(self.weight_kg) / (self.order.minutes * 60.0)

    @property
    def over(self) -> bool:
        """Whether nothing more can come."""
        return self.state in {PumpState.STOPPED, PumpState.FINISHED}

    def program(self, order: InfusionOrder) -> bool:
        """Take another order; False once the pump has run."""
        if self.state is not PumpState.IDLE:
            return False
        self.order = order
        return True

    def start(self, now_s: float) -> bool:
        """Start, or go on after a pause; False when that means nothing now."""
        return self._move({PumpState.IDLE, PumpState.PAUSED}, PumpState.RUNNING, now_s)

    def pause(self, now_s: float) -> bool:
        """Hold; False when it is not running."""
        return self._move({PumpState.RUNNING}, PumpState.PAUSED, now_s)

    def stop(self, now_s: float) -> bool:
        """End for good; False when it is over or never began."""
        return self._move({PumpState.RUNNING, PumpState.PAUSED}, PumpState.STOPPED, now_s)

    def run(self, until_s: float) -> float | None:
        """Let time pass up to an instant. Return the instant the order was in, if that came now."""
        if self.state is not PumpState.RUNNING:
            return None
        whole_s = self.order.minutes * 60.0
        finish_s = self._since_s + (whole_s - self._ran_before_s)
        if until_s < finish_s:
            self._ran_s = self._ran_before_s + (until_s - self._since_s)
            return None
        self._ran_s = whole_s
        self.state = PumpState.FINISHED
        return finish_s

    def _move(self, allowed: set[PumpState], target: PumpState, now_s: float) -> bool:
        if self.state not in allowed:
            return False
        self.run(now_s)
        if self.over:
            return False
        self._ran_before_s, self._since_s = self._ran_s, now_s
        self.state = target
        return True
