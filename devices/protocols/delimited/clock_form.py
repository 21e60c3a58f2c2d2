"""How a described protocol writes dates and times: a text such as ``YYYY-MM-DD hh:mm:ss``."""

import re
from dataclasses import dataclass

from devices.protocols.device_time import CivilTime, civil_time

_PARTS = ("YYYY", "YY", "MM", "DD", "hh", "mm", "ss")
_TOKEN = re.compile("|".join(_PARTS))
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class ClockForm:
    """A form made of ``YYYY`` or ``YY``, ``MM``, ``DD``, ``hh``, ``mm``, ``ss`` and anything between them."""

    form: str

    @property
    def problem(self) -> str:
        """Why it cannot be used, in words that follow a colon; empty when it can."""
        parts = _TOKEN.findall(self.form)
        if len(parts) != len(set(parts)) or {"YYYY", "YY"} <= set(parts):
            return "a part of the time stands twice"
        if not {"hh", "mm"} <= set(parts):
            return "a time needs at least hh and mm"
        if len(self.form) > _LONGEST or not self.form.isascii() or not self.form.isprintable():
            return f"at most {_LONGEST} printable characters"
        return ""

    @property
    def has_date(self) -> bool:
        """Whether it says the day."""
        parts = set(_TOKEN.findall(self.form))
        return {"MM", "DD"} <= parts and bool({"YYYY", "YY"} & parts)

    def valid(self, text: str) -> bool:
        """Whether ``text`` is a time in this form."""
        return self._read(text) is not None

    def posix_s(self, text: str) -> float | None:
        """Return POSIX seconds, the device's clock read as UTC; None for another form or a time without a date."""
        civil = self._read(text)
        return civil.posix_s if civil is not None and self.has_date else None

    def write(self, posix_s: float) -> str:
        """Return the time at this instant in this form."""
        shown = civil_time(posix_s)
        parts = {
            "YYYY": f"{shown.year:04d}",
            "YY": f"{shown.year % 100:02d}",
            "MM": f"{shown.month:02d}",
            "DD": f"{shown.day:02d}",
            "hh": f"{shown.hour:02d}",
            "mm": f"{shown.minute:02d}",
            "ss": f"{shown.second:02d}",
        }
        return _TOKEN.sub(lambda found: parts[found[0]], self.form)

    def _read(self, text: str) -> CivilTime | None:
        pattern, at = "", 0
        for token in _TOKEN.finditer(self.form):
            literal = re.escape(self.form[at : token.start()])
            pattern += f"{literal}(?P<{token[0]}>[0-9]{{{len(token[0])}}})"
            at = token.end()
        found = re.fullmatch(pattern + re.escape(self.form[at:]), text)
        if found is None:
            return None
        part = {name: int(digits) for name, digits in found.groupdict().items()}
        year = part.get("YYYY", 2000 + part.get("YY", 0))
        civil = CivilTime(
            year, part.get("MM", 1), part.get("DD", 1), part["hh"], part["mm"], part.get("ss", 0)
        )
        return civil if civil.valid else None
