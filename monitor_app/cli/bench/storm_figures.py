"""The figures of a storm of alarms (design.md §9)."""

from dataclasses import dataclass

import numpy as np

from devices.clock import NS_PER_MS, NS_PER_S
from monitor_app.cli.bench.figure import Figure
from monitor_app.cli.bench.noise import Waits
from monitor_app.cli.bench.storm_account import Fate
from monitor_app.core.priority import Priority

BOUND_MS, FRAMES_BOUND, RATE_BOUND = 100.0, 20.0, 100.0
"""design.md §9: Alarm condition met → drawn, sounded, recorded; pictures a second; and what makes a storm: alarms a minute."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The paintings of the strips: how many in each second, how much of it others took, the longest time without, ms."""

    counts: tuple[int, ...]
    waited: tuple[float, ...]
    longest_ms: float

    @property
    def worst(self) -> int:
        """The fewest in any second; 0 where there was no whole one."""
        return min(self.counts, default=0)

    @classmethod
    def of(cls, at_ns: list[int], span: tuple[int, int], waits: Waits) -> "Frames":
        """Count them in a span, second by second from its start."""
        begun_ns, until_ns = span
        at = np.array([begun_ns, *(t for t in at_ns if begun_ns <= t < until_ns), until_ns], dtype=np.int64)
        edges = range(begun_ns, until_ns - NS_PER_S + 1, NS_PER_S)
        counts = [int(((at[1:-1] >= edge) & (at[1:-1] < edge + NS_PER_S)).sum()) for edge in edges]
        waited = [waits.waited_ns(edge, edge + NS_PER_S) / NS_PER_S for edge in edges]
        return cls(tuple(counts), tuple(waited), float(np.diff(at).max()) / NS_PER_MS)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the storm: what was seen of its alarms and its pictures."""

    seconds: float
    fates: list[Fate]
    frames: Frames
    slowed: float  # by other programs: 2 is twice as long as on a machine of its own
    share: float  # of one core


def open_figures(part: Part, devices: int) -> list[Figure]:
    """The rows of a storm with the window open, on so many monitors."""
    shown = [fate for fate in part.fates if fate.drawn_ms is not None]
    hidden = len(part.fates) - len(shown)
    rate = 60 * len(shown) / part.seconds
    what = f"{devices} monitors on pseudo-terminals, {part.seconds:.0f} s; {len(shown)} shown, {hidden} hidden ones"
    busy = f"its main threads had {100 * part.share:.0f} % of a core, other programs made them take {part.slowed:.1f} times as long"
    wire_ms = [fate.worst_ms + fate.transport_ms for fate in part.fates]
    frames = part.frames
    mean = sum(frames.counts) / max(1, len(frames.counts))
    return [
        Figure("storm: alarms a minute", rate, "/min", RATE_BOUND, at_least=True, note=f"{what}; {busy}"),
        _p99("storm: condition to drawn, sounded, recorded, p99", [f.worst_ms for f in part.fates]),
        _p99(
            "storm: the same without what other programs took, p99",
            [f.own_ms for f in part.fates],
            bound=None,
        ),
        *_each(part.fates, "storm"),
        _p99("storm: number on the wire to drawn, sounded, recorded, p99", wire_ms, bound=None),
        Figure(
            "storm: frames in the worst second",
            frames.worst,
            "/s",
            FRAMES_BOUND,
            at_least=True,
            note=f"mean {mean:.1f}/s; longest {frames.longest_ms:.0f} ms without one",
        ),
    ]


def away_figures(part: Part) -> list[Figure]:
    """The rows of a storm with the window minimised: HIGH alarms, which head the strip at once."""
    high = [f for f in part.fates if f.priority is Priority.HIGH and f.drawn_ms is not None]
    missing = [f for f in part.fates if f.priority is None]
    return [
        _p99(
            "storm: window minimised, HIGH to strip, sound, record, p99", [f.worst_ms for f in high + missing]
        ),
        _p99(
            "minimised, HIGH: the same without what other programs took, p99",
            [f.own_ms for f in high],
            bound=None,
        ),
        *_each(high, "minimised, HIGH"),
    ]


def _each(some: list[Fate], label: str) -> list[Figure]:
    """The three by themselves."""
    kinds = {
        "drawn": [f.drawn_ms for f in some if f.drawn_ms is not None],
        "sounded": [f.sounded_ms for f in some if f.sounded_ms is not None],
        "recorded": [f.recorded_ms for f in some],
    }
    return [_p99(f"{label}: {name}, p99", values, bound=None) for name, values in kinds.items()]


def _p99(name: str, values: list[float], *, bound: float | None = BOUND_MS) -> Figure:
    if not values:
        return Figure(name, None, "ms", bound, note="there was none")
    p50, p99 = (float(q) for q in np.quantile(values, (0.5, 0.99), method="higher"))
    lost = sum(not np.isfinite(value) for value in values)
    note = f"{len(values)}: median {p50:.0f}, longest {max(values):.0f} ms"
    return Figure(name, p99, "ms", bound, note=f"{note}; {lost} never came" if lost else note)
