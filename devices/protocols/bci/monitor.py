"""An emulated BCI oximeter: the probe's end of the wire (protocols.md §7.1, §12)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.bci.frames import (
    BEEP,
    FRAME_BYTES,
    NO_FINGER,
    NO_SIGNAL,
    PLETH_HIGH,
    PLETH_HIGH_CMS50,
    SEARCHING,
    STRENGTH_HIGH,
    UNPLUGGED,
    ProbeFrame,
    encode_frame,
)
from devices.protocols.bci.rate import CMS50_RATE_HZ, DOCUMENTED_RATE_HZ
from devices.protocols.bci.state import Dialect

_TRANSIT_S = 0.2  # from the heart beat to the pulse at the finger
_BEEP_S = 0.05  # how long the beep bit stays set is not published
_XON, _XOFF = 0x11, 0x13
_STRENGTH_PER_PI = 2.0  # full strength from a perfusion index of 4 %
_DROP_PERCENT = 4  # the emulator's own measure of "SpO2 dropping" against the value a minute ago
_DROP_LOOKBACK = 60


@dataclass(frozen=True, slots=True)
class Model:
    """What differs between the oximeters that speak this protocol."""

    dialect: Dialect
    rate_hz: float
    pleth_high: int
    flow_control: bool  # obeys XON and XOFF


BERRY_PROBE = Model(Dialect.PROBE, DOCUMENTED_RATE_HZ, PLETH_HIGH, flow_control=False)
CMS50D_PLUS = Model(Dialect.CMS50, CMS50_RATE_HZ, PLETH_HIGH_CMS50, flow_control=True)


class BciMonitor:
    """A freshly plugged-in probe with its sensor on a patient. It sends from the first moment and takes no commands.

    Frame k goes out at k/rate with the patient's pleth of that instant. Numbers are read once a second; a sensor that
    comes off is noticed when stepped.
    """

    def __init__(self, patient: PatientSource, *, seed: int, model: Model = BERRY_PROBE) -> None:
        del seed  # nothing here is left to chance
        self._patient = patient
        self._model = model
        self._now_s = 0.0
        self._seconds = 0  # whole seconds whose numbers have been read
        self._stopped = False
        self._numbers = PatientNumerics()
        self._spo2_past: list[float] = []

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. A CMS50D+ stops at XOFF and goes on at XON; a probe hears nothing."""
        if self._model.flow_control:
            for octet in data:
                if octet in (_XON, _XOFF):
                    self._stopped = octet == _XOFF

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        out = b""
        while self._now_s < until_s or self._seconds == 0:
            if self._seconds <= self._now_s:
                self._patient.advance(self._now_s)
                self._read_numbers()
            end_s = min(until_s, float(self._seconds))
            if end_s <= self._now_s:
                break
            self._patient.advance(end_s)
            out += self._frames(self._now_s, end_s)
            self._now_s = end_s
        return b"" if self._stopped else out

    def _read_numbers(self) -> None:
        self._seconds += 1
        self._numbers = self._patient.numerics()
        if self._numbers.spo2_percent is not None:
            self._spo2_past = [*self._spo2_past[-_DROP_LOOKBACK:], self._numbers.spo2_percent]

    def _frames(self, start_s: float, end_s: float) -> bytes:
        rate_hz = self._model.rate_hz
        first, end = _samples_before(start_s, rate_hz), _samples_before(end_s, rate_hz)
        if end <= first:
            return b""
        sensors = self._patient.sensors()
        frames = np.empty((end - first, FRAME_BYTES), dtype=np.uint8)
        frames[:] = np.frombuffer(encode_frame(self._still(sensors)), dtype=np.uint8)
        if not _off(sensors) and self._measuring:
            pulse = self._pulse(first, end - first)
            frames[:, 1] = pulse
            frames[:, 2] |= (pulse.astype(np.uint16) * 15 // self._model.pleth_high).astype(np.uint8)
            frames[self._beeping(first, end), 0] |= BEEP
        return frames.tobytes()

    @property
    def _measuring(self) -> bool:
        return self._numbers.spo2_percent is not None or self._numbers.pr_per_min is not None

    def _still(self, sensors: SensorState) -> ProbeFrame:
        """Return a frame without its wave."""
        first, third = self._flags(sensors)
        if _off(sensors) or not self._measuring:
            return ProbeFrame(0, 0, 0, None, None, first, third)
        pi = self._numbers.perfusion_index_percent
        strength = STRENGTH_HIGH if pi is None else round(pi * _STRENGTH_PER_PI)
        strength = round(min(STRENGTH_HIGH, max(1, strength)) * (1.0 - 0.6 * sensors.motion))
        pr, spo2 = self._numbers.pr_per_min, self._numbers.spo2_percent
        return ProbeFrame(
            strength,
            0,
            0,
            None if pr is None else min(254, max(0, round(pr))),
            None if spo2 is None else min(100, max(0, round(spo2))),
            first,
            third,
        )

    def _flags(self, sensors: SensorState) -> tuple[int, int]:
        cms50 = self._model.dialect is Dialect.CMS50
        if sensors.spo2_probe_unplugged:
            return (NO_SIGNAL, NO_FINGER) if cms50 else (UNPLUGGED, 0)
        if sensors.spo2_finger_out:
            return (NO_SIGNAL, 0) if cms50 else (0, NO_FINGER)
        if not self._measuring:
            return 0 if cms50 else NO_SIGNAL, SEARCHING
        past = self._spo2_past
        dropping = cms50 and bool(past) and max(past) - past[-1] >= _DROP_PERCENT
        return UNPLUGGED if dropping else 0, 0

    def _pulse(self, first: int, count: int) -> npt.NDArray[np.uint8]:
        samples = self._patient.wave("PLETH", self._model.rate_hz, first, count)
        if samples is None:
            return np.zeros(count, dtype=np.uint8)
        # 0 says "no sample" on this wire, so the lowest level of a pulse is 1.
        levels = np.rint(1 + np.clip(samples, 0.0, 1.0) * (self._model.pleth_high - 1))
        return np.where(np.isnan(levels), 0, levels).astype(np.uint8)

    def _beeping(self, first: int, end: int) -> npt.NDArray[np.bool_]:
        rate_hz = self._model.rate_hz
        since_s = first / rate_hz - _BEEP_S - _TRANSIT_S
        beats = self._patient.beats_between(since_s, end / rate_hz - _TRANSIT_S) + _TRANSIT_S
        begins = np.ceil(beats * rate_hz - 1e-6)[:, np.newaxis]
        numbers = np.arange(first, end)
        within = (numbers >= begins) & (numbers < begins + math.ceil(_BEEP_S * rate_hz))
        return np.asarray(within.any(axis=0))


class Cms50Monitor(BciMonitor):
    """A Contec CMS50D+ up to firmware 5: 60 frames a second and other meanings of the flags (protocols.md §7.1)."""

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        super().__init__(patient, seed=seed, model=CMS50D_PLUS)


def _off(sensors: SensorState) -> bool:
    return sensors.spo2_probe_unplugged or sensors.spo2_finger_out


def _samples_before(time_s: float, rate_hz: float) -> int:
    """Count the frames k with k/rate before an instant; a hair's breadth of rounding does not make one early."""
    return math.ceil(time_s * rate_hz - 1e-6)
