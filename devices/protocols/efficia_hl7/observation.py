"""One OBX segment, checked field by field: the wire has no checksum (protocols.md §4)."""

import re
from dataclasses import dataclass

from devices.protocols.efficia_hl7.codes import NBP_TERMS, QUANTITIES, Quantity, term_of, unit_of
from devices.protocols.hl7.message import Segment
from devices.protocols.hl7.timestamp import parse_timestamp
from devices.signals import Quality

_NUMBER = re.compile(r"[+-]?\d{1,4}(?:\.\d{1,3})?", flags=re.ASCII)
_PRINTABLE = re.compile(r"[ -~°²₂]*")

VALID = frozenset({"F", "C"})
DOUBTFUL = frozenset({"P", "R", "S", "U"})
NO_RESULT = frozenset({"X", "D", "I", "N", "O", "W"})
"""OBX-11: F valid and X "the screen shows ?" (protocols.md §4); the rest is HL7 table 0085."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A measurement as it stands on the screen. ``term`` is empty when the code is no MDIL code.

    ``value`` is in ``unit`` (UCUM where known), None when there is none. ``measured_text`` is OBX-14 as sent.
    """

    term: str
    name: str
    value: float | None
    unit: str
    quality: Quality
    questioned: bool  # the screen shows "?"
    measured_text: str
    source_term: str

    @property
    def of_cuff(self) -> bool:
        """Whether it belongs to a cuff reading: a pressure, or a pulse the cuff counted."""
        if self.term in NBP_TERMS or self.source_term in NBP_TERMS:
            return True
        # Only cuff readings carry OBX-14; a pulse that has one is the cuff's, unless another source is named.
        return bool(self.measured_text) and not self.source_term


def read_observation(segment: Segment) -> Observation | None:
    """Read an OBX segment of value type NM; None when it cannot be whole."""
    code, label = segment.component(3), segment.component(3, 2)
    text, status, measured = segment.field(5), segment.field(11), segment.component(14)
    if not code or not _PRINTABLE.fullmatch(code + label) or (text and not _NUMBER.fullmatch(text)):
        return None
    if status not in VALID | DOUBTFUL | NO_RESULT or (measured and parse_timestamp(measured) is None):
        return None
    term = term_of(code) or ""
    quantity = QUANTITIES.get(term)
    unit = unit_of(segment.component(6), segment.component(6, 2))
    if quantity is not None and (unit is None or unit.ucum != quantity.unit):
        return None
    value = float(text) if text and status not in NO_RESULT else None
    if value is not None and unit is not None:
        value = unit.convert(value)
    if quantity is not None and value is not None and not quantity.low <= value <= quantity.high:
        value = None
    quality = Quality.INVALID if value is None else Quality.GOOD
    return Observation(
        term=term,
        name=_name(quantity, label, code),
        value=value,
        unit=unit.ucum if unit is not None else segment.component(6, 2),
        quality=quality | (Quality.QUESTIONABLE if status in DOUBTFUL else Quality.GOOD),
        questioned=status == "X",
        measured_text=measured,
        source_term=_source_term(segment),
    )


def _name(quantity: Quantity | None, label: str, code: str) -> str:
    """Return our name, or the monitor's own for what we have none for; never ours for something unknown."""
    if quantity is not None:
        return quantity.name
    taken = {known.name for known in QUANTITIES.values()}
    return label if label and label.upper() not in taken else f"{label} {code}".strip()


def _source_term(segment: Segment) -> str:
    """Return the term of OBX-17, or the one its text stands for (``SpO2`` or ``NBP``)."""
    term = term_of(segment.component(17))
    if term is not None:
        return term
    return {"NBP": "4a04", "SPO2": "4bb8"}.get(segment.component(17, 2).strip().upper(), "")
