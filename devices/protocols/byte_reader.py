"""What every reader of a wire keeps: the bytes it holds back, and what it has counted."""

from devices.signals import Counters


class ByteReader:
    """Base of the readers that cut a byte stream into frames; each says in its own words what ``frames_bad`` counts.

    A subclass adds to ``_bytes_in`` what it is fed, to ``_frames_ok`` and ``_frames_bad`` what it finds, and calls
    ``_lose`` for every byte that belongs to no good frame.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._in_step = True
        self._bytes_in = 0
        self._frames_ok = 0
        self._frames_bad = 0
        self._resyncs = 0
        self._discarded = 0

    @property
    def counters(self) -> Counters:
        """What has been seen so far."""
        return Counters(self._bytes_in, self._frames_ok, self._frames_bad, self._resyncs, self._discarded)

    @property
    def buffered(self) -> int:
        """Bytes held back because their frame is not complete yet."""
        return len(self._buffer)

    def _lose(self, count: int) -> None:
        """Count bytes as discarded; the first after a good frame is a loss of step."""
        if self._in_step:
            self._in_step = False
            self._resyncs += 1
        self._discarded += count
