"""Where everything lies in a numeric sub-record of 278 bytes (protocols.md §2.5).

Offsets count from the sub-record's first byte. A group begins with ``u32 status, u16 label``; its values are i16 from
+6. Groups that protocols.md §2.5 only names are laid out as in the DRI Specification 8005313, chapter 3.
"""

import struct
from dataclasses import dataclass

SUBRECORD_BYTES = 278
AUXILIARY_BYTES = 114
CLASS_INFO_AT = 276
EXISTS, ACTIVE = 0x1, 0x2

INVALID = -32767
NOT_UPDATED = -32766
BELOW_RANGE = -32764
ABOVE_RANGE = -32763
NOT_CALIBRATED = -32762
NO_NUMBER = -32000
"""Anything at or below is not a number, in numerics and in waves."""

BASIC, EXT1, EXT2, EXT3 = range(4)

ECG_AT = 4
NIBP_AT = 76
TEMPERATURES_AT = (90, 98, 106, 114)
SPO2_AT = 122
CO2_AT = 136
ECG_EXTRA_AT = 230
ARRHYTHMIA_AT = 4
RHYTHM_BITS_AT = 16

GROUP = struct.Struct("<LH")
WORD = struct.Struct("<h")


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its name for a person, where it begins, and how many values follow its header."""

    name: str
    at: int
    values: int


GROUPS: dict[int, tuple[Group, ...]] = {
    BASIC: (
        Group("ECG", ECG_AT, 5),
        *(Group(f"P{n}", at, 4) for n, at in enumerate((20, 34, 48, 62), 1)),
        Group("NIBP", NIBP_AT, 4),
        *(Group(f"T{n}", at, 1) for n, at in enumerate(TEMPERATURES_AT, 1)),
        Group("SpO2", SPO2_AT, 4),
        Group("CO2", CO2_AT, 4),
        Group("O2", 150, 2),
        Group("N2O", 160, 2),
        Group("anaesthetic agent", 170, 3),
        Group("flow and volume", 182, 8),
        Group("cardiac output", 204, 4),
        Group("NMT", 218, 3),
        Group("SvO2", 236, 1),
        Group("P5", 244, 4),
        Group("P6", 258, 4),
    ),
    EXT1: (
        Group("arrhythmia", ARRHYTHMIA_AT, 3),
        Group("12-lead ST", 52, 12),
        Group("P7", 82, 4),
        Group("P8", 96, 4),
        Group("second SpO2", 110, 4),
        Group("T5", 124, 1),
        Group("T6", 132, 1),
    ),
    EXT2: (
        Group("NMT 2", 4, 9),
        Group("EEG", 28, 33),
        Group("BIS", 100, 5),
        Group("entropy", 116, 3),
        Group("EEG 2", 202, 0),
        Group("SPI", 234, 1),
    ),
    EXT3: (
        Group("gas exchange", 4, 4),
        Group("flow and volume 2", 18, 20),
        Group("balance gas", 64, 2),
        Group("tonometry", 74, 8),
        Group("anaesthetic agent 2", 96, 1),
        Group("delta pressure", 120, 2),
        Group("CPP", 130, 1),
        Group("CPP 2", 138, 1),
        Group("PiCCO", 146, 24),
    ),
}


def class_of(part: bytes) -> int:
    """Return the class of a whole numeric sub-record: bits 8-11 of its last word."""
    return part[CLASS_INFO_AT + 1] & 0x0F


def class_info(kind: int, *, level: int, record_type: int) -> int:
    """Return the last word of a sub-record: class, interface level, record type (0x00A1 in captures)."""
    return kind << 8 | level << 4 | record_type
