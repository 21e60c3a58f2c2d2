"""The waves around an instant, put together from recorded blocks: ten seconds before an alarm and ten after (clinical.md §8.6).

Nothing is kept twice: what is shown and exported is cut from the recorded samples, each at the time the record gives it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from monitor_app.core.journal import WaveBlock
from monitor_app.core.stamp import NS_PER_S

AROUND_S = 10.0
BLOCK_AT_MOST_NS = 2 * NS_PER_S
"""No recorded block is longer than this, so one that begins earlier does not reach in."""
_FIRST = ("ECG", "PLETH", "RESP")


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotWave:
    """One wave; ``t_ns`` and ``values`` have the same shape (n,).

    ``breaks``: indices before which samples are missing. ``unit`` is empty where the device publishes no scale: the values
    are then its counts.
    """

    source: str
    name: str
    rate_hz: float
    unit: str
    t_ns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    breaks: tuple[int, ...] = ()

    @property
    def runs(self) -> Iterator[slice]:
        """The stretches without a gap."""
        edges = (0, *self.breaks, len(self.values))
        return (slice(begin, end) for begin, end in pairwise(edges) if end > begin)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Every wave from ``start_t_ns`` to ``end_t_ns`` around the instant ``t_ns``; ECG first."""

    t_ns: int
    start_t_ns: int
    end_t_ns: int
    waves: tuple[SnapshotWave, ...] = ()

    @property
    def recorded_until_t_ns(self) -> int:
        """The end of what there is: before ``end_t_ns`` while the ten seconds after the alarm are not over."""
        return max((int(wave.t_ns[-1]) for wave in self.waves), default=self.start_t_ns)


def window(t_ns: int) -> tuple[int, int]:
    """Return the edges of the snapshot around an instant."""
    around_ns = round(AROUND_S * NS_PER_S)
    return t_ns - around_ns, t_ns + around_ns


def touches(block: WaveBlock, start_t_ns: int, end_t_ns: int) -> bool:
    """Whether any sample of a block lies in a stretch."""
    length_ns = round(len(block.counts) / block.rate_hz * NS_PER_S)
    return block.stamp.t_ns < end_t_ns and block.stamp.t_ns + length_ns > start_t_ns


def snapshot(blocks: Iterable[WaveBlock], t_ns: int) -> Snapshot:
    """Cut the waves around an instant from recorded blocks; blocks that do not reach in are passed over."""
    start, end = window(t_ns)
    tracks: dict[tuple[str, str, float, str], list[WaveBlock]] = {}
    for block in blocks:
        if len(block.counts) and touches(block, start, end):
            unit = block.scale.unit if block.scale.unit_per_count is not None else ""
            tracks.setdefault((block.source, block.name, block.rate_hz, unit), []).append(block)
    waves = (_wave(key, track, start, end) for key, track in tracks.items())
    ordered = sorted((wave for wave in waves if len(wave.values)), key=lambda wave: _rank(wave.name))
    return Snapshot(t_ns, start, end, tuple(ordered))


def _wave(
    key: tuple[str, str, float, str], blocks: list[WaveBlock], start_t_ns: int, end_t_ns: int
) -> SnapshotWave:
    source, name, rate_hz, unit = key
    blocks.sort(key=lambda block: block.stamp.t_ns)
    times, values, breaks = [], [], []
    expected: int | None = None
    taken = 0
    for block in blocks:
        t_ns = block.stamp.t_ns + np.round(np.arange(len(block.counts)) * (NS_PER_S / rate_hz)).astype(
            np.int64
        )
        inside = (t_ns >= start_t_ns) & (t_ns < end_t_ns)
        physical = block.scale.physical(block.counts) if unit else block.counts.astype(np.float64)
        if taken and expected != block.first_sample:
            breaks.append(taken)
        expected = block.first_sample + len(block.counts)
        times.append(t_ns[inside])
        values.append(physical[inside])
        taken += int(np.count_nonzero(inside))
    return SnapshotWave(
        source,
        name,
        rate_hz,
        unit,
        np.concatenate(times),
        np.concatenate(values),
        tuple(dict.fromkeys(breaks)),
    )


def _rank(name: str) -> tuple[int, str]:
    place = next((index for index, start in enumerate(_FIRST) if name.startswith(start)), len(_FIRST))
    return place, name
