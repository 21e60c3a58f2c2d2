"""An emulated PM6750: the monitor's end of the wire (protocols.md §1, §12)."""

from collections.abc import Callable

import numpy as np

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.berry.commands import (
    TARGET_RANGE_MMHG,
    CommandType,
    EcgMode,
    Gain,
    NibpPatient,
)
from devices.protocols.berry.cuff_model import CuffModel
from devices.protocols.berry.frames import FrameReader, FrameType, encode_frame
from devices.protocols.berry.identity import SIMULATOR_FIRMWARE, SIMULATOR_HARDWARE
from devices.protocols.berry.wave_sender import TimedFrame, WaveSender

_NEVER = float("inf")
_WEAK_MOTION = 0.7  # of SensorState.motion: the board then calls its ECG weak
_TACHYCARDIA_PER_MIN, _BRADYCARDIA_PER_MIN = 100, 50
"""The board's own limits are not published; these are the emulator's."""
_SEARCH_TOO_LONG = 30  # seconds of searching before SpO2 status 4
_GAINS, _MODES, _PATIENTS = frozenset(Gain), frozenset(EcgMode), frozenset(NibpPatient)
_FIRST = -1  # ranks before every wave frame of the same instant
_EVENTS = -1_000_000  # numbers and cuff come before the samples of their instant, in the order they were made


class BerryMonitor:
    """A freshly switched-on board with its sensors on a patient. Silent until a stream is enabled.

    Numbers go out once a second from the moment their stream was enabled; cuff frames five times a second while
    measuring and twice a second otherwise, from the first stream or the first start on. Sample k of a wave is the
    patient's at k/rate; how finely the board is stepped changes only when it notices a sensor come off.
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        self._patient = patient
        self._waves = WaveSender(patient)
        self._cuff = CuffModel(patient, np.random.default_rng(seed))
        self._reader = FrameReader()
        self._now_s = 0.0
        self._replies: list[bytes] = []
        self._mode = EcgMode.MONITOR
        self._gain = Gain.ONE
        self._target_mmhg: int | None = None
        self._searching_s = 0
        # For each numeric stream that is on: when it was enabled, and how many were sent.
        self._numerics_on: dict[FrameType, tuple[float, int]] = {}
        self._commands: dict[int, Callable[[int], None]] = {
            CommandType.ECG: self._enable_ecg,
            CommandType.SPO2: lambda on: self._enable(FrameType.SPO2_PARAMS, on=bool(on)),
            CommandType.TEMPERATURE: lambda on: self._enable(FrameType.TEMPERATURE, on=bool(on)),
            CommandType.PLETH_WAVE: self._enable_pleth,
            CommandType.RESP_WAVE: self._enable_resp,
            CommandType.ECG_GAIN: self._set_ecg_gain,
            CommandType.ECG_MODE: self._set_mode,
            CommandType.RESP_GAIN: self._set_resp_gain,
            CommandType.NIBP: self._run_cuff,
            CommandType.NIBP_PATIENT: self._set_patient,
            CommandType.NIBP_TARGET: self._set_target,
            CommandType.FIRMWARE: lambda _: self._reply(FrameType.FIRMWARE, SIMULATOR_FIRMWARE),
            CommandType.HARDWARE: lambda _: self._reply(FrameType.HARDWARE, SIMULATOR_HARDWARE),
        }

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. Commands take effect at the instant last advanced to."""
        for body in self._reader.feed(data):
            command = self._commands.get(body[0])
            if command is not None and len(body) > 1:
                command(body[1])

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        replies, self._replies = self._replies, []
        events: list[TimedFrame] = []
        at_s = self._now_s
        while (event_s := max(at_s, self._next_event_s())) <= until_s:
            at_s = event_s
            self._patient.advance(at_s)
            events += [(at_s, _EVENTS + len(events) + n, frame) for n, frame in enumerate(self._events(at_s))]
        frames = self._waves_until(until_s) + events
        frames.sort()
        return b"".join(replies + [frame for _, _, frame in frames])

    def _waves_until(self, until_s: float) -> list[TimedFrame]:
        """Advance the patient and return the waves and beat marks up to there."""
        if until_s <= self._now_s:
            return []
        self._patient.advance(until_s)
        sensors = self._patient.sensors()
        frames = self._waves.frames(self._now_s, until_s, sensors)
        if self._waves.ecg_on and not _limbs_off(sensors):
            frames += self._beat_marks(until_s)
        self._now_s = until_s
        return frames

    def _beat_marks(self, until_s: float) -> list[TimedFrame]:
        # Two data bytes is what the totals of the published captures suggest; their meaning is not known.
        mark = encode_frame(FrameType.QRS_MARK, b"\x00\x00")
        return [(float(at_s), _FIRST, mark) for at_s in self._patient.beats_between(self._now_s, until_s)]

    def _next_event_s(self) -> float:
        numerics = min((begun + sent for begun, sent in self._numerics_on.values()), default=_NEVER)
        return max(self._now_s, min(numerics, self._cuff.next_frame_s))

    def _events(self, at_s: float) -> list[bytes]:
        """Return the numeric and cuff frames due by now; every call sends at least one of those that were due."""
        frames = []
        for kind, (begun_s, sent) in self._numerics_on.items():
            if begun_s + sent <= at_s:
                self._numerics_on[kind] = (begun_s, sent + 1)
                frames.append(self._numeric_frame(kind))
        if self._cuff.next_frame_s <= at_s:
            frames.append(self._cuff.frame(at_s))
        return frames

    def _numeric_frame(self, kind: FrameType) -> bytes:
        numerics, sensors = self._patient.numerics(), self._patient.sensors()
        if kind is FrameType.ECG_PARAMS:
            status = (self._gain - 1) << 2 | (self._mode - 1) << 4
            return encode_frame(kind, ecg_params(numerics, sensors, status))
        if kind is FrameType.SPO2_PARAMS:
            return encode_frame(kind, self._spo2_params(numerics, sensors))
        return encode_frame(kind, temperature_params(numerics))

    def _spo2_params(self, numerics: PatientNumerics, sensors: SensorState) -> bytes:
        nothing = numerics.spo2_percent is None and numerics.pr_per_min is None
        if sensors.spo2_probe_unplugged or (nothing and "PLETH" not in self._patient.wave_names):
            return bytes((1, 127, 255))
        if sensors.spo2_finger_out:
            return bytes((2, 127, 255))
        self._searching_s = self._searching_s + 1 if nothing else 0
        status = 0 if not nothing else 3 if self._searching_s <= _SEARCH_TOO_LONG else 4
        return bytes((status, _octet(numerics.spo2_percent, 100, 127), _octet(numerics.pr_per_min, 254, 255)))

    def _enable(self, kind: FrameType, *, on: bool) -> None:
        if not on:
            self._numerics_on.pop(kind, None)
            return
        self._cuff.listen(self._now_s)
        # A repeated enable does not restart the second.
        self._numerics_on.setdefault(kind, (self._now_s, 0))

    def _enable_ecg(self, on: int) -> None:
        self._waves.ecg_on = bool(on)
        self._enable(FrameType.ECG_PARAMS, on=bool(on))

    def _enable_pleth(self, on: int) -> None:
        self._waves.pleth_on = bool(on)
        self._cuff.listen(self._now_s)

    def _enable_resp(self, on: int) -> None:
        self._waves.resp_on = bool(on)
        self._cuff.listen(self._now_s)

    def _set_ecg_gain(self, code: int) -> None:
        if code in _GAINS:
            self._gain = Gain(code)
            self._waves.ecg_gain = self._gain.factor
            self._tell_ecg_state()

    def _set_mode(self, code: int) -> None:
        if code in _MODES:
            self._mode = EcgMode(code)
            self._waves.set_operation_filter(on=self._mode is EcgMode.OPERATION)
            self._tell_ecg_state()

    def _tell_ecg_state(self) -> None:
        """Send the status at once, so that no sample is read at the old gain."""
        if FrameType.ECG_PARAMS in self._numerics_on:
            self._replies.append(self._numeric_frame(FrameType.ECG_PARAMS))

    def _set_resp_gain(self, code: int) -> None:
        if code in _GAINS:
            self._waves.resp_gain = Gain(code).factor

    def _set_patient(self, code: int) -> None:
        if code in _PATIENTS:
            self._cuff.patient_type = NibpPatient(code)

    def _set_target(self, half_mmhg: int) -> None:
        self._target_mmhg = 2 * half_mmhg

    def _run_cuff(self, on: int) -> None:
        if not on:
            self._cuff.stop(self._now_s)
            return
        low, high, default = TARGET_RANGE_MMHG[self._cuff.patient_type]
        target_mmhg = default if self._target_mmhg is None else min(high, max(low, self._target_mmhg))
        self._target_mmhg = None  # it holds for one measurement
        self._cuff.start(self._now_s, target_mmhg)

    def _reply(self, kind: FrameType, text: str) -> None:
        self._replies.append(encode_frame(kind, text.encode("ascii")))


def ecg_params(numerics: PatientNumerics, sensors: SensorState, status: int) -> bytes:
    """Return the data of a type 02 frame: status, HR, RR, ST, rhythm; 0 for a rate that is not there.

    ST is always 0: a patient source has none.
    """
    if sensors.motion >= _WEAK_MOTION:
        status |= 0x01
    if sensors.ecg_leads_off:
        status |= 0x02
    off = _limbs_off(sensors)
    heart = None if off else numerics.hr_per_min
    breath = None if off else numerics.rr_per_min
    return bytes((status, _octet(heart, 255, 0), _octet(breath, 255, 0), 0, _rhythm(heart)))


def temperature_params(numerics: PatientNumerics) -> bytes:
    """Return the data of a type 05 frame with one probe."""
    if numerics.temperature_c is None:
        return bytes((1, 0, 0))
    whole, tenths = divmod(round(numerics.temperature_c * 10), 10)
    return bytes((0, min(255, max(0, whole)), tenths))


def _rhythm(heart_per_min: float | None) -> int:
    if heart_per_min is None:
        return 0  # analysing
    if heart_per_min < 1:
        return 2  # asystole
    if heart_per_min > _TACHYCARDIA_PER_MIN:
        return 0x0A
    return 0x0B if heart_per_min < _BRADYCARDIA_PER_MIN else 1


def _limbs_off(sensors: SensorState) -> bool:
    return bool(set(sensors.ecg_leads_off) - {"V"})


def _octet(value: float | None, highest: int, missing: int) -> int:
    return missing if value is None else min(highest, max(0, round(value)))
