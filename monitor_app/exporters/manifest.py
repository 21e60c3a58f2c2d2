"""``manifest.json``: what is in a bundle, by hash, and what a reader must know about it (clinical.md §13.6)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from monitor_app.core.record import SessionRecord
from monitor_app.exporters.export import INTENDED_USE, SIMULATED_MARK, ExportFile, ExportOptions, whole
from monitor_app.exporters.timeline import Timeline

NAME = "manifest.json"
RAW_FORMAT = "raw"


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was written."""

    sha256: str
    size_bytes: int


def manifest_file(
    format_id: str, record: SessionRecord, options: ExportOptions, files: Mapping[str, Written]
) -> ExportFile:
    """Return the manifest of a bundle; ``record`` is the one that was exported, after its profile."""
    opened = record.opened
    content = {
        "format": format_id,
        "intended_use": INTENDED_USE,
        "mark": SIMULATED_MARK if opened.simulated else None,
        "session": opened.session_id,
        "patient": opened.patient_key,
        "simulated": opened.simulated,
        "started_utc": Timeline(record, options).utc(opened.stamp) or None,
        "duration_s": round(record.duration_s, 3),
        "phase": record.phase.value,
        "software": options.software,
        "recorded_by": opened.software,
        "database_revision": record.database_revision,
        "time_zone": options.time_zone,
        "deidentification": options.profile.value,
        "not_exported": _not_exported(format_id, record),
        "files": [
            {"name": name, "sha256": written.sha256, "bytes": written.size_bytes}
            for name, written in sorted(files.items())
        ],
    }
    return whole(NAME, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _not_exported(format_id: str, record: SessionRecord) -> list[dict[str, object]]:
    """Return what the record holds beside the session and this export leaves out."""
    if format_id == RAW_FORMAT or not record.raw:
        return []
    size = sum(track.bytes_heard + track.bytes_sent for track in record.raw)
    return [
        {"what": "raw bytes of the monitors' lines", "bytes": size, "how": f"export --format {RAW_FORMAT}"}
    ]
