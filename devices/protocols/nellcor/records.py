"""What a line of a Nellcor oximeter can be (protocols.md §6.2).

There is no checksum: a line counts only when every field has a width, range and alphabet the document knows. Numbers
are right-aligned without leading zeros on real monitors; the columns differ by model, so any spacing is read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from devices.protocols.device_time import CivilTime

SPO2_HIGH, PR_HIGH, AMPLITUDE_HIGH = 100, 300, 255
"""Widest ranges of the family: amplitude as in protocols.md §6.2, pulse rate of the N-600x."""
CODES = MappingProxyType(
    {
        "AO": "alarms off",
        "AS": "alarms silenced",
        "LB": "low battery",
        "LM": "loss of pulse with motion",
        "LP": "loss of pulse",
        "MO": "motion",
        "PH": "pulse rate high",
        "PL": "pulse rate low",
        "PS": "pulse search",
        "SD": "sensor disconnected",
        "SH": "SpO2 high",
        "SL": "SpO2 low",
        "SO": "sensor off",
    }
)
"""Status codes (protocols.md §6.2)."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_CENTURY_TURNS = 70  # years of two digits from here on are 19xx
_END = rb" {0,32}\r{0,2}\n\Z"
_NUMBER = rb" {1,12}(---|0|[1-9][0-9]{0,2})(\*?)"
_DATA = re.compile(
    rb"(?<![0-9])([0-9]{2})-([A-Za-z]{3})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})"
    + _NUMBER * 2
    + rb"(?:"
    + _NUMBER
    + rb")?((?: {1,22}[A-Z]{2}){0,8})"
    + _END
)
_MODEL = (
    rb"(?<![A-Z0-9-])([A-Z0-9][A-Z0-9-]{1,18}x?) {1,12}VERSION {1,4}([0-9]{1,3}(?:\.[0-9]{1,3}){1,3}) {1,8}"
)
_LIMIT = rb"([0-9]{1,3}) ?- ?([0-9]{1,3})"
_HEADING = re.compile(
    _MODEL
    + rb"(?:(TREND) {1,8})?(?:CRC: ?[0-9A-Z]{4} {1,8})?SpO2 Limit: {0,2}"
    + _LIMIT
    + rb"% {1,8}PR Limit: {0,2}"
    + _LIMIT
    + rb"BPM"
    + _END
)
_INFO = re.compile(_MODEL + rb"INFO {1,8}CRC: ?[0-9A-Z]{4} {1,8}SEC: ?[0-9 /]{1,24}" + _END)
_COLUMNS = re.compile(rb"(?<![A-Z]) {0,8}TIME {1,24}%S[Pp]O2 {1,8}BPM( {1,8}PA)?( {1,8}Status)?" + _END)
_SETUP = re.compile(
    rb"(?<![A-Z]) {0,40}(ADULT|NEO|NEONATE) {1,24}([0-9]{1,3})SAT-S(?: {1,12}SPO2 RESP MODE: ?(NORMAL|FAST))?"
    + _END
)
_MENU = re.compile(
    rb"\A(?:[A-Z0-9-]{2,20} {1,8}Interactive Mode| {0,8}[0-9]\) [A-Z][A-Za-z ]{3,40}| {0,8}Command\?)" + _END
)
_TREND_END = re.compile(rb"\AOutput Complete" + _END)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a column: None for dashes; ``out`` where an asterisk says it is out of limits."""

    value: int | None
    out: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """A data line. ``amplitude`` is None where the model has no such column; ``codes`` as they stand."""

    time_s: float
    spo2: Number
    pr: Number
    amplitude: Number | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The monitor's own alarm limits."""

    spo2_low: int
    spo2_high: int
    pr_low: int
    pr_high: int


@dataclass(frozen=True, slots=True)
class Heading:
    """First line of a heading; ``trend`` where stored values follow, not live ones."""

    model: str
    version: str
    limits: Limits
    trend: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """Last line of a heading."""

    amplitude: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """Middle line of the heading of newer models: patient, SatSeconds, response mode."""

    words: str


@dataclass(frozen=True, slots=True)
class Info:
    """What interactive mode says of the instrument."""

    model: str
    version: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A line of interactive mode: no measurements come until it is left."""


@dataclass(frozen=True, slots=True)
class TrendEnd:
    """Stored values have all been printed."""


Record: TypeAlias = Measurement | Heading | Columns | Setup | Info | Menu | TrendEnd


def read_line(line: bytes) -> tuple[Record, int] | None:
    """Return what a line (with its end) says and where in it that begins; None when it is nothing known.

    A line is recognised by its end, because rubbish may stand before it.
    """
    for pattern, read in _READERS:
        if (found := pattern.search(line)) is not None:
            record = read(found)
            return None if record is None else (record, found.start())
    return None


def _measurement(found: re.Match[bytes]) -> Measurement | None:
    time_s = _clock(found.groups()[:6])
    spo2, pr = _number(found[7], found[8], SPO2_HIGH), _number(found[9], found[10], PR_HIGH)
    amplitude = None if found[11] is None else _number(found[11], found[12], AMPLITUDE_HIGH)
    if time_s is None or spo2 is None or pr is None or (amplitude is None and found[11] is not None):
        return None
    return Measurement(time_s, spo2, pr, amplitude, tuple(found[13].decode().split()))


def _number(digits: bytes, star: bytes, high: int) -> Number | None:
    if digits == b"---":
        return Number(None, bool(star))
    value = int(digits)
    return Number(value, bool(star)) if value <= high else None


def _heading(found: re.Match[bytes]) -> Heading | None:
    limits = Limits(*(int(found[k]) for k in range(4, 8)))
    sound = limits.spo2_low < limits.spo2_high <= SPO2_HIGH and limits.pr_low < limits.pr_high <= PR_HIGH
    return Heading(found[1].decode(), found[2].decode(), limits, bool(found[3])) if sound else None


def _setup(found: re.Match[bytes]) -> Setup:
    mode = f", response {found[3].decode().lower()}" if found[3] else ""
    return Setup(f"{found[1].decode().lower()}, {int(found[2])} SatSeconds{mode}")


def _clock(fields: tuple[bytes, ...]) -> float | None:
    """Return the monitor's clock as if it showed UTC, None when no calendar has that date or time."""
    day, month_text, year, hour, minute, second = (field.decode() for field in fields)
    name = month_text.upper()
    month = _MONTHS.index(name) + 1 if name in _MONTHS else 0
    century = 1900 if int(year) >= _CENTURY_TURNS else 2000
    shown = CivilTime(century + int(year), month, int(day), int(hour), int(minute), int(second))
    return shown.posix_s if shown.valid else None


_READERS: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], Record | None]], ...] = (
    (_DATA, _measurement),
    (_HEADING, _heading),
    (_COLUMNS, lambda found: Columns(amplitude=found[1] is not None)),
    (_SETUP, _setup),
    (_INFO, lambda found: Info(found[1].decode(), found[2].decode())),
    (_TREND_END, lambda _: TrendEnd()),
    (_MENU, lambda _: Menu()),
)


def clock_text(time: CivilTime) -> str:
    """Return a time as the monitor prints it: ``02-JAN-26 10:15:30``."""
    date = f"{time.day:02}-{_MONTHS[time.month - 1]}-{time.year % 100:02}"
    return f"{date} {time.hour:02}:{time.minute:02}:{time.second:02}"
