"""The monitor's own alarms: an alarm record, both ways (protocols.md §2.4; DRI Specification 8005313 §4.2.1).

Texts are in the monitor's language: they are shown as they are, never read. What counts is the colour.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from devices.protocols.datex_dri.conditions import ManyConditions
from devices.signals import Signal

STATUS_TYPE = 1
"""Sub-record type of an alarm message."""
PLACES = 5
TEXT_BYTES = 80
_HEAD = struct.Struct("<5h")
_PLACE = struct.Struct(f"<{TEXT_BYTES}s3h12x")
_TAIL = bytes(10)
MESSAGE_BYTES = _HEAD.size + PLACES * _PLACE.size + len(_TAIL)


class Colour(IntEnum):
    """How urgent an alarm is."""

    NONE = 0
    WHITE = 1
    YELLOW = 2
    RED = 3


_COLOURS = frozenset(Colour)
SILENCE_WORDS = MappingProxyType(
    {
        1: "apnea",
        2: "asystole",
        3: "apnea and asystole",
        4: "all",
        5: "for 2 minutes",
        6: "for 5 minutes",
        7: "for 20 seconds",
    }
)
"""The silencing of alarm sounds at the monitor, in words."""


@dataclass(frozen=True, slots=True)
class ShownAlarm:
    """One line of the monitor's alarm field."""

    colour: int
    text: str


@dataclass(frozen=True, slots=True)
class AlarmMessage:
    """What the monitor shows and whether it may be heard; most urgent first."""

    alarms: tuple[ShownAlarm, ...]
    sound_on: bool = True
    silence: int = 0


def parse_alarms(part: bytes) -> AlarmMessage | None:
    """Return the message of a sub-record; None when it is too short."""
    if len(part) < _HEAD.size + PLACES * _PLACE.size:
        return None
    _, sound, _, _, silence = _HEAD.unpack_from(part)
    places = [_PLACE.unpack_from(part, _HEAD.size + k * _PLACE.size) for k in range(PLACES)]
    alarms = tuple(ShownAlarm(colour, _words(text)) for text, _, colour, _ in places if colour != Colour.NONE)
    return AlarmMessage(alarms, bool(sound), silence)


def build_alarms(message: AlarmMessage, before: Sequence[ShownAlarm] = ()) -> bytes:
    """Return the sub-record of a message; ``before`` is what was shown last, for the marks of change."""
    head = _HEAD.pack(0, int(message.sound_on), 0, 0, message.silence)
    places = b""
    nothing = ShownAlarm(Colour.NONE, "")
    for k in range(PLACES):
        now = message.alarms[k] if k < len(message.alarms) else nothing
        was = before[k] if k < len(before) else nothing
        text = now.text.encode("latin-1", "replace")[: TEXT_BYTES - 1]
        places += _PLACE.pack(text, int(now.text != was.text), now.colour, int(now.colour != was.colour))
    return head + places + _TAIL


class AlarmWatch:
    """Tells the most urgent colour, the words beside it, and whether the sound is off, each when it changes."""

    def __init__(self, conditions: ManyConditions) -> None:
        self._conditions = conditions

    def take(self, message: AlarmMessage) -> list[Signal]:
        """Take what the monitor shows now."""
        known = [alarm for alarm in message.alarms if alarm.colour in _COLOURS]
        changes: list[Signal] = []
        for alarm in message.alarms:
            if alarm.colour not in _COLOURS:
                changes += self._conditions.unknown(f"alarm colour {alarm.colour:X}")
        top = max((alarm.colour for alarm in known), default=Colour.NONE)
        colour = Colour(top).name.lower() if top else None
        changes += self._conditions.set("MONITOR_ALARM", colour)
        words = tuple(dict.fromkeys(alarm.text for alarm in message.alarms if alarm.text))
        changes += self._conditions.set_all("MONITOR_ALARM_TEXT", words)
        silence = SILENCE_WORDS.get(message.silence)
        if message.silence and silence is None:
            silence = f"code {message.silence}"
        return changes + self._conditions.set("MONITOR_ALARM_SILENCED", silence)


def _words(text: bytes) -> str:
    shown = text.partition(b"\x00")[0].decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())
