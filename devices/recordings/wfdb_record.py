"""WFDB records: header, signal files and annotations as one ``Recording`` (PhysioNet)."""

from itertools import groupby
from pathlib import Path

import numpy as np

from devices.recordings.recording import (
    FloatArray,
    Recording,
    RecordingError,
    Series,
    Wave,
    numeric_name,
    wave_name,
)
from devices.recordings.wfdb_annotations import beat_times_s, read_annotations
from devices.recordings.wfdb_formats import IntArray, checksum_of, physical, read_samples
from devices.recordings.wfdb_header import Header, SignalSpec, parse_header

NUMERICS_BELOW_HZ = 2.0
"""A record slower than this holds numbers, not waves."""


def read_wfdb(header_path: Path) -> Recording:
    """Read a record with the annotations beside it, if any. Raises ``RecordingError``; checksums are verified."""
    header = read_header(header_path)
    waves: dict[str, Wave] = {}
    numerics: dict[str, Series] = {}
    for spec, samples in _signals(header, header_path.parent):
        rate_hz = header.rate_hz * spec.per_frame
        values = physical(samples, spec)
        if rate_hz < NUMERICS_BELOW_HZ:
            numerics.setdefault(numeric_name(spec.label), _series(values, rate_hz))
        else:
            # Two leads may share one of our names (V2 and V5 of MIT-BIH 102): the second keeps its own.
            name = spec.label if wave_name(spec.label) in waves else wave_name(spec.label)
            waves.setdefault(name, Wave(rate_hz, values, spec.unit))
    beats_s = _beats(header_path, header.rate_hz)
    return Recording(header.name, waves, numerics, header.start_utc, beats_s, header.comments)


def read_header(header_path: Path) -> Header:
    """Read only the header. Raises ``RecordingError``."""
    try:
        text = header_path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise RecordingError(
            f"{header_path} cannot be read ({error.strerror}): check its name and rights."
        ) from error
    return parse_header(text, source=header_path.name)


def _signals(header: Header, folder: Path) -> list[tuple[SignalSpec, IntArray]]:
    found: list[tuple[SignalSpec, IntArray]] = []
    for file, group in groupby(header.signals, key=lambda spec: spec.file):
        found += _file_signals(folder / file, tuple(group), header.frames)
    return found


def _file_signals(
    path: Path, specs: tuple[SignalSpec, ...], frames: int | None
) -> list[tuple[SignalSpec, IntArray]]:
    try:
        data = path.read_bytes()[specs[0].offset :]
    except OSError as error:
        raise RecordingError(
            f"{path.name}, which the header names, cannot be read ({error.strerror})."
        ) from error
    per_frame = sum(spec.per_frame for spec in specs)
    count = None if frames is None else frames * per_frame
    flat = read_samples(data, specs[0].fmt, count, source=path.name)
    table = flat[: flat.size // per_frame * per_frame].reshape(-1, per_frame)
    found: list[tuple[SignalSpec, IntArray]] = []
    column = 0
    for spec in specs:
        samples = table[:, column : column + spec.per_frame].ravel()
        column += spec.per_frame
        if spec.checksum is not None and checksum_of(samples) != spec.checksum:
            raise RecordingError(
                f"{path.name} is damaged: the checksum of {spec.label!r} is wrong. Copy it again."
            )
        found.append((spec, _without_skew(samples, spec)))
    return found


def _without_skew(samples: IntArray, spec: SignalSpec) -> IntArray:
    shift = spec.skew * spec.per_frame
    return samples if not shift else np.concatenate([samples[shift:], np.repeat(samples[-1:], shift)])


def _series(values: FloatArray, rate_hz: float) -> Series:
    # Monitors' number files write a drop-out as 0; no vital sign of a monitored person is 0.
    return Series(np.arange(values.size) / rate_hz, np.where(values == 0.0, np.nan, values))


def _beats(header_path: Path, rate_hz: float) -> FloatArray | None:
    path = header_path.with_suffix(".atr")
    if not path.is_file():
        return None
    return beat_times_s(read_annotations(path.read_bytes(), source=path.name), rate_hz)
