"""Real-time frames of the V7.0 protocol, field by field (protocols.md §7.2)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.protocols.contec_v7.records import FRAME_BYTES, RecordType, encode_record, restore
from devices.signals import WaveScale

PLETH_RATE_HZ = 60.0  # 60 +/- 2 by the document
PLETH_SCALE = WaveScale("1", None, 64, 0, 127)
NO_WAVE = 64
"""The wave while the probe has an error."""
_NO_PULSE, _NO_SATURATION, _NO_PERFUSION = 255, 127, 0xFFFF
_PROBE_ERROR, _BEEP, _DROPPING, _LONG_SEARCH = 0x80, 0x40, 0x20, 0x10
_SEARCHING = 0x80
_PERFUSION_INVALID = 0x10

_NUMBERS_ONLY = np.array([0, 0xFF, 0xFF, 0, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF], dtype=np.uint8)
"""Leaves out what moves with every sample: the wave and the bar. The flag of the wave byte is its bit 7, kept in HB."""
_KEY_MASK = int.from_bytes(_NUMBERS_ONLY.tobytes(), "big")
_FEW_FRAMES, _SHORT_RUN = 16, 64
"""Up to so many frames a plain loop, and one comparison of large whole numbers, are faster than numpy."""
_ONES = [sum(1 << 8 * FRAME_BYTES * k for k in range(count)) for count in range(_SHORT_RUN + 1)]
"""A key times the n-th of these stands in each of n frames."""


@dataclass(frozen=True, slots=True)
class RealTime:
    """All of a frame but wave and bar. A number is None where the device marks it invalid."""

    pulse_per_min: int | None
    spo2_percent: int | None
    perfusion_percent: float | None
    strength: int  # 0-15 as sent
    probe_error: bool = False
    searching: bool = False
    long_search: bool = False
    dropping: bool = False
    beep: bool = False


def parse_frame(frame: bytes) -> RealTime:
    """Read a frame that the reader let pass."""
    marks, wave, bar, pulse, saturation, low, high = restore(frame)
    perfusion = low | high << 8
    no_perfusion = perfusion == _NO_PERFUSION or bool(bar & _PERFUSION_INVALID)
    return RealTime(
        # 0 is not a listed code, and neither is it a pulse or a saturation.
        pulse_per_min=None if pulse in (0, _NO_PULSE) else pulse,
        spo2_percent=None if saturation in (0, _NO_SATURATION) else saturation,
        perfusion_percent=None if no_perfusion else perfusion / 100,
        strength=marks & 0x0F,
        probe_error=bool(marks & _PROBE_ERROR),
        searching=bool(wave & _SEARCHING),
        long_search=bool(marks & _LONG_SEARCH),
        dropping=bool(marks & _DROPPING),
        beep=bool(marks & _BEEP),
    )


def encode_frame(values: RealTime, wave: int, bar: int) -> bytes:
    """Return a frame; ``wave`` 0 to 127, ``bar`` 0 to 15."""
    marks = (
        values.strength
        | values.long_search * _LONG_SEARCH
        | values.dropping * _DROPPING
        | values.beep * _BEEP
        | values.probe_error * _PROBE_ERROR
    )
    has_perfusion = values.perfusion_percent is not None
    perfusion = round((values.perfusion_percent or 0.0) * 100) if has_perfusion else _NO_PERFUSION
    pulse = _NO_PULSE if values.pulse_per_min is None else values.pulse_per_min
    saturation = _NO_SATURATION if values.spo2_percent is None else values.spo2_percent
    data = (
        marks,
        wave | values.searching * _SEARCHING,
        bar | (not has_perfusion) * _PERFUSION_INVALID,
        pulse,
        saturation,
        perfusion & 0xFF,
        perfusion >> 8,
    )
    return encode_record(RecordType.REAL_TIME, bytes(data))


def wave_of(frames: bytes) -> npt.NDArray[np.int32]:
    """Return the wave of a run of frames in counts, one for each."""
    return (np.frombuffer(frames[3::FRAME_BYTES], dtype=np.uint8) & 0x7F).astype(np.int32)


def bar_of(frames: bytes, index: int) -> int:
    """Return the height of the pulse bar in one frame of a run, 0 to 15."""
    return frames[index * FRAME_BYTES + 4] & 0x0F


def numbers_key(frame: bytes) -> int:
    """Return what a frame says apart from wave and bar, for comparison only; never negative."""
    return int.from_bytes(frame, "big") & _KEY_MASK


def changes(frames: bytes, key: int) -> list[int]:
    """Return the frames of a run at which anything but wave and bar differs from the frame before.

    ``key`` is that of the frame before the first.
    """
    count = len(frames) // FRAME_BYTES
    if key >= 0 and count <= _SHORT_RUN:
        # Most pieces a serial port hands over are short and say nothing new: one comparison tells.
        ones = _ONES[count]
        if int.from_bytes(frames, "big") & _KEY_MASK * ones == key * ones:
            return []
    if count <= _FEW_FRAMES:
        keys = [numbers_key(frames[at : at + FRAME_BYTES]) for at in range(0, len(frames), FRAME_BYTES)]
        return [k for k, (before, now) in enumerate(zip([key, *keys], keys, strict=False)) if now != before]
    rows = np.frombuffer(frames, dtype=np.uint8).reshape(-1, FRAME_BYTES) & _NUMBERS_ONLY
    first = [0] if numbers_key(frames[:FRAME_BYTES]) != key else []
    return [*first, *(np.flatnonzero((rows[1:] != rows[:-1]).any(axis=1)) + 1).tolist()]
