"""Who the monitor says it is, and its clock: attributes of the MDS object (protocols.md §3.3, step 3)."""

import struct

from devices.protocols.intellivue_mib.messages import AttributeList, pack_attributes
from devices.protocols.intellivue_mib.nomenclature import Attribute
from devices.protocols.intellivue_mib.values import TICKS_PER_S, pack_time, printable, read_time
from devices.signals import DeviceIdentity

SIMULATOR_NAME = "CHAIRSIDE-SIM"
SERIAL_NUMBER, SOFTWARE = 1, 4
"""Kinds of production specification."""
_WRAP = 1 << 32


class MonitorClock:
    """The monitor's wall clock, carried on by its relative time. A tag only: nothing is measured with it."""

    def __init__(self) -> None:
        self._set: tuple[float, int] | None = None

    def set(self, time_s: float, ticks: int) -> None:
        """Note that the wall clock showed ``time_s`` at these ticks."""
        self._set = (time_s, ticks)

    def at(self, ticks: int) -> float | None:
        """Return what the wall clock shows at these ticks, None while it is not known."""
        if self._set is None:
            return None
        time_s, then = self._set
        apart = (ticks - then) % _WRAP
        return round(time_s + (apart - _WRAP if apart >= _WRAP // 2 else apart) / TICKS_PER_S, 3)


def read_identity(attributes: AttributeList) -> DeviceIdentity | None:
    """Return who the attributes say it is; None when they do not.

    :raises struct.error: one of them is cut off.
    """
    values = dict(attributes)
    if Attribute.MODEL not in values:
        return None
    manufacturer, at = _label(values[Attribute.MODEL], 0)
    model, _ = _label(values[Attribute.MODEL], at)
    production = _production(values.get(Attribute.PRODUCTION, bytes(4)))
    return DeviceIdentity(
        manufacturer,
        model,
        production.get(SERIAL_NUMBER, ""),
        production.get(SOFTWARE, ""),
        simulator=SIMULATOR_NAME in model,
    )


def read_clock(attributes: AttributeList, ticks: int) -> tuple[float, int] | None:
    """Return wall time and ticks of an MDS object heard at ``ticks``; its own relative time goes first.

    :raises struct.error: one of them is cut off.
    :raises ValueError: its time is none.
    """
    values = dict(attributes)
    time_s = read_time(values[Attribute.SYSTEM_TIME]) if Attribute.SYSTEM_TIME in values else None
    if time_s is None:
        return None
    if Attribute.RELATIVE_TIME in values:
        (ticks,) = struct.unpack_from(">I", values[Attribute.RELATIVE_TIME])
    return time_s, ticks


def pack_mds(identity: DeviceIdentity, time_s: float, ticks: int) -> bytes:
    """Return the attribute list of an MDS object."""
    entries = [
        struct.pack(">HH", kind, 0) + _pack_label(text)
        for kind, text in ((SERIAL_NUMBER, identity.serial_number), (SOFTWARE, identity.firmware))
    ]
    production = b"".join(entries)
    return pack_attributes(
        [
            (Attribute.MODEL, _pack_label(identity.manufacturer) + _pack_label(identity.model)),
            (Attribute.PRODUCTION, struct.pack(">HH", len(entries), len(production)) + production),
            (Attribute.SYSTEM_TIME, pack_time(time_s)),
            (Attribute.RELATIVE_TIME, struct.pack(">I", ticks)),
        ]
    )


def _production(data: bytes) -> dict[int, str]:
    (count,) = struct.unpack_from(">H", data)
    found: dict[int, str] = {}
    at = 4
    for _ in range(count):
        (kind,) = struct.unpack_from(">H", data, at)
        text, at = _label(data, at + 4)
        found.setdefault(kind, text)
    return found


def _label(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">H", data, at)
    end = at + 2 + length
    return printable(data[at + 2 : end].decode("ascii", "replace")), end


def _pack_label(text: str) -> bytes:
    octets = text.encode("ascii") + b"\0"
    octets += bytes(len(octets) % 2)  # lengths are even
    return struct.pack(">H", len(octets)) + octets
