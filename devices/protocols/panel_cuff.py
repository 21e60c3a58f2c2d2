"""The cuff of an emulated monitor that times its own measurements: START on its front, AUTO in its menu.

It knows no wire: a monitor's side asks it what ended, and says so in its own words. For wires that show nothing of a
measurement but its end.
"""

from dataclasses import dataclass

import numpy as np

from devices.patient import CuffPressures, PatientSource
from devices.signals import NibpFailure

SHORTEST_S, LONGEST_S = 25.0, 40.0
"""A common oscillometric cycle (protocols.md §1.4, clinical.md §17.1)."""
_LOOSE_S = 3.0  # an unfastened cuff holds no pressure; a monitor notices after some seconds
_STEP_S = 0.5  # how often a running measurement looks whether the cuff is still there
_ARTIFACT_MOTION = 0.5  # of SensorState.motion; the emulator's own choice
_HIGHEST_MMHG = 270.0  # what monitors of this class measure at most


@dataclass(frozen=True, slots=True)
class CuffEnd:
    """A measurement that ended: ``failure`` None means that ``pressures`` are its reading."""

    at_s: float
    pressures: CuffPressures
    failure: NibpFailure | None
    moved: bool = False


class PanelCuff:
    """One cuff on one patient. ``advance`` moves the patient from one of its own instants to the next."""

    def __init__(self, patient: PatientSource, rng: np.random.Generator) -> None:
        self._patient = patient
        self._rng = rng
        self._interval_s: float | None = None
        self._cycle_s = 0.0  # when the next measurement of the cycle is due
        self._end_s: float | None = None
        self._look_s = 0.0
        self._loose_s: float | None = None

    @property
    def measuring(self) -> bool:
        """Whether a measurement is running."""
        return self._end_s is not None

    def press(self, at_s: float) -> list[CuffEnd]:
        """Press START; while a measurement runs, the same key stops it."""
        if self.measuring:
            return [self._finish(at_s, CuffPressures(failure=NibpFailure.STOPPED))]
        self._start(at_s)
        return []

    def set_auto(self, at_s: float, interval_min: int | None) -> None:
        """Set the cycle, or manual with None. A new cycle starts its first measurement at once."""
        interval_s = None if interval_min is None else 60.0 * interval_min
        if interval_s != self._interval_s:
            self._interval_s = interval_s
            self._cycle_s = at_s

    def advance(self, until_s: float) -> list[CuffEnd]:
        """Let time pass up to ``until_s``; return what ended, in order."""
        ended: list[CuffEnd] = []
        while (at_s := self._next_s()) <= until_s:
            self._patient.advance(at_s)
            if self.measuring:
                ended += self._look(at_s)
            else:
                self._start(at_s)
            self._skip_due(at_s)
        return ended

    def _next_s(self) -> float:
        if self._end_s is not None:
            return min(self._look_s, self._end_s)
        return self._cycle_s if self._interval_s is not None else float("inf")

    def _skip_due(self, at_s: float) -> None:
        """Leave out measurements of the cycle that fall due while one is running."""
        while self._interval_s is not None and self._cycle_s <= at_s:
            self._cycle_s += self._interval_s

    def _start(self, at_s: float) -> None:
        self._end_s = at_s + float(self._rng.uniform(SHORTEST_S, LONGEST_S))
        self._look_s = at_s + _STEP_S
        self._loose_s = None
        self._patient.cuff_started(at_s)

    def _look(self, at_s: float) -> list[CuffEnd]:
        self._look_s = at_s + _STEP_S
        if not self._patient.sensors().cuff_loose:
            self._loose_s = None
        elif self._loose_s is None:
            self._loose_s = at_s
        if self._loose_s is not None and at_s - self._loose_s >= _LOOSE_S:
            return [self._finish(at_s, CuffPressures(failure=NibpFailure.CUFF_LOOSE))]
        if self._end_s is not None and at_s >= self._end_s:
            return [self._finish(at_s, self._patient.cuff_pressures())]
        return []

    def _finish(self, at_s: float, pressures: CuffPressures) -> CuffEnd:
        self._end_s = None
        self._patient.cuff_ended(at_s)
        failure = pressures.failure
        if failure is None and not 0 < pressures.systolic_mmhg <= _HIGHEST_MMHG:
            failure = NibpFailure.OUT_OF_RANGE
        return CuffEnd(at_s, pressures, failure, moved=self._patient.sensors().motion >= _ARTIFACT_MOTION)
