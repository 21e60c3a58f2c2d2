"""The cuff of an emulated board: a plausible cycle, its reading taken at the end (protocols.md §1.4, clinical.md §17.1).

9 and A flash, then state 1 with the pressure rising to the target in 8 s and falling 3 to 5 mmHg/s, 25 to 40 s in all,
then the terminal state, repeated for as long as nothing new begins.
"""

import numpy as np

from devices.patient import CuffPressures, PatientSource
from devices.protocols.berry.commands import NibpPatient
from devices.protocols.berry.cuff_watch import CuffState
from devices.protocols.berry.frames import FrameType, encode_frame
from devices.signals import NibpFailure

MEASURING_PERIOD_S = 0.2
"""The vendor's tool implies up to five cuff frames a second (protocols.md §1.3)."""
IDLE_PERIOD_S = 0.5
"""Two a second by the manual (protocols.md §1.3)."""
_FLASH_S = 0.4
_RISE_S = 8.0
_LET_GO_MMHG = 45.0
_LOOSE_S = 3.0  # an unfastened cuff holds no pressure; the board notices after some seconds
_ARTIFACT_MOTION = 0.5  # of SensorState.motion; a reading taken in such movement is marked

STATE_OF_FAILURE: dict[NibpFailure, CuffState] = {
    NibpFailure.CUFF_LOOSE: CuffState.CUFF_LOOSE,
    NibpFailure.LEAK: CuffState.CUFF_LOOSE,  # the board knows no leak state
    NibpFailure.WEAK: CuffState.OUT_OF_RANGE,  # "no result"
    NibpFailure.OUT_OF_RANGE: CuffState.OUT_OF_RANGE,
    NibpFailure.MOTION: CuffState.INTERFERENCE,
    NibpFailure.OVER_PRESSURE: CuffState.OVER_PRESSURE,
    NibpFailure.TIMED_OUT: CuffState.TIMED_OUT,
    NibpFailure.STOPPED: CuffState.STOPPED,
}
"""Any other cause is state 6, error."""


class CuffModel:
    """One cuff on one patient. ``frame`` is asked at the times ``next_frame_s`` names."""

    def __init__(self, patient: PatientSource, rng: np.random.Generator) -> None:
        self.patient_type = NibpPatient.ADULT
        self._patient = patient
        self._rng = rng
        self._state = CuffState.DONE
        self._values = (0, 0, 0)
        self._running = False
        self._begun_s = 0.0
        self._end_s = 0.0
        self._target_mmhg = 0.0
        self._loose_s: float | None = None
        self._anchor_s: float | None = None
        self._frames = 0

    @property
    def next_frame_s(self) -> float:
        """When the next status frame is due; never, before ``listen`` or ``start``."""
        if self._anchor_s is None:
            return float("inf")
        if not self._running:
            return self._anchor_s + self._frames * IDLE_PERIOD_S
        return min(self._anchor_s + self._frames * MEASURING_PERIOD_S, self._end_s)

    def listen(self, at_s: float) -> None:
        """Begin to send status frames, if that has not begun."""
        if self._anchor_s is None:
            self._anchor(at_s)

    def start(self, at_s: float, target_mmhg: float) -> None:
        """Begin a cycle; ignored while one is running."""
        if self._running:
            return
        fall_s = (target_mmhg - _LET_GO_MMHG) / self._rng.uniform(3.0, 5.0)
        self._begun_s = at_s
        self._end_s = at_s + float(np.clip(2 * _FLASH_S + _RISE_S + fall_s, 25.0, 40.0))
        self._target_mmhg = target_mmhg
        self._running = True
        self._loose_s = None
        self._anchor(at_s)
        self._patient.cuff_started(at_s)

    def stop(self, at_s: float) -> None:
        """Let the pressure go; nothing happens while idle."""
        if self._running:
            self._finish(at_s, CuffState.STOPPED)
            self._anchor(at_s)

    def frame(self, at_s: float) -> bytes:
        """Return the status frame due at ``at_s``; the patient must have been advanced to it."""
        self._frames += 1
        if self._running:
            self._watch_cuff(at_s)
        if not self._running:
            return self._encode(self._state, 0.0, self._values)
        elapsed_s = at_s - self._begun_s
        if elapsed_s < _FLASH_S:
            return self._encode(CuffState.INITIALISING, 0.0)
        if elapsed_s < 2 * _FLASH_S:
            return self._encode(CuffState.INITIALISED, 0.0)
        return self._encode(CuffState.MEASURING, self._pressure_mmhg(elapsed_s - 2 * _FLASH_S))

    def _watch_cuff(self, at_s: float) -> None:
        """End the cycle when its time has come or the cuff has been loose for long enough."""
        if not self._patient.sensors().cuff_loose:
            self._loose_s = None
        elif self._loose_s is None:
            self._loose_s = at_s
        if self._loose_s is not None and at_s - self._loose_s >= _LOOSE_S:
            self._finish(at_s, CuffState.CUFF_LOOSE)
        elif at_s >= self._end_s:
            self._finish(at_s, *self._read(self._patient.cuff_pressures()))
        if not self._running:
            self._anchor(at_s)
            self._frames = 1

    def _read(self, pressures: CuffPressures) -> tuple[CuffState, tuple[int, int, int]]:
        """Return the terminal state and systolic, mean, diastolic as the board rounds them."""
        if pressures.failure is not None:
            return STATE_OF_FAILURE.get(pressures.failure, CuffState.ERROR), (0, 0, 0)
        exact = (pressures.systolic_mmhg, pressures.mean_mmhg, pressures.diastolic_mmhg)
        if not all(1 <= mmhg <= 255 for mmhg in exact):
            return CuffState.OUT_OF_RANGE, (0, 0, 0)
        moved = self._patient.sensors().motion >= _ARTIFACT_MOTION
        values = (round(exact[0]), round(exact[1]), round(exact[2]))
        return CuffState.INTERFERENCE if moved else CuffState.DONE, values

    def _finish(self, at_s: float, state: CuffState, values: tuple[int, int, int] = (0, 0, 0)) -> None:
        self._running = False
        self._state, self._values = state, values
        self._patient.cuff_ended(at_s)

    def _pressure_mmhg(self, since_inflation_s: float) -> float:
        if self._loose_s is not None:
            return 6.0
        if since_inflation_s < _RISE_S:
            return self._target_mmhg * since_inflation_s / _RISE_S
        fall_s = self._end_s - self._begun_s - 2 * _FLASH_S - _RISE_S
        share = (since_inflation_s - _RISE_S) / fall_s
        return self._target_mmhg - share * (self._target_mmhg - min(_LET_GO_MMHG, self._target_mmhg))

    def _anchor(self, at_s: float) -> None:
        self._anchor_s = at_s
        self._frames = 0

    def _encode(self, state: CuffState, cuff_mmhg: float, values: tuple[int, int, int] = (0, 0, 0)) -> bytes:
        status = state << 2 | self.patient_type - 1
        return encode_frame(FrameType.NIBP, bytes((status, round(cuff_mmhg / 2), *values)))
