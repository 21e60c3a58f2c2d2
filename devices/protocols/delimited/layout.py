"""What a described protocol looks like: the values a description file is turned into."""

from dataclasses import dataclass
from enum import Enum

from devices.protocols.delimited.clock_form import ClockForm
from devices.signals import NibpFailure


class LineForm(Enum):
    """How a record is written."""

    KEY_VALUE = "key=value"
    FIELDS = "fields"
    HL7 = "hl7"


class ChecksumKind(Enum):
    """What two hexadecimal digits at the end of a line mean: nothing, exclusive or, or 8-bit sum of what they cover."""

    NONE = "none"
    XOR = "xor"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class LineLayout:
    """One record on the wire. ``count`` is the number of fields of the form FIELDS, 0 in the others.

    The checksum covers everything between ``start`` and ``checksum_mark``; ``start`` too where
    ``checksum_covers_start`` says so.
    """

    form: LineForm
    separator: str = ","
    assign: str = "="
    start: str = ""
    ending: str = "\r\n"
    count: int = 0
    checksum: ChecksumKind = ChecksumKind.NONE
    checksum_mark: str = ""
    checksum_covers_start: bool = False


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """One measured quantity: ``value = text * scale`` in ``unit`` (UCUM). ``width`` 0: the text has any length."""

    field: str
    name: str
    unit: str
    invalid: tuple[str, ...]
    suffix: str = ""
    scale: float = 1.0
    low: float = float("-inf")
    high: float = float("inf")
    decimals: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class NibpLayout:
    """The cuff's last reading: its pressures (mmHg), when it was taken, and how a failure is told."""

    systolic: FieldLayout
    diastolic: FieldLayout
    mean: FieldLayout | None
    pulse: FieldLayout | None
    time: str
    time_form: ClockForm
    status: str = ""
    ok: tuple[str, ...] = ()
    failures: tuple[tuple[str, NibpFailure], ...] = ()

    @property
    def values(self) -> tuple[FieldLayout, ...]:
        """The fields that hold numbers."""
        return tuple(f for f in (self.systolic, self.diastolic, self.mean, self.pulse) if f is not None)


@dataclass(frozen=True, slots=True)
class MonitorLayout:
    """Who the monitor is and how it speaks. ``request`` is empty for one that speaks unasked, every ``interval_s``.

    ``clock``, ``identity`` and ``alarm`` name fields and are empty where there are none; ``quiet`` holds the texts of
    the alarm field that mean no alarm. ``ignored`` are fields that are known and not wanted.
    """

    id: str
    name: str
    manufacturer: str
    model: str
    interval_s: float
    line: LineLayout
    fields: tuple[FieldLayout, ...]
    request: bytes = b""
    nibp: NibpLayout | None = None
    clock: str = ""
    clock_form: ClockForm | None = None
    identity: str = ""
    alarm: str = ""
    quiet: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    cable_hints: tuple[str, ...] = ()

    @property
    def known_fields(self) -> frozenset[str]:
        """Every field the description mentions."""
        known = {f.field for f in self.fields} | set(self.ignored)
        if self.nibp is not None:
            known |= {f.field for f in self.nibp.values} | {self.nibp.time, self.nibp.status}
        return frozenset((known | {self.clock, self.identity, self.alarm}) - {""})
