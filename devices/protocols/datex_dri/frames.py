"""Frames of the DRI line: ``7E | escaped(record + checksum) | 7E``, the same both ways (protocols.md §2.2)."""

from devices.protocols.byte_reader import ByteReader

FLAG = b"\x7e"
HEADER_BYTES = 40
MAX_RECORD_BYTES = HEADER_BYTES + 1450
LONGEST_FRAME = 2 * (MAX_RECORD_BYTES + 1) + 2
"""Every byte escaped, and both flags."""

_SHORTEST = HEADER_BYTES + 1
_LONGEST_BODY = LONGEST_FRAME - 2
_ESCAPE = b"\x7d"
_ESCAPED_FLAG = b"\x7d\x5e"
_ESCAPED_ESCAPE = b"\x7d\x5d"


def encode_frame(record: bytes) -> bytes:
    """Return a record with its checksum, escaped, between flags of its own.

    :raises ValueError: it is shorter than a header or longer than a frame can hold.
    """
    if not HEADER_BYTES <= len(record) <= MAX_RECORD_BYTES:
        raise ValueError(f"a record has {HEADER_BYTES} to {MAX_RECORD_BYTES} bytes, not {len(record)}")
    body = record + bytes((sum(record) & 0xFF,))
    return FLAG + body.replace(_ESCAPE, _ESCAPED_ESCAPE).replace(FLAG, _ESCAPED_FLAG) + FLAG


def open_body(body: bytes) -> bytes | None:
    """Return the record of what stood between two flags, or None if anything about it is wrong.

    A valid one has at least 41 bytes once un-escaped, the right sum, and ``r_len`` one less than its length.
    """
    if not _SHORTEST <= len(body) <= _LONGEST_BODY:
        return None
    if _ESCAPE in body:
        pairs = body.count(_ESCAPED_FLAG) + body.count(_ESCAPED_ESCAPE)
        if pairs != body.count(_ESCAPE):
            return None  # only these two bytes are ever escaped
        body = body.replace(_ESCAPED_FLAG, FLAG).replace(_ESCAPED_ESCAPE, _ESCAPE)
    size = len(body) - 1
    if not HEADER_BYTES <= size <= MAX_RECORD_BYTES or body[0] | body[1] << 8 != size:
        return None
    record = body[:-1]
    return record if sum(record) & 0xFF == body[-1] else None


class FrameReader(ByteReader):
    """Cuts a byte stream into records and finds its place again after damage.

    One flag may close a frame and open the next, or each may have its own; both are taken. Never holds more than one
    unfinished frame.

    ``frames_bad`` counts what stood between flags, was long enough and failed.
    """

    def feed(self, data: bytes) -> list[bytes]:
        """Return the records that ``data`` completes, in order, without checksum."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        records: list[bytes] = []
        at, end = 0, len(buffer)
        while at < end:
            begin = at + buffer.startswith(FLAG, at)
            flag = buffer.find(FLAG, begin)
            if flag < 0:
                break
            if flag == begin:
                self._discarded += 1  # an idle flag before the one that opens the frame
                at = flag
                continue
            record = open_body(buffer[begin:flag])
            if record is None:
                self._reject(at, begin, flag)
                at = flag  # what closed the damage may open the next frame
            else:
                records.append(record)
                self._in_step = True
                at = flag + 1
        if end - at > LONGEST_FRAME:
            self._reject(at, at, end)
            at = end
        self._buffer = buffer[at:]
        self._frames_ok += len(records)
        return records

    def _reject(self, at: int, begin: int, end: int) -> None:
        self._frames_bad += end - begin >= _SHORTEST
        self._lose(end - at)
