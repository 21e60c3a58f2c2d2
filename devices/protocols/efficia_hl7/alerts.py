"""The monitor's own alarms and technical messages, where an answer or a pushed message carries them.

They are OBX segments of type TX with code, priority and ``MDIL-ALERT`` in OBX-3 and the words in OBX-5 (Efficia CM
Series Data Export Guide p 2-16). The guide exports them over the network only; on the serial port the screen's numbers
come alone, so an answer without any is the usual one and ends those told before.
"""

from collections.abc import Iterable

from devices.protocols.hl7.message import Message, Segment

CODING_SYSTEM = "MDIL-ALERT"
COLOUR_OF_CODE = {"1": "red", "2": "yellow", "3": "cyan", "5": "technical", "6": "technical"}
"""OBX-3.1. 2 is Yellow Alarm in the guide's own example; 1 Red, 5 HardInop, 6 Soft Inop in messages quoted publicly."""
_ORDER = ("red", "yellow", "cyan", "technical")
_LONGEST_TEXT = 200


def is_alert(segment: Segment) -> bool:
    """Whether an OBX segment is an alarm."""
    return segment.component(3, 3) == CODING_SYSTEM


def alerts_of(message: Message) -> str | None:
    """Return ``colour: words`` of each alarm, most urgent first; None when the message carries no alarm at all.

    An empty text is an alarm that has ended; when all have, so is the answer.
    """
    found = [segment for segment in message.all("OBX") if is_alert(segment)]
    return _detail(found) if found else None


def _detail(segments: Iterable[Segment]) -> str:
    told: set[tuple[int, str]] = set()
    for segment in segments:
        words = " ".join(segment.component(5).split())
        if words:
            colour = COLOUR_OF_CODE.get(segment.component(3), segment.component(3, 2).lower() or "unknown")
            rank = _ORDER.index(colour) if colour in _ORDER else len(_ORDER)
            told.add((rank, f"{colour}: {words}"))
    return "; ".join(text for _, text in sorted(told))[:_LONGEST_TEXT]
