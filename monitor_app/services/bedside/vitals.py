"""The numbers on display: which source speaks for each, how fresh it is, and what is attached to the patient."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from devices.clock import NS_PER_S
from devices.signals import DeviceStatus, NumericReading, Quality
from monitor_app.core.alarm.confirmation import needed_for_rate
from monitor_app.core.alarm.facts import NOT_FITTED, Shown
from monitor_app.services.bedside.publication import AlsoReceived, MonitorAlarm
from monitor_app.services.bedside.sources import SLOW_S, Key, Offer, Ranking, Switch, Worth

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
_GOOD = Quality.GOOD
_INVALID = Quality.INVALID.value
_SENSOR_OFF_CODES = ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER")
_OXIMETER = frozenset({"SPO2", "PR", "PI", "PLETH"})
_ECG = frozenset({"HR", "ECG"})
_SHOWN = frozenset({"HR", "PR", "SPO2", "RR", "PI", "TEMP"})
"""Names with a place on the screen (design.md §7); any other is listed as it came."""
ALSO_NS = 60 * NS_PER_S
"""How long a number without a place of its own is listed."""
USABLE = 0.5
"""Quality below which another source is looked for (clinical.md §5.8.1)."""


def quality_figure(quality: Quality) -> float:
    """The 0..1 figure of a device's quality flags; below 0.5 a threshold rule looks elsewhere (clinical.md §5.8)."""
    if quality is _GOOD:
        return 1.0
    bits = quality.value
    return next((figure for flags, figure in _QUALITY_FIGURE if bits & flags), 1.0)


@dataclass(frozen=True, slots=True)
class _Held:
    reading: NumericReading
    t_ns: int
    valued_t_ns: int  # when there was a value last; a device that says "nothing" refreshes nothing


class VitalsBoard:
    """Newest value of each quantity by source, and the sensors' states. Bedside thread only.

    Where several sources give a quantity ``rank`` chooses who speaks for it; until then the first that was added does.
    """

    def __init__(self) -> None:
        self._sources: list[str] = []  # those that refresh slowly last, else in the order of adding
        self._slow: set[str] = set()
        self._fitted: dict[str, frozenset[str]] = {}
        self._begun: dict[str, int] = {}
        self._rate_hold_ns: dict[str, int] = {}
        self._values: dict[Key, _Held] = {}
        self._zero_since: dict[Key, int] = {}
        self._measured: set[Key] = set()  # what was more than nought once
        self._down: set[str] = set()
        self._conditions: dict[tuple[str, str, str], int] = {}
        self._ranking = Ranking()
        self._givers: dict[str, list[str]] = {}  # by quantity, the preferred one first
        self._shared: list[str] | None = None

    def add_source(
        self, source: str, numerics: Iterable[str], t_ns: int = 0, *, interval_s: float = 1.0
    ) -> None:
        """A monitor takes part and can give these numerics each ``interval_s``; earlier ones outrank later ones."""
        if source not in self._sources:
            self._sources.append(source)
        if interval_s > SLOW_S:
            self._slow.add(source)
        self._sources.sort(key=lambda s: s in self._slow)
        self._fitted[source] = frozenset(numerics)
        self._begun[source] = t_ns
        self._rate_hold_ns[source] = max(RATE_HOLD_NS, round(MISSED_REFRESHES * interval_s * NS_PER_S))
        self._regroup()

    def _regroup(self) -> None:
        self._givers.clear()
        self._shared = None

    def numeric(self, source: str, reading: NumericReading, t_ns: int) -> None:
        """Take a value; None is a value too: the device says there is nothing now."""
        key = (source, reading.name)
        valued_t_ns = t_ns
        if key not in self._values:
            self._regroup()
        if reading.value is None or reading.quality.value & _INVALID:
            before = self._values.get(key)
            valued_t_ns = self._begun[source] if before is None else before.valued_t_ns
        self._values[key] = _Held(reading, t_ns, valued_t_ns)
        if reading.value:
            self._measured.add(key)
        if reading.value == 0 and key in self._measured:
            self._zero_since.setdefault(key, t_ns)
        elif key in self._zero_since:
            del self._zero_since[key]

    def link(self, source: str, *, up: bool) -> None:
        """Mark a connection down: its values are blank at once, its sensors' states unknown (protocols.md §11)."""
        if up:
            self._down.discard(source)
            return
        self._down.add(source)
        self._zero_since = {key: t for key, t in self._zero_since.items() if key[0] != source}
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
        """The source that speaks for a quantity; None where no monitor gives it."""
        givers = self._who_gives(name)
        if len(givers) < 2:
            return givers[0] if givers else None
        key = self._ranking.key(name)
        return key[0] if key else givers[0]

    def _who_gives(self, name: str) -> list[str]:
        if name not in self._givers:
            self._givers[name] = [
                s for s in self._sources if name in self._fitted[s] or (s, name) in self._values
            ]
        return self._givers[name]

    def rank(self, t_ns: int) -> list[Switch]:
        """Choose anew, where several sources give a quantity; what another one speaks for from now on."""
        found = (self._review(name, t_ns) for name in self._contested())
        return [switch for switch in found if switch is not None]

    def _contested(self) -> list[str]:
        """The quantities that more than one source gives."""
        if self._shared is None:
            names = {*(n for fitted in self._fitted.values() for n in fitted), *(n for _, n in self._values)}
            self._shared = sorted(name for name in names if len(self._who_gives(name)) > 1)
        return self._shared

    def _review(self, name: str, t_ns: int) -> Switch | None:
        first, *others = self._who_gives(name)
        offers = [self._offer((first, name), t_ns)]
        serving = offers[0].worth is Worth.GOOD and self._ranking.key(name) == (first, name)
        if not serving:  # else nothing is preferred to it, so nothing else need be asked
            offers += [self._offer((source, name), t_ns) for source in others]
        return self._ranking.review(name, offers, t_ns)

    def _offer(self, key: Key, t_ns: int) -> Offer:
        if absent := self._absent(key):
            return Offer(key, Worth.NOTHING, absent)
        source, name = key
        held = self._values[key]
        age_ns = t_ns - held.t_ns
        if age_ns > self._rate_hold_ns[source]:
            kept = age_ns <= HOLD_NS.get(name, 0)
            why = f"not refreshed for {age_ns // NS_PER_S} s"
            return Offer(key, Worth.DOUBTFUL if kept else Worth.NOTHING, why)
        if quality_figure(held.reading.quality) < USABLE:
            return Offer(key, Worth.DOUBTFUL, "poor signal")
        return Offer(key, Worth.GOOD)

    def _absent(self, key: Key) -> str:
        """Why a source gives no value at all; empty where it does."""
        source, name = key
        if source in self._down:
            return "connection lost"
        if off := self.sensor_off(source, name):
            return off
        held = self._values.get(key)
        if held is None:
            return f"no {name} comes from it"
        nothing = held.reading.value is None or held.reading.quality.value & _INVALID
        return "it has no value" if nothing else ""

    def sensor_off(self, source: str, name: str) -> str:
        """Why nothing of a number or wave can come from the patient there; empty while its sensor is on."""
        if name in _OXIMETER and self.since(*_SENSOR_OFF_CODES, source=source) is not None:
            return "SpO2 sensor off"
        if name in _ECG and self.rate_lead_off(source):
            return "ECG lead off"
        return ""

    def rate_lead_off(self, source: str) -> bool:
        """Whether an electrode is off there without which no heart rate is to be trusted: any but a chest one."""
        off = self.since("ECG_LEAD_OFF", source=source) is not None
        return off and needed_for_rate(self.details("ECG_LEAD_OFF", source))

    @property
    def sensor_off_since_t_ns(self) -> int | None:
        """Since when the SpO2 probe is off the patient or unplugged, at the monitor whose SpO2 is shown."""
        return self.since(*_SENSOR_OFF_CODES, source=self.source_of("SPO2"))

    def shown(self, name: str, t_ns: int) -> Shown:
        """The value on display, of the source that speaks for it; ``t_ns`` is its last refresh."""
        source = self.source_of(name)
        if source is None:
            return NOT_FITTED
        return self._from(source, name, self._values.get((source, name)), t_ns)

    def _from(self, source: str, name: str, held: _Held | None, t_ns: int) -> Shown:
        if held is None:
            return Shown(None, 0.0, source, self._begun[source])
        reading = held.reading
        hold_ns = HOLD_NS.get(name) or self._rate_hold_ns[source]
        fresh = source not in self._down and t_ns - held.t_ns <= hold_ns
        value = reading.value if fresh and not reading.quality.value & _INVALID else None
        quality = quality_figure(reading.quality) if value is not None else 0.0
        return Shown(value, quality, source, held.valued_t_ns)

    def zero_since(self, name: str, source: str, t_ns: int) -> int | None:
        """Since when a source says that this is nought, which is more than not knowing it; None while it does not.

        A source that has never said anything else does not measure it.
        """
        since = self._zero_since.get((source, name))
        if since is None or self.shown(name, t_ns).value != 0:
            return None
        return since

    def also_received(self, t_ns: int) -> tuple[AlsoReceived, ...]:
        """Numbers of the last minute that have no place on the screen, under the names their monitors gave them."""
        return tuple(
            AlsoReceived(source, name, held.reading.value, held.reading.unit)
            for (source, name), held in sorted(self._values.items())
            if name not in _SHOWN
            and held.reading.value is not None
            and not held.reading.quality.value & _INVALID
            and t_ns - held.t_ns <= ALSO_NS
        )

    def monitor_alarms(self) -> tuple[MonitorAlarm, ...]:
        """What the monitors themselves say is wrong, by source in the order they were added."""
        return tuple(
            MonitorAlarm(s, self.details("MONITOR_ALARM", s), self.details("MONITOR_ALARM_TEXT", s))
            for s in self._begun
            if self.since("MONITOR_ALARM", source=s) is not None
        )


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
