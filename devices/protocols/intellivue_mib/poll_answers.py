"""How an emulated monitor answers polls: which, how often, and cut into linked results (protocols.md §3.2, §3.4)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from devices.protocols.intellivue_mib.messages import (
    THE_MONITOR,
    Message,
    PolledObject,
    pack_attributes,
    pack_message,
    read_attributes,
)
from devices.protocols.intellivue_mib.nomenclature import (
    POLL,
    POLL_EXTENDED,
    POLL_PERIOD,
    Command,
    ObjectClass,
    Operation,
)
from devices.protocols.intellivue_mib.values import NO_TIME, TICKS_PER_S

NO_SUCH_CLASS, ACCESS_DENIED, NO_SUCH_ACTION = 0, 2, 9
"""Error values of a refused operation."""
_HEADER_BYTES = 64  # of a message, generously: everything before the first object
PART_BYTES = 400
"""Parts are cut well below the agreed MTU, so that a bedside with few parameters shows linked results too."""
_FIRST, _MIDDLE, _LAST = 1, 2, 3


class RefusedRequestError(Exception):
    """The request is answered with an error of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class PollRequest:
    """What the host asked for. ``valid_s`` is None for a single poll."""

    kind: ObjectClass
    action: int
    poll_number: int
    invoke_id: int
    valid_s: float | None


def read_poll(message: Message) -> PollRequest:
    """Read an action request.

    :raises RefusedRequestError: an action or a class this monitor does not have.
    :raises struct.error: it is cut off.
    """
    _, action, _ = struct.unpack_from(">IHH", message.body, 6)
    if action not in (POLL, POLL_EXTENDED):
        raise RefusedRequestError(NO_SUCH_ACTION)
    poll_number, _, kind, _ = struct.unpack_from(">HHHH", message.body, 14)
    if kind not in frozenset(ObjectClass):
        raise RefusedRequestError(NO_SUCH_CLASS)
    valid_s = None
    if action == POLL_EXTENDED:
        asked = dict(read_attributes(message.body, 22)) if len(message.body) > 22 else {}
        period = asked.get(POLL_PERIOD)
        valid_s = struct.unpack(">I", period)[0] / TICKS_PER_S if period and len(period) == 4 else 0.0
    return PollRequest(ObjectClass(kind), action, poll_number, message.invoke_id, valid_s)


class RunningPoll:
    """An extended poll that is answered every ``period_s`` from ``next_s`` until its time is over."""

    def __init__(self, request: PollRequest, *, next_s: float, period_s: float, until_s: float) -> None:
        self.request = request
        self.next_s = next_s
        self.sequence = 0
        self._period_s = period_s
        self._until_s = until_s

    @property
    def over(self) -> bool:
        """Whether the next answer would come after its time."""
        return self.next_s > self._until_s

    def answered(self) -> None:
        """Go on to the next answer."""
        self.sequence += 1
        self.next_s += self._period_s


def answer(
    request: PollRequest, objects: Sequence[PolledObject], *, ticks: int, sequence: int, mtu: int
) -> list[bytes]:
    """Return the payloads that answer a poll once: one result, or linked ones ended by an empty result."""
    header = struct.pack(">H", request.poll_number)
    if request.action == POLL_EXTENDED:
        header += struct.pack(">H", sequence & 0xFFFF)
    header += struct.pack(">I", ticks & 0xFFFFFFFF) + NO_TIME + struct.pack(">HHH", 1, request.kind, 0)
    parts = _parts(objects, min(mtu, PART_BYTES) - _HEADER_BYTES)
    if len(parts) == 1:
        return [_result(request, header + parts[0], None)]
    states = [_FIRST, *([_MIDDLE] * (len(parts) - 2)), _LAST]
    linked = [
        _result(request, header + part, (state, number))
        for number, (state, part) in enumerate(zip(states, parts, strict=True), 1)
    ]
    return [*linked, _result(request, header + _list([]), None)]


def _result(request: PollRequest, data: bytes, linked: tuple[int, int] | None) -> bytes:
    return pack_message(
        Operation.RESULT if linked is None else Operation.LINKED_RESULT,
        Command.CONFIRMED_ACTION,
        invoke_id=request.invoke_id,
        body=THE_MONITOR + struct.pack(">HH", request.action, len(data)) + data,
        linked=linked,
    )


def _parts(objects: Sequence[PolledObject], room: int) -> list[bytes]:
    """Cut at objects: as many into each part as fit, one at least."""
    parts: list[list[bytes]] = [[]]
    for polled in objects:
        octets = struct.pack(">H", polled.handle) + pack_attributes(polled.attributes)
        if parts[-1] and sum(map(len, parts[-1])) + len(octets) > room:
            parts.append([])
        parts[-1].append(octets)
    return [_list(part) for part in parts]


def _list(objects: Sequence[bytes]) -> bytes:
    """Return the list of one context; no context at all where there is no object."""
    if not objects:
        return bytes(4)
    body = b"".join(objects)
    context = struct.pack(">HHH", 0, len(objects), len(body)) + body
    return struct.pack(">HH", 1, len(context)) + context
