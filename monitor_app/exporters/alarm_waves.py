"""``alarms/NN-RULE.csv``: the waves from ten seconds before each announced alarm to ten after (clinical.md §8.6).

NN counts the announced conditions in the order of their announcement. One column per wave: the physical value where the
device publishes a scale, its counts otherwise (``dictionary.csv`` says which). Waves of different rates share the rows of
equal times; elsewhere a cell is empty. A gap has no rows.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from monitor_app.core.alarm_log import AlarmRow, alarm_log
from monitor_app.core.journal import WaveBlock
from monitor_app.core.record import SessionRecord
from monitor_app.core.wave_snapshot import BLOCK_AT_MOST_NS, Snapshot, SnapshotWave, snapshot, window
from monitor_app.exporters.csv_table import table
from monitor_app.exporters.export import ExportFile, ExportOptions
from monitor_app.exporters.timeline import NS_PER_MS, Timeline, number

FOLDER = "alarms"
TIMES = ("t", "t_alarm")


class AlarmWaves:
    """The waves around the announced alarms of a record. ``columns`` is filled while ``files`` is gone through."""

    def __init__(self, record: SessionRecord, options: ExportOptions) -> None:
        """Raises ConfigError for an unknown time zone."""
        self._record = record
        self._timeline = Timeline(record, options)
        self.columns: dict[str, SnapshotWave] = {}

    def files(self) -> Iterator[ExportFile]:
        """Yield one table per announced alarm of which any wave was recorded."""
        rows = [row for row in alarm_log(self._record.entries) if row.announced is not None]
        rows.sort(key=lambda row: row.t_ns)
        blocks = _Blocks(self._record, [row.t_ns for row in rows])
        for index, row in enumerate(rows, start=1):
            shot = snapshot(blocks.around(row.t_ns), row.t_ns)
            if shot.waves:
                names = [self._column(wave) for wave in shot.waves]
                self.columns |= dict(zip(names, shot.waves, strict=True))
                lines = _rows(shot, row.t_ns, self._timeline)
                yield table(_name(index, row), self._record, (*TIMES, *names), lines)

    def _column(self, wave: SnapshotWave) -> str:
        """Return a wave's column: its name and unit, with a number from the second device of that name on."""
        sources = list(dict.fromkeys(t.source for t in self._record.waves if t.name == wave.name))
        number_of = sources.index(wave.source) + 1
        name = f"{wave.name}_{re.sub(r'[^A-Za-z0-9]+', '', wave.unit) or 'counts'}"
        return name if number_of == 1 else f"{name}_{number_of}"


class _Blocks:
    """The recorded blocks that any alarm needs, read once: an alarm alone would read the whole session."""

    def __init__(self, record: SessionRecord, instants: Sequence[int]) -> None:
        windows = sorted(window(t_ns) for t_ns in instants)
        starts = [start - BLOCK_AT_MOST_NS for start, _ in windows]
        ends = [end for _, end in windows]
        wanted: list[WaveBlock] = []
        for track in record.waves if windows else ():
            for block in track.blocks():
                # All windows are equally long, so starts and ends are in the same order.
                begun = bisect_right(starts, block.stamp.t_ns)
                if begun and bisect_right(ends, block.stamp.t_ns) < begun:
                    wanted.append(block)
        wanted.sort(key=lambda block: block.stamp.t_ns)
        self._times = [block.stamp.t_ns for block in wanted]
        self._blocks = wanted

    def around(self, t_ns: int) -> list[WaveBlock]:
        start, end = window(t_ns)
        begin = bisect_left(self._times, start - BLOCK_AT_MOST_NS)
        return self._blocks[begin : bisect_left(self._times, end)]


def _rows(shot: Snapshot, alarm_t_ns: int, timeline: Timeline) -> Iterator[Sequence[str]]:
    # To the millisecond, as everywhere in the bundle: waves of 500 and 125 Hz then share rows.
    grids = [(wave.t_ns + NS_PER_MS // 2) // NS_PER_MS for wave in shot.waves]
    times = np.unique(np.concatenate(grids))
    cells = np.full((len(times), len(grids)), np.nan)
    for column, (grid, wave) in enumerate(zip(grids, shot.waves, strict=True)):
        cells[np.searchsorted(times, grid), column] = wave.values
    for t_ms, values in zip(times.tolist(), cells.tolist(), strict=True):
        t_ns = t_ms * NS_PER_MS
        from_alarm = number(round((t_ns - alarm_t_ns) / 1e9, 3))
        yield timeline.t(t_ns), from_alarm, *("" if v != v else number(round(v, 6)) for v in values)  # noqa: PLR0124 - NaN


def _name(index: int, row: AlarmRow) -> str:
    return f"{FOLDER}/{index:02d}-{re.sub(r'[^A-Za-z0-9-]+', '_', row.rule)}.csv"
