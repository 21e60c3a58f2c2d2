"""Raw bytes of an unknown monitor into a file, for support (design.md §7, ``capture``)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from devices.clock import NS_PER_S, Clock
from devices.errors import DeviceLostError, KnownError
from devices.transport.base import Transport

_WAIT_S = 0.1


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


def file_for_baud(out: Path, baud: int, *, several: bool) -> Path:
    """Return where the bytes heard at one speed go: ``out`` itself, or ``out-9600.raw`` when there are several."""
    return out.with_name(f"{out.stem}-{baud}{out.suffix}") if several else out


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
