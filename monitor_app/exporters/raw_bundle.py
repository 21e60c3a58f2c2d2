"""The bytes of a session's links as they stood on the wire, for support: what was heard, what was sent, and when.

Bytes cannot be disguised: a monitor may send the name typed into it. So no de-identified export holds them.
"""

import re
from collections.abc import Iterator, Sequence

from devices.errors import KnownError, RefusedError
from monitor_app.core.record import RawTrack, SessionRecord
from monitor_app.exporters.csv_table import table
from monitor_app.exporters.export import ExportFile, ExportOptions
from monitor_app.exporters.timeline import Timeline

HEADER = ("t", "direction", "offset", "length")
HEARD, SENT = "heard", "sent"


def raw_bundle(record: SessionRecord, options: ExportOptions) -> Iterator[ExportFile]:
    """Yield for each link ``NN_driver.raw`` (heard, fit for ``decode``), ``NN_driver.sent``, and ``NN_driver.csv``, the index.

    ``offset`` counts from the beginning of the file of that direction. Raises RefusedError for a de-identified export,
    KnownError for a session without raw bytes.
    """
    if options.profile.deidentified:
        raise RefusedError(
            "raw bytes may hold the name typed into the monitor and cannot be de-identified: export them inside the "
            "clinic, without --deidentify"
        )
    if not record.raw:
        raise KnownError(
            f"session {record.opened.session_id} holds no raw bytes: they are recorded only with --raw, or with "
            "record_raw = true in the settings"
        )
    timeline = Timeline(record, options)
    for number, track in enumerate(record.raw, start=1):
        driver = re.sub(r"[^A-Za-z0-9-]+", "_", track.source.partition("@")[0]) or "link"
        stem = f"{number:02d}_{driver}"
        yield ExportFile(f"{stem}.raw", _bytes(track, sent=False))
        if track.bytes_sent:
            yield ExportFile(f"{stem}.sent", _bytes(track, sent=True))
        yield table(f"{stem}.csv", record, HEADER, _index(track, timeline))


def _bytes(track: RawTrack, *, sent: bool) -> Iterator[bytes]:
    return (piece.data for piece in track.pieces() if piece.sent is sent)


def _index(track: RawTrack, timeline: Timeline) -> Iterator[Sequence[str]]:
    offsets = {False: 0, True: 0}
    for piece in track.pieces():
        size = len(piece.data)
        yield timeline.t(piece.stamp.t_ns), SENT if piece.sent else HEARD, str(offsets[piece.sent]), str(size)
        offsets[piece.sent] += size
