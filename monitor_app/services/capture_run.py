"""Raw bytes of an unknown monitor into a file, for support (design.md §7, ``capture``): at which line settings, and what came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from devices.clock import NS_PER_S, Clock
from devices.drivers.base import Driver, SerialSettings
from devices.errors import DeviceLostError, KnownError
from devices.probe import OpenPort, PortProbe
from devices.probe_listener import Evidence, Listener
from devices.probe_report import text_with_parity
from devices.transport.base import Transport

_WAIT_S = 0.1
_PIECE_BYTES = 4096
HEAD_BYTES = 64
USUAL_LINE = SerialSettings(115200)
"""Where nothing is known of a silent port: the commonest setting of protocols.md."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What was saved. ``lost`` is why the port went away before the time was over, empty when it did not."""

    path: Path
    bytes_saved: int
    lost: str = ""


def capture_bytes(
    transport: Transport, out: Path, seconds: float, *, clock: Clock, stopped: Callable[[], bool]
) -> Captured:
    """Save what comes in ``seconds`` (fewer once ``stopped``). Nothing is ever sent.

    An earlier file of that name is replaced. What has come is in the file also when the port is lost on the way.

    :raises DeviceError: the port cannot be opened.
    :raises KnownError: the file cannot be written.
    """
    transport.open()
    try:
        with _create(out) as file:
            end_ns = clock.monotonic_ns() + round(seconds * NS_PER_S)
            saved = 0
            while not stopped() and (left_ns := end_ns - clock.monotonic_ns()) > 0:
                try:
                    data = transport.read(min(_WAIT_S, left_ns / NS_PER_S))
                except DeviceLostError as error:
                    return Captured(out, saved, str(error))
                _write(file, data, out)
                saved += len(data)
            return Captured(out, saved)
    finally:
        transport.close()


@dataclass(frozen=True, slots=True)
class Look:
    """What a capture looks like. ``found``: the families it belongs to; ``evidence``: of each that finds a frame in it.

    ``text``: readable lines; ``parity``: readable once the highest bit of each byte is taken away.
    """

    bytes_seen: int
    head: bytes
    found: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    text: bool
    parity: bool


def find_line(
    open_port: OpenPort,
    drivers: Sequence[Driver],
    *,
    clock: Clock,
    stopped: Callable[[], bool],
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[SerialSettings, bool]:
    """Return the line settings to capture at, and whether a family is heard there. Nothing is ever sent.

    ``tell`` hears in words what is tried. Where no family is heard, the settings at which most bytes came: at a wrong speed fewer come, or more broken ones.

    :raises KnownError: the port cannot be opened.
    """
    probe = PortProbe(open_port, drivers)
    told = probe.progress
    while probe.step(clock.monotonic_ns(), _WAIT_S):
        if probe.progress != told:
            told = probe.progress
            tell(told)
        if stopped():
            probe.cancel()
    report = probe.report
    if report.found and report.line is not None:
        return report.line, True
    if report.reason and not report.tries:
        raise KnownError(report.reason)
    loudest = max(report.tries, key=lambda tried: tried.bytes_in, default=None)
    return (loudest.line if loudest is not None and loudest.bytes_in else USUAL_LINE), False


def look_at(path: Path, drivers: Sequence[Driver]) -> Look:
    """Run every driver's decoder over a capture. Memory stays bounded whatever its size.

    :raises KnownError: it cannot be read.
    """
    listener, head = Listener(drivers), b""
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                head = head or piece[:HEAD_BYTES]
                listener.feed(piece)
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}): check its name and rights.") from error
    found = tuple(item for item in listener.evidence() if item.frames_ok)
    readable = bool(listener.sample) and all(_readable(byte) for byte in listener.sample)
    parity = not readable and text_with_parity(listener.sample)
    return Look(listener.bytes_in, head, listener.fitting(), found, readable, parity)


def hex_lines(data: bytes) -> list[str]:
    """Return bytes as lines of sixteen: place, hexadecimal, and what can be read."""
    lines = []
    for place in range(0, len(data), 16):
        row = data[place : place + 16]
        signs = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{place:04x}  {row.hex(' '):47}  {signs}")
    return lines


def file_for_line(out: Path, line: SerialSettings, *, speeds: bool, parities: bool) -> Path:
    """Return where the bytes heard with one setting go: ``out`` itself, or ``out-9600.raw``, ``out-9600E.raw`` of several."""
    mark = f"-{line.baud if speeds or parities else ''}{line.parity if parities else ''}"
    return out.with_name(f"{out.stem}{mark}{out.suffix}") if speeds or parities else out


def _readable(byte: int) -> bool:
    return byte in b"\t\r\n\x0b\x1c" or 32 <= byte < 127


def _create(out: Path) -> BinaryIO:
    try:
        return out.open("wb", buffering=0)
    except OSError as error:
        raise _not_written(out, error) from error


def _write(file: BinaryIO, data: bytes, out: Path) -> None:
    try:
        file.write(data)
    except OSError as error:
        raise _not_written(out, error) from error


def _not_written(out: Path, error: OSError) -> KnownError:
    return KnownError(f"{out} cannot be written ({error.strerror}): name another file with --out.")
