"""The waves an emulated board sends, as frames with the instant each belongs to."""

import math

import numpy as np
import numpy.typing as npt

from devices.patient import PatientSource, SensorState
from devices.protocols.berry.ecg_leads import LeadMixer, counts_within, without_gaps
from devices.protocols.berry.frames import HEADER, FrameType
from devices.protocols.berry.identity import SIMULATOR_ECG_COUNTS_PER_MV
from devices.protocols.berry.waves import ECG_RATE_HZ, PLETH_RATE_HZ, RESP_RATE_HZ, RESP_SCALE

TimedFrame = tuple[float, int, bytes]
"""When, rank among frames of the same instant, and the whole frame."""

_OPERATION_TAPS = 4
"""A mean of 4 samples at 250 Hz is 3 dB down at 28 Hz: the upper edge of operation mode, 1-25 Hz."""
_RESP_SWING = 100.0  # counts either side of the baseline at gain x1


_FEW_INSTANTS = 16
"""Up to so many frames a plain loop is faster than building them in numpy."""


def wave_frames(frame_type: int, counts: npt.NDArray[np.uint8]) -> list[bytes]:
    """Return one frame for each row of ``counts``, shape (instants, waves)."""
    instants, waves = counts.shape
    length = waves + 3
    head = HEADER + bytes((length, frame_type))
    before = length + frame_type
    if instants > _FEW_INSTANTS:
        size = waves + 5
        frames = np.empty((instants, size), dtype=np.uint8)
        frames[:, :4] = np.frombuffer(head, dtype=np.uint8)
        frames[:, 4:-1] = counts
        frames[:, -1] = ~(counts.sum(axis=1, dtype=np.uint32) + before)
        octets = frames.tobytes()
        return [octets[at : at + size] for at in range(0, len(octets), size)]
    return [head + bytes(row) + bytes((~(before + sum(row)) & 0xFF,)) for row in counts.tolist()]


def samples_before(time_s: float, rate_hz: float) -> int:
    """Count the samples k with k/rate before an instant; a hair's breadth of rounding does not make one early."""
    return math.ceil(time_s * rate_hz - 1e-6)


class WaveSender:
    """Turns one patient's waves into frames, sample k at k/rate exactly.

    The gains and the filter are those the host commanded.
    """

    def __init__(self, patient: PatientSource) -> None:
        self.ecg_on = self.pleth_on = self.resp_on = False
        self.ecg_gain = 1.0
        self.resp_gain = 1.0
        self._operation_filter = False
        self._patient = patient
        self._mixer = LeadMixer(patient.wave_names)
        self._tail = np.zeros((len(self._mixer.sources), 0))  # what the filter still needs of the past

    def set_operation_filter(self, *, on: bool) -> None:
        """Smooth the ECG as operation mode does, or send it as it is."""
        self._operation_filter = on
        self._tail = self._tail[:, :0]

    def frames(self, start_s: float, end_s: float, sensors: SensorState) -> list[TimedFrame]:
        """Return the frames of [start, end), in no order yet; the patient must have been advanced to ``end_s``."""
        frames: list[TimedFrame] = []
        if self.ecg_on:
            frames += self._timed(FrameType.ECG_WAVE, ECG_RATE_HZ, (start_s, end_s), sensors)
        if self.pleth_on:
            frames += self._timed(FrameType.PLETH_WAVE, PLETH_RATE_HZ, (start_s, end_s), sensors)
        if self.resp_on:
            frames += self._timed(FrameType.RESP_WAVE, RESP_RATE_HZ, (start_s, end_s), sensors)
        return frames

    def _timed(
        self, kind: FrameType, rate_hz: float, span_s: tuple[float, float], sensors: SensorState
    ) -> list[TimedFrame]:
        first = samples_before(span_s[0], rate_hz)
        count = samples_before(span_s[1], rate_hz) - first
        if count <= 0:
            return []
        if kind is FrameType.ECG_WAVE:
            counts = self._ecg(first, count, sensors)
        elif kind is FrameType.PLETH_WAVE:
            counts = self._pleth(first, count, sensors)
        else:
            counts = self._resp(first, count, sensors)
        frames = wave_frames(kind, counts)
        return [(k / rate_hz, kind, frame) for k, frame in enumerate(frames, first)]

    def _ecg(self, first: int, count: int, sensors: SensorState) -> npt.NDArray[np.uint8]:
        sources = [self._patient.wave(name, ECG_RATE_HZ, first, count) for name in self._mixer.sources]
        flat = np.zeros(count)
        rows = [flat if samples is None else samples for samples in sources]
        millivolts = without_gaps(np.array(rows).reshape(len(rows), count))
        if self._operation_filter:
            millivolts = self._smooth(millivolts)
        counts_per_mv = SIMULATOR_ECG_COUNTS_PER_MV * self.ecg_gain
        return self._mixer.counts(millivolts, counts_per_mv, sensors.ecg_leads_off)

    def _smooth(self, millivolts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        missing = _OPERATION_TAPS - 1 - self._tail.shape[1]
        history = np.concatenate(
            [np.repeat(millivolts[:, :1], missing, axis=1), self._tail, millivolts], axis=1
        )
        self._tail = history[:, -(_OPERATION_TAPS - 1) :]
        sums = np.cumsum(np.pad(history, ((0, 0), (1, 0))), axis=1)
        return np.asarray((sums[:, _OPERATION_TAPS:] - sums[:, :-_OPERATION_TAPS]) / _OPERATION_TAPS)

    def _pleth(self, first: int, count: int, sensors: SensorState) -> npt.NDArray[np.uint8]:
        samples = self._patient.wave("PLETH", PLETH_RATE_HZ, first, count)
        if samples is None or sensors.spo2_finger_out or sensors.spo2_probe_unplugged:
            return np.zeros((count, 1), dtype=np.uint8)
        return counts_within(without_gaps(samples * 100.0), 0, 100)[:, np.newaxis]

    def _resp(self, first: int, count: int, sensors: SensorState) -> npt.NDArray[np.uint8]:
        samples = self._patient.wave("RESP", RESP_RATE_HZ, first, count)
        # Breathing is measured through the limb electrodes.
        if samples is None or set(sensors.ecg_leads_off) - {"V"}:
            return np.full((count, 1), int(RESP_SCALE.zero), dtype=np.uint8)
        swing = without_gaps((2.0 * samples - 1.0) * (_RESP_SWING * self.resp_gain))
        return counts_within(swing + RESP_SCALE.zero, RESP_SCALE.low, RESP_SCALE.high)[:, np.newaxis]
