"""What an emulated Nonin oximeter measures and shows, second by second (protocols.md §5.3, §5.5)."""

from dataclasses import dataclass

import numpy as np

from devices.patient import PatientSource
from devices.protocols.nonin.frames import HR_HIGHEST, HR_LOWEST, HR_MISSING, SPO2_HIGHEST, SPO2_MISSING

HOLD_S = 10.0
"""The display keeps the last reading so long after the finger is gone (protocols.md §5.3)."""
_LOW_PI_PERCENT, _MARGINAL_PI_PERCENT = 0.3, 1.0
"""Perfusion index below which the emulator lights red and yellow; the maker publishes no figures."""
_ARTIFACT_MOTION = 0.5
_STEADY_MOTION = 0.3


@dataclass(frozen=True, slots=True)
class Shown:
    """One look at the display: counts as they stand on the wire, and the state of sensor and signal."""

    rate: int
    spo2: int
    now_rate: int  # measured now: missing at once where the display still holds the last reading
    now_spo2: int
    beat_spo2: int
    unplugged: bool
    finger_out: bool
    searching: bool
    artifact: bool
    low: bool
    marginal: bool
    steady: bool

    @property
    def off(self) -> bool:
        """Whether no finger is in the sensor."""
        return self.unplugged or self.finger_out


class Oximeter:
    """Looks at the patient when asked. Called with time never going back."""

    def __init__(self, patient: PatientSource, rng: np.random.Generator) -> None:
        self._patient = patient
        self._rng = rng
        self._held = (HR_MISSING, SPO2_MISSING)
        self._held_s = float("-inf")

    def look(self, at_s: float) -> Shown:
        """Return what it shows at this instant; the patient is advanced to it."""
        self._patient.advance(at_s)
        numerics, sensors = self._patient.numerics(), self._patient.sensors()
        unplugged = sensors.spo2_probe_unplugged
        finger_out = sensors.spo2_finger_out or unplugged
        jitter = int(self._rng.integers(-1, 2))
        rate = HR_MISSING if finger_out else _rate_count(numerics.pr_per_min)
        spo2 = SPO2_MISSING if finger_out else _spo2_count(numerics.spo2_percent)
        missing = (HR_MISSING, SPO2_MISSING)
        if (rate, spo2) != missing or not finger_out:
            self._held, self._held_s = (rate, spo2), at_s
        holding = finger_out and at_s - self._held_s <= HOLD_S
        shown = self._held if holding else (rate, spo2)
        pi_percent = numerics.perfusion_index_percent
        weak = not finger_out and pi_percent is not None
        return Shown(
            rate=shown[0],
            spo2=shown[1],
            now_rate=rate,
            now_spo2=spo2,
            beat_spo2=spo2 if spo2 == SPO2_MISSING else min(SPO2_HIGHEST, max(1, spo2 + jitter)),
            unplugged=unplugged,
            finger_out=finger_out,
            searching=not finger_out and (rate, spo2) == missing,
            artifact=not finger_out and sensors.motion >= _ARTIFACT_MOTION,
            low=weak and (pi_percent or 0.0) < _LOW_PI_PERCENT,
            marginal=weak and _LOW_PI_PERCENT <= (pi_percent or 0.0) < _MARGINAL_PI_PERCENT,
            steady=not finger_out and (rate, spo2) != missing and sensors.motion < _STEADY_MOTION,
        )


def _rate_count(rate_per_min: float | None) -> int:
    if rate_per_min is None or rate_per_min < HR_LOWEST:
        return HR_MISSING
    return min(HR_HIGHEST, round(rate_per_min))


def _spo2_count(spo2_percent: float | None) -> int:
    if spo2_percent is None or spo2_percent < 1:
        return SPO2_MISSING
    return min(SPO2_HIGHEST, round(spo2_percent))
