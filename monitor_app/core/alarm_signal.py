"""Which recorded values an alarm was judged on: where they came from, how good they were, how far they went.

An alarm's entries hold the value at each step of its life, not which device it came from nor what lay between the steps.
Both are in the record beside it, so they are looked up here instead of being written twice. A series counts as the alarm's
own only where it holds the very value the alarm names: the rate shown may be the monitor's, Chairside's or the pulse.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from devices.signals import Quality
from monitor_app.core.journal import AlarmEntry, JournalEntry, NibpEntry, NumericEntry
from monitor_app.core.stamp import NS_PER_S, Stamp

CHAIRSIDE = "chairside"
FRESH_NS = 5 * NS_PER_S
"""A continuous value older than this was no longer the one on display."""
SAME = 0.51
"""A displayed value is rounded: closer than this is the same one."""
CONTINUOUS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"AL-HR": ("HR", "PR"), "AL-SP": ("SPO2",), "AL-RR": ("RR",)}
)
PRESSURE = "AL-BP"
PRESSURE_NAMES = ("SYS", "DIA", "MAP")


@dataclass(frozen=True, slots=True)
class Sample:
    """One recorded value."""

    stamp: Stamp
    value: float
    quality: str


@dataclass(slots=True)
class Series:
    """The values of one quantity from one source, in the order of time."""

    name: str
    source: str
    times: list[int] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample) -> None:
        """Take the next value; one stamped before the last is put in its place."""
        at = bisect_right(self.times, sample.stamp.t_ns)
        self.times.insert(at, sample.stamp.t_ns)
        self.samples.insert(at, sample)

    def at(self, t_ns: int) -> Sample | None:
        """Return the newest value at an instant."""
        index = bisect_right(self.times, t_ns)
        return self.samples[index - 1] if index else None

    def between(self, start_t_ns: int, end_t_ns: int) -> list[Sample]:
        """Return the values of a stretch, its ends included."""
        return self.samples[bisect_left(self.times, start_t_ns) : bisect_right(self.times, end_t_ns)]


class SignalHistory:
    """Every value of a session that an alarm could have been judged on."""

    def __init__(self, entries: Iterable[JournalEntry]) -> None:
        self._series: dict[tuple[str, str], Series] = {}
        for entry in entries:
            if isinstance(entry, NumericEntry):
                if entry.value is not None and not entry.quality & Quality.INVALID:
                    words = quality_words(entry.quality)
                    self._add(entry.name, entry.source, Sample(entry.stamp, entry.value, words))
            elif isinstance(entry, NibpEntry) and entry.accepted:
                parts = (entry.systolic_mmhg, entry.diastolic_mmhg, entry.mean_mmhg)
                for name, value in zip(PRESSURE_NAMES, parts, strict=True):
                    if value is not None:
                        self._add(name, entry.source, Sample(entry.stamp, value, "good"))

    def _add(self, name: str, source: str, sample: Sample) -> None:
        key = name, source
        if key not in self._series:
            self._series[key] = Series(name, source)
        self._series[key].add(sample)

    def of(self, step: AlarmEntry) -> Series | None:
        """Return the series a step's value stands in; None where the alarm is of something else, or none holds it."""
        if step.value is None:
            return None
        for series in self._candidates(step.rule):
            sample = series.at(step.stamp.t_ns)
            if sample is None or abs(sample.value - step.value) > SAME:
                continue
            if series.name in PRESSURE_NAMES or step.stamp.t_ns - sample.stamp.t_ns <= FRESH_NS:
                return series
        return None

    def _candidates(self, rule: str) -> list[Series]:
        """Series a rule may look at: the monitor's own value before ours, the rate from the ECG before the pulse."""
        names = PRESSURE_NAMES if rule.startswith(PRESSURE) else CONTINUOUS.get(rule[:5], ())
        found = [series for series in self._series.values() if series.name in names]
        return sorted(found, key=lambda series: (names.index(series.name), series.source == CHAIRSIDE))


def quality_words(quality: Quality) -> str:
    """Return a value's quality in words: ``good``, or what speaks against it."""
    return ", ".join(str(flag.name).lower().replace("_", " ") for flag in quality) or "good"
