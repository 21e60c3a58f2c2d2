"""The cuff of an emulated DRI monitor, which times itself (protocols.md §2.7).

The measuring bit rises; 28 s later the new values stand there while it is still set; a second or two after it falls; 60 s
after the values came they count as old.
"""

from dataclasses import dataclass

import numpy as np

from devices.patient import PatientSource
from devices.protocols.datex_dri.nibp_watch import AUTO, MEASURING, OLD

RESERVED_BITS = 0x003
"""Bits 0 to 2 as real monitors send them (protocols.md §2.5)."""
OLD_AFTER_S = 60.0
_LOOSE_S = 10.0  # an unfastened cuff holds no pressure; the monitor gives up after some seconds
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class CuffReading:
    """What the monitor shows, as it came off the cuff."""

    systolic_mmhg: float
    diastolic_mmhg: float
    mean_mmhg: float
    pulse_per_min: float | None
    at_s: float


class CuffModel:
    """One cuff on one patient. ``act`` is to be called at the times ``next_event_s`` names.

    A measurement that fails or is stopped leaves no reading on the screen.
    """

    def __init__(self, patient: PatientSource, rng: np.random.Generator) -> None:
        self._patient = patient
        self._rng = rng
        self._auto_s: float | None = None
        self._auto_next_s = _NEVER
        self._running = False
        self._begun_s = 0.0
        self._values_s = self._end_s = _NEVER
        self._loose_check_s = _NEVER
        self.reading: CuffReading | None = None
        self.lead_s: float | None = None
        """How long before its end a measurement shows its values; None for 1 to 2 s, as captured."""

    @property
    def next_event_s(self) -> float:
        """When something happens next without anybody pressing a key."""
        if not self._running:
            return self._auto_next_s
        return min(self._loose_check_s, self._values_s, self._end_s)

    def label(self, at_s: float) -> int:
        """Return the label bits at an instant."""
        bits = RESERVED_BITS
        if self._auto_s is not None:
            bits |= AUTO
        if self._running:
            bits |= MEASURING
        if self.reading is not None and at_s - self.reading.at_s >= OLD_AFTER_S:
            bits |= OLD
        return bits

    def press(self, at_s: float) -> None:
        """Start a measurement, or stop the one that runs."""
        if self._running:
            self.reading = None
            self._finish(at_s)
        else:
            self._start(at_s)

    def set_auto(self, interval_min: int | None, at_s: float) -> None:
        """Set the cycle, which begins with a measurement at once, or none.

        :raises ValueError: below one minute.
        """
        if interval_min is None:
            self._auto_s, self._auto_next_s = None, _NEVER
            return
        if interval_min < 1:
            raise ValueError(f"an automatic cycle takes 1 minute or more, not {interval_min}")
        self._auto_s = 60.0 * interval_min
        self._auto_next_s = at_s + self._auto_s
        if not self._running:
            self._start(at_s)

    def act(self, at_s: float) -> None:
        """Do what is due; the patient must have been advanced to ``at_s``."""
        if self._auto_s is not None and at_s >= self._auto_next_s:
            self._auto_next_s += self._auto_s
            if not self._running:
                self._start(at_s)
        if not self._running:
            return
        if at_s >= self._loose_check_s:
            self._loose_check_s = _NEVER
            if self._patient.sensors().cuff_loose:
                self.reading = None
                self._finish(at_s)
                return
        if at_s >= self._values_s:
            self._values_s = _NEVER
            self.reading = self._read(at_s)
        if at_s >= self._end_s:
            self._finish(at_s)

    def _start(self, at_s: float) -> None:
        self._running = True
        self._begun_s = at_s
        self._loose_check_s = at_s + _LOOSE_S
        self._values_s = at_s + self._rng.uniform(26.0, 30.0)
        self._end_s = self._values_s + self._rng.uniform(1.0, 2.0)
        if self.lead_s is not None:
            self._values_s = self._end_s - self.lead_s
        self._patient.cuff_started(at_s)

    def _finish(self, at_s: float) -> None:
        self._running = False
        self._values_s = self._end_s = self._loose_check_s = _NEVER
        self._patient.cuff_ended(at_s)

    def _read(self, at_s: float) -> CuffReading | None:
        pressures = self._patient.cuff_pressures()
        exact = (pressures.systolic_mmhg, pressures.diastolic_mmhg, pressures.mean_mmhg)
        loose = self._patient.sensors().cuff_loose
        if pressures.failure is not None or loose or not all(10 <= mmhg <= 300 for mmhg in exact):
            return None
        return CuffReading(*exact, self._patient.numerics().pr_per_min, at_s)
