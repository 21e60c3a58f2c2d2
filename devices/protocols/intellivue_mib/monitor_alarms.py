"""The alarm object an emulated monitor lists: simple limits of its own, and its sensors' technical alarms."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from devices.patient import PatientSource
from devices.protocols.intellivue_mib.alarms import WITH_TEXT
from devices.protocols.intellivue_mib.cuff_model import CuffModel
from devices.protocols.intellivue_mib.messages import PolledObject
from devices.protocols.intellivue_mib.monitor_numerics import limbs_off, spo2_off
from devices.protocols.intellivue_mib.nomenclature import Attribute, ObjectClass, Physio
from devices.protocols.intellivue_mib.values import pack_text

_HANDLE = 0x8001
_RED, _YELLOW = 0x0400, 0x0200
_CYAN = 0x0002
_HIGH, _LOW, _ABSENT, _DISCONNECTED, _FAILED = 40, 62, 4, 22, 38  # event codes of the nomenclature
_DEMO = 0x0100
_ECG_SOURCE = 0x0100


@dataclass(frozen=True, slots=True)
class _Active:
    """One alarm: where from, why, how grave, in which words."""

    source: int
    code: int
    kind: int
    text: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The monitor's own alarm limits; an adult's defaults."""

    hr_high: float = 120.0
    hr_low: float = 50.0
    spo2_low: float = 90.0
    desaturation: float = 80.0
    systolic_high: float = 160.0
    systolic_low: float = 90.0
    rr_high: float = 30.0
    rr_low: float = 8.0


class AlarmObject:
    """What the monitor alarms about now."""

    def __init__(self, patient: PatientSource, cuff: CuffModel, limits: Limits | None = None) -> None:
        self._patient = patient
        self._cuff = cuff
        self._limits = limits or Limits()
        self._last: list[_Active] = []
        self._changes = 0

    def now(self, *, demo: bool) -> list[PolledObject]:
        """Return the one object; patient alarms, technical alarms, condition."""
        patient, technical = list(self._patient_alarms()), list(self._technical())
        if patient + technical != self._last:
            self._changes = (self._changes + 1) & 0xFFFF
            self._last = patient + technical
        grave = [max((alarm.kind for alarm in alarms), default=0) for alarms in (patient, technical)]
        condition = struct.pack(">5H", _DEMO if demo else 0, self._changes, *grave, max(grave))
        attributes = [
            (Attribute.ALERT_CONDITION, condition),
            (Attribute.TECHNICAL_ALARMS, _pack(technical)),
            (Attribute.PATIENT_ALARMS, _pack(patient)),
        ]
        return [PolledObject(0, _HANDLE, [(int(name), value) for name, value in attributes])]

    def _patient_alarms(self) -> Iterator[_Active]:
        numbers, sensors, limits = self._patient.numerics(), self._patient.sensors(), self._limits
        if not limbs_off(sensors):
            if numbers.hr_per_min is not None and numbers.hr_per_min < 1:
                yield _Active(Physio.HEART_RATE, _ABSENT, _RED, "***ASYSTOLE")
            else:
                yield from _limit(
                    Physio.HEART_RATE, "HR", numbers.hr_per_min, (limits.hr_low, limits.hr_high)
                )
            yield from _limit(Physio.RESP_RATE, "RR", numbers.rr_per_min, (limits.rr_low, limits.rr_high))
        spo2 = None if spo2_off(sensors) else numbers.spo2_percent
        if spo2 is not None and round(spo2) < limits.desaturation:
            yield _Active(Physio.SPO2, _LOW, _RED, f"***DESAT {spo2:.0f}<{limits.desaturation:.0f}")
        else:
            yield from _limit(Physio.SPO2, "SpO2", spo2, (limits.spo2_low, 101.0))
        if self._cuff.pressures is not None:
            systolic = self._cuff.pressures.systolic_mmhg
            yield from _limit(Physio.NBP, "NBPs", systolic, (limits.systolic_low, limits.systolic_high))

    def _technical(self) -> Iterator[_Active]:
        sensors, numbers = self._patient.sensors(), self._patient.numerics()
        if len(sensors.ecg_leads_off) == 1:
            yield _Active(_ECG_SOURCE, _DISCONNECTED, _CYAN, f"{sensors.ecg_leads_off[0]} LEAD OFF")
        elif sensors.ecg_leads_off:
            yield _Active(_ECG_SOURCE, _DISCONNECTED, _CYAN, "ECG LEADS OFF")
        if sensors.spo2_probe_unplugged:
            yield _Active(Physio.SPO2, _DISCONNECTED, _CYAN, "SpO2 NO SENSOR")
        elif sensors.spo2_finger_out:
            yield _Active(Physio.SPO2, _DISCONNECTED, _CYAN, "SpO2 SENSOR OFF")
        elif numbers.spo2_percent is None and "PLETH" in self._patient.wave_names:
            yield _Active(Physio.SPO2, _ABSENT, _CYAN, "SpO2 SEARCHING")
        if self._cuff.failure_text:
            yield _Active(Physio.NBP, _FAILED, _CYAN, self._cuff.failure_text)


def _limit(source: int, name: str, value: float | None, limits: tuple[float, float]) -> Iterator[_Active]:
    low, high = limits
    if value is not None and round(value) > high:
        yield _Active(source, _HIGH, _YELLOW, f"** {name} {value:.0f}>{high:.0f}")
    elif value is not None and round(value) < low:
        yield _Active(source, _LOW, _YELLOW, f"** {name} {value:.0f}<{low:.0f}")


def _pack(alarms: list[_Active]) -> bytes:
    entries = []
    for number, alarm in enumerate(alarms, 1):
        info = struct.pack(">HIHH", number, 0x00020000 | alarm.source, 0, 0) + pack_text(alarm.text)
        head = (alarm.source, alarm.code, alarm.kind, 0, ObjectClass.NUMERIC, 0, 0, WITH_TEXT, len(info))
        entries.append(struct.pack(">9H", *head) + info)
    body = b"".join(entries)
    return struct.pack(">HH", len(entries), len(body)) + body
