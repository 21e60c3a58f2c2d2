"""Numeric objects into readings (protocols.md §3.4)."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from devices.protocols.intellivue_mib.nomenclature import Attribute, Physio, numeric_name, unit_text
from devices.protocols.intellivue_mib.values import quality_of, read_float
from devices.signals import NumericReading, Quality

_VALUE = struct.Struct(">HHH")
VALUE_BYTES = 10
_CUFF_IDS = frozenset({Physio.NBP, Physio.NBP_SYSTOLIC, Physio.NBP_DIASTOLIC, Physio.NBP_MEAN})
MMHG_PER_KPA = 7.50062


@dataclass(frozen=True, slots=True)
class NumericValue:
    """One observed value: physiological id, state bits, unit code, and the number where there is one."""

    physio: int
    state: int
    unit: int
    value: float | None

    @property
    def quality(self) -> Quality:
        """What state and number say together; a number that is none is invalid whatever the state says."""
        quality = quality_of(self.state)
        return quality | Quality.INVALID if self.value is None else quality

    @property
    def valid(self) -> float | None:
        """The number, None where the monitor calls it invalid or unavailable (both are checked, protocols.md §3.4)."""
        return None if Quality.INVALID in quality_of(self.state) else self.value

    @property
    def of_cuff(self) -> bool:
        """Whether it belongs to a cuff reading."""
        return self.physio in _CUFF_IDS

    @property
    def mmhg(self) -> float | None:
        """A pressure in mmHg, whichever unit the monitor shows; None for any other unit."""
        unit = unit_text(self.unit)
        if self.valid is None or unit not in ("mm[Hg]", "kPa"):
            return None
        return self.valid if unit == "mm[Hg]" else round(self.valid * MMHG_PER_KPA, 1)


def read_values(attribute: int, data: bytes) -> Iterator[NumericValue]:
    """Yield the values of an attribute 0950 or 094B.

    :raises struct.error: it is cut off.
    """
    count, at = (1, 0) if attribute == Attribute.NUMERIC else (struct.unpack_from(">H", data)[0], 4)
    for _ in range(count):
        physio, state, unit = _VALUE.unpack_from(data, at)
        yield NumericValue(physio, state, unit, read_float(data, at + 6))
        at += VALUE_BYTES


def reading(value: NumericValue, label_text: str, time_s: float | None) -> NumericReading:
    """Return a value as a reading. Temperatures are told in Cel even where the monitor shows Fahrenheit."""
    unit, number = unit_text(value.unit), value.valid
    if unit == "[degF]":
        unit, number = "Cel", None if number is None else round((number - 32) / 1.8, 2)
    return NumericReading(numeric_name(value.physio, label_text), number, unit, value.quality, time_s)


def pack_value(value: NumericValue, float_bytes: bytes) -> bytes:
    """Return a value as attribute 0950 holds it; ``float_bytes`` decide how many decimals it has."""
    return _VALUE.pack(value.physio, value.state, value.unit) + float_bytes


def pack_compound(parts: Sequence[bytes]) -> bytes:
    """Return several values as attribute 094B holds them."""
    body = b"".join(parts)
    return struct.pack(">HH", len(parts), len(body)) + body
