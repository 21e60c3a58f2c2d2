"""A host that knows only the printed bytes, at an emulated monitor; for the tests of the monitor's side."""

from devices.protocols.intellivue_mib.monitor import IntellivueMonitor
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.intellivue_mib import printed, wire_reader

POLL_ALARMS = wire_reader.frame(
    next(iter(wire_reader.payloads(printed.POLL_NUMERICS))).replace(
        b"\x00\x01\x00\x06\x00\x00", b"\x00\x01\x00\x36\x00\x00"
    )
)


class Wire:
    """An emulated monitor and a host that knows only the printed bytes."""

    def __init__(self, patient=None, **changes):
        self.patient = patient or FakePatient()
        self.monitor = IntellivueMonitor(self.patient, seed=changes.get("seed", 1))
        self.now_s = 0.0

    def say(self, *frames):
        for one in frames:
            self.monitor.receive(one)
        return self.run(0.001)

    def run(self, seconds):
        self.now_s += seconds
        return list(wire_reader.payloads(self.monitor.advance(self.now_s)))

    def kept_alive(self, seconds):
        heard = []
        for _ in range(round(seconds)):
            heard += self.say(printed.MDS_CREATE_RESULT) + self.run(0.999)
        return heard

    def associated(self):
        self.say(printed.ASSOCIATION_REQUEST)
        self.say(printed.MDS_CREATE_RESULT)
        return self


def replies(heard, kind):
    found = [wire_reader.reply(payload) for payload in heard]
    return [reply for reply in found if reply is not None and reply.object_class == kind]


def values(heard):
    """The last value and state of each numeric."""
    latest = {}
    for reply in replies(heard, 6):
        for attributes in reply.objects.values():
            label = int.from_bytes(attributes[0x0924][2:], "big")
            if 0x0950 in attributes:
                octets = attributes[0x0950]
                latest[label] = (wire_reader.number(octets[6:]), wire_reader.u16(octets, 2))
            if 0x094B in attributes:
                parts = [attributes[0x094B][4 + 10 * k : 14 + 10 * k] for k in range(3)]
                latest[label] = (
                    tuple(wire_reader.number(part[6:]) for part in parts),
                    wire_reader.u16(parts[0], 2),
                    attributes.get(0x0990, b"").hex(),
                )
    return latest


def alarm_texts(heard):
    """The alarm texts of the last alarm reply, technical and patient."""
    last = replies(heard, 0x36)[-1]
    (attributes,) = last.objects.values()
    return tuple(_texts(attributes[name]) for name in (0x0904, 0x0902))


def _texts(data):
    found, at = [], 4
    for _ in range(wire_reader.u16(data, 0)):
        length = wire_reader.u16(data, at + 16)
        info = data[at + 18 : at + 18 + length]
        found.append(info[12:].decode("utf-16-be").rstrip("\0"))
        at += 18 + length
    return found
