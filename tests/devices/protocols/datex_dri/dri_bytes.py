"""Records written and read by hand from protocols.md §2, byte by byte: shares nothing with the program."""

import struct
from dataclasses import dataclass, field

INVALID = -32767


@dataclass
class Seen:
    main: int
    number: int
    level: int
    time_s: int
    parts: list[tuple[int, bytes]] = field(default_factory=list)


def frame(record: bytes) -> bytes:
    out = bytearray(b"\x7e")
    for byte in (*record, sum(record) % 256):
        out += {0x7E: b"\x7d\x5e", 0x7D: b"\x7d\x5d"}.get(byte, bytes((byte,)))
    return bytes(out + b"\x7e")


def record(
    main: int, parts: list[tuple[int, bytes]], *, number: int = 0, level: int = 10, time_s: int = 1532624765
) -> bytes:
    table = [0, 0xFF] * 8
    at = 0
    for k, (kind, data) in enumerate(parts):
        table[2 * k : 2 * k + 2] = [at, kind]
        at += len(data)
    head = struct.pack("<hBBHIBBHh", 40 + at, number % 256, level, 0, time_s, 0, 0, 0, main)
    return head + struct.pack("<" + "hB" * 8, *table) + b"".join(data for _, data in parts)


def numbers(*changes: tuple[int, str, object], kind: int = 0) -> bytes:
    """A numeric sub-record with nothing measured, changed at (offset, struct code, value)."""
    part = bytearray(278)
    if kind == 0:
        groups = {
            4: 5,
            20: 4,
            34: 4,
            48: 4,
            62: 4,
            76: 4,
            90: 1,
            98: 1,
            106: 1,
            114: 1,
            122: 4,
            136: 4,
            244: 4,
            258: 4,
        }
        for at, count in groups.items():
            struct.pack_into(f"<{count}h", part, at + 6, *[INVALID] * count)
        struct.pack_into("<3h", part, 230, *[INVALID] * 3)
    struct.pack_into("<H", part, 276, kind << 8 | 0xA1)
    for at, code, value in changes:
        struct.pack_into("<" + code, part, at, value)
    return bytes(part)


def numeric_frame(*changes: tuple[int, str, object], kind: int = 0, number=0, time_s=1532624765) -> bytes:
    return frame(record(0, [(1, numbers(*changes, kind=kind))], number=number, time_s=time_s))


def wave_part(samples: list[int], status: int = 0) -> bytes:
    return struct.pack(f"<hHH{len(samples)}h", len(samples), status, 0, *samples)


def wave_frame(number: int, *waves: tuple[int, list[int]], status: int = 0) -> bytes:
    return frame(record(1, [(kind, wave_part(samples, status)) for kind, samples in waves], number=number))


def read(data: bytes) -> list[Seen]:
    """Take a clean stream apart, one byte at a time, checking everything there is to check."""
    seen: list[Seen] = []
    inside: bytearray | None = None
    escaped = False
    for byte in data:
        if byte == 0x7E:
            if inside:
                seen.append(_open(bytes(inside)))
                inside = None
            else:
                inside = bytearray()
        elif escaped:
            assert inside is not None
            inside.append(byte | 0x20)
            escaped = False
        elif byte == 0x7D:
            escaped = True
        else:
            assert inside is not None, "bytes outside a frame"
            inside.append(byte)
    assert not inside, "an unfinished frame"
    return seen


def _open(body: bytes) -> Seen:
    data, total = body[:-1], body[-1]
    assert sum(data) % 256 == total
    length, number, level, plug, time_s, main = struct.unpack_from("<hBBHI4xh", data)
    assert length == len(data)
    assert plug == 0
    assert data[10:14] == bytes(4)
    seen = Seen(main, number, level, time_s)
    begins = []
    for k in range(8):
        at, kind = struct.unpack_from("<hB", data, 16 + 3 * k)
        if kind == 0xFF:
            break
        begins.append((40 + at, kind))
    ends = [at for at, _ in begins[1:]] + [len(data)]
    seen.parts = [(kind, data[at:end]) for (at, kind), end in zip(begins, ends, strict=True)]
    return seen


def samples_of(part: bytes) -> tuple[int, list[int]]:
    count, status, _ = struct.unpack_from("<hHH", part)
    assert len(part) == 6 + 2 * count
    return status, list(struct.unpack_from(f"<{count}h", part, 6))


def at(part: bytes, offset: int, code: str = "h") -> int:
    (value,) = struct.unpack_from("<" + code, part, offset)
    return value
