"""The association: how a session on the MIB begins and ends (protocols.md §3.3).

The headers are fixed BER; only the user data varies. The request is the one printed in protocols.md §3.3. The reply's fixed
part is that of the Data Export Interface guide: with the user data printed in protocols.md §3.5 it gives the frame check
sequence of the real capture, 53 F2. Refuse, release reply and abort follow ISO 8327 session syntax.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

_SESSION = "05 08 13 01 00 16 01 02 80 00 14 02 00 02"
_MDDL = "2A 86 48 CE 14 02 01 00 00 00"  # the IntelliVue object identifiers begin with this
_REQUEST_HEAD = bytes.fromhex(
    f"""0D EC {_SESSION} C1 DC 31 80 A0 80 80 01 01 00 00 A2 80 A0 03 00 00 01 A4 80 30 80 02 01 01 06 04 52 01 00 01
    30 80 06 02 51 01 00 00 00 00 30 80 02 01 02 06 0C {_MDDL} 01 01 30 80 06 0C {_MDDL} 02 01 00 00 00 00 00 00 61 80
    30 80 02 01 01 A0 80 60 80 A1 80 06 0C {_MDDL} 03 01 00 00 BE 80 28 80 06 0C {_MDDL} 01 01 02 01 02 81 48"""
)
_ACCEPT_HEAD = bytes.fromhex(
    f"""0E CE {_SESSION} C1 BE 31 80 A0 80 80 01 01 00 00 A2 80 A0 03 00 00 01 A5 80 30 80 80 01 00 81 02 51 01 00 00
    30 80 80 01 00 81 0C {_MDDL} 02 01 00 00 00 00 61 80 30 80 02 01 01 A0 80 61 80 A1 80 06 0C {_MDDL} 03 01 00 00
    A2 03 02 01 00 A3 05 A1 03 02 01 00 BE 80 28 80 02 01 02 81 48"""
)
_TAIL = bytes(16)
_USER_DATA = struct.Struct(">IIIII HH HH HH I III I I HH HH I I")
_OF_USER_DATA = (
    b"\x80\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00"  # protocol version, nomenclature, functional units
)
_CLIENT, _SERVER = 0x80000000, 0x00800000
_COLD, _HOT = 0x20000000, 0x80000000

RELEASE = bytes.fromhex("09 18 C1 16 61 80 30 80 02 01 01 A0 80 62 80 80 01 00 00 00 00 00 00 00 00 00")
RELEASED = bytes.fromhex("0A 18 C1 16 61 80 30 80 02 01 01 A0 80 63 80 80 01 00 00 00 00 00 00 00 00 00")
REFUSED = bytes.fromhex("0C 06 11 01 01 32 01 02")
ABORT = bytes.fromhex(
    "19 2E 11 01 03 C1 29 A0 80 A0 80 30 80 02 01 01 06 02 51 01 00 00 00 00 61 80 30 80 02 01 01 A0 80 64 80 80 01 01"
    "00 00 00 00 00 00 00 00 00 00"
)

TICKS_1_S = 8000
MTU = 1000
"""Largest message asked for; protocols.md §3.3 keeps it at 1000 for RS-232."""


class Session(IntEnum):
    """First byte of a session message."""

    RELEASE = 0x09
    RELEASED = 0x0A
    REFUSE = 0x0C
    REQUEST = 0x0D
    ACCEPT = 0x0E
    ABORT = 0x19


class Extension(IntEnum):
    """Extension bits of the poll profile (protocols.md §3.3)."""

    NUMERICS_1_S = 0x80000000
    WAVES = 0x08000000
    ENUMERATIONS = 0x04000000
    NUMERIC_PRIORITIES = 0x02000000


@dataclass(frozen=True, slots=True)
class PollProfile:
    """What both sides agree on. ``min_poll_ticks`` in 125 us; ``extension`` as in ``Extension``."""

    min_poll_ticks: int = TICKS_1_S
    receive_mtu: int = MTU
    send_mtu: int = MTU
    extension: int = Extension.NUMERICS_1_S | Extension.WAVES | Extension.ENUMERATIONS

    @property
    def timeout_s(self) -> float:
        """Silence of the host after which the monitor ends the session (protocols.md §3.3, step 7)."""
        period_s = self.min_poll_ticks / TICKS_1_S
        if period_s <= 3.3:
            return 10.0
        return 3 * period_s if period_s <= 43 else 130.0


def association_request(profile: PollProfile) -> bytes:
    """Return the payload that asks for a session."""
    return _REQUEST_HEAD + _user_data(profile, _CLIENT, _COLD) + _TAIL


def association_accept(profile: PollProfile) -> bytes:
    """Return the payload that grants one."""
    return _ACCEPT_HEAD + _user_data(profile, _SERVER, _HOT) + _TAIL


def read_profile(payload: bytes) -> PollProfile | None:
    """Return the poll profile of a request or an accept; None where it holds none that can be read."""
    at = payload.find(_OF_USER_DATA)
    if at < 0 or len(payload) < at + _USER_DATA.size:
        return None
    fields = _USER_DATA.unpack_from(payload, at)
    _, _, _, system, _, *_, profile_id, _, _, period, receive, send, _, _, _, _, extension_id, _, bits, _ = (
        fields
    )
    if (
        system != (_CLIENT if payload[0] == Session.REQUEST else _SERVER)
        or profile_id != 0x0001
        or extension_id != 0xF001
    ):
        return None
    return PollProfile(period, receive, send, bits)


def _user_data(profile: PollProfile, system: int, start_up: int) -> bytes:
    return _USER_DATA.pack(
        *(0x80000000, 0x40000000, 0, system, start_up),
        *(0, 0),  # no options
        *(1, 0x002C, 0x0001, 0x0028, 0x80000000),  # one profile, the poll profile, revision
        *(profile.min_poll_ticks, profile.receive_mtu, profile.send_mtu),
        *(0xFFFFFFFF, 0x60000000),  # bandwidth, options
        *(1, 0x000C, 0xF001, 0x0008, profile.extension, 0),
    )
