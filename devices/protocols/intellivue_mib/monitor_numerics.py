"""The numeric objects an emulated monitor lists (protocols.md §3.4)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.intellivue_mib.cuff_model import CuffModel
from devices.protocols.intellivue_mib.messages import AttributeList, PolledObject
from devices.protocols.intellivue_mib.nomenclature import Attribute, Physio
from devices.protocols.intellivue_mib.numerics import NumericValue, pack_compound, pack_value
from devices.protocols.intellivue_mib.values import State, pack_float, pack_text, pack_time

_PER_MIN, _PERCENT, _MMHG, _NONE, _BREATHS, _CELSIUS = 0x0AA0, 0x0220, 0x0F20, 0x0200, 0x0AE0, 0x17A0
_NBP_HANDLE, _NBP_PULSE_HANDLE = 0x8272, 0x8276
_LIMBS = frozenset({"RA", "LA", "LL", "RL"})
_DOUBTFUL_MOTION = 0.7  # of SensorState.motion: values are then marked questionable


@dataclass(frozen=True, slots=True)
class _Kind:
    """One numeric: its handle, label, unit and decimals, and the ``PatientNumerics`` field it shows."""

    handle: int
    physio: Physio
    text: str
    unit: int
    decimals: int
    field: str
    sensor: str


_KINDS = (
    _Kind(0x82CF, Physio.HEART_RATE, "HR", _PER_MIN, 0, "hr_per_min", "ecg"),
    _Kind(0x8400, Physio.SPO2, "SpO2", _PERCENT, 1, "spo2_percent", "spo2"),
    _Kind(0x8404, Physio.PULSE, "Pulse", _PER_MIN, 0, "pr_per_min", "spo2"),
    _Kind(0x8408, Physio.PERFUSION, "Perf", _NONE, 1, "perfusion_index_percent", "spo2"),
    _Kind(0x8500, Physio.RESP_RATE, "RR", _BREATHS, 0, "rr_per_min", "ecg"),
    _Kind(0x8600, Physio.TEMPERATURE, "Temp", _CELSIUS, 1, "temperature_c", ""),
)


def limbs_off(sensors: SensorState) -> bool:
    """Whether an electrode is off without which there is neither heart rate nor respiration."""
    return bool(_LIMBS & set(sensors.ecg_leads_off))


def spo2_off(sensors: SensorState) -> bool:
    """Whether the oximeter measures nothing."""
    return sensors.spo2_probe_unplugged or sensors.spo2_finger_out


class NumericObjects:
    """Numerics of one patient as the monitor shows them now."""

    def __init__(self, patient: PatientSource, cuff: CuffModel) -> None:
        self._patient = patient
        self._cuff = cuff

    def listed(self) -> list[PolledObject]:
        """Return every object with its label and no value: what the first poll gets."""
        named = [(kind.handle, kind.physio, kind.text) for kind in _KINDS]
        named.append((_NBP_HANDLE, Physio.NBP, "NBP"))
        return [PolledObject(0, handle, _label(physio, text)) for handle, physio, text in named]

    def now(self, extra: State) -> list[PolledObject]:
        """Return every object with its value; ``extra`` is set in every state."""
        numerics, sensors = self._patient.numerics(), self._patient.sensors()
        objects = [
            PolledObject(0, kind.handle, _attributes(kind, numerics, sensors, extra)) for kind in _KINDS
        ]
        return [*objects, *self._cuff_objects(extra)]

    def _cuff_objects(self, extra: State) -> Iterator[PolledObject]:
        pressures = self._cuff.pressures
        state = extra | (State.ONGOING if self._cuff.ongoing else State(0))
        values: tuple[float | None, ...] = (None, None, None)
        if pressures is not None:
            values = (pressures.systolic_mmhg, pressures.diastolic_mmhg, pressures.mean_mmhg)
        else:
            state |= State.UNAVAILABLE
        ids = (Physio.NBP_SYSTOLIC, Physio.NBP_DIASTOLIC, Physio.NBP_MEAN)
        parts = [
            _pack(NumericValue(physio, state, _MMHG, value))
            for physio, value in zip(ids, values, strict=True)
        ]
        attributes = _label(Physio.NBP, "NBP")
        time: AttributeList = []
        if self._cuff.stamp_s is not None:
            time = [(Attribute.MEASUREMENT_TIME, pack_time(self._cuff.stamp_s))]
        attributes += [*time, (Attribute.NUMERIC_COMPOUND, pack_compound(parts))]
        yield PolledObject(0, _NBP_HANDLE, attributes)
        if self._cuff.pulse_per_min is not None:
            pulse = _pack(NumericValue(Physio.NBP_PULSE, extra, _PER_MIN, self._cuff.pulse_per_min))
            attributes = [*_label(Physio.NBP_PULSE, "Pulse"), *time, (Attribute.NUMERIC, pulse)]
            yield PolledObject(0, _NBP_PULSE_HANDLE, attributes)


def _label(physio: int, text: str) -> AttributeList:
    return [
        (Attribute.LABEL, struct.pack(">HH", 2, physio)),
        (Attribute.LABEL_TEXT, pack_text(text)),
    ]


def _attributes(kind: _Kind, numerics: PatientNumerics, sensors: SensorState, extra: State) -> AttributeList:
    value: float | None = getattr(numerics, kind.field)
    off = {"ecg": limbs_off(sensors), "spo2": spo2_off(sensors), "": False}[kind.sensor]
    state = extra
    if off or value is None:
        value, state = None, state | State.INVALID
    elif sensors.motion >= _DOUBTFUL_MOTION and kind.sensor:
        state |= State.QUESTIONABLE
    packed = _pack(NumericValue(kind.physio, state, kind.unit, value), kind.decimals)
    return [
        *_label(kind.physio, kind.text),
        (Attribute.UNIT, struct.pack(">H", kind.unit)),
        (Attribute.DISPLAY_FORMAT, bytes((3, kind.decimals))),
        (Attribute.NUMERIC, packed),
    ]


def _pack(value: NumericValue, decimals: int = 0) -> bytes:
    return pack_value(value, pack_float(value.value, decimals))
