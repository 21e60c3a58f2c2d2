"""One line of Masimo's ASCII1 output, checked field by field (protocols.md §6.1).

The line has no checksum. What stands in for one is its form: date, time, then only ``KEY=VALUE``, each known key with its
own width and characters, three keys always present. Which others there are differs by model.
"""

import re
from dataclasses import dataclass

from devices.protocols.device_time import CivilTime

LONGEST_LINE = 400
"""The longest line known, the Radical-7's, has 169 characters."""
START = re.compile(rb"\d\d/\d\d/\d\d \d\d:\d\d:\d\d (?=SN=)")
_CLOCK = re.compile(r"(\d\d)/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d) ")
_NUMBER = r"[+-]?(?:\d{1,3}(?:\.\d{1,2})?|-{1,3}(?:\.-{1,2})?)%?"
_FORMS = {
    key: re.compile(form)
    for key, form in {
        "SN": r"[0-9A-Z-]{1,16}",
        "SPO2": r"(?:\d{3}|---)%",
        "BPM": r"\d{3}|---",
        "PI": r"(?:\d\d\.\d\d|--\.--)%?",
        "SPCO": r"(?:\d\d(?:\.\d)?|--(?:\.-)?)%",
        "SPMET": r"(?:\d\d\.\d|--\.-)%",
        "SPHB": r"\d\d\.\d|--\.-",
        "SPOC": r"\d\d(?:\.\d)?|--(?:\.-)?",
        "DESAT": r"\d\d|--",
        "PIDELTA": r"[+-](?:\d\d|--)",
        "PVI": r"\d{3}|---",
        "ALARM": r"[0-9A-F]{4,8}",
        "EXC": r"[0-9A-F]{6,8}",
        "EXC1": r"[0-9A-F]{8}",
    }.items()
}
"""What the value of a known key looks like; widths as in the captured and printed lines."""
_ALWAYS = frozenset({"SN", "SPO2", "BPM", "EXC"})
_OTHER = re.compile(r"([A-Z][A-Z0-9]{0,9})=([!-~]{1,24})")
_STRAY = "#"  # a sample in the field has one between two fields
_SPO2_HIGHEST, _BPM_HIGHEST = 100, 300


@dataclass(frozen=True, slots=True)
class AsciiLine:
    """A good line: its clock and its fields as text."""

    time: CivilTime
    fields: dict[str, str]

    @property
    def exceptions(self) -> int:
        """The EXC word."""
        return int(self.fields["EXC"], 16)

    def number(self, key: str) -> float | None:
        """Return the value of a numeric field, None for dashes and for what is no number."""
        text = self.fields[key].removesuffix("%")
        return float(text) if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", text) else None


def parse_line(text: bytes) -> AsciiLine | None:
    """Return a line that begins at its date, without CR LF; None if anything in it is not as it must be."""
    try:
        words = text.decode("ascii")
    except UnicodeDecodeError:
        return None
    clock = _CLOCK.match(words)
    if clock is None:
        return None
    fields: dict[str, str] = {}
    for token in words[clock.end() :].split():
        if token == _STRAY:
            continue
        found = _OTHER.fullmatch(token)
        if found is None or found[1] in fields or not _as_it_must(found[1], found[2]):
            return None
        fields[found[1]] = found[2]
    if not fields.keys() >= _ALWAYS:
        return None
    month, day, year, hour, minute, second = (int(part) for part in clock.groups())
    line = AsciiLine(CivilTime(2000 + year, month, day, hour, minute, second), fields)
    in_range = (line.number("SPO2") or 0) <= _SPO2_HIGHEST and (line.number("BPM") or 0) <= _BPM_HIGHEST
    return line if in_range else None


def _as_it_must(key: str, value: str) -> bool:
    form = _FORMS.get(key)
    return form is None or form.fullmatch(value) is not None


def is_known(key: str) -> bool:
    """Whether this field is one of those described."""
    return key in _FORMS


def is_number(value: str) -> bool:
    """Whether a value of an unknown field reads as a number or as the dashes of a missing one."""
    return re.fullmatch(_NUMBER, value) is not None
