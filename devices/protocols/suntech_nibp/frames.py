"""Frames of the SunTech module (protocols.md §8.1).

Module to host ``3E | LEN | data … | CHK`` where LEN counts the whole frame; host to module ``3A | cmd | data … | CHK``
whose length follows from cmd. CHK makes the sum of all bytes 0 modulo 256.
"""

from devices.protocols.byte_reader import ByteReader

MODULE_START = 0x3E
HOST_START = 0x3A
MIN_LEN = 4
MAX_LEN = 32
"""The longest known frame has 24 bytes; a larger LEN is taken for damage."""


def checksum(octets: bytes) -> int:
    """Return the byte that makes the sum of everything 0 modulo 256."""
    return -sum(octets) & 0xFF


def encode_module(data: bytes) -> bytes:
    """Return a frame of the module.

    :raises ValueError: ``data`` is empty or too long for a frame.
    """
    if not 1 <= len(data) <= MAX_LEN - 3:
        raise ValueError(f"a frame holds 1 to {MAX_LEN - 3} data bytes, not {len(data)}")
    frame = bytes((MODULE_START, len(data) + 3)) + data
    return frame + bytes((checksum(frame),))


def encode_host(command: bytes) -> bytes:
    """Return a frame of the host: the command byte and its data between start and checksum."""
    frame = bytes((HOST_START,)) + command
    return frame + bytes((checksum(frame),))


class ModuleFrameReader(ByteReader):
    """Cuts the module's bytes into frames and finds its place again after damage. Holds one unfinished frame at most.

    ``frames_bad`` counts starts whose LEN or checksum was wrong, or that broke off.
    """

    def feed(self, data: bytes) -> list[bytes]:
        """Return the data of each frame that ``data`` completes, in order, without start, LEN and CHK."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        found: list[bytes] = []
        at, end = 0, len(buffer)
        while at < end:
            if buffer[at] == MODULE_START:
                if at + 1 >= end:
                    break
                length = buffer[at + 1]
                if MIN_LEN <= length <= MAX_LEN:
                    stop = at + length
                    if stop > end:
                        break
                    if sum(buffer[at:stop]) & 0xFF == 0:
                        found.append(buffer[at + 2 : stop - 1])
                        self._in_step = True
                        at = stop
                        continue
            at = self._skip(buffer, at)
        self._buffer = buffer[at:]
        self._frames_ok += len(found)
        return found

    def give_up(self) -> list[bytes]:
        """Note that no byte has come for so long that the unfinished frame will never be whole.

        Returns what stands complete behind its start: a wrong LEN can swallow the answers after it.
        """
        found: list[bytes] = []
        while self._buffer:
            rest = self._buffer[self._skip(self._buffer, 0) :]
            self._buffer = b""
            self._bytes_in -= len(rest)
            found += self.feed(rest)
        return found

    def _skip(self, buffer: bytes, at: int) -> int:
        """Return where the next frame may begin after ``at``, where none does, and count what lies between."""
        if buffer[at] == MODULE_START:
            self._frames_bad += 1
        following = buffer.find(MODULE_START, at + 1)
        if following < 0:
            following = len(buffer)
        self._lose(following - at)
        return following


_HOST_DATA_BYTES = {0x20: 0, 0x56: 0, 0x8A: 0, 0x79: 2}
"""Data bytes of the commands there are (protocols.md §8.1)."""


class HostFrameReader:
    """The module's view: host frames out of any bytes. What is not a known command with a good checksum is ignored."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return command byte and data of each frame, in order."""
        buffer = self._buffer + data
        commands: list[bytes] = []
        at = buffer.find(HOST_START)
        while 0 <= at < len(buffer) - 1:
            stop = at + 3 + _HOST_DATA_BYTES.get(buffer[at + 1], -3)
            if stop > len(buffer):
                break
            if stop > at and sum(buffer[at:stop]) & 0xFF == 0:
                commands.append(buffer[at + 1 : stop - 1])
                at = buffer.find(HOST_START, stop)
            else:
                at = buffer.find(HOST_START, at + 1)
        self._buffer = buffer[at:] if at >= 0 else b""
        return commands
