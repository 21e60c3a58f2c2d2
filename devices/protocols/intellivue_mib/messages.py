"""Data messages: who invokes, who answers, and the attribute lists inside (protocols.md §3.2, §3.4)."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from devices.protocols.intellivue_mib.nomenclature import POLL, POLL_EXTENDED, Command, Operation
from devices.protocols.intellivue_mib.values import read_time

DATA = 0xE1
_PREFIX = b"\xe1\x00\x00\x02"
THE_MONITOR = b"\x00\x21\x00\x00\x00\x00"
"""The one object every message is about: the medical device system."""

AttributeList = list[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Message:
    """A data message without its envelope. ``command`` is the error's number where ``kind`` is ERROR.

    ``linked`` is 1 first, 2 middle, 3 last part of a linked result, 0 otherwise.
    """

    kind: int
    invoke_id: int
    command: int
    body: bytes
    linked: int = 0


@dataclass(frozen=True, slots=True)
class PolledObject:
    """One object of a poll reply."""

    context: int
    handle: int
    attributes: AttributeList


@dataclass(frozen=True, slots=True)
class PollReply:
    """A poll reply or one part of it. ``last`` when no further part follows."""

    poll_number: int
    ticks: int
    time_s: float | None
    object_class: int
    objects: list[PolledObject]
    last: bool


def read_message(payload: bytes) -> Message:
    """Read a payload that begins with E1.

    :raises struct.error: it is too short.
    """
    (kind,) = struct.unpack_from(">H", payload, 4)
    linked, at = (payload[8], 10) if kind == Operation.LINKED_RESULT and len(payload) > 8 else (0, 8)
    invoke_id, command, length = struct.unpack_from(">HHH", payload, at)
    return Message(kind, invoke_id, command, payload[at + 6 : at + 6 + length], linked)


def pack_message(
    kind: int, command: int, *, invoke_id: int, body: bytes, linked: tuple[int, int] | None = None
) -> bytes:
    """Return the payload of a data message; ``linked`` is state and part number of a linked result."""
    rest = bytes(linked or ()) + struct.pack(">HHH", invoke_id, command, len(body)) + body
    return _PREFIX + struct.pack(">HH", kind, len(rest)) + rest


def read_attributes(data: bytes, at: int = 0) -> AttributeList:
    """Read an attribute list: count, length, then id, length and value of each.

    :raises struct.error: it is shorter than it says.
    """
    count, length = struct.unpack_from(">HH", data, at)
    at += 4
    end = at + length
    if end > len(data):
        raise struct.error("an attribute list is cut off")
    attributes: AttributeList = []
    for _ in range(count):
        name, size = struct.unpack_from(">HH", data, at)
        at += 4 + size
        if at > end:
            raise struct.error("an attribute is cut off")
        attributes.append((name, data[at - size : at]))
    return attributes


def pack_attributes(attributes: Iterable[tuple[int, bytes]]) -> bytes:
    """Return an attribute list."""
    parts = [struct.pack(">HH", name, len(value)) + value for name, value in attributes]
    body = b"".join(parts)
    return struct.pack(">HH", len(parts), len(body)) + body


def read_poll_reply(message: Message) -> PollReply | None:
    """Read the answer to a poll; None when the message is something else.

    :raises struct.error: it is cut off.
    :raises ValueError: its time is none.
    """
    if message.command != Command.CONFIRMED_ACTION or message.kind not in (
        Operation.RESULT,
        Operation.LINKED_RESULT,
    ):
        return None
    (action,) = struct.unpack_from(">H", message.body, 6)
    if action not in (POLL, POLL_EXTENDED):
        return None
    at = 10
    (poll_number,) = struct.unpack_from(">H", message.body, at)
    at += 4 if action == POLL_EXTENDED else 2
    (ticks,) = struct.unpack_from(">I", message.body, at)
    time_s = read_time(message.body[at + 4 : at + 12])
    _, object_class, _ = struct.unpack_from(">HHH", message.body, at + 12)
    objects = _read_objects(message.body, at + 18)
    last = message.kind == Operation.RESULT
    return PollReply(poll_number, ticks, time_s, object_class, objects, last)


def _read_objects(data: bytes, at: int) -> list[PolledObject]:
    contexts, _ = struct.unpack_from(">HH", data, at)
    at += 4
    objects: list[PolledObject] = []
    for _ in range(contexts):
        context, count, _ = struct.unpack_from(">HHH", data, at)
        at += 6
        for _ in range(count):
            (handle,) = struct.unpack_from(">H", data, at)
            attributes = read_attributes(data, at + 2)
            (length,) = struct.unpack_from(">H", data, at + 4)
            at += 6 + length
            objects.append(PolledObject(context, handle, attributes))
    return objects
