"""Minimal lower layer protocol: ``0B`` message ``1C 0D`` (protocols.md §4). It has no length and no checksum."""

from collections.abc import Callable
from typing import Generic, TypeVar

from devices.protocols.byte_reader import ByteReader

START = b"\x0b"
END = b"\x1c\r"
LONGEST_MESSAGE = 16384
"""Our own bound, some ten times the longest answer of a monitor that shows everything it can measure."""
MAX_BUFFERED = LONGEST_MESSAGE + len(START) + len(END)

T = TypeVar("T")


def frame_message(text: bytes) -> bytes:
    """Return a message, segments ended by ``0D``, ready to send."""
    return START + text + END


class MllpReader(ByteReader, Generic[T]):
    """Cuts a byte stream into messages and finds its place again after damage.

    ``understand`` turns the bytes between the marks into whatever the caller wants, or into None when they cannot be a
    whole message; only what it understands counts as good. A start mark never occurs inside a message, so a second one
    says that the end of the first was lost. ``on_damage`` is called, in the order of the bytes, where some are lost.

    ``frames_bad`` counts messages that were cut off, too long or not understood.
    """

    def __init__(
        self, understand: Callable[[bytes], T | None], on_damage: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self._understand = understand
        self._on_damage = on_damage

    def feed(self, data: bytes) -> list[T]:
        """Return the messages that ``data`` completes, in order."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        understood: list[T] = []
        at = self._skip_to(buffer, 0)
        while at < len(buffer):
            following = buffer.find(START, at + 1)
            stop = buffer.find(END, at + 1, following if following >= 0 else len(buffer))
            if stop >= 0:
                message = (
                    self._understand(buffer[at + 1 : stop]) if stop - at - 1 <= LONGEST_MESSAGE else None
                )
                self._note(stop + len(END) - at, good=message is not None)
                if message is not None:
                    understood.append(message)
                at = self._skip_to(buffer, stop + len(END))
            elif following >= 0:
                self._note(following - at, good=False)
                at = following
            elif len(buffer) - at > MAX_BUFFERED:
                self._note(len(buffer) - at, good=False)
                at = len(buffer)
            else:
                break
        self._buffer = buffer[at:]
        return understood

    def _skip_to(self, buffer: bytes, at: int) -> int:
        """Return where the next message begins at or after ``at``; what lies before it is discarded."""
        start = buffer.find(START, at)
        if start < 0:
            start = len(buffer)
        if start > at:
            self._lose(start - at)
        return start

    def _note(self, size: int, *, good: bool) -> None:
        if good:
            self._frames_ok += 1
            self._in_step = True
        else:
            self._frames_bad += 1
            self._lose(size)

    def _lose(self, count: int) -> None:
        super()._lose(count)
        self._on_damage()
