"""The numbers on display: which source speaks for each, how fresh it is, and what is attached to the patient."""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.clock import NS_PER_S
from devices.signals import DeviceStatus, NumericReading, Quality
from monitor_app.core.alarm.facts import NOT_FITTED, Shown

RATE_HOLD_NS = 3 * NS_PER_S
"""A rate not refreshed for this long is no value: three times the 1-Hz refresh of clinical.md §8.3."""
SPO2_HOLD_NS = 30 * NS_PER_S
"""Saturation older than this is blanked (clinical.md §8.5)."""
HOLD_NS = {"SPO2": SPO2_HOLD_NS, "TEMP": 60 * NS_PER_S}

_QUALITY_FIGURE = (
    (Quality.INVALID | Quality.SENSOR_OFF, 0.0),
    (Quality.ARTIFACT | Quality.SEARCHING, 0.3),
    (Quality.QUESTIONABLE | Quality.STALE, 0.4),
    (Quality.WEAK, 0.6),
)
_SENSOR_OFF_CODES = ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER")


def quality_figure(quality: Quality) -> float:
    """The 0..1 figure of a device's quality flags; below 0.5 a threshold rule looks elsewhere (clinical.md §5.8)."""
    for flags, figure in _QUALITY_FIGURE:
        if quality & flags:
            return figure
    return 1.0


@dataclass(frozen=True, slots=True)
class _Held:
    reading: NumericReading
    t_ns: int


class VitalsBoard:
    """Newest value of each quantity by source, and the sensors' states. Bedside thread only."""

    def __init__(self) -> None:
        self._ranked: list[str] = []
        self._fitted: dict[str, frozenset[str]] = {}
        self._values: dict[tuple[str, str], _Held] = {}
        self._down: set[str] = set()
        self._conditions: dict[tuple[str, str, str], int] = {}

    def add_source(self, source: str, numerics: Iterable[str]) -> None:
        """A monitor takes part and can give these numerics; earlier ones outrank later ones."""
        if source not in self._ranked:
            self._ranked.append(source)
        self._fitted[source] = frozenset(numerics)

    def numeric(self, source: str, reading: NumericReading, t_ns: int) -> None:
        """Take a value; None is a value too: the device says there is nothing now."""
        self._values[source, reading.name] = _Held(reading, t_ns)

    def link(self, source: str, *, up: bool) -> None:
        """Mark a connection down: its values are blank at once, its sensors' states unknown (protocols.md §11)."""
        if up:
            self._down.discard(source)
            return
        self._down.add(source)
        self._conditions = {key: t for key, t in self._conditions.items() if key[0] != source}

    def status(self, source: str, status: DeviceStatus, t_ns: int) -> None:
        """Take a condition that begins or ends."""
        key = (source, status.code, status.detail)
        if status.active:
            self._conditions.setdefault(key, t_ns)
            return
        ended = [k for k in self._conditions if k[:2] == key[:2] and status.detail in {"", k[2]}]
        for k in ended:
            del self._conditions[k]

    def since(self, *codes: str) -> int | None:
        """Since when any of these conditions holds, None if none does."""
        times = [t for (_, code, _), t in self._conditions.items() if code in codes]
        return min(times) if times else None

    def details(self, code: str) -> tuple[str, ...]:
        """The details of a condition that holds, e.g. the names of leads off."""
        return tuple(sorted(detail or "lead" for _, c, detail in self._conditions if c == code))

    @property
    def sensor_off_since_t_ns(self) -> int | None:
        """Since when the SpO2 probe is off the patient or unplugged."""
        return self.since(*_SENSOR_OFF_CODES)

    def shown(self, name: str, t_ns: int) -> Shown:
        """The value on display from the best source that has one; ``t_ns`` of it is its last refresh."""
        best = NOT_FITTED
        for source in self._ranked:
            if name not in self._fitted[source] and (source, name) not in self._values:
                continue
            held = self._values.get((source, name))
            shown = self._from(source, name, held, t_ns)
            if shown.value is not None:
                return shown
            if not best.fitted or shown.t_ns > best.t_ns:
                best = shown
        return best

    def _from(self, source: str, name: str, held: _Held | None, t_ns: int) -> Shown:
        if held is None:
            return Shown(None, 0.0, source, 0)
        reading = held.reading
        fresh = source not in self._down and t_ns - held.t_ns <= HOLD_NS.get(name, RATE_HOLD_NS)
        value = reading.value if fresh and not reading.quality & Quality.INVALID else None
        return Shown(value, quality_figure(reading.quality) if value is not None else 0.0, source, held.t_ns)


def first_valued(*candidates: Shown) -> Shown:
    """The first that has a value of usable quality; then any value; then the one refreshed last."""
    usable = [c for c in candidates if c.value is not None and c.quality >= 0.5]
    if usable:
        return usable[0]
    valued = [c for c in candidates if c.value is not None]
    if valued:
        return valued[0]
    fitted = [c for c in candidates if c.fitted]
    return max(fitted, key=lambda c: c.t_ns) if fitted else NOT_FITTED
