"""The cuff of an emulated SunTech module: a plausible cycle, its reading taken at the end (clinical.md §17.1).

The pressure rises to the target in 8 s and falls 3 to 5 mmHg/s until it lets go: 25 to 40 s in all.
"""

import numpy as np

from devices.patient import PatientSource
from devices.protocols.suntech_nibp.messages import Reading
from devices.signals import NibpFailure

_RISE_S = 8.0
_TARGET_MMHG, _LEAST_HEADROOM_MMHG, _HIGHEST_MMHG = 160.0, 30.0, 280.0
"""The module's first inflation for an adult, and how far it goes above the last systolic: the emulator's own choice."""
_LET_GO_MMHG = 45.0
_LOOSE_S = 3.0  # an unfastened cuff holds no pressure; the module notices after some seconds
_LOOSE_MMHG = 6.0
VENT_S = 3.0
"""The last air leaves after the end; until then a start is answered "busy"."""

ERROR_OF_FAILURE: dict[NibpFailure, int] = {
    NibpFailure.WEAK: 1,
    NibpFailure.MOTION: 2,
    NibpFailure.OUT_OF_RANGE: 3,
    NibpFailure.TIMED_OUT: 4,
    NibpFailure.BLOCKED: 85,
    NibpFailure.STOPPED: 86,
    NibpFailure.CUFF_LOOSE: 87,
    NibpFailure.LEAK: 87,
    NibpFailure.OVER_PRESSURE: 89,
}
"""Any other cause is error 90, hardware (protocols.md §8.1)."""
_OUT_OF_RANGE, _HARDWARE = 3, 90


class CuffModel:
    """One cuff on one patient. Advance the patient before every call."""

    def __init__(self, patient: PatientSource, rng: np.random.Generator) -> None:
        self.reading = Reading()
        """The last result; all zeros before the first."""
        self._patient = patient
        self._rng = rng
        self._begun_s: float | None = None
        self._end_s = 0.0
        self._ended_s = float("-inf")
        self._target_mmhg = _TARGET_MMHG
        self._loose_s: float | None = None

    @property
    def running(self) -> bool:
        """Whether a cycle is running."""
        return self._begun_s is not None

    @property
    def end_s(self) -> float:
        """When the running cycle ends if nothing happens; never, while idle."""
        return self._end_s if self.running else float("inf")

    def venting(self, at_s: float) -> bool:
        """Whether air of the last cycle is still leaving."""
        return at_s - self._ended_s < VENT_S

    def start(self, at_s: float) -> None:
        """Begin a cycle; ignored while one is running."""
        if self.running:
            return
        wanted_mmhg = self.reading.systolic_mmhg + _LEAST_HEADROOM_MMHG
        self._target_mmhg = min(_HIGHEST_MMHG, max(_TARGET_MMHG, wanted_mmhg))
        fall_s = (self._target_mmhg - _LET_GO_MMHG) / self._rng.uniform(3.0, 5.0)
        self._begun_s = at_s
        self._end_s = at_s + float(np.clip(_RISE_S + fall_s, 25.0, 40.0))
        self._loose_s = None
        self._patient.cuff_started(at_s)

    def stop(self, at_s: float) -> None:
        """Let the pressure go; nothing happens while idle."""
        if self.running:
            self._finish(at_s, Reading(error=ERROR_OF_FAILURE[NibpFailure.STOPPED]))

    def step(self, at_s: float) -> bool:
        """Watch the cuff; True when the cycle has just ended."""
        if self._begun_s is None:
            return False
        if not self._patient.sensors().cuff_loose:
            self._loose_s = None
        elif self._loose_s is None:
            self._loose_s = at_s
        if self._loose_s is not None and at_s - self._loose_s >= _LOOSE_S:
            self._finish(at_s, Reading(error=ERROR_OF_FAILURE[NibpFailure.CUFF_LOOSE]))
        elif at_s >= self._end_s:
            self._finish(at_s, self._read(at_s - self._begun_s))
        return not self.running

    def pressure_mmhg(self, at_s: float) -> int:
        """Return what the cuff holds."""
        if self._begun_s is None:
            return 0
        if self._loose_s is not None:
            return round(_LOOSE_MMHG)
        since_s = at_s - self._begun_s
        if since_s < _RISE_S:
            return round(self._target_mmhg * since_s / _RISE_S)
        share = (since_s - _RISE_S) / (self._end_s - self._begun_s - _RISE_S)
        return round(self._target_mmhg - share * (self._target_mmhg - _LET_GO_MMHG))

    def _read(self, cycle_s: float) -> Reading:
        pressures = self._patient.cuff_pressures()
        if pressures.failure is not None:
            return Reading(error=ERROR_OF_FAILURE.get(pressures.failure, _HARDWARE))
        exact = (pressures.systolic_mmhg, pressures.diastolic_mmhg, pressures.mean_mmhg)
        if not all(1 <= mmhg <= 300 for mmhg in exact):
            return Reading(error=_OUT_OF_RANGE)
        pulse = self._patient.numerics().pr_per_min or 0.0
        return Reading(
            systolic_mmhg=round(exact[0]),
            diastolic_mmhg=round(exact[1]),
            mean_mmhg=round(exact[2]),
            pulse_per_min=min(999, max(0, round(pulse))),
            beats=min(255, round(pulse / 60.0 * (cycle_s - _RISE_S))),
        )

    def _finish(self, at_s: float, reading: Reading) -> None:
        self._begun_s = None
        self._ended_s = at_s
        self.reading = reading
        self._patient.cuff_ended(at_s)
