"""Frames of the MIB/RS-232 line: ``C0 | 11 01 LEN LEN | payload | FCS FCS | C1`` (protocols.md §3.1).

The bytes C0, C1 and 7D inside a frame are sent as 7D and the byte XOR 20, so a C0 always begins a frame and a C1 always
ends one. ``7D C1`` is the sender's own abort.
"""

import binascii
import re

from devices.protocols.byte_reader import ByteReader

_START, _END, _ESCAPE = b"\xc0", b"\xc1", b"\x7d"
_HEADER = b"\x11\x01"
_SPECIAL = re.compile(rb"[\xc0\xc1\x7d]")
_ESCAPED = re.compile(rb"\x7d(.)", re.DOTALL)
_UNESCAPED = {bytes((b,)): bytes((b ^ 0x20,)) for b in range(256)}

MAX_PAYLOAD = 1500
"""Longest payload believed. The association agrees on 1000 bytes at most (protocols.md §3.3)."""
LONGEST_FRAME = 2 * (len(_HEADER) + 2 + MAX_PAYLOAD + 2) + 2

# FCS-16 is the reflected form of the polynomial that ``binascii.crc_hqx`` computes in C.
_REFLECTED = bytes(int(f"{b:08b}"[::-1], 2) for b in range(256))
_GOOD_RESIDUE = 0x1D0F  # 0xF0B8 of protocols.md §3.1, reflected


def fcs16(data: bytes) -> bytes:
    """Return the two bytes of the PPP frame check sequence over header and payload, as they are sent."""
    value = binascii.crc_hqx(data.translate(_REFLECTED), 0xFFFF)
    return bytes((_REFLECTED[value >> 8] ^ 0xFF, _REFLECTED[value & 0xFF] ^ 0xFF))


def encode_frame(payload: bytes) -> bytes:
    """Return a whole frame as it stands on the wire.

    :raises ValueError: the payload is longer than any receiver takes.
    """
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"a payload holds at most {MAX_PAYLOAD} bytes, not {len(payload)}")
    body = _HEADER + len(payload).to_bytes(2, "big") + payload
    body += fcs16(body)
    return _START + _SPECIAL.sub(lambda found: _ESCAPE + _UNESCAPED[found[0]], body) + _END


class FrameReader(ByteReader):
    """Cuts a byte stream into payloads and finds its place again after damage. Holds one unfinished frame at most.

    ``frames_bad`` counts frames cut off, too long, or with a wrong length or check.
    """

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads that ``data`` completes, in order."""
        self._bytes_in += len(data)
        buffer = self._buffer + data
        payloads: list[bytes] = []
        at = 0
        end = buffer.find(_END)
        while at < len(buffer):
            start = buffer.find(_START, at)
            if start != at:
                self._lose((len(buffer) if start < 0 else start) - at)
                if start < 0:
                    at = len(buffer)
                    break
            if 0 <= end < start:  # looked for once only, or a run of C0 would be searched over and over
                end = buffer.find(_END, start + 1)
            again = buffer.find(_START, start + 1, len(buffer) if end < 0 else end)
            if again >= 0:
                self._refuse(again - start)
                at = again
            elif end >= 0:
                self._take(buffer[start + 1 : end], payloads)
                at = end + 1
            elif len(buffer) - start > LONGEST_FRAME:
                self._refuse(len(buffer) - start)
                at = len(buffer)
            else:
                at = start
                break
        self._buffer = buffer[at:]
        self._frames_ok += len(payloads)
        return payloads

    def _take(self, escaped: bytes, payloads: list[bytes]) -> None:
        """Open one frame, given without its C0 and C1."""
        size = len(escaped) + 2
        if escaped.endswith(_ESCAPE):
            self._lose(size)  # taken back by the sender: nothing is wrong
            return
        body = escaped
        if _ESCAPE in escaped:
            body = _ESCAPED.sub(lambda found: _UNESCAPED[found[1]], escaped)
        length = int.from_bytes(body[2:4], "big")
        whole = body.startswith(_HEADER) and len(body) == length + 6 and size <= LONGEST_FRAME
        if whole and binascii.crc_hqx(body.translate(_REFLECTED), 0xFFFF) == _GOOD_RESIDUE:
            payloads.append(body[4:-2])
            self._in_step = True
        else:
            self._refuse(size)

    def _refuse(self, count: int) -> None:
        self._frames_bad += 1
        self._lose(count)
