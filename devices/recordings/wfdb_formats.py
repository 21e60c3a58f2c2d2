"""WFDB signal files: bytes to integers, integers to physical values (PhysioNet, ``signal(5)``)."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from devices.recordings.recording import FloatArray, RecordingError
from devices.recordings.wfdb_header import SignalSpec

IntArray = npt.NDArray[np.int64]

NO_SAMPLE = {
    8: None,
    16: -(1 << 15),
    24: -(1 << 23),
    32: -(1 << 31),
    61: -(1 << 15),
    80: -128,
    160: None,
    212: -2048,
}
"""The integer that says "no sample" in each format; None where the format has none (signal(5))."""


def _format_212(data: bytes, count: int) -> IntArray:
    pairs = -(-count // 2)
    triples = (
        np.frombuffer(data[: pairs * 3].ljust(pairs * 3, b"\0"), dtype=np.uint8)
        .reshape(-1, 3)
        .astype(np.int64)
    )
    both = np.empty((pairs, 2), dtype=np.int64)
    both[:, 0] = triples[:, 0] | ((triples[:, 1] & 0x0F) << 8)
    both[:, 1] = triples[:, 2] | ((triples[:, 1] & 0xF0) << 4)
    return np.where(both > 2047, both - 4096, both).ravel()[:count]


def _format_24(data: bytes, count: int) -> IntArray:
    triples = np.frombuffer(data[: count * 3], dtype=np.uint8).reshape(-1, 3).astype(np.int64)
    values = triples[:, 0] | (triples[:, 1] << 8) | (triples[:, 2] << 16)
    return np.where(values >= 1 << 23, values - (1 << 24), values)


def _plain(dtype: str, minus: int = 0) -> Callable[[bytes, int], IntArray]:
    size = np.dtype(dtype).itemsize

    def read(data: bytes, count: int) -> IntArray:
        return np.frombuffer(data[: count * size], dtype=dtype).astype(np.int64) - minus

    return read


_READERS: dict[int, Callable[[bytes, int], IntArray]] = {
    16: _plain("<i2"),
    24: _format_24,
    32: _plain("<i4"),
    61: _plain(">i2"),
    80: _plain("u1", 128),
    160: _plain("<u2", 32768),
    212: _format_212,
}
_BYTES_PER_PAIR = {16: 4, 24: 6, 32: 8, 61: 4, 80: 2, 160: 4, 212: 3}


def read_samples(data: bytes, fmt: int, count: int | None, *, source: str) -> IntArray:
    """Return ``count`` integers of a file's bytes, or all there are. Raises ``RecordingError``."""
    reader = _READERS.get(fmt)
    if reader is None:
        known = ", ".join(str(number) for number in _READERS)
        raise RecordingError(
            f"{source} is in WFDB format {fmt}, which cannot be read: convert it to one of {known}."
        )
    held = len(data) * 2 // _BYTES_PER_PAIR[fmt]
    if count is None:
        count = held
    if held < count:
        raise RecordingError(
            f"{source} is cut short: {count} samples are promised, {held} are there. Copy it again."
        )
    return reader(data, count)


def checksum_of(samples: IntArray) -> int:
    """Return the 16-bit signed sum a header carries."""
    total = int(samples.sum()) & 0xFFFF
    return total - 0x10000 if total > 0x7FFF else total


def physical(samples: IntArray, spec: SignalSpec) -> FloatArray:
    """Return values in the signal's unit, NaN where the format says that there is no sample."""
    values = (samples - spec.baseline) / spec.gain
    invalid = NO_SAMPLE.get(spec.fmt)
    if invalid is not None:
        values[samples == invalid] = np.nan
    return np.asarray(values, dtype=np.float64)
