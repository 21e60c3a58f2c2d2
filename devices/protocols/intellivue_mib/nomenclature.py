"""Numbers of the IntelliVue nomenclature that Chairside knows (protocols.md §3.2-§3.4).

Ids that protocols.md does not list (alarm lists, production data, further temperatures) are those of the IntelliVue Data
Export Interface nomenclature, as three independent public parsers have them.
"""

from enum import IntEnum
from types import MappingProxyType


class ObjectClass(IntEnum):
    """What can be polled."""

    NUMERIC = 0x0006
    WAVE = 0x0009
    MDS = 0x0021
    ALARMS = 0x0036


class Command(IntEnum):
    """Commands of a data message."""

    EVENT = 0
    CONFIRMED_EVENT = 1
    GET = 3
    SET = 4
    CONFIRMED_SET = 5
    CONFIRMED_ACTION = 7


class Operation(IntEnum):
    """Kinds of a data message (ro_type)."""

    INVOKE = 1
    RESULT = 2
    ERROR = 3
    LINKED_RESULT = 5


POLL = 0x0C16
POLL_EXTENDED = 0xF13B
MDS_CREATE = 0x0D06
POLL_PERIOD = 0xF13E  # how long an extended poll stays valid
WAVE_PRIORITIES = 0xF23A


class Attribute(IntEnum):
    """Attribute ids."""

    PATIENT_ALARMS = 0x0902
    TECHNICAL_ALARMS = 0x0904
    COLOUR = 0x0911
    ALERT_CONDITION = 0x0916
    DISPLAY_FORMAT = 0x0917
    LABEL = 0x0924
    LABEL_TEXT = 0x0927
    MODEL = 0x0928
    PRODUCTION = 0x092D
    NUMERIC = 0x0950
    NUMERIC_COMPOUND = 0x094B
    CALIBRATION = 0x0964
    WAVE_COMPOUND = 0x0967
    WAVE_SPEC = 0x096D
    WAVE = 0x096E
    SCALE = 0x096F
    SYSTEM_TIME = 0x0987
    SAMPLE_PERIOD = 0x098D
    RELATIVE_TIME = 0x098F
    MEASUREMENT_TIME = 0x0990
    UNIT = 0x0996
    FIXED_VALUES = 0x0A16


class Physio(IntEnum):
    """Physiological ids with a meaning of their own here."""

    HEART_RATE = 0x4182
    PULSE = 0x4822
    NBP = 0x4A04
    NBP_SYSTOLIC = 0x4A05
    NBP_DIASTOLIC = 0x4A06
    NBP_MEAN = 0x4A07
    TEMPERATURE = 0x4B48
    PERFUSION = 0x4BB0
    PLETH = 0x4BB4
    SPO2 = 0x4BB8
    RESP = 0x5000
    RESP_RATE = 0x500A
    NBP_PULSE = 0xF0E5


_LEADS = {
    0x00: "ECG",
    0x01: "ECG_I",
    0x02: "ECG_II",
    **{0x02 + k: f"ECG_V{k}" for k in range(1, 7)},
    0x3D: "ECG_III",
    0x3E: "ECG_AVR",
    0x3F: "ECG_AVL",
    0x40: "ECG_AVF",
    0x43: "ECG_V",
}

NUMERIC_NAMES = MappingProxyType(
    {
        Physio.HEART_RATE: "HR",
        Physio.PULSE: "PR",
        Physio.SPO2: "SPO2",
        Physio.RESP_RATE: "RR",
        Physio.PERFUSION: "PI",
        Physio.TEMPERATURE: "TEMP",
        0x4261: "PVC",
        0x50AC: "CO2",
        0x50B0: "CO2_ET",
        0x5012: "RR_AIRWAY",
        0x4B50: "TEMP_ARTERIAL",
        0x4B5C: "TEMP_BODY",
        0x4B60: "TEMP_CORE",
        0x4B64: "TEMP_OESOPHAGUS",
        0x4B6C: "TEMP_NASOPHARYNX",
        0x4B74: "TEMP_SKIN",
        0x4B78: "TEMP_TYMPANUM",
        0x4B7C: "TEMP_VENOUS",
        **{0x300 + code: name.replace("ECG", "ST", 1) for code, name in _LEADS.items()},
    }
)
"""Physiological id of a numeric to its name. ST ids are 0300 and the lead's number (protocols.md §3.4)."""

WAVE_NAMES = MappingProxyType(
    {
        **{0x100 + code: name for code, name in _LEADS.items()},
        Physio.RESP: "RESP",
        Physio.PLETH: "PLETH",
        0x50AC: "CO2",
    }
)
"""Physiological id of a wave to its name."""

UCUM = MappingProxyType(
    {
        0x0200: "1",
        0x0220: "%",
        0x0512: "mm",
        0x0AA0: "/min",
        0x0AE0: "/min",
        0x0F03: "kPa",
        0x0F20: "mm[Hg]",
        0x1140: "[degF]",
        0x10B2: "mV",
        0x17A0: "Cel",
    }
)
"""Unit code to UCUM."""


def unit_text(code: int) -> str:
    """Return a unit in UCUM; an unknown one as an annotation with its number."""
    return UCUM.get(code) or f"{{unit {code:04X}}}"


def numeric_name(physio: int, label_text: str) -> str:
    """Return a numeric's name: ours, else the monitor's own label, else its number."""
    return NUMERIC_NAMES.get(physio) or label_text or f"NUMERIC_{physio:04X}"


def wave_name(physio: int, label_text: str) -> str:
    """Return a wave's name: ours, else the monitor's own label, else its number."""
    return WAVE_NAMES.get(physio) or label_text or f"WAVE_{physio:04X}"
