"""What a BCI oximeter says besides its wave: two numbers and some flags, as readings and conditions (protocols.md §7.1)."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from types import MappingProxyType

from devices.protocols.bci.frames import (
    FRAME_BYTES,
    NO_FINGER,
    NO_SIGNAL,
    PR_HIGH,
    PR_INVALID,
    SEARCHING,
    SPO2_INVALID,
    STRENGTH_UNKNOWN,
    UNPLUGGED,
)
from devices.signals import DeviceStatus, NumericReading, Quality, Signal

WEAK_STRENGTH = 3
"""Below this strength of 0 to 8 a number is marked as weak; the documents give no limit, it is Chairside's."""


class Dialect(Enum):
    """Whose flags these are: the same bits mean different things (protocols.md §7.1)."""

    PROBE = "BCI document"
    CMS50 = "Contec CMS50D+ up to firmware 5"


_FLAGS = MappingProxyType(
    {
        Dialect.PROBE: (
            (1, UNPLUGGED, "SPO2_PROBE_UNPLUGGED", ""),
            (3, NO_FINGER, "SPO2_NO_FINGER", ""),
            (3, SEARCHING, "SPO2_SEARCHING", ""),
            (1, NO_SIGNAL, "SPO2_SEARCHING", "no signal"),
        ),
        Dialect.CMS50: (
            (3, NO_FINGER, "SPO2_PROBE_UNPLUGGED", "probe error"),
            (1, NO_SIGNAL, "SPO2_NO_FINGER", ""),
            (3, SEARCHING, "SPO2_SEARCHING", ""),
            (1, UNPLUGGED, "MONITOR_ALARM", "SpO2 dropping"),
        ),
    }
)
"""Byte, bit, condition and its words. Of the three conditions of the sensor only the first that holds is told."""
_SENSOR = ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER", "SPO2_SEARCHING")
_CODES = (*_SENSOR, "MONITOR_ALARM")


_FIRST_KEY = bytes(
    (first & (NO_SIGNAL | UNPLUGGED)) >> 4 | ((first & 0x0F) < WEAK_STRENGTH) << 6 for first in range(256)
)
_THIRD_KEY = bytes((third & (NO_FINGER | SEARCHING | PR_HIGH)) >> 2 for third in range(256))
"""What bytes 1 and 3 add to a key, from its bit 14 on."""


def state_runs(octets: bytes) -> list[tuple[int, int, int]]:
    """Return (key, first frame, end) for each run of frames with one key, which is equal where flags, PR, SpO2 and weakness are."""
    columns = (
        octets[::FRAME_BYTES].translate(_FIRST_KEY),
        octets[2::FRAME_BYTES].translate(_THIRD_KEY),
        octets[3::FRAME_BYTES],
        octets[4::FRAME_BYTES],
    )
    count = len(columns[0])
    if all(column.count(column[:1]) == count for column in columns):  # most pieces hold one state
        edges = [0, count]
    else:
        frames = list(zip(*columns, strict=True))
        changes = (k for k, (before, now) in enumerate(pairwise(frames), 1) if before != now)
        edges = [0, *changes, count]
    return [(_key(*(column[start] for column in columns)), start, end) for start, end in pairwise(edges)]


def _key(first: int, third: int, pulse: int, spo2: int) -> int:
    return spo2 | pulse << 7 | (first | third) << 14


@dataclass(frozen=True, slots=True)
class ProbeState:
    """The numbers and conditions of one state; ``conditions`` holds the words of each that is active."""

    spo2_percent: float | None
    pr_per_min: float | None
    quality: Quality
    conditions: dict[str, str]

    def readings(self) -> list[Signal]:
        """SPO2 and PR, each on its own."""
        return [
            _reading("SPO2", self.spo2_percent, "%", self.quality),
            _reading("PR", self.pr_per_min, "/min", self.quality),
        ]

    def changes_from(self, before: "ProbeState | None") -> list[Signal]:
        """Conditions that ended, began or changed their words since ``before``."""
        was = before.conditions if before is not None else {}
        ended: list[Signal] = [
            DeviceStatus(code, active=False) for code in _CODES if code in was and code not in self.conditions
        ]
        return ended + [
            DeviceStatus(code, active=True, detail=self.conditions[code])
            for code in _CODES
            if code in self.conditions and was.get(code) != self.conditions[code]
        ]


def read_state(key: int, dialect: Dialect) -> ProbeState:
    """Read one of ``state_keys``. With the sensor off a number that still stands there is old, and none is given."""
    flag_bits = key >> 14
    first, third = (flag_bits & 0x03) << 4, (flag_bits & 0x1C) << 2
    held = [
        (code, words) for byte, bit, code, words in _FLAGS[dialect] if (first if byte == 1 else third) & bit
    ]
    sensor = next((item for item in held if item[0] in _SENSOR), None)
    conditions = dict([item for item in held if item[0] not in _SENSOR] + ([sensor] if sensor else []))
    off = sensor is not None and sensor[0] != "SPO2_SEARCHING"
    quality = Quality.SENSOR_OFF if off else Quality.SEARCHING if sensor is not None else Quality.GOOD
    if key >> 20 and not off:
        quality |= Quality.WEAK
    spo2 = key & 0x7F
    pulse = key >> 7 & 0x7F | (third & PR_HIGH) << 1
    return ProbeState(
        spo2_percent=float(spo2) if not off and 0 < spo2 < SPO2_INVALID else None,
        pr_per_min=float(pulse) if not off and 0 < pulse < PR_INVALID else None,
        quality=quality,
        conditions=conditions,
    )


def signal_readings(octets: bytes, frame: int, before: int) -> list[Signal]:
    """Strength of the signal and height of the pulse bar of one of these frames, as the oximeter draws them.

    Strength 15 is none known; like every number it is believed where the frame before says the same, which is that of
    byte 1 ``before`` where this is the first.
    """
    at = FRAME_BYTES * frame
    bar = _reading("PULSE_BAR", float(octets[at + 2] & 0x0F), "1", Quality.GOOD)
    strength = octets[at] & 0x0F
    if (octets[at - FRAME_BYTES] if frame else before) & 0x0F != strength:
        return [bar]
    known = None if strength == STRENGTH_UNKNOWN else float(strength)
    return [_reading("SIGNAL_STRENGTH", known, "1", Quality.GOOD), bar]


def _reading(name: str, value: float | None, unit: str, quality: Quality) -> Signal:
    return NumericReading(name, value, unit, quality if value is not None else quality | Quality.INVALID)
