"""A reader of the wire written from protocols.md §3 alone, sharing nothing with the program: for what the emulator sends."""

from collections.abc import Iterator
from dataclasses import dataclass


def fcs_by_bits(data: bytes) -> int:
    """The PPP FCS-16 as RFC 1662 defines it, one bit at a time."""
    value = 0xFFFF
    for octet in data:
        value ^= octet
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value ^ 0xFFFF


def frame(payload: bytes) -> bytes:
    """Frame a payload."""
    body = b"\x11\x01" + len(payload).to_bytes(2, "big") + payload
    body += fcs_by_bits(body).to_bytes(2, "little")
    return (
        b"\xc0"
        + b"".join(bytes((0x7D, b ^ 0x20)) if b in b"\xc0\xc1\x7d" else bytes((b,)) for b in body)
        + b"\xc1"
    )


def payloads(stream: bytes) -> Iterator[bytes]:
    """Take a clean stream apart, checking everything."""
    at = 0
    while at < len(stream):
        assert stream[at] == 0xC0
        end = stream.index(0xC1, at)
        body = bytearray()
        escaped = False
        for octet in stream[at + 1 : end]:
            assert octet not in (0xC0, 0xC1)
            if octet == 0x7D:
                escaped = True
                continue
            body.append(octet ^ 0x20 if escaped else octet)
            escaped = False
        assert body[:2] == b"\x11\x01"
        assert int.from_bytes(body[2:4], "big") == len(body) - 6
        assert fcs_by_bits(bytes(body[:-2])) == int.from_bytes(body[-2:], "little")
        yield bytes(body[4:-2])
        at = end + 1


def u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


@dataclass
class Reply:
    """A poll reply: ro_type, linked state, class, ticks, and per handle its attributes."""

    ro_type: int
    linked: int
    poll_number: int
    sequence: int
    ticks: int
    object_class: int
    objects: dict[int, dict[int, bytes]]


def reply(payload: bytes) -> Reply | None:
    """Read an extended poll's reply; None for anything else."""
    if payload[0] != 0xE1:
        return None
    ro_type, at = u16(payload, 4), 8
    assert u16(payload, 6) == len(payload) - 8
    linked = 0
    if ro_type == 5:
        linked, at = payload[8], 10
    if ro_type not in (2, 5) or u16(payload, at + 2) != 7:
        return None
    assert u16(payload, at + 4) == len(payload) - at - 6
    at += 6
    assert payload[at : at + 6] == bytes.fromhex("002100000000")
    assert u16(payload, at + 6) in (0xF13B, 0x0C16)
    extended = u16(payload, at + 6) == 0xF13B
    assert u16(payload, at + 8) == len(payload) - at - 10
    at += 10
    number, sequence = u16(payload, at), u16(payload, at + 2) if extended else 0
    at += 4 if extended else 2
    ticks = int.from_bytes(payload[at : at + 4], "big")
    object_class = u16(payload, at + 14)
    objects = dict(_objects(payload, at + 18))
    return Reply(ro_type, linked, number, sequence, ticks, object_class, objects)


def _objects(data: bytes, at: int) -> Iterator[tuple[int, dict[int, bytes]]]:
    contexts = u16(data, at)
    assert u16(data, at + 2) == len(data) - at - 4
    at += 4
    for _ in range(contexts):
        count = u16(data, at + 2)
        at += 6
        for _ in range(count):
            handle, attributes = u16(data, at), u16(data, at + 2)
            end = at + 6 + u16(data, at + 4)
            at += 6
            found: dict[int, bytes] = {}
            for _ in range(attributes):
                length = u16(data, at + 2)
                found[u16(data, at)] = data[at + 4 : at + 4 + length]
                at += 4 + length
            assert at == end
            yield handle, found
    assert at == len(data)


def number(octets: bytes) -> float | None:
    """A FLOAT."""
    mantissa = int.from_bytes(octets[1:4], "big", signed=True)
    if octets[1:4] in (b"\x7f\xff\xff", b"\x80\x00\x00"):
        return None
    exponent = int.from_bytes(octets[:1], "big", signed=True)
    return float(f"{mantissa}e{exponent}")
