"""An emulated HealthyPi: the kit's end of the wire."""

import math

import numpy as np

from chairside_healthypi.frame import RATE_HZ, Sample, encode
from devices.patient import PatientSource

_ECG_PER_MV = 10_000
_SWING = 400_000


class HealthyPiMonitor:
    """A kit with its sensors on a patient. It speaks from the moment it has power and hears nothing."""

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        del seed  # nothing here is left to chance
        self._patient = patient
        self._next = 0

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``."""
        del data

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``. Sample k is the patient's at k/128 s."""
        self._patient.advance(until_s)
        end = math.ceil(until_s * RATE_HZ - 1e-6)
        first, count = self._next, max(0, end - self._next)
        self._next = max(self._next, end)
        sensors, numbers = self._patient.sensors(), self._patient.numerics()
        off = sensors.spo2_finger_out or sensors.spo2_probe_unplugged
        ecg = self._counts("ECG_II", first, count, 0.0, _ECG_PER_MV)
        breath = self._counts("RESP", first, count, 0.5, _SWING)
        light = [0] * count if off else self._counts("PLETH", first, count, 0.5, _SWING)
        spo2 = None if off else numbers.spo2_percent
        rest = (
            round((numbers.temperature_c or 0.0) * 100),
            *(min(255, round(value or 0.0)) for value in (spo2, numbers.hr_per_min, numbers.rr_per_min)),
        )
        return b"".join(encode(Sample(e, b, p, p, *rest)) for e, b, p in zip(ecg, breath, light, strict=True))

    def _counts(self, name: str, first: int, count: int, zero: float, factor: int) -> list[int]:
        wave = self._patient.wave(name, RATE_HZ, first, count)
        if wave is None:
            return [0] * count
        return [round(value) for value in (np.nan_to_num(wave - zero) * factor).tolist()]
