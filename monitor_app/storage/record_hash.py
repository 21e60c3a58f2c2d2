"""The hash a signature is bound to: the whole content of a record in canonical form (clinical.md §15.2)."""

import hashlib
from collections.abc import Iterator

import numpy as np

from monitor_app.core.journal import WaveBlock
from monitor_app.core.record import SessionRecord
from monitor_app.storage.canonical import canonical_json, entry_fields, plain


def record_sha256(record: SessionRecord, entry_count: int | None = None) -> str:
    """Return the SHA-256 (hex) of a record, or of its first ``entry_count`` entries with the waves up to then.

    Hashed are, each as one line of canonical JSON: the head, the entries in order, then every wave row with the
    digest of its samples. A signature is made over the record as read back from the store; waves that begin after
    the signature's own stamp are not part of what was signed.
    """
    entries = record.entries if entry_count is None else record.entries[:entry_count]
    until_ns = None
    if entry_count is not None and entry_count < len(record.entries):
        until_ns = record.entries[entry_count].stamp.t_ns
    digest = hashlib.sha256()
    for entry in (record.opened, *entries):
        digest.update(canonical_json(entry_fields(entry)).encode() + b"\n")
    for line in _wave_lines(record, until_ns):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _wave_lines(record: SessionRecord, until_ns: int | None) -> Iterator[str]:
    for track in sorted(record.waves, key=lambda wave: (wave.source, wave.name, wave.rate_hz)):
        for block in track.blocks():
            if until_ns is None or block.stamp.t_ns <= until_ns:
                yield _wave_line(block)


def _wave_line(block: WaveBlock) -> str:
    samples = hashlib.sha256(np.ascontiguousarray(block.counts, dtype="<i4").tobytes()).hexdigest()
    return canonical_json(
        {
            "type": "WaveBlock",
            "stamp": plain(block.stamp),
            "source": block.source,
            "name": block.name,
            "rate_hz": block.rate_hz,
            "first_sample": block.first_sample,
            "count": int(block.counts.size),
            "scale": plain(block.scale),
            "sha256": samples,
        }
    )
