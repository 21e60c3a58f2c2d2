"""What the host asks of a DRI monitor, and how the monitor reads it (protocols.md §2.4).

There is no request that starts, stops or times the cuff.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from devices.protocols.datex_dri.frames import encode_frame
from devices.protocols.datex_dri.records import END_OF_LIST, REQUEST, MainType, Record, build_record

_NUMERICS = struct.Struct("<Bhlh")
_WAVES = struct.Struct("<hh8s16s2h")
_ALARMS = struct.Struct("<H5h")
STOP_INTERVAL = 0
ONCE = -1
LOWEST_INTERVAL_S = 5
"""The official minimum for displayed values; captured monitors also give 1 s (protocols.md §2.4)."""
LEAST_INTERVAL_S = 1
SECOND_SINGLE_AFTER_S = 5.0
"""A second single request within this time is ignored (protocols.md §2.4)."""
MAX_WAVES = 8


class RecordType(IntEnum):
    """Sub-record types of numerics (protocols.md §2.4, §2.5)."""

    DISPLAYED = 1
    TREND_10_S = 2
    TREND_60_S = 3
    AUXILIARY = 4


class Classes(IntFlag):
    """Which classes of numerics are wanted; basic comes unless it is denied (protocols.md §2.4)."""

    BASIC = 0
    DENY_BASIC = 1
    EXT1 = 2
    EXT2 = 4
    EXT3 = 8
    ALL = 14


class AlarmCommand(IntEnum):
    """Alarm requests (protocols.md §2.4)."""

    STATUS = 0
    ENTER_DIFFERENTIAL = 2
    EXIT_DIFFERENTIAL = 3


@dataclass(frozen=True, slots=True)
class NumericsRequest:
    """Asks for numerics each ``interval_s``; 0 stops, -1 asks for one record."""

    record_type: int
    interval_s: int
    classes: int


@dataclass(frozen=True, slots=True)
class WavesRequest:
    """Asks for waves of these types, or for none."""

    start: bool
    types: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AlarmsRequest:
    """Asks for the state of alarms, or for every change of it."""

    command: int


HostRequest = NumericsRequest | WavesRequest | AlarmsRequest


def request_numerics(
    interval_s: int, classes: int = Classes.ALL, *, record_type: int = RecordType.DISPLAYED
) -> bytes:
    """Return the frame that asks for numerics every so many seconds; ``ONCE`` asks for a single record."""
    return _frame(MainType.NUMERICS, _NUMERICS.pack(record_type, interval_s, classes, 0))


def stop_numerics() -> bytes:
    """Return the frame that ends displayed values."""
    return request_numerics(STOP_INTERVAL, Classes.BASIC)


def request_waves(types: Sequence[int]) -> bytes:
    """Return the frame that starts waves; what does not fit on the line the monitor leaves out silently.

    :raises ValueError: none, or more than eight.
    """
    if not 1 <= len(types) <= MAX_WAVES:
        raise ValueError(f"1 to {MAX_WAVES} waves can be asked for, not {len(types)}")
    return _frame(MainType.WAVE, _waves_body(0, types))


def stop_waves() -> bytes:
    """Return the frame that ends all waves; 75 bytes, the official listing is one short (protocols.md §2.4)."""
    return _frame(MainType.WAVE, _waves_body(1, ()))


def request_alarms(command: AlarmCommand) -> bytes:
    """Return the frame that asks for alarms; answered from interface level 10 on."""
    return _frame(MainType.ALARM, _ALARMS.pack(command, 0, 0, 0, 0, 0))


def parse_request(record: Record) -> HostRequest | None:
    """Return what a host's record asks for; None for anything else."""
    if len(record.parts) != 1 or record.parts[0][0] != REQUEST:
        return None
    body = record.parts[0][1]
    if record.main_type == MainType.NUMERICS and len(body) == _NUMERICS.size:
        record_type, interval_s, classes, _ = _NUMERICS.unpack(body)
        return NumericsRequest(record_type, interval_s, classes & 0xFFFFFFFF)
    if record.main_type == MainType.WAVE and len(body) == _WAVES.size:
        command, _, types, more, _, _ = _WAVES.unpack(body)
        listed = (types + more).partition(bytes((END_OF_LIST,)))[0]
        return WavesRequest(command == 0, tuple(listed[:MAX_WAVES])) if command in (0, 1) else None
    if record.main_type == MainType.ALARM and len(body) == _ALARMS.size:
        return AlarmsRequest(_ALARMS.unpack(body)[0])
    return None


def _waves_body(command: int, types: Sequence[int]) -> bytes:
    listed = bytes(types) + bytes((END_OF_LIST,))
    listed = listed.ljust(24, b"\x00")
    return _WAVES.pack(command, 0, listed[:8], listed[8:], 0, 0)


def _frame(main_type: int, body: bytes) -> bytes:
    return encode_frame(build_record(main_type, [(REQUEST, body)]))
