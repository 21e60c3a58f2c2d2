"""Bytes of a SunTech module into signals (protocols.md §8.1)."""

from collections.abc import Callable

from devices.protocols.suntech_nibp.cuff_watch import CuffWatch
from devices.protocols.suntech_nibp.frames import ModuleFrameReader
from devices.protocols.suntech_nibp.messages import Message, Unknown, parse_message
from devices.signals import Counters, DeviceStatus, Signal


class SuntechDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    ``on_message`` turns messages into signals; without one the messages alone tell (``CuffWatch``), which is what a
    recorded capture needs.
    """

    def __init__(self, on_message: Callable[[Message], list[Signal]] | None = None) -> None:
        self._reader = ModuleFrameReader()
        self._on_message = on_message or CuffWatch().step
        self._unknown: set[str] = set()

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their frame is not complete yet; fewer than 32."""
        return self._reader.buffered

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        return self._take(self._reader.feed(data))

    def give_up(self) -> list[Signal]:
        """Note that an unfinished frame will never be whole; return what was complete behind its start."""
        return self._take(self._reader.give_up())

    def _take(self, frames: list[bytes]) -> list[Signal]:
        return [signal for data in frames for signal in self._say(parse_message(data))]

    def _say(self, message: Message) -> list[Signal]:
        if not isinstance(message, Unknown):
            return self._on_message(message)
        if message.record in self._unknown:
            return []
        self._unknown.add(message.record)
        return [DeviceStatus("UNKNOWN_RECORD", active=True, detail=message.record)]
