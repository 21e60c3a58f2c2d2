"""What the host may send to a Nonin oximeter (protocols.md §5.1): choose a format, ask for the time, set it."""

from dataclasses import dataclass

from devices.protocols.device_time import CivilTime
from devices.protocols.nonin.frames import TIME_REPLY, Dialect, clock_time
from devices.protocols.nonin.reader import ACK, NAK

FORMAT_CODES: dict[int, Dialect] = {
    0x02: Dialect.F2,
    0x07: Dialect.F7,
    0x08: Dialect.F8,
    0x0D: Dialect.F13,
}
"""Formats that can be asked for; format 1 and the printout are set on the device."""
_CODE_OF = {dialect: code for code, dialect in FORMAT_CODES.items()}

GET_TIME = bytes.fromhex("02 72 00 03")
ACKNOWLEDGED, REFUSED = bytes((ACK,)), bytes((NAK,))
_LONGEST = 9
"""An unfinished request is at most one byte short of the longest, setting the time."""


def select_format(dialect: Dialect) -> bytes:
    """Return the request for a format; the device keeps it through a change of batteries.

    :raises ValueError: this format cannot be asked for.
    """
    if dialect not in _CODE_OF:
        raise ValueError(f"{dialect.value} is set on the device, it cannot be asked for")
    return bytes((0x02, 0x70, 0x02, 0x02, _CODE_OF[dialect], 0x03))


def time_reply(time: CivilTime) -> bytes:
    """Return the device's answer to ``GET_TIME``."""
    octets = bytes((time.year % 100, time.month, time.day, time.hour, time.minute, time.second))
    return TIME_REPLY + octets + b"\x03"


@dataclass(frozen=True, slots=True)
class FormatRequest:
    """The host asks for a format; ``dialect`` is None where the device has no such format."""

    dialect: Dialect | None


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """The host asks for the time, or sets it."""

    new_time: CivilTime | None = None


class RequestReader:
    """The device's ear: finds requests in whatever the host sends, cut anywhere; the rest is ignored."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[FormatRequest | TimeRequest]:
        """Return the requests that ``data`` completes."""
        buffer = self._buffer + data
        requests: list[FormatRequest | TimeRequest] = []
        at = 0
        while (at := buffer.find(b"\x02", at)) >= 0:
            length = _length_of(buffer, at)
            if length is None:
                break
            request = _parse(buffer[at : at + length]) if length else None
            if request is not None:
                requests.append(request)
            at += length if request is not None else 1
        self._buffer = buffer[at:][-_LONGEST:] if at >= 0 else b""
        return requests


def _length_of(buffer: bytes, at: int) -> int | None:
    """Return the whole length of the request that begins here, 0 for none, None while it is unfinished."""
    if at + 3 > len(buffer):
        return None
    length = {(0x70, 0x02): 6, (0x72, 0x00): 4, (0x72, 0x06): 10}.get((buffer[at + 1], buffer[at + 2]), 0)
    return length if not length or at + length <= len(buffer) else None


def _parse(request: bytes) -> FormatRequest | TimeRequest | None:
    if request[-1] != 0x03:
        return None
    if request[1] == 0x72:
        return TimeRequest(clock_time(request[3:9]) if request[2] else None)
    return FormatRequest(FORMAT_CODES.get(request[4])) if request[3] == 0x02 else None
