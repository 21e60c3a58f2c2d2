"""A recorded patient in the simulated chair: hands can take its sensors off, nothing they do changes its body."""

from bisect import bisect_right
from dataclasses import replace
from pathlib import Path

import numpy as np

from devices.patient import CuffPressures, PatientNumerics, SensorState
from devices.recordings.loader import load_recording
from devices.recordings.recorded_patient import RecordedPatient
from devices.recordings.recording import FloatArray
from devices.signals import NibpFailure
from devices.simulators.artefacts import CuffShadow, is_flat, overlay
from devices.simulators.noise import NoiseTiles
from devices.simulators.pump import InfusionOrder
from devices.simulators.synthetic_patient import CUFF_MOTION_LIMIT
from devices.simulators.virtual_bedside import VirtualBedside
from devices.simulators.wave_bank import WAVE_NAMES
from monitor_app.services.beats_run import detect, ecg_channel

_DETECT_CHUNK_S = 10.0
_USUAL_WEIGHT_KG = 70.0  # the pump beside a recording gives to nobody


def load_recorded_patient(path: Path) -> RecordedPatient:
    """Return a recording as a patient, its beats found by the live detector.

    :raises RecordingError: it cannot be read.
    """
    recording = load_recording(path)
    lead = ecg_channel(recording)
    if lead is None or not 100 <= recording.waves[lead].rate_hz <= 1000:
        return RecordedPatient(recording)
    wave = recording.waves[lead]
    beats = detect(wave, _DETECT_CHUNK_S)
    return RecordedPatient(recording, beats_s=np.array([beat.sample for beat in beats]) / wave.rate_hz)


class RecordedAtBedside:
    """A ``PatientSource``: a recording whose sensors answer to a virtual bedside. One thread, except ``bedside.post``."""

    def __init__(self, recorded: RecordedPatient, *, seed: int = 0) -> None:
        self.recorded = recorded
        self.bedside = VirtualBedside(InfusionOrder(), _USUAL_WEIGHT_KG)
        self._noise = NoiseTiles(seed)
        self._no_cuff = CuffShadow()

    @property
    def wave_names(self) -> tuple[str, ...]:
        """See ``PatientSource``."""
        return self.recorded.wave_names

    @property
    def cable_out(self) -> bool:
        """Whether the monitor's data cable is out."""
        return self.bedside.cable_out

    @property
    def ended(self) -> bool:
        """Whether the recording is over."""
        return self.recorded.ended

    def advance(self, until_s: float) -> None:
        """See ``PatientSource``."""
        self.bedside.advance(max(until_s, self.bedside.now_s))
        self.bedside.take_events()
        self.recorded.advance(until_s)

    def wave(self, name: str, rate_hz: float, first_sample: int, count: int) -> FloatArray | None:
        """See ``PatientSource``."""
        values = self.recorded.wave(name, rate_hz, first_sample, count)
        attachments = self.bedside.attachments
        if values is None or not count or len(attachments) == 1 or name not in WAVE_NAMES:
            return values
        at_s = np.arange(first_sample, first_sample + count) / rate_hz
        since = bisect_right(attachments, at_s[0], key=lambda a: a.since_s)
        until = bisect_right(attachments, at_s[-1], key=lambda a: a.since_s)
        values = values.copy()
        overlay(name, (at_s, values), attachments[max(since - 1, 0) : until], self._no_cuff, self._noise)
        return values

    def numerics(self) -> PatientNumerics:
        """See ``PatientSource``: as recorded, where the sensors are on."""
        recorded, sensors = self.recorded.numerics(), self.bedside.sensors
        if all(is_flat(name, sensors) for name in ("ECG_I", "ECG_II", "ECG_V")):
            recorded = replace(recorded, hr_per_min=None)
        if is_flat("RESP", sensors):
            recorded = replace(recorded, rr_per_min=None)
        if is_flat("PLETH", sensors):
            recorded = replace(recorded, pr_per_min=None, spo2_percent=None, perfusion_index_percent=None)
        return recorded

    def sensors(self) -> SensorState:
        """See ``PatientSource``: off is what the recording lacks, and what hands took off."""
        has, on = self.recorded.sensors(), self.bedside.sensors
        return SensorState(
            ecg_leads_off=tuple(dict.fromkeys((*has.ecg_leads_off, *on.ecg_leads_off))),
            spo2_probe_unplugged=has.spo2_probe_unplugged or on.spo2_probe_unplugged,
            spo2_finger_out=has.spo2_finger_out or on.spo2_finger_out,
            cuff_loose=has.cuff_loose or on.cuff_loose,
            motion=max(has.motion, on.motion),
        )

    def beats_between(self, start_s: float, end_s: float) -> FloatArray:
        """See ``PatientSource``."""
        return self.recorded.beats_between(start_s, end_s)

    def cuff_pressures(self) -> CuffPressures:
        """See ``PatientSource``: the last recorded reading, unless the cuff cannot measure."""
        sensors = self.bedside.sensors
        if sensors.cuff_loose:
            return CuffPressures(failure=NibpFailure.CUFF_LOOSE)
        if self.bedside.cuff_failure is not None:
            return CuffPressures(failure=self.bedside.cuff_failure)
        if sensors.motion > CUFF_MOTION_LIMIT:
            return CuffPressures(failure=NibpFailure.MOTION)
        return self.recorded.cuff_pressures()

    def cuff_started(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self.recorded.cuff_started(at_s)

    def cuff_ended(self, at_s: float) -> None:
        """See ``PatientSource``."""
        self.recorded.cuff_ended(at_s)
