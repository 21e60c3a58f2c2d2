"""``waves/*.csv``: raw samples, one file per wave; large, so only on request."""

import re
from collections.abc import Iterator, Sequence

from monitor_app.core.record import SessionRecord, WaveTrack
from monitor_app.core.stamp import NS_PER_S
from monitor_app.exporters.csv_table import table
from monitor_app.exporters.export import ExportFile, ExportOptions
from monitor_app.exporters.timeline import Timeline, number

HEADER = ("t", "sample", "count", "value", "unit")


def wave_files(record: SessionRecord, options: ExportOptions) -> Iterator[ExportFile]:
    """Yield one table per wave. ``value`` and ``unit`` are empty where the device publishes no scale."""
    timeline = Timeline(record, options)
    for index, track in enumerate(record.waves, start=1):
        safe = re.sub(r"[^A-Za-z0-9_]+", "_", track.name) or "wave"
        yield table(f"waves/{index:02d}_{safe}.csv", record, HEADER, _rows(track, timeline))


def _rows(track: WaveTrack, timeline: Timeline) -> Iterator[Sequence[str]]:
    for block in track.blocks():
        scale = block.scale
        calibrated = scale.unit_per_count is not None
        values = scale.physical(block.counts)
        unit = scale.unit if calibrated else ""
        for offset, count in enumerate(block.counts.tolist()):
            t_ns = block.stamp.t_ns + round(offset * NS_PER_S / block.rate_hz)
            value = number(round(float(values[offset]), 6)) if calibrated else ""
            yield timeline.t(t_ns), str(block.first_sample + offset), str(count), value, unit
