"""The EXC word: what a Masimo monitor says of its sensor and signal (protocols.md §6.1)."""

from devices.protocols.conditions import Conditions
from devices.signals import Quality, Signal

NO_SENSOR = 0x001
DEFECTIVE_SENSOR = 0x002
LOW_PERFUSION = 0x004
PULSE_SEARCH = 0x008
INTERFERENCE = 0x010
SENSOR_OFF = 0x020
AMBIENT_LIGHT = 0x040
UNRECOGNISED_SENSOR = 0x080
LOW_SIGNAL_IQ = 0x400
SET_PROCESSING = 0x800  # its normal way of working

_QUALITY = {
    NO_SENSOR: Quality.SENSOR_OFF,
    DEFECTIVE_SENSOR: Quality.QUESTIONABLE,
    LOW_PERFUSION: Quality.WEAK,
    PULSE_SEARCH: Quality.SEARCHING,
    INTERFERENCE: Quality.ARTIFACT,
    SENSOR_OFF: Quality.SENSOR_OFF,
    AMBIENT_LIGHT: Quality.ARTIFACT,
    UNRECOGNISED_SENSOR: Quality.QUESTIONABLE,
    LOW_SIGNAL_IQ: Quality.QUESTIONABLE,
}
_CONDITIONS = (
    (NO_SENSOR, "SPO2_PROBE_UNPLUGGED", ""),
    (SENSOR_OFF, "SPO2_NO_FINGER", ""),
    (PULSE_SEARCH, "SPO2_SEARCHING", ""),
    (DEFECTIVE_SENSOR, "SPO2_SENSOR_FAULT", "defective sensor"),
    (UNRECOGNISED_SENSOR, "SPO2_SENSOR_FAULT", "unrecognised sensor"),
    (INTERFERENCE, "SPO2_INTERFERENCE", "interference"),
    (AMBIENT_LIGHT, "SPO2_INTERFERENCE", "too much light on the sensor"),
)
_KNOWN = SET_PROCESSING | sum(_QUALITY)


def quality_of(word: int) -> Quality:
    """Return the marks for every number of a line with this EXC."""
    quality = Quality.GOOD
    for bit, mark in _QUALITY.items():
        if word & bit:
            quality |= mark
    return quality


def withholds(word: int) -> bool:
    """Whether a number that still stands beside this EXC is an old one: no sensor, or it is off the patient."""
    return bool(word & (NO_SENSOR | SENSOR_OFF))


def tell(word: int, conditions: Conditions) -> list[Signal]:
    """Return what has changed; bits nobody has described are each told once."""
    details: dict[str, list[str]] = {}
    for bit, code, detail in _CONDITIONS:
        details.setdefault(code, [])
        if word & bit:
            details[code].append(detail)
    changes: list[Signal] = []
    for code, held in details.items():
        changes += conditions.set(code, ", ".join(held) if held else None)
    for place in range(32):
        if word >> place & 1 and not _KNOWN >> place & 1:
            changes += conditions.unknown(f"EXC bit {1 << place:03X}")
    return changes
