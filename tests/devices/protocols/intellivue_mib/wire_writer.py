"""Builds monitor-to-host frames for the tests from protocols.md §3 alone, sharing nothing with the program."""

import struct

from tests.devices.protocols.intellivue_mib.wire_reader import frame

NUMERIC, WAVE, ALARMS, MDS = 0x0006, 0x0009, 0x0036, 0x0021
RESULT, LINKED = 2, 5


def attribute_list(attributes):
    body = b"".join(struct.pack(">HH", name, len(value)) + value for name, value in attributes)
    return struct.pack(">HH", len(attributes), len(body)) + body


def poll(object_class, objects, *, ticks=8000, time=b"\xff" * 8, linked=None, single=False):
    """One poll reply as a frame; ``objects`` is a list of (handle, [(attribute, value)])."""
    body = b"".join(struct.pack(">H", handle) + attribute_list(attributes) for handle, attributes in objects)
    context = struct.pack(">HHH", 0, len(objects), len(body)) + body
    listed = struct.pack(">HH", 1, len(context)) + context if objects else bytes(4)
    head = struct.pack(">HH", 1, 1)[: 2 if single else 4]
    data = head + struct.pack(">I", ticks) + time + struct.pack(">HHH", 1, object_class, 0) + listed
    action = 0x0C16 if single else 0xF13B
    result = bytes.fromhex("002100000000") + struct.pack(">HH", action, len(data)) + data
    rest = struct.pack(">HHH", 1, 7, len(result)) + result
    if linked is not None:
        rest = bytes((linked, 1)) + rest
    return frame(
        bytes.fromhex("E1000002") + struct.pack(">HH", RESULT if linked is None else LINKED, len(rest)) + rest
    )


def message(ro_type, command, body, invoke_id=1):
    rest = struct.pack(">HHH", invoke_id, command, len(body)) + body
    return frame(bytes.fromhex("E1000002") + struct.pack(">HH", ro_type, len(rest)) + rest)


def mds_create(attributes, ticks=8000):
    data = bytes.fromhex("002100000000") + attribute_list(attributes)
    body = bytes.fromhex("002100000000") + struct.pack(">IHH", ticks, 0x0D06, len(data)) + data
    return message(1, 1, body)


def label(physio):
    return (0x0924, struct.pack(">HH", 2, physio))


def text(words):
    octets = words.encode("utf-16-be")
    return struct.pack(">H", len(octets)) + octets


def value(physio, state, unit, octets):
    return struct.pack(">HHH", physio, state, unit) + bytes.fromhex(octets)


def numeric(handle, physio, state, unit, octets):
    return (handle, [label(physio), (0x0950, value(physio, state, unit, octets))])


def compound(parts):
    body = b"".join(parts)
    return struct.pack(">HH", len(parts), len(body)) + body


def whole(mmhg):
    return "007FFFFF" if mmhg is None else f"00{mmhg:06X}"


def cuff(taken, values, state=0, unit=0x0F20):
    """The cuff object: ``taken`` as eight BCD bytes or None, systolic, diastolic and mean."""
    parts = [value(0x4A05 + k, state, unit, whole(v)) for k, v in enumerate(values)]
    time = [] if taken is None else [(0x0990, bytes.fromhex(taken))]
    return (0x8272, [label(0x4A04), *time, (0x094B, compound(parts))])


def block(physio, state, samples):
    octets = struct.pack(f">{len(samples)}H", *samples)
    return struct.pack(">HHH", physio, state, len(octets)) + octets


ECG_SPEC = [
    (0x096D, bytes.fromhex("0040100E3000")),
    (0x098D, bytes.fromhex("00000020")),
    (0x096F, bytes.fromhex("FEFFF000FD009FFB00003FFF")),
]
PLETH_SPEC = [(0x096D, bytes.fromhex("0020100C9000")), (0x098D, bytes.fromhex("00000040"))]


def alarm(kind, words, source=0x4182, code=40, *, general=False):
    info = struct.pack(">HIHH", 1, 0x00024182, 0, 0) + (b"" if general else text(words))
    head = struct.pack(">9H", source, code, kind, 0, 6, 0, 0, 0x0201 if general else 0x0204, len(info))
    return head + info


def alarms(*, technical=(), patient=(), state=0, ticks=8000):
    condition = struct.pack(">5H", state, 1, 0, 0, 0)
    attributes = [(0x0916, condition), (0x0904, compound(list(technical))), (0x0902, compound(list(patient)))]
    return poll(ALARMS, [(0x8001, attributes)], ticks=ticks)
