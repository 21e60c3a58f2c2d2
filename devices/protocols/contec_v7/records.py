"""Records of the V7.0 protocol: ``TYPE | HB | data``, the same both ways (protocols.md §7.2).

Only TYPE has bit 7 = 0. HB holds the bits 7 that the data bytes lost: bit k is that of data byte k.
"""

from enum import IntEnum

FRAME_BYTES = 9
"""Length of a real-time frame, an identity and a command, and the longest there is."""
MAX_DATA = FRAME_BYTES - 2


class RecordType(IntEnum):
    """TYPE bytes whose meaning is known."""

    REAL_TIME = 0x01
    IDENTITY = 0x04
    STATUS = 0x0B
    IDLE = 0x0C
    DISCONNECTED = 0x0D
    PI_SUPPORT = 0x0E
    COMMAND = 0x7D  # host to device


def encode_record(kind: int, data: bytes) -> bytes:
    """Return a whole record.

    :raises ValueError: ``kind`` has bit 7, or there are more than seven data bytes.
    """
    if kind > 0x7F or len(data) > MAX_DATA:
        raise ValueError(f"type {kind:02X} with {len(data)} data bytes is no V7.0 record")
    high_bits = sum((octet >> 7) << k for k, octet in enumerate(data))
    return bytes((kind, 0x80 | high_bits, *(octet | 0x80 for octet in data)))


def restore(record: bytes) -> bytes:
    """Return the data bytes of a record with their bits 7 put back."""
    high_bits = record[1]
    return bytes((octet & 0x7F) | (high_bits >> k & 1) << 7 for k, octet in enumerate(record[2:]))


def is_record(record: bytes) -> bool:
    """Whether HB claims no bits for data bytes that are not there."""
    return 2 <= len(record) <= FRAME_BYTES and (record[1] & 0x7F) >> (len(record) - 2) == 0
