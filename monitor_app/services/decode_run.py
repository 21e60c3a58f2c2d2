"""A raw capture as the signals it holds, in the form other programs read (design.md §7, ``decode``)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import singledispatch
from pathlib import Path
from typing import Any, TypeAlias

from devices.clock import NS_PER_S
from devices.drivers.base import Driver
from devices.errors import KnownError
from devices.signals import (
    BeatMark,
    Counters,
    DeviceIdentity,
    DeviceStatus,
    NibpPhase,
    NibpProgress,
    NibpResult,
    NumericReading,
    Quality,
    WaveChunk,
)
from monitor_app.core.raw import RawEntry
from monitor_app.services.hex_text import bytes_of_hex

Line: TypeAlias = dict[str, Any]

_CHUNK_BYTES = 4096  # about a second of a dense wire: lines of a handy length
_PHYSICAL_DIGITS = 6  # a thousandth of a microvolt


def decode_file(driver: Driver, path: Path, *, hexadecimal: bool) -> Iterator[Line]:
    """Yield one line for each signal of a capture, the summary last. Memory stays bounded whatever its size.

    :raises KnownError: the file cannot be read, is empty, or is not hexadecimal text where it should be.
    """
    decoder = driver.capture_decoder()
    for data in _chunks(path, hexadecimal=hexadecimal):
        for signal in decoder.feed(data):
            yield signal_line(signal)
    if not decoder.counters.bytes_in:
        raise KnownError(f"{path} is empty: capture again, or name another file.")
    yield summary_line(decoder.counters)


def decode_pieces(driver: Driver, pieces: Iterable[RawEntry], *, zero_t_ns: int) -> Iterator[Line]:
    """Yield the lines of bytes recorded beside a session, as of a file; each says when its bytes were heard.

    ``t``: seconds since ``zero_t_ns``, the session's beginning. What Chairside sent is left out.
    """
    decoder = driver.capture_decoder()
    for piece in pieces:
        if piece.sent:
            continue
        t_s = round((piece.stamp.t_ns - zero_t_ns) / NS_PER_S, _PHYSICAL_DIGITS)
        for signal in decoder.feed(piece.data):
            yield {**signal_line(signal), "t": t_s}
    yield summary_line(decoder.counters)


def summary_line(counters: Counters) -> Line:
    """Return the last line: what a decoder has seen."""
    return {
        "kind": "summary",
        "bytes": counters.bytes_in,
        "frames_ok": counters.frames_ok,
        "frames_bad": counters.frames_bad,
        "resyncs": counters.resyncs,
        "bytes_discarded": counters.bytes_discarded,
    }


def _chunks(path: Path, *, hexadecimal: bool) -> Iterator[bytes]:
    pieces = capture_chunks(path)
    return bytes_of_hex(pieces, name=path.name) if hexadecimal else pieces


def capture_chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes some at a time.

    :raises KnownError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                yield piece
    except FileNotFoundError:
        raise KnownError(f"There is no file {path}: check its name.") from None
    except IsADirectoryError:
        raise KnownError(f"{path} is a folder: name the capture file in it.") from None
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}): check its name and rights.") from error


@singledispatch
def signal_line(signal: object) -> Line:
    """Return a signal as a line of output. An invalid value is null; ``device_time`` is POSIX seconds or null."""
    raise TypeError(f"not a signal: {signal!r}")


@signal_line.register
def _(signal: NumericReading) -> Line:
    invalid = bool(signal.quality & Quality.INVALID)
    return {
        "kind": "numeric",
        "name": signal.name,
        "value": None if invalid else _short(signal.value),
        "unit": signal.unit,
        "device_time": signal.device_time_s,
        "quality": quality_names(signal.quality),
    }


@signal_line.register
def _(signal: WaveChunk) -> Line:
    scale = signal.scale
    calibrated = scale.unit_per_count is not None
    line: Line = {
        "kind": "waveform",
        "name": signal.name,
        "rate_hz": _short(signal.rate_hz),
        "first_sample": signal.first_sample,
        "unit": scale.unit if calibrated else "1",
        "samples": signal.samples.tolist(),
        "quality": quality_names(signal.quality),
    }
    if calibrated:
        line["samples"] = [_short(value) for value in scale.physical(signal.samples).tolist()]
    else:
        line.update(zero=_short(scale.zero), low=scale.low, high=scale.high)
    return line


@signal_line.register
def _(signal: NibpResult) -> Line:
    return {
        "kind": "nibp",
        "systolic": _short(signal.systolic_mmhg),
        "diastolic": _short(signal.diastolic_mmhg),
        "mean": _short(signal.mean_mmhg),
        "pulse": _short(signal.pulse_per_min),
        "status": "ok" if signal.failure is None else signal.failure.name.lower(),
        "detail": "" if signal.failure is None else signal.failure.value,
        "questionable": signal.questionable,
        "device_time": signal.device_time_s,
    }


@signal_line.register
def _(signal: NibpProgress) -> Line:
    measuring = signal.phase is NibpPhase.MEASURING
    return {
        "kind": "status",
        "code": "NIBP_MEASURING",
        "active": measuring,
        "detail": "",
        "cuff_mmhg": signal.cuff_mmhg,
    }


@signal_line.register
def _(signal: DeviceStatus) -> Line:
    if signal.held is not None:
        return {**signal_line(signal.held), "status": "held", "detail": signal.detail}
    return {"kind": "status", "code": signal.code, "active": signal.active, "detail": signal.detail}


@signal_line.register
def _(signal: BeatMark) -> Line:
    return {"kind": "beat", "source": signal.source}


@signal_line.register
def _(signal: DeviceIdentity) -> Line:
    return {"kind": "identity", **asdict(signal)}


def quality_names(quality: Quality) -> list[str]:
    """Return the flags that are set, in lower case; none for a good value."""
    return [str(flag.name).lower() for flag in quality]


def _short(value: float | None) -> float | int | None:
    if value is None:
        return None
    rounded = round(float(value), _PHYSICAL_DIGITS)
    return int(rounded) if rounded.is_integer() else rounded
