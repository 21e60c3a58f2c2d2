"""The cuff of an emulated IntelliVue: the monitor's own key and timer, and what its export shows of a cycle.

A cycle takes 25 to 40 s. In its last moments the new values and their time stand in the export while the measurement still
counts as ongoing (protocols.md §12: values appear before the measuring bit clears).
"""

import numpy as np

from devices.patient import CuffPressures, PatientSource
from devices.signals import NibpFailure

_SHORTEST_S, _LONGEST_S = 25.0, 40.0
_SETTLING_S = 1.5
_INFLATION_LIMIT_S = 15.0  # a cuff that holds no pressure ends the cycle here

FAILURE_TEXTS = {
    NibpFailure.OVER_PRESSURE: "NBP CUFF OVERPRESS",
    NibpFailure.BLOCKED: "NBP CUFF NOT DEFL",
    NibpFailure.CUFF_LOOSE: "NBP INTERRUPTED",
    NibpFailure.LEAK: "NBP INTERRUPTED",
    NibpFailure.TIMED_OUT: "NBP INTERRUPTED",
    NibpFailure.ERROR: "NBP EQUIP MALF",
}
"""Technical alarms of the Instructions for Use; every other cause is told as "NBP MEASURE FAILED"."""
NO_VALUES = "NBP MEASURE FAILED"


class CuffModel:
    """One cuff on one patient. ``step`` must be called at the times ``next_event_s`` names."""

    def __init__(self, patient: PatientSource, rng: np.random.Generator) -> None:
        self.pressures: CuffPressures | None = None
        """The reading shown, None while there is none."""
        self.pulse_per_min: float | None = None
        self.stamp_s: float | None = None
        """The monitor's clock when the last reading was taken, shown or gone; setting the clock does not change it."""
        self.failure_text = ""
        """Technical alarm of the last cycle; stands until the next begins."""
        self._patient = patient
        self._rng = rng
        self._begun_s: float | None = None
        self._end_s = 0.0
        self._read = False
        self._auto: tuple[float, float] | None = None  # next start, interval

    @property
    def ongoing(self) -> bool:
        """Whether a measurement is running."""
        return self._begun_s is not None

    @property
    def next_event_s(self) -> float:
        """When something happens next; infinity for never."""
        times = [] if self._auto is None else [self._auto[0]]
        if self._begun_s is not None:
            loose = self._patient.sensors().cuff_loose
            limit_s = self._begun_s + _INFLATION_LIMIT_S if loose and not self._read else float("inf")
            times += [limit_s, self._end_s if self._read else self._end_s - _SETTLING_S]
        return min(times, default=float("inf"))

    def press(self, at_s: float) -> None:
        """Press START/STOP."""
        if self._begun_s is None:
            self._start(at_s)
        else:
            self._finish(at_s)

    def set_auto(self, interval_min: int | None, at_s: float) -> None:
        """Set the cycle; a new one begins with a measurement at once."""
        interval_s = None if interval_min is None else 60.0 * interval_min
        if interval_s != (self._auto and self._auto[1]):
            self._auto = None if interval_s is None else (at_s, interval_s)

    def step(self, at_s: float, wall_s: float) -> None:
        """Do what is due at ``at_s``, when the monitor's clock shows ``wall_s``; the patient must be there too."""
        if self._begun_s is not None:
            if self._patient.sensors().cuff_loose and not self._read:
                if at_s - self._begun_s >= _INFLATION_LIMIT_S:
                    self._fail(at_s, NibpFailure.CUFF_LOOSE)
            elif not self._read and at_s >= self._end_s - _SETTLING_S:
                self._take_reading(at_s, wall_s)
            elif self._read and at_s >= self._end_s:
                self._finish(at_s)
        if self._auto is not None and at_s >= self._auto[0]:
            self._auto = (self._auto[0] + self._auto[1], self._auto[1])
            if self._begun_s is None:
                self._start(at_s)

    def _start(self, at_s: float) -> None:
        self._begun_s = at_s
        self._end_s = at_s + float(self._rng.uniform(_SHORTEST_S, _LONGEST_S))
        self._read = False
        self.failure_text = ""
        self._patient.cuff_started(at_s)

    def _take_reading(self, at_s: float, wall_s: float) -> None:
        pressures = self._patient.cuff_pressures()
        if pressures.failure is not None:
            self._fail(at_s, pressures.failure)
            return
        self._read = True
        self.pressures, self.stamp_s = pressures, wall_s
        self.pulse_per_min = self._patient.numerics().pr_per_min

    def _fail(self, at_s: float, failure: NibpFailure) -> None:
        self.pressures = self.pulse_per_min = None
        self.failure_text = FAILURE_TEXTS.get(failure, NO_VALUES)
        self._finish(at_s)

    def _finish(self, at_s: float) -> None:
        self._begun_s = None
        self._patient.cuff_ended(at_s)
