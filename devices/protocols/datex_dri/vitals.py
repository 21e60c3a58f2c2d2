"""The readings and sensor states of a basic record: heart, oxygen, breathing, temperature (protocols.md §2.5)."""

from types import MappingProxyType

from devices.protocols.conditions import Conditions
from devices.protocols.datex_dri import layout, numerics
from devices.protocols.datex_dri.ecg import PULSE_SOURCES, EcgState
from devices.protocols.datex_dri.numerics import Extras, Field, is_active
from devices.signals import NumericReading, Quality, Signal

_PULSES = MappingProxyType(
    {name: Field(f"HR_{name}", numerics.HR.at, "/min", high=400) for name in PULSE_SOURCES.values()}
)
"""The rate on the monitor's screen when it is a pulse, by where that comes from."""
_PROBE_CODES = ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER", "SPO2_SEARCHING")


def heart_readings(part: bytes, ecg: EcgState, extras: Extras, time_s: float | None) -> list[NumericReading]:
    """Return HR, which is only ever from the ECG, and what the monitor shows as heart rate instead.

    A monitor whose ECG fails shows a pulse in its place; taken for a heart rate it would hide the failure.
    """
    mark = ecg.quality
    if not is_active(part, layout.ECG_AT):
        return [NumericReading("HR", None, "/min", Quality.INVALID | mark, time_s)]
    other = ecg.other_source
    shown: list[NumericReading] = []
    for name, field in _PULSES.items():
        shown += extras.tell(field, part if name == other else None, time_s)
    field = numerics.HR_FROM_ECG if other else numerics.HR
    return [field.reading(part, time_s, mark=mark), *shown]


def breath_reading(part: bytes, time_s: float | None) -> NumericReading:
    """Return RR: from impedance, or from the gas line where that has none."""
    by_impedance = numerics.RR.reading(part, time_s)
    if is_active(part, layout.ECG_AT) and by_impedance.value is not None:
        return by_impedance
    if is_active(part, layout.CO2_AT):
        return numerics.RR_FROM_CO2.reading(part, time_s)
    if is_active(part, layout.ECG_AT):
        return by_impedance
    return NumericReading("RR", None, "/min", Quality.INVALID, time_s)


def temperature_readings(part: bytes, extras: Extras, time_s: float | None) -> list[NumericReading]:
    """Return TEMP from the first channel that measures, and the other channels under their own names."""
    sites = [
        field if is_active(part, at) else None
        for at, field in zip(layout.TEMPERATURES_AT, numerics.TEMPERATURES, strict=True)
    ]
    first = next((field for field in sites if field is not None), None)
    readings = [NumericReading("TEMP", None, "Cel", Quality.INVALID, time_s)]
    if first is not None:
        value, quality = first.read(part)
        readings = [NumericReading("TEMP", value, "Cel", quality, time_s)]
    for field, site in zip(numerics.TEMPERATURES, sites, strict=True):
        readings += extras.tell(field, part if site is not None and field is not first else None, time_s)
    return readings


def oxygen_signals(part: bytes, conditions: Conditions, time_s: float | None) -> list[Signal]:
    """Return SPO2, PR and PI, after what changed about the probe.

    The group says no more than "exists" and "active": not there is taken for unplugged, there but not measuring for off
    the finger, measuring without a value for searching.
    """
    status = part[layout.SPO2_AT]
    exists, active = bool(status & layout.EXISTS), bool(status & layout.ACTIVE)
    readings: list[NumericReading] = [
        field.reading(part, time_s) for field in (numerics.SPO2, numerics.PR, numerics.PI)
    ]
    state = ""
    if not exists or not active:
        off = Quality.INVALID | Quality.SENSOR_OFF
        readings = [NumericReading(r.name, None, r.unit, off, time_s) for r in readings]
        state = _PROBE_CODES[int(exists)]
    elif readings[0].value is None:
        state = _PROBE_CODES[2]
        readings = [
            NumericReading(r.name, r.value, r.unit, r.quality | Quality.SEARCHING, time_s) for r in readings
        ]
    changes: list[Signal] = []
    for code in _PROBE_CODES:
        changes += conditions.set(code, "" if code == state else None)
    return [*changes, *readings]
