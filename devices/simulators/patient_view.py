"""The patient as something between it and a monitor lets it be seen: later, or with a cuff that reads the same again."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from devices.patient import CuffPressures, PatientNumerics, PatientSource, SensorState


class PatientView:
    """A ``PatientSource`` that passes everything on; what looks different overrides it."""

    def __init__(self, patient: PatientSource) -> None:
        self._patient = patient

    @property
    def wave_names(self) -> tuple[str, ...]:
        """See ``PatientSource``."""
        return self._patient.wave_names

    def advance(self, until_s: float) -> None:
        """See ``PatientSource``."""
        self._patient.advance(until_s)

    def wave(
        self, name: str, rate_hz: float, first_sample: int, count: int
    ) -> npt.NDArray[np.float64] | None:
        """See ``PatientSource``."""
        return self._patient.wave(name, rate_hz, first_sample, count)

    def numerics(self) -> PatientNumerics:
        """See ``PatientSource``."""
        return self._patient.numerics()

    def sensors(self) -> SensorState:
        """See ``PatientSource``."""
        return self._patient.sensors()

    def beats_between(self, start_s: float, end_s: float) -> npt.NDArray[np.float64]:
        """See ``PatientSource``."""
        return self._patient.beats_between(start_s, end_s)

    def cuff_pressures(self) -> CuffPressures:
        """See ``PatientSource``."""
        return self._patient.cuff_pressures()

    def cuff_started(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._patient.cuff_started(at_s)

    def cuff_ended(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._patient.cuff_ended(at_s)


class LaterPatient(PatientView):
    """The patient from ``start_s`` on, with a time axis that begins there: what a monitor switched on then sees.

    A wave's samples stay on the patient's own grid, so sample k may lie up to one sample before k/rate.
    """

    def __init__(self, patient: PatientSource, start_s: float) -> None:
        super().__init__(patient)
        self._start_s = start_s

    def advance(self, until_s: float) -> None:
        """See ``PatientSource``."""
        self._patient.advance(self._start_s + until_s)

    def wave(
        self, name: str, rate_hz: float, first_sample: int, count: int
    ) -> npt.NDArray[np.float64] | None:
        """See ``PatientSource``."""
        before = math.floor(self._start_s * rate_hz + 1e-6)
        return self._patient.wave(name, rate_hz, before + first_sample, count)

    def beats_between(self, start_s: float, end_s: float) -> npt.NDArray[np.float64]:
        """See ``PatientSource``."""
        return self._patient.beats_between(self._start_s + start_s, self._start_s + end_s) - self._start_s

    def cuff_started(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._patient.cuff_started(self._start_s + at_s)

    def cuff_ended(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._patient.cuff_ended(self._start_s + at_s)


class CuffedPatient(PatientView):
    """A patient whose cuff reads the last good reading again while ``repeats`` says so, and that knows when it is on."""

    def __init__(self, patient: PatientSource, repeats: Callable[[], bool] = lambda: False) -> None:
        super().__init__(patient)
        self._repeats = repeats
        self._last: CuffPressures | None = None
        self._on = False

    def cuff_pressures(self) -> CuffPressures:
        """See ``PatientSource``. A cycle that fails is not made good."""
        pressures = self._patient.cuff_pressures()
        if pressures.failure is None:
            if self._last is None or not self._repeats():
                self._last = pressures
            return self._last
        return pressures

    def cuff_started(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._on = True
        self._patient.cuff_started(at_s)

    def cuff_ended(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self._on = False
        self._patient.cuff_ended(at_s)

    def release_cuff(self, at_s: float) -> None:
        """Let a cuff go whose monitor has lost power."""
        if self._on:
            self.cuff_ended(at_s)
