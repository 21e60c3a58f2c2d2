"""MDIL codes of measurements and units (protocols.md §4, §3.4; Efficia CM Series Data Export Guide p 3-27).

Codes are partition and term, four hexadecimal digits each; here the term alone, in lower case. The guide prints one
identifier with ``*`` between them, so the separator is not looked at; two of its pages give temperature in partitions
0002 and 0007, so neither is the partition of a measurement.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SPO2, HEART_RATE, PULSE, RESPIRATION = "4bb8", "4182", "480a", "5000"
NBP, SYSTOLIC, DIASTOLIC, MEAN = "4a04", "4a05", "4a06", "4a07"
TEMPERATURE, NBP_PULSE, PERFUSION = "f0c7", "f0e5", "4bb0"
NBP_TERMS = frozenset({NBP, SYSTOLIC, DIASTOLIC, MEAN, NBP_PULSE})

_CODE = re.compile(r"([0-9A-Fa-f]{4})[^0-9A-Za-z]([0-9A-Fa-f]{4})")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measurement Chairside has a name for. Values outside ``low`` … ``high`` (in ``unit``, UCUM) are no measurement."""

    name: str
    unit: str
    low: float
    high: float


QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        SPO2: Quantity("SPO2", "%", 1, 100),
        HEART_RATE: Quantity("HR", "/min", 0, 350),
        PULSE: Quantity("PR", "/min", 0, 350),
        "4822": Quantity("PR", "/min", 0, 350),  # pulse from the pleth (protocols.md §3.4)
        RESPIRATION: Quantity("RR", "/min", 0, 200),
        "500a": Quantity("RR", "/min", 0, 200),  # respiration rate of the same vendor's other monitors (§3.4)
        TEMPERATURE: Quantity("TEMP", "Cel", 10, 50),
        PERFUSION: Quantity("PI", "%", 0, 100),
        SYSTOLIC: Quantity("NBP_SYS", "mm[Hg]", 10, 300),
        DIASTOLIC: Quantity("NBP_DIA", "mm[Hg]", 5, 300),
        MEAN: Quantity("NBP_MEAN", "mm[Hg]", 5, 300),
        NBP_PULSE: Quantity("NBP_PULSE", "/min", 20, 350),
    }
)
"""Term to quantity. The ranges are wider than any monitor of the family measures: what lies outside is damage."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the wire in UCUM: ``ucum = (wire - zero) * factor``."""

    ucum: str
    factor: float = 1.0
    zero: float = 0.0

    def convert(self, value: float) -> float:
        """Return a value of the wire in this UCUM unit."""
        if self.factor == 1.0 and self.zero == 0.0:
            return value
        return (value - self.zero) * self.factor


_PERCENT, _PER_MIN, _MMHG, _CELSIUS = Unit("%"), Unit("/min"), Unit("mm[Hg]"), Unit("Cel")
_FAHRENHEIT = Unit("Cel", 5 / 9, 32.0)
_KILOPASCAL = Unit("mm[Hg]", 7.500616827)

UNIT_OF_TERM: Mapping[str, Unit] = MappingProxyType(
    {
        "0220": _PERCENT,
        "0f20": _MMHG,
        "0aa0": _PER_MIN,
        "0ae0": _PER_MIN,
        "09e0": _PER_MIN,
        "1710": _CELSIUS,
        "17a0": _CELSIUS,
        "1140": _FAHRENHEIT,
        "0200": Unit("1"),
        "0512": Unit("mm"),
        "0f03": _KILOPASCAL,
    }
)
"""Term of a unit of partition 0004 (protocols.md §4, §3.4)."""
UNIT_OF_TEXT: Mapping[str, Unit] = MappingProxyType(
    {
        "%": _PERCENT,
        "mmhg": _MMHG,
        "bpm": _PER_MIN,
        "rpm": _PER_MIN,
        "/min": _PER_MIN,
        "c": _CELSIUS,
        "°c": _CELSIUS,
        "f": _FAHRENHEIT,
        "°f": _FAHRENHEIT,
        "mm": Unit("mm"),
        "kpa": _KILOPASCAL,
    }
)
"""Text of a unit, in lower case."""

PERCENT, PER_MIN, BREATHS_PER_MIN = "0004-0220^%^MDIL", "0004-0aa0^bpm^MDIL", "0004-0ae0^rpm^MDIL"
MMHG, CELSIUS = "0004-0f20^mmHg^MDIL", "0004-1710^C^MDIL"
"""Units as the monitor writes them (protocols.md §4)."""


def term_of(code: str) -> str | None:
    """Return the term of an MDIL code in lower case; None for what is no such code."""
    found = _CODE.fullmatch(code)
    return found[2].lower() if found else None


def unit_of(code: str, text: str) -> Unit | None:
    """Return the unit that code and text name together; None when they are unknown or contradict each other."""
    by_code = UNIT_OF_TERM.get(term_of(code) or "")
    by_text = UNIT_OF_TEXT.get(text.strip().lower())
    if by_code is not None and by_text is not None and by_code != by_text:
        return None
    return by_code or by_text
