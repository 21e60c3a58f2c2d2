"""What the host sends to a V7.0 oximeter: nine bytes, ``7D 81 cmd 80 80 80 80 80 80`` (protocols.md §7.2).

Left out on purpose: A3 to A6 read stored data, B1 and B2 set its clock, AE deletes its memory.
"""

from enum import IntEnum

from devices.protocols.contec_v7.records import MAX_DATA, RecordType, encode_record


class Command(IntEnum):
    """The first data byte of a command."""

    START = 0xA1
    STOP = 0xA2
    STOP_STORED = 0xA7
    IDENTITY = 0xAA
    PI_SUPPORT = 0xAC
    KEEP_ALIVE = 0xAF


def encode_command(command: int) -> bytes:
    """Return a command without parameters."""
    return encode_record(RecordType.COMMAND, bytes((command,)).ljust(MAX_DATA, b"\0"))


START = encode_command(Command.START)
STOP = encode_command(Command.STOP)
STOP_STORED = encode_command(Command.STOP_STORED)
ASK_IDENTITY = encode_command(Command.IDENTITY)
ASK_PI_SUPPORT = encode_command(Command.PI_SUPPORT)
KEEP_ALIVE = encode_command(Command.KEEP_ALIVE)

START_UP = (STOP_STORED, STOP, ASK_PI_SUPPORT, ASK_IDENTITY, START)
"""The questions of the captured exchange whose answers we understand, in its order, one at a time."""
