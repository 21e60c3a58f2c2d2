"""The numeric record an emulated DRI monitor sends (protocols.md §2.5)."""

import struct

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.datex_dri import ecg, layout
from devices.protocols.datex_dri.cuff_model import CuffModel, CuffReading
from devices.protocols.datex_dri.electrodes import limbs_off
from devices.protocols.datex_dri.requests import Classes, RecordType
from devices.protocols.datex_dri.wave_sender import ChannelPlan

LEVEL = 10
"""The interface level of the captured monitor."""
_RUNNING = layout.EXISTS | layout.ACTIVE
_ARTIFACT_MOTION = 0.7
_T1_LABEL = 0x0B  # as captured (protocols.md §2.7)
_BRADY_BELOW, _TACHY_ABOVE = 50, 120
"""The monitor's own rhythm limits are settings; these are the emulator's."""
_BITS_OF_WORDS = {words: 1 << bit for bit, words in ecg.RHYTHM_WORDS.items()}
_WANTED = {
    layout.BASIC: Classes.BASIC,
    layout.EXT1: Classes.EXT1,
    layout.EXT2: Classes.EXT2,
    layout.EXT3: Classes.EXT3,
}


class NumericSender:
    """Turns what the patient's sensors see into sub-records."""

    def __init__(self, patient: PatientSource, cuff: CuffModel, plan: ChannelPlan) -> None:
        self._patient = patient
        self._cuff = cuff
        self._plan = plan

    def parts(self, classes: int, at_s: float, clock_s: int) -> list[tuple[int, bytes]]:
        """Return the sub-records of the wanted classes; the patient must have been advanced to ``at_s``."""
        parts: list[tuple[int, bytes]] = []
        for kind, flag in _WANTED.items():
            wanted = not classes & Classes.DENY_BASIC if kind == layout.BASIC else classes & flag
            if not wanted:
                continue
            part = blank(kind, clock_s)
            if kind == layout.BASIC:
                self._fill_basic(part, at_s)
            elif kind == layout.EXT1:
                self._fill_rhythm(part)
            parts.append((RecordType.DISPLAYED, bytes(part)))
        return parts

    def _fill_basic(self, part: bytearray, at_s: float) -> None:
        numbers, sensors = self._patient.numerics(), self._patient.sensors()
        oxygen = self._fill_oxygen(part, numbers, sensors)
        self._fill_ecg(part, numbers, sensors, pulse=numbers.pr_per_min if oxygen else None)
        if numbers.temperature_c is not None:
            put(part, layout.TEMPERATURES_AT[0], _RUNNING, _T1_LABEL, [numbers.temperature_c * 100])
        reading = self._cuff.reading
        put(part, layout.NIBP_AT, _RUNNING, self._cuff.label(at_s), _cuff_words(reading))

    def _fill_ecg(
        self, part: bytearray, numbers: PatientNumerics, sensors: SensorState, *, pulse: float | None
    ) -> None:
        status = _RUNNING
        for channel in ecg.CHANNELS:
            if self._plan.is_off(channel, sensors):
                status |= ecg.CHANNEL_OFF[channel]
        off = bool(status & ecg.CHANNEL_OFF[1])
        heart = None if off else numbers.hr_per_min
        shown, source = heart, ecg.SOURCE_ECG_MORTARA
        if heart is None:
            shown, source = (None, ecg.SOURCE_NONE) if pulse is None else (pulse, ecg.SOURCE_SPO2)
        status |= source << ecg.SOURCE_SHIFT
        if heart is not None and heart < 1:
            status |= ecg.ASYSTOLE
        if sensors.motion >= _ARTIFACT_MOTION:
            status |= ecg.ARTIFACT
        breath = None if limbs_off(sensors) else numbers.rr_per_min
        put(part, layout.ECG_AT, status, self._plan.label, [shown, None, None, None, breath])
        for k in range(3):  # present, highest and lowest rate
            layout.WORD.pack_into(part, layout.ECG_EXTRA_AT + 2 * k, word(heart))

    def _fill_oxygen(self, part: bytearray, numbers: PatientNumerics, sensors: SensorState) -> bool:
        """Write the SpO2 group; whether it has a value."""
        nothing = numbers.spo2_percent is None and numbers.pr_per_min is None
        if sensors.spo2_probe_unplugged or (nothing and "PLETH" not in self._patient.wave_names):
            return False
        if sensors.spo2_finger_out:
            put(part, layout.SPO2_AT, layout.EXISTS, 0, [])
            return False
        saturation = None if numbers.spo2_percent is None else min(100.0, numbers.spo2_percent) * 100
        index = numbers.perfusion_index_percent
        amplitude = None if nothing or index is None else index * 100
        put(part, layout.SPO2_AT, _RUNNING, 0, [saturation, numbers.pr_per_min, amplitude])
        return saturation is not None

    def _fill_rhythm(self, part: bytearray) -> None:
        heart = self._patient.numerics().hr_per_min
        if self._plan.is_off(1, self._patient.sensors()):
            heart = None
        interval = 60_000 / heart if heart is not None and heart >= 3 else None
        put(part, layout.ARRHYTHMIA_AT, _RUNNING, self._plan.label, [heart, interval, None])
        struct.pack_into("<L", part, layout.RHYTHM_BITS_AT, rhythm_bits(heart))


def rhythm_bits(heart_per_min: float | None) -> int:
    """Return the bits of the arrhythmia word for a rate."""
    if heart_per_min is None:
        return 0
    if heart_per_min < 1:
        return _BITS_OF_WORDS["asystole"]
    if heart_per_min < _BRADY_BELOW:
        return _BITS_OF_WORDS["bradycardia"]
    return _BITS_OF_WORDS["tachycardia"] if heart_per_min > _TACHY_ABOVE else 0


def blank(kind: int, clock_s: int) -> bytearray:
    """Return a sub-record of a class in which nothing is measured: groups absent, values invalid."""
    part = bytearray(layout.SUBRECORD_BYTES)
    struct.pack_into("<L", part, 0, clock_s & 0xFFFFFFFF)
    for group in layout.GROUPS[kind]:
        put(part, group.at, 0, 0, [None] * group.values)
    if kind == layout.BASIC:
        for k in range(3):
            layout.WORD.pack_into(part, layout.ECG_EXTRA_AT + 2 * k, layout.INVALID)
    info = layout.class_info(kind, level=LEVEL, record_type=RecordType.DISPLAYED)
    struct.pack_into("<H", part, layout.CLASS_INFO_AT, info)
    return part


def put(part: bytearray, at: int, status: int, label: int, values: list[float | None]) -> None:
    """Write a group's header and its first values, in counts; None is the invalid code."""
    layout.GROUP.pack_into(part, at, status, label)
    for k, value in enumerate(values):
        layout.WORD.pack_into(part, at + layout.GROUP.size + 2 * k, word(value))


def word(value: float | None) -> int:
    """Return a value in counts as it stands on the wire."""
    if value is None:
        return layout.INVALID
    counts = round(value)
    if counts <= layout.NO_NUMBER:
        return layout.BELOW_RANGE
    return counts if counts <= 32767 else layout.ABOVE_RANGE


def _cuff_words(reading: CuffReading | None) -> list[float | None]:
    if reading is None:
        return [None] * 4
    # The monitor measures whole mmHg and writes hundredths.
    pressures = (reading.systolic_mmhg, reading.diastolic_mmhg, reading.mean_mmhg)
    return [*(100.0 * round(mmhg) for mmhg in pressures), reading.pulse_per_min]
