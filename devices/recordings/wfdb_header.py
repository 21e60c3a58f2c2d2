"""WFDB header files: one line for the record, one for each signal (PhysioNet, ``header(5)``)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from devices.recordings.recording import RecordingError

DEFAULT_RATE_HZ = 250.0  # header(5)
DEFAULT_GAIN = 200.0  # header(5): adu per mV where the gain is absent or 0

_GAIN = re.compile(r"(?P<gain>[-+0-9.eE]+)(\((?P<baseline>-?\d+)\))?(/(?P<unit>\S+))?$")
_FORMAT = re.compile(r"(?P<fmt>\d+)(x(?P<per_frame>\d+))?(:(?P<skew>\d+))?(\+(?P<offset>\d+))?$")


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """One signal line. ``checksum`` is None where the line does not carry it."""

    file: str
    fmt: int
    per_frame: int
    skew: int
    offset: int
    gain: float
    baseline: int
    unit: str
    checksum: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Header:
    """A whole header. ``frames`` is None where the record line does not say."""

    name: str
    rate_hz: float
    frames: int | None
    start_utc: datetime | None
    signals: tuple[SignalSpec, ...]
    comments: tuple[str, ...]


def parse_header(text: str, *, source: str) -> Header:
    """Read a header; ``source`` is what messages call the file. Raises ``RecordingError``."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    comments = tuple(line[1:].strip() for line in lines if line.startswith("#"))
    lines = [line for line in lines if not line.startswith("#")]
    if not lines:
        raise RecordingError(f"{source} is empty: it should be a WFDB header.")
    try:
        return _parse(lines, comments, source)
    except (ValueError, IndexError) as error:
        raise RecordingError(f"{source} is not a WFDB header that can be read ({error}).") from error


def _parse(lines: list[str], comments: tuple[str, ...], source: str) -> Header:
    words = lines[0].split()
    if "/" in words[0]:
        raise RecordingError(f"{source} joins several segments: open one of the segments it names instead.")
    count = int(words[1])
    if len(lines) - 1 < count:
        raise RecordingError(
            f"{source} promises {count} signals but describes {len(lines) - 1}: it is cut short."
        )
    rate_hz = float(re.split(r"[/(]", words[2])[0]) if len(words) > 2 else DEFAULT_RATE_HZ
    frames = int(words[3]) if len(words) > 3 and int(words[3]) > 0 else None
    start = _start(words[4] if len(words) > 4 else None, words[5] if len(words) > 5 else None)
    signals = tuple(_signal(line) for line in lines[1 : count + 1])
    return Header(words[0], rate_hz, frames, start, signals, comments)


def _signal(line: str) -> SignalSpec:
    words = line.split(maxsplit=8)
    fmt = _FORMAT.match(words[1])
    if fmt is None:
        raise ValueError(f"the format {words[1]!r} is not understood")
    gain = _GAIN.match(words[2]) if len(words) > 2 else None
    adc_zero = int(words[4]) if len(words) > 4 else 0
    baseline = gain["baseline"] if gain and gain["baseline"] else None
    return SignalSpec(
        file=words[0],
        fmt=int(fmt["fmt"]),
        per_frame=int(fmt["per_frame"] or 1),
        skew=int(fmt["skew"] or 0),
        offset=int(fmt["offset"] or 0),
        gain=(float(gain["gain"]) if gain else 0.0) or DEFAULT_GAIN,
        baseline=adc_zero if baseline is None else int(baseline),
        unit=(gain["unit"] if gain else None) or "mV",
        checksum=int(words[6]) if len(words) > 6 else None,
        label=words[8] if len(words) > 8 else "",
    )


def _start(clock: str | None, date: str | None) -> datetime | None:
    if clock is None or date is None:
        return None
    day, month, year = (int(part) for part in date.split("/"))
    parts = [0.0, 0.0, *(float(part) for part in clock.split(":"))][-3:]
    whole = int(parts[2])
    micro = round((parts[2] - whole) * 1e6)
    return datetime(year, month, day, int(parts[0]), int(parts[1]), whole, micro, tzinfo=UTC)
