"""The waves around an alarm, read back from the record: of a session that is over, or of one that still runs."""

from pathlib import Path

from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.record import SessionRecord
from monitor_app.core.wave_snapshot import Snapshot, snapshot, window
from monitor_app.storage.wave_window import waves_between


def read_snapshot(data_dir: Path, session_id: str, t_ns: int) -> Snapshot:
    """Return the waves around an instant of a session; of one that still runs, what is committed so far.

    Reads only those seconds, from any thread: half a second of waves is committed each half second (design.md §6).
    Raises KnownError for an unknown session, StorageError when the database cannot be read.
    """
    return snapshot(waves_between(data_dir, session_id, *window(t_ns)), t_ns)


def snapshot_of(record: SessionRecord, row: AlarmRow) -> Snapshot:
    """Return the waves around an alarm of a record that is read already, going through its waves once."""
    return snapshot((block for track in record.waves for block in track.blocks()), row.t_ns)
