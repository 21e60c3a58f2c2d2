"""Who a V7.0 oximeter says it is: seven characters that its owner may change (protocols.md §7.2)."""

from devices.protocols.contec_v7.records import MAX_DATA, RecordType, encode_record, restore
from devices.signals import DeviceIdentity

SIMULATOR_NAME = "CHAIRSIDE SIM"
SIMULATOR_IDENTITY = "CHR_SIM"
"""The wire has room for seven letters, digits and underscores; this stands for the whole name."""


def encode_identity(text: str) -> bytes:
    """Return an identity record, padded with blanks."""
    return encode_record(RecordType.IDENTITY, text.encode("ascii").ljust(MAX_DATA, b" "))


def parse_identity(record: bytes) -> DeviceIdentity:
    """Read an identity record. No model is sent: V7.0 is spoken by several."""
    text = restore(record).decode("ascii").strip()
    if text == SIMULATOR_IDENTITY:
        return DeviceIdentity("Chairside", SIMULATOR_NAME, serial_number=text, simulator=True)
    return DeviceIdentity("Contec", serial_number=text)
