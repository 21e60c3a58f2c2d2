"""Where the frames of each wire begin and end and whether their checksum is right, written from protocols.md alone.

Nothing here is shared with the decoders: the ledger of ``faulty_wire`` has to know better than they do.
"""

from collections.abc import Callable

LONGEST = 4096
Measure = Callable[[bytes], int]
Check = Callable[[bytes], bool]


def measure_berry(data: bytes) -> int:
    """55 AA LEN …: LEN + 2 bytes (§1.1)."""
    return data[2] + 2 if len(data) > 2 else 0


def check_berry(frame: bytes) -> bool:
    whole = len(frame) > 4 and frame[:2] == b"\x55\xaa" and frame[2] + 2 == len(frame)
    return whole and (~sum(frame[2:-1])) & 0xFF == frame[-1]


def measure_dri(data: bytes) -> int:
    """7E … 7E (§2.2)."""
    return data.find(b"\x7e", 1) + 1


def check_dri(frame: bytes) -> bool:
    body = frame[1:-1]
    if frame[:1] + frame[-1:] != b"\x7e\x7e" or b"\x7e" in body or body.endswith(b"\x7d"):
        return False
    raw = bytearray()
    escaped = False
    for octet in body:
        if octet == 0x7D and not escaped:
            escaped = True
            continue
        raw.append(octet | 0x20 if escaped else octet)
        escaped = False
    length = int.from_bytes(raw[:2], "little")
    return len(raw) >= 41 and length == len(raw) - 1 and sum(raw[:-1]) & 0xFF == raw[-1]


def measure_mib(data: bytes) -> int:
    """C0 … C1 (§3.1)."""
    return data.find(b"\xc1") + 1


def check_mib(frame: bytes) -> bool:
    if frame[:1] != b"\xc0" or frame[-1:] != b"\xc1" or frame[-2:-1] == b"\x7d":
        return False
    raw = bytearray()
    escaped = False
    for octet in frame[1:-1]:
        if octet == 0x7D:
            escaped = True
            continue
        raw.append(octet ^ 0x20 if escaped else octet)
        escaped = False
    crc = 0xFFFF
    for octet in raw:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc == 0xF0B8 and len(raw) >= 6 and int.from_bytes(raw[2:4], "big") == len(raw) - 6


def measure_hl7(data: bytes) -> int:
    """0B … 1C 0D (§4)."""
    return data.find(b"\x1c\r") + 2 if b"\x1c\r" in data else 0


def measure_line(data: bytes) -> int:
    """… LF (§5.7, §6)."""
    return data.find(b"\n") + 1


def of_length(count: int) -> Measure:
    """Frames all of one length (§5.2 to §5.5, §7.1)."""
    return lambda data: count if len(data) >= count else 0


def check_df2(frame: bytes) -> bool:
    return len(frame) == 5 and frame[0] == 1 and frame[1] >= 0x80 and sum(frame[:4]) & 0xFF == frame[4]


def check_df7(frame: bytes) -> bool:
    return len(frame) == 5 and frame[0] >= 0x80 and sum(frame[:4]) & 0xFF == frame[4]


def measure_contec(data: bytes) -> int:
    """01 and eight bytes more; any other record ends where the next byte without bit 7 stands (§7.2)."""
    if data[0] == 1:
        return 9 if len(data) >= 9 else 0
    return next((k for k in range(1, len(data)) if data[k] < 0x80), 0)


def measure_suntech(data: bytes) -> int:
    """3E len … (§8.1)."""
    return data[1] if len(data) > 1 and len(data) >= data[1] else 0


def check_suntech(frame: bytes) -> bool:
    return len(frame) > 3 and frame[0] == 0x3E and frame[1] == len(frame) and sum(frame) & 0xFF == 0


def right_ends(stream: bytes, measure: Measure, check: Check) -> list[int]:
    """Return where frames with a right checksum end in any stream, looked for from each of its bytes."""
    ends = set()
    for at in range(len(stream) - 1):
        window = stream[at : at + LONGEST]
        size = measure(window)
        if 0 < size <= len(window) and check(window[:size]):
            ends.add(at + size)
    return sorted(ends)


def cut(data: bytes, measure: Measure) -> tuple[list[bytes], bytes]:
    """Return the whole frames of a clean stream, and what is left."""
    frames = []
    while data and 0 < (size := measure(data)) <= len(data):
        frames.append(data[:size])
        data = data[size:]
    return frames, data
