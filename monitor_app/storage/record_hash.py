"""The hash a signature is bound to: the whole content of a record in canonical form (clinical.md §15.2)."""

import hashlib
import struct
from collections.abc import Iterator

import numpy as np

from devices.signals import WaveScale
from monitor_app.core.record import SessionRecord
from monitor_app.storage.canonical import canonical_json, entry_fields, plain

_ROW = struct.Struct("<qqqI")
"""A wave row in the hash: t_ns, utc_ms, first sample, count; its samples follow as little-endian 32-bit integers."""


def record_sha256(record: SessionRecord, entry_count: int | None = None, *, waves: str | None = None) -> str:
    """Return the SHA-256 (hex) of a record, or of its first ``entry_count`` entries with the waves up to then.

    Hashed are, each as one line of canonical JSON, the head and the entries in order; then ``waves_sha256`` of the waves,
    which may be given where it is known already. A signature is made over the record as read back from the store; waves that begin after
    the signature's own stamp are not part of what was signed.
    """
    entries = record.entries if entry_count is None else record.entries[:entry_count]
    until_ns = None
    if entry_count is not None and entry_count < len(record.entries):
        until_ns = record.entries[entry_count].stamp.t_ns
    digest = hashlib.sha256()
    for entry in (record.opened, *entries):
        digest.update(canonical_json(entry_fields(entry)).encode() + b"\n")
    digest.update((waves or waves_sha256(record, until_ns)).encode() + b"\n")
    return digest.hexdigest()


def waves_sha256(record: SessionRecord, until_ns: int | None = None) -> str:
    """Return the SHA-256 (hex) of all wave rows that begin by ``until_ns``.

    Hashed are, for each wave, a line that names it, a line for its scale wherever that changes, and for each row its
    place and samples as fixed binary.
    """
    digest = hashlib.sha256()
    for piece in _wave_pieces(record, until_ns):
        digest.update(piece)
    return digest.hexdigest()


def _wave_pieces(record: SessionRecord, until_ns: int | None) -> Iterator[bytes]:
    for track in sorted(record.waves, key=lambda wave: (wave.source, wave.name, wave.rate_hz)):
        head = {"type": "Wave", "source": track.source, "name": track.name, "rate_hz": track.rate_hz}
        yield canonical_json(head).encode() + b"\n"
        scale: WaveScale | None = None
        for block in track.blocks():
            if until_ns is not None and block.stamp.t_ns > until_ns:
                continue
            if block.scale != scale:
                scale = block.scale
                yield canonical_json({"type": "Scale", "scale": plain(scale)}).encode() + b"\n"
            yield _ROW.pack(block.stamp.t_ns, block.stamp.utc_ms, block.first_sample, block.counts.size)
            yield np.ascontiguousarray(block.counts, dtype="<i4").tobytes()
