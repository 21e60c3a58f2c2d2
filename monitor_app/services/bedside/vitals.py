"""The numbers on display: which source speaks for each, how fresh it is, and what is attached to the patient."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from devices.clock import NS_PER_S
from devices.signals import DeviceStatus, NumericReading, Quality
from monitor_app.core.alarm.facts import NOT_FITTED, Shown

RATE_HOLD_NS = 3 * NS_PER_S
"""A rate not refreshed for this long is no value: three times the 1-Hz refresh of clinical.md §8.3 …"""
MISSED_REFRESHES = 2.2
"""… or, of a device that refreshes more rarely, more than two of its own (the measure of TE-09, clinical.md §6.6)."""
SPO2_HOLD_NS = 30 * NS_PER_S
"""Saturation older than this is blanked (clinical.md §8.5)."""
HOLD_NS = {"SPO2": SPO2_HOLD_NS, "TEMP": 60 * NS_PER_S}

_QUALITY_FIGURE = (
    ((Quality.INVALID | Quality.SENSOR_OFF).value, 0.0),
    ((Quality.ARTIFACT | Quality.SEARCHING).value, 0.3),
    ((Quality.QUESTIONABLE | Quality.STALE).value, 0.4),
    (Quality.WEAK.value, 0.6),
)
"""By the bits of the flags: this is asked ten times a second, and ``Flag`` is slow at it."""
_INVALID = Quality.INVALID.value
_SENSOR_OFF_CODES = ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER")
USABLE = 0.5
"""Quality below which another source is looked for (clinical.md §5.8.1)."""


def quality_figure(quality: Quality) -> float:
    """The 0..1 figure of a device's quality flags; below 0.5 a threshold rule looks elsewhere (clinical.md §5.8)."""
    bits = quality.value
    if bits:
        for flags, figure in _QUALITY_FIGURE:
            if bits & flags:
                return figure
    return 1.0


@dataclass(frozen=True, slots=True)
class _Held:
    reading: NumericReading
    t_ns: int
    valued_t_ns: int  # when there was a value last; a device that says "nothing" refreshes nothing


class VitalsBoard:
    """Newest value of each quantity by source, and the sensors' states. Bedside thread only."""

    def __init__(self) -> None:
        self._ranked: list[str] = []
        self._fitted: dict[str, frozenset[str]] = {}
        self._begun: dict[str, int] = {}
        self._rate_hold_ns: dict[str, int] = {}
        self._values: dict[tuple[str, str], _Held] = {}
        self._down: set[str] = set()
        self._conditions: dict[tuple[str, str, str], int] = {}

    def add_source(
        self, source: str, numerics: Iterable[str], t_ns: int = 0, *, interval_s: float = 1.0
    ) -> None:
        """A monitor takes part and can give these numerics each ``interval_s``; earlier ones outrank later ones."""
        if source not in self._ranked:
            self._ranked.append(source)
        self._fitted[source] = frozenset(numerics)
        self._begun[source] = t_ns
        self._rate_hold_ns[source] = max(RATE_HOLD_NS, round(MISSED_REFRESHES * interval_s * NS_PER_S))

    def numeric(self, source: str, reading: NumericReading, t_ns: int) -> None:
        """Take a value; None is a value too: the device says there is nothing now."""
        key = (source, reading.name)
        valued_t_ns = t_ns
        if reading.value is None or reading.quality.value & _INVALID:
            before = self._values.get(key)
            valued_t_ns = self._begun[source] if before is None else before.valued_t_ns
        self._values[key] = _Held(reading, t_ns, valued_t_ns)

    def link(self, source: str, *, up: bool) -> None:
        """Mark a connection down: its values are blank at once, its sensors' states unknown (protocols.md §11)."""
        if up:
            self._down.discard(source)
            return
        self._down.add(source)
        for key, held in self._values.items():
            if key[0] == source:  # what was said before the loss is not said again after it
                self._values[key] = replace(held, reading=replace(held.reading, value=None))
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

    def since(self, *codes: str, source: str | None = None) -> int | None:
        """Since when any of these conditions holds (at this source, if named), None if none does."""
        if not self._conditions:
            return None
        times = [
            t
            for (at, code, _), t in self._conditions.items()
            if code in codes and (source is None or at == source)
        ]
        return min(times) if times else None

    def details(self, code: str, source: str | None = None) -> tuple[str, ...]:
        """The details of a condition that holds, e.g. the names of leads off; empty ones are left out."""
        if not self._conditions:
            return ()
        found = {
            detail
            for at, held, detail in self._conditions
            if held == code and detail and (source is None or at == source)
        }
        return tuple(sorted(found))

    def source_of(self, name: str) -> str | None:
        """The source that speaks for a quantity first; None where no monitor gives it."""
        return next((s for s in self._ranked if name in self._fitted[s]), None)

    @property
    def sensor_off_since_t_ns(self) -> int | None:
        """Since when the SpO2 probe is off the patient or unplugged."""
        return self.since(*_SENSOR_OFF_CODES, source=self.source_of("SPO2"))

    def shown(self, name: str, t_ns: int) -> Shown:
        """The value on display: of the first source with a usable one, else with any; ``t_ns`` is its last refresh."""
        best = NOT_FITTED
        for source in self._ranked:
            held = self._values.get((source, name))
            if held is None and name not in self._fitted[source]:
                continue
            shown = self._from(source, name, held, t_ns)
            if shown.value is not None and shown.quality >= USABLE:
                return shown
            if _better(shown, best):
                best = shown
        return best

    def _from(self, source: str, name: str, held: _Held | None, t_ns: int) -> Shown:
        if held is None:
            return Shown(None, 0.0, source, self._begun[source])
        reading = held.reading
        hold_ns = HOLD_NS.get(name) or self._rate_hold_ns[source]
        fresh = source not in self._down and t_ns - held.t_ns <= hold_ns
        value = reading.value if fresh and not reading.quality.value & _INVALID else None
        quality = quality_figure(reading.quality) if value is not None else 0.0
        return Shown(value, quality, source, held.valued_t_ns)


def _better(shown: Shown, best: Shown) -> bool:
    """Whether a value that is not usable says more than the best so far: any value, then the one refreshed last."""
    if not best.fitted:
        return True
    if (shown.value is None) != (best.value is None):
        return best.value is None
    return best.value is None and shown.t_ns > best.t_ns


def first_valued(*candidates: Shown) -> Shown:
    """The first that has a value of usable quality; then any value; then the one refreshed last."""
    usable = [c for c in candidates if c.value is not None and c.quality >= USABLE]
    if usable:
        return usable[0]
    valued = [c for c in candidates if c.value is not None]
    if valued:
        return valued[0]
    fitted = [c for c in candidates if c.fitted]
    return max(fitted, key=lambda c: c.t_ns) if fitted else NOT_FITTED
