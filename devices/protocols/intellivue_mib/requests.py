"""What the host sends inside a session (protocols.md §3.3)."""

import struct
from collections.abc import Sequence

from devices.protocols.intellivue_mib.messages import THE_MONITOR, pack_attributes, pack_message
from devices.protocols.intellivue_mib.nomenclature import (
    MDS_CREATE,
    POLL,
    POLL_EXTENDED,
    POLL_PERIOD,
    WAVE_PRIORITIES,
    Command,
    ObjectClass,
    Operation,
)
from devices.protocols.intellivue_mib.values import TICKS_PER_S

POLL_VALID_S = 600
"""How long an extended poll is asked for (protocols.md §3.3)."""
_OBJECT_PARTITION = 0x0001
_LABEL_PARTITION = 0x0002
_CREATED_AT = 0x000ABD00  # as printed in protocols.md §3.3; the monitor does not look at it

MDS_CREATE_RESULT = pack_message(
    Operation.RESULT,
    Command.CONFIRMED_EVENT,
    invoke_id=1,
    body=THE_MONITOR + struct.pack(">IHH", _CREATED_AT, MDS_CREATE, 0),
)
"""The answer to the MDS create event. Repeated it keeps the session alive (protocols.md §3.3, step 7)."""

POLL_NUMBER = {
    ObjectClass.NUMERIC: 1,
    ObjectClass.WAVE: 3,
    ObjectClass.ALARMS: 5,
    ObjectClass.MDS: 7,
}
_INVOKE_ID = {
    ObjectClass.NUMERIC: 1,
    ObjectClass.WAVE: 4,
    ObjectClass.ALARMS: 6,
    ObjectClass.MDS: 8,
}
PRIORITIES_INVOKE_ID = 0


def extended_poll(kind: ObjectClass) -> bytes:
    """Return the request for every object of a class, again and again for ten minutes."""
    period = pack_attributes([(POLL_PERIOD, struct.pack(">I", POLL_VALID_S * TICKS_PER_S))])
    return _poll(kind, POLL_EXTENDED, period)


def single_poll(kind: ObjectClass) -> bytes:
    """Return the request for every object of a class, once."""
    return _poll(kind, POLL, b"")


def class_of_invoke(invoke_id: int) -> ObjectClass | None:
    """Return which class a poll with this invoke id asked for: what an error answers."""
    return next((kind for kind, number in _INVOKE_ID.items() if number == invoke_id), None)


def wave_priorities(physio_ids: Sequence[int]) -> bytes:
    """Return the request that chooses which waves are sent, most important first."""
    labels = b"".join(struct.pack(">HH", _LABEL_PARTITION, physio) for physio in physio_ids)
    value = struct.pack(">HH", len(physio_ids), len(labels)) + labels
    # One modification, "replace"; the attribute follows as in an attribute list.
    change = struct.pack(">HHH", 0, WAVE_PRIORITIES, len(value)) + value
    body = THE_MONITOR + bytes(4) + struct.pack(">HH", 1, len(change)) + change
    return pack_message(Operation.INVOKE, Command.CONFIRMED_SET, invoke_id=PRIORITIES_INVOKE_ID, body=body)


def _poll(kind: ObjectClass, action: int, arguments: bytes) -> bytes:
    asked = struct.pack(">HHHH", POLL_NUMBER[kind], _OBJECT_PARTITION, kind, 0) + arguments
    body = THE_MONITOR + struct.pack(">IHH", 0, action, len(asked)) + asked
    return pack_message(Operation.INVOKE, Command.CONFIRMED_ACTION, invoke_id=_INVOKE_ID[kind], body=body)
