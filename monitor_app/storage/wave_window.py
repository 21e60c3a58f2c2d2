"""Some seconds of the recorded waves of a session, without reading the rest of it."""

from pathlib import Path

from sqlalchemy import select

from devices.errors import KnownError
from monitor_app.core.journal import WaveBlock
from monitor_app.core.stamp import Stamp
from monitor_app.core.wave_snapshot import BLOCK_AT_MOST_NS
from monitor_app.storage.rows import SessionRows, wave_scale
from monitor_app.storage.schema.session import WAVE_BLOCK
from monitor_app.storage.store import open_archive
from monitor_app.storage.wave_rows import unpack_counts


def waves_between(data_dir: Path, session_id: str, start_t_ns: int, end_t_ns: int) -> list[WaveBlock]:
    """Return the blocks that reach into a stretch of session time, of all waves, in the order they were recorded.

    Any thread may call; what another program has committed so far is there. Raises KnownError for an unknown session or a
    row that cannot be read, StorageError when the database cannot be.
    """
    archive = open_archive(data_dir)
    found = archive.find(session_id)
    query = (
        select(WAVE_BLOCK)
        .where(
            WAVE_BLOCK.c.session_key == found.session_key,
            WAVE_BLOCK.c.t_ns > start_t_ns - BLOCK_AT_MOST_NS,
            WAVE_BLOCK.c.t_ns < end_t_ns,
        )
        .order_by(WAVE_BLOCK.c.block_key)
    )
    blocks = []
    with archive.reading(found.kind) as connection:
        path = found.kind.path(data_dir)
        waves = SessionRows(connection, path, found.session_key).channels().waves
        for row in connection.execute(query):
            try:
                key, counts = waves[row.channel], unpack_counts(row.dtype, row.samples)
            except (KeyError, ValueError) as error:
                raise KnownError(
                    f"wave row {row.block_key} cannot be read: run 'chairside verify'."
                ) from error
            stamp = Stamp(int(row.t_ns), int(row.utc_ms))
            first = int(row.first_sample)
            blocks.append(WaveBlock(stamp, key.source, key.name, key.rate_hz, first, counts, wave_scale(key)))
    return blocks
