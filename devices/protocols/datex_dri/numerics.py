"""Values of numeric sub-records: from words to readings (protocols.md §2.5).

The quantities of design.md §7 (``HR PR SPO2 RR PI TEMP``) are in every basic record, None where the monitor has none.
Everything else a monitor measures has a name of its own and is read only while there is a value, with one None at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from devices.protocols.datex_dri import layout
from devices.signals import NumericReading, Quality

SPECIAL_QUALITY = MappingProxyType(
    {
        layout.INVALID: Quality.INVALID,
        layout.NOT_UPDATED: Quality.INVALID | Quality.STALE,
        layout.BELOW_RANGE: Quality.INVALID | Quality.CLIPPED,
        layout.ABOVE_RANGE: Quality.INVALID | Quality.CLIPPED,
        layout.NOT_CALIBRATED: Quality.INVALID | Quality.QUESTIONABLE,
    }
)
"""Special values (protocols.md §2.5); every other one at or below -32000 is invalid."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value: its name, its offset in the sub-record, its unit (UCUM), counts per unit, and its believable range."""

    name: str
    at: int
    unit: str
    per_unit: int = 1
    low: float = 0.0
    high: float = 32767.0

    def read(self, part: bytes) -> tuple[float | None, Quality]:
        """Return the value in its unit, or None with the reason."""
        (raw,) = layout.WORD.unpack_from(part, self.at)
        if raw <= layout.NO_NUMBER:
            return None, SPECIAL_QUALITY.get(raw, Quality.INVALID)
        value = raw / self.per_unit
        # The checksum has eight bits: one damaged record in 256 passes it.
        if not self.low <= value <= self.high:
            return None, Quality.INVALID
        return value, Quality.GOOD

    def reading(self, part: bytes, time_s: float | None, *, mark: Quality = Quality.GOOD) -> NumericReading:
        """Return the reading; ``mark`` is added to its quality."""
        value, quality = self.read(part)
        return NumericReading(self.name, value, self.unit, quality | mark, time_s)


HR = Field("HR", 10, "/min", high=400)
HR_FROM_ECG = Field("HR", 230, "/min", high=400)
_RATE_RANGE = (Field("HR_MAX", 232, "/min", high=400), Field("HR_MIN", 234, "/min", high=400))
RR = Field("RR", 18, "/min", high=200)
RR_FROM_CO2 = Field("RR", 146, "/min", high=200)
SPO2 = Field("SPO2", 128, "%", 100, high=100)
PR = Field("PR", 130, "/min", high=400)
PI = Field("PI", 132, "%", 100, high=100)
"""The infrared amplitude is the pulsatile share of the light: a perfusion index."""
TEMPERATURES = tuple(
    Field(f"T{n}", at + 6, "Cel", 100, low=0, high=60) for n, at in enumerate(layout.TEMPERATURES_AT, 1)
)
NIBP_SYSTOLIC = Field("NIBP_SYS", 82, "mm[Hg]", 100, low=1, high=320)
NIBP_DIASTOLIC = Field("NIBP_DIA", 84, "mm[Hg]", 100, low=1, high=320)
NIBP_MEAN = Field("NIBP_MEAN", 86, "mm[Hg]", 100, low=1, high=320)
NIBP_PULSE = Field("NIBP_PULSE", 88, "/min", low=1, high=400)

_MM = ("mm", 100, -100.0, 100.0)
_GAS = ("%", 100, -5.0, 110.0)
_AGENT = ("%", 100, -5.0, 50.0)


def _pressure(name: str, at: int) -> tuple[Field, ...]:
    """Return the fields of an invasive pressure: 1/100 mmHg, and a rate."""
    parts = ("SYS", "DIA", "MEAN")
    pressures = [
        Field(f"{name}_{part}", at + 6 + 2 * k, "mm[Hg]", 100, -100, 320) for k, part in enumerate(parts)
    ]
    return (*pressures, Field(f"{name}_HR", at + 12, "/min", high=400))


_ST_LEADS = ("I", "II", "III", "AVL", "AVR", "AVF", "V1", "V2", "V3", "V4", "V5", "V6")

EXTRAS: dict[int, dict[str, tuple[Field, ...]]] = {
    layout.BASIC: {
        "ECG": tuple(Field(f"ST{n}", 10 + 2 * n, *_MM) for n in (1, 2, 3)),
        "SpO2": (Field("SVO2", 134, "%", 100, high=100),),
        "CO2": (
            Field("ETCO2", 142, *_GAS),
            Field("FICO2", 144, *_GAS),
            Field("RR_CO2", 146, "/min", high=200),
            Field("AMBIENT_PRESSURE", 148, "mm[Hg]", 10, low=300, high=1000),
        ),
        "O2": (Field("ETO2", 156, *_GAS), Field("FIO2", 158, *_GAS)),
        "N2O": (Field("ETN2O", 166, *_GAS), Field("FIN2O", 168, *_GAS)),
        "anaesthetic agent": (Field("ETAA", 176, *_AGENT), Field("FIAA", 178, *_AGENT)),
        "SvO2": (Field("SVO2_CATHETER", 242, "%", 100, high=100),),
        **{f"P{n}": _pressure(f"P{n}", at) for n, at in enumerate((20, 34, 48, 62, 244, 258), 1)},
    },
    layout.EXT1: {
        "arrhythmia": (
            Field("RR_INTERVAL", 12, "ms", high=20000),
            Field("PVC_RATE", 14, "/min", high=400),
        ),
        "12-lead ST": tuple(Field(f"ST_{lead}", 58 + 2 * k, *_MM) for k, lead in enumerate(_ST_LEADS)),
        "P7": _pressure("P7", 82),
        "P8": _pressure("P8", 96),
        "second SpO2": (
            Field("SPO2_2", 116, "%", 100, high=100),
            Field("PR_2", 118, "/min", high=400),
            Field("PI_2", 120, "%", 100, high=100),
        ),
        "T5": (Field("T5", 130, "Cel", 100, high=60),),
        "T6": (Field("T6", 138, "Cel", 100, high=60),),
    },
    layout.EXT2: {
        "entropy": (
            Field("ENTROPY_STATE", 122, "1", high=100),
            Field("ENTROPY_RESPONSE", 124, "1", high=100),
            Field("ENTROPY_BSR", 126, "%", high=100),
        ),
    },
    layout.EXT3: {},
}
"""Groups beyond the tiles, by class and group name. A group of the layout that is in no table is shown as unknown."""

HELD_ELSEWHERE = frozenset({"ECG", "NIBP", "SpO2", "T1", "T2", "T3", "T4"})
"""Groups of the basic class that are read by themselves."""


def group_state(part: bytes, at: int) -> tuple[int, int]:
    """Return status and label of the group that begins at ``at``."""
    status, label = layout.GROUP.unpack_from(part, at)
    return status, label


def is_active(part: bytes, at: int) -> bool:
    """Whether the measurement is there and runs."""
    wanted = layout.EXISTS | layout.ACTIVE
    return bool(part[at] & wanted == wanted)


class Extras:
    """Values beyond the tiles: told while there are any, and once as None when they end."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}  # name to unit

    def take(self, kind: int, part: bytes, time_s: float | None) -> list[NumericReading]:
        """Return the readings of a sub-record of class ``kind``."""
        readings: list[NumericReading] = []
        for group in layout.GROUPS[kind]:
            active = is_active(part, group.at)
            for field in EXTRAS[kind].get(group.name, ()):
                readings += self.tell(field, part if active else None, time_s)
        if kind == layout.BASIC:
            for field in _RATE_RANGE:
                readings += self.tell(field, part, time_s)
        return readings

    def tell(self, field: Field, part: bytes | None, time_s: float | None) -> list[NumericReading]:
        """Return the reading of one field, if it says anything new; ``part`` None: its group is not there."""
        value, quality = (None, Quality.INVALID) if part is None else field.read(part)
        if value is None:
            if self._shown.pop(field.name, None) is None:
                return []
        else:
            self._shown[field.name] = field.unit
        return [NumericReading(field.name, value, field.unit, quality, time_s)]


def unread_groups(kind: int, part: bytes) -> Iterator[str]:
    """Yield the names of groups that measure something nothing here reads."""
    for group in layout.GROUPS[kind]:
        if group.name in EXTRAS[kind] or (kind == layout.BASIC and group.name in HELD_ELSEWHERE):
            continue
        if is_active(part, group.at):
            yield group.name
