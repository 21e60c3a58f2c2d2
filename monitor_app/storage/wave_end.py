"""Where the recorded waves of a session end: what a restart goes on from, without reading the waves."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from monitor_app.core.stamp import NS_PER_S
from monitor_app.storage.rows import SessionRows
from monitor_app.storage.schema.session import WAVE_BLOCK
from monitor_app.storage.wave_rows import unpack_counts


@dataclass(frozen=True, slots=True)
class WaveEnd:
    """The end of one recorded wave: the session's counter of the next sample, and when that would have been."""

    rate_hz: float
    next_sample: int
    t_ns: int


def wave_ends(connection: Connection, path: Path, session_key: int) -> dict[tuple[str, str], WaveEnd]:
    """Return the end of each wave by source and name. Where a wave changed its rate or scale, the latest counts."""
    ends: dict[tuple[str, str], WaveEnd] = {}
    for number, key in SessionRows(connection, path, session_key).channels().waves.items():
        end = _end(connection, (session_key, number), key.rate_hz)
        known = ends.get((key.source, key.name))
        if end is not None and (known is None or end.t_ns > known.t_ns):
            ends[key.source, key.name] = end
    return ends


def _end(connection: Connection, channel: tuple[int, int], rate_hz: float) -> WaveEnd | None:
    query = (
        select(WAVE_BLOCK.c.t_ns, WAVE_BLOCK.c.first_sample, WAVE_BLOCK.c.dtype, WAVE_BLOCK.c.samples)
        .where(WAVE_BLOCK.c.session_key == channel[0], WAVE_BLOCK.c.channel == channel[1])
        .order_by(WAVE_BLOCK.c.block_key.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    count = unpack_counts(row.dtype, row.samples).size
    return WaveEnd(rate_hz, row.first_sample + count, row.t_ns + round(count / rate_hz * NS_PER_S))
