"""The whole session as one JSON document, and the schema it follows.

Top level: ``format``, ``intended_use``, ``mark`` (null unless simulated), ``software``, ``time_zone``, ``profile``,
``session`` (the head, with ``phase``, ``duration_s``, ``closed``), ``entries`` (in the order recorded; ``type`` is the kind)
and ``waves``. A wave has ``source``, ``name``, ``rate_hz`` and ``blocks``; a block has the time of its first sample, the
device's sample counter, the scale and the raw counts as integers: physical = (count - zero) * unit_per_count, where
``unit_per_count`` is null for a wave without a published scale.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum, Flag
from typing import Any

from devices.signals import WaveScale
from monitor_app.core.journal import JournalEntry
from monitor_app.core.record import SessionRecord, WaveTrack
from monitor_app.core.stamp import Stamp
from monitor_app.exporters.export import (
    INTENDED_USE,
    SIMULATED_MARK,
    ExportFile,
    ExportOptions,
    whole,
)
from monitor_app.exporters.json_schema import SCHEMA
from monitor_app.exporters.timeline import Timeline

FORMAT = "chairside-session/1"
_DROPPED = frozenset({"stamp"})
_PLAIN = frozenset({str, int, float, bool, type(None)})


def json_session(record: SessionRecord, options: ExportOptions) -> Iterator[ExportFile]:
    """Yield ``session.json`` and ``schema.json``. Raises ConfigError for an unknown time zone."""
    yield ExportFile("session.json", _document(record, options))
    yield whole("schema.json", _text(SCHEMA, indent=2) + "\n")


def _document(record: SessionRecord, options: ExportOptions) -> Iterator[bytes]:
    timeline = Timeline(record, options)
    head = {
        "format": FORMAT,
        "intended_use": INTENDED_USE,
        "mark": SIMULATED_MARK if record.opened.simulated else None,
        "software": options.software,
        "time_zone": options.time_zone,
        "profile": options.profile.value,
        "session": _session(record, timeline),
    }
    yield (_text(head)[:-1] + ',\n"entries":[').encode()
    yield from _joined(_text(_entry(entry, timeline)) for entry in record.entries)
    yield b'],\n"waves":['
    for index, track in enumerate(record.waves):
        yield b",\n" if index else b"\n"
        yield from _wave(track, timeline)
    yield b"]}\n"


def _session(record: SessionRecord, timeline: Timeline) -> dict[str, Any]:
    return {
        **_entry(record.opened, timeline),
        "phase": record.phase.value,
        "duration_s": round(record.duration_s, 3),
        "closed": record.closed,
        "database_revision": record.database_revision,
    }


def _entry(entry: JournalEntry, timeline: Timeline) -> dict[str, Any]:
    values = {f.name: _plain(getattr(entry, f.name)) for f in fields(entry) if f.name not in _DROPPED}
    return {"type": type(entry).__name__, **_times(entry.stamp, timeline), **values}


def _wave(track: WaveTrack, timeline: Timeline) -> Iterator[bytes]:
    head = {"source": track.source, "name": track.name, "rate_hz": track.rate_hz}
    yield (_text(head)[:-1] + ',"blocks":[').encode()
    yield from _joined(_blocks(track, timeline))
    yield b"]}"


def _blocks(track: WaveTrack, timeline: Timeline) -> Iterator[str]:
    """The text of each block. There are two a second and wave: what does not change is put into words once."""
    scale: WaveScale | None = None
    scale_text = ""
    for block in track.blocks():
        if block.scale != scale:
            scale = block.scale
            scale_text = _text(_plain(scale))
        counts = str(block.counts.tolist()).replace(" ", "")  # integers read the same in Python and in JSON
        times = f'"t":{timeline.t(block.stamp.t_ns)}'
        yield f'{{{times},"first_sample":{block.first_sample},"scale":{scale_text},"counts":{counts}}}'


def _times(stamp: Stamp, timeline: Timeline) -> dict[str, Any]:
    seconds, utc, local = timeline.three(stamp)
    return {"t": float(seconds), "utc": utc or None, "local": local or None}


def _plain(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Flag):
        return [flag.name for flag in value if flag.name]
    if isinstance(value, Enum):
        return value.value
    return _composite(value)


def _composite(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def _joined(texts: Iterator[str]) -> Iterator[bytes]:
    separator = b"\n"
    for text in texts:
        yield separator + text.encode()
        separator = b",\n"


def _text(value: object, indent: int | None = None) -> str:
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(value, ensure_ascii=False, separators=separators, indent=indent)
