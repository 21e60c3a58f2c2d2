"""An emulated Rad-8 set to ASCII1: the monitor's end of the wire (protocols.md §6.1, §12)."""

import math

import numpy as np

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.device_time import SEEDED_START_S, civil_time
from devices.protocols.masimo.decoder import SIMULATOR_NAME
from devices.protocols.masimo.exception_word import (
    LOW_PERFUSION,
    LOW_SIGNAL_IQ,
    NO_SENSOR,
    PULSE_SEARCH,
    SENSOR_OFF,
    SET_PROCESSING,
)

SPO2_LOW_PERCENT, BPM_HIGH, BPM_LOW = 90, 140, 50
"""The emulator's own alarm limits, /min and %."""
_ALARM_SPO2_LOW, _ALARM_BPM_HIGH, _ALARM_BPM_LOW, _ALARM_ANY = 0x02, 0x04, 0x08, 0x10
_LOW_PI_PERCENT = 0.3
_MOTION = 0.5
"""Perfusion index, and share of ``SensorState.motion``, from which the emulator doubts its signal; not published."""
_PI_HIGHEST = 20.0
_LONGEST_STEP_S = 60.0


class MasimoMonitor:
    """A monitor with its sensor on a patient. One line a second, unasked; it hears nothing.

    Its clock starts ``clock_offset_s`` from the seeded start; a seed moves the first line within its second. Whoever steps
    it a minute and more at once gets the last minute.
    """

    def __init__(self, patient: PatientSource, *, seed: int, clock_offset_s: float = 0.0) -> None:
        self._patient = patient
        self._clock_s = SEEDED_START_S + clock_offset_s
        self._phase_s = float(np.random.default_rng(seed).integers(0, 100)) / 100
        self._now_s = 0.0

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. ASCII1 goes one way only."""
        del data

    def set_clock(self, posix_s: float) -> None:
        """See ``ClockSetting``."""
        self._clock_s = posix_s - self._now_s

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        start_s = max(self._now_s, until_s - _LONGEST_STEP_S)
        lines = []
        for k in range(self._lines_until(start_s), self._lines_until(until_s)):
            at_s = k + self._phase_s
            self._patient.advance(at_s)
            lines.append(self._line(at_s))
        self._now_s = max(self._now_s, until_s)
        self._patient.advance(self._now_s)
        return b"".join(lines)

    def _lines_until(self, at_s: float) -> int:
        """Count the lines up to and with this instant."""
        return max(0, math.floor(at_s - self._phase_s + 1e-6) + 1)

    def _line(self, at_s: float) -> bytes:
        time = civil_time(self._clock_s + at_s)
        numerics, sensors = self._patient.numerics(), self._patient.sensors()
        off = sensors.spo2_probe_unplugged or sensors.spo2_finger_out
        spo2 = None if off else _count(numerics.spo2_percent, 100)
        rate = None if off else _count(numerics.pr_per_min, 240)
        pi_percent = None if off else numerics.perfusion_index_percent
        words = (
            f"{time.month:02}/{time.day:02}/{time.year % 100:02}",
            f"{time.hour:02}:{time.minute:02}:{time.second:02}",
            f"SN={SIMULATOR_NAME}",
            f"SPO2={'---' if spo2 is None else f'{spo2:03}'}%",
            f"BPM={'---' if rate is None else f'{rate:03}'}",
            f"PI={'--.--' if pi_percent is None else f'{min(_PI_HIGHEST, max(0.02, pi_percent)):05.2f}'}",
            "DESAT=--",
            "PIDELTA=+--",
            f"ALARM={_alarms(spo2, rate):04X}",
            f"EXC={_exceptions(numerics, sensors):06X}",
        )
        return " ".join(words).encode("ascii") + b"\r\n"


def _count(value: float | None, highest: int) -> int | None:
    return None if value is None or value < 1 else min(highest, round(value))


def _exceptions(numerics: PatientNumerics, sensors: SensorState) -> int:
    if sensors.spo2_probe_unplugged:
        return NO_SENSOR
    if sensors.spo2_finger_out:
        return SENSOR_OFF | SET_PROCESSING
    word = SET_PROCESSING
    if numerics.spo2_percent is None and numerics.pr_per_min is None:
        word |= PULSE_SEARCH
    pi_percent = numerics.perfusion_index_percent
    if pi_percent is not None and pi_percent < _LOW_PI_PERCENT:
        word |= LOW_PERFUSION
    return word | (LOW_SIGNAL_IQ if sensors.motion >= _MOTION else 0)


def _alarms(spo2: int | None, rate: int | None) -> int:
    """Return the ALARM word, its bits as others have found them out."""
    word = _ALARM_SPO2_LOW if spo2 is not None and spo2 < SPO2_LOW_PERCENT else 0
    if rate is not None and rate > BPM_HIGH:
        word |= _ALARM_BPM_HIGH
    if rate is not None and rate < BPM_LOW:
        word |= _ALARM_BPM_LOW
    return word | _ALARM_ANY if word else 0
