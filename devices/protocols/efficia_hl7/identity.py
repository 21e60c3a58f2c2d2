"""Who an Efficia says it is: its family in MSH-3, its serial number in MSH-10, its name in ORC-18 (protocols.md §4)."""

from devices.protocols.hl7.message import Message
from devices.signals import DeviceIdentity

SIMULATOR_NAME = "CHAIRSIDE SIM"
"""ORC-18 of the emulator: the one field of the wire in which a clinic names its monitor."""
SIMULATOR_SERIAL = "CHAIRSIDES"
SERIAL_CHARS = 10


class IdentityReader:
    """Tells the identity once. Another one is believed when two messages agree: the wire has no checksum."""

    def __init__(self) -> None:
        self._told: DeviceIdentity | None = None
        self._seen: DeviceIdentity | None = None

    def take(self, message: Message) -> DeviceIdentity | None:
        """Return who the monitor is when that is news."""
        identity = read_identity(message)
        certain = self._told is None or identity == self._seen
        self._seen = identity
        if not certain or identity == self._told:
            return None
        self._told = identity
        return identity


def read_identity(message: Message) -> DeviceIdentity:
    """Read the identity of one message."""
    header, order = message.header, message.first("ORC")
    control_id = header.component(10)
    serial = control_id[:SERIAL_CHARS] if len(control_id) > SERIAL_CHARS else ""
    family = header.component(3, 2) or header.component(3)
    name = order.component(18) if order is not None else ""
    simulator = SIMULATOR_NAME in f"{family} {name}".upper().replace("-", " ")
    return DeviceIdentity(
        manufacturer="Chairside" if simulator else "Philips",
        model=f"{SIMULATOR_NAME} {family}" if simulator else family,
        serial_number=serial,
        simulator=simulator,
    )
