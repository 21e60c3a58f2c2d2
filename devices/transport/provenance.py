"""Tell from a port's address whether a person can be at its other end (design.md §3).

The bytes are never asked: pipe, pseudo-terminal, capture file, ``loop://`` and loopback addresses are SIMULATED, other
network addresses UNVERIFIED, everything else REAL. ``spy://``, ``alt://`` and ``hwgrep://`` are looked through.
"""

import ipaddress
import os
import re
import socket
import stat
import sys
from pathlib import Path
from urllib.parse import urlsplit

from devices.signals import Provenance
from devices.transport.line_suffix import split_line

# Linux, Documentation/admin-guide/devices.txt: character majors 136-143 are Unix98 pty slaves, 3 the BSD ones.
_PTY_SLAVE_MAJORS = frozenset({3, *range(136, 144)})
# BSD and macOS slaves: /dev/ttyp0 … /dev/ttyef, /dev/ttys000. Linux serial ports (ttyS0, ttyUSB0, ttyAMA0, ttymxc0) differ.
_BSD_PTY = re.compile(r"/dev/tty[a-ep-z][0-9a-f]{1,3}")
_WRAPPERS = frozenset({"spy", "alt"})
_NETWORK = frozenset({"socket", "rfc2217"})


def provenance_of(port: str) -> Provenance:
    """Return what the address of a port says; a link is followed to where it points now."""
    port, _ = split_line(port)
    scheme, separator, _ = port.partition("://")
    scheme = scheme.lower()
    if not separator:
        return Provenance.SIMULATED if is_pty(port) else Provenance.REAL
    if scheme in {"loop", "capture"}:
        return Provenance.SIMULATED
    if scheme in _NETWORK:
        return Provenance.SIMULATED if is_loopback(_host(port)) else Provenance.UNVERIFIED
    if scheme in _WRAPPERS:
        return provenance_of(wrapped_device(port))
    return Provenance.REAL  # hwgrep:// picks from the enumerated hardware ports, cp2110:// is a USB bridge


def wrapped_device(port: str) -> str:
    """Return the device inside a ``spy://`` or ``alt://`` address; any other address comes back as it is."""
    if port.partition("://")[0].lower() not in _WRAPPERS:
        return port
    parts = urlsplit(port)
    return parts.netloc + parts.path


def is_pty(device: str) -> bool:
    """Whether a device path is the slave of a pseudo-terminal, also through links and unusual mount points."""
    real = os.path.realpath(device)
    if real.startswith("/dev/pts/") or _BSD_PTY.fullmatch(real):
        return True
    if not sys.platform.startswith("linux"):
        return False
    try:
        status = Path(real).stat()
    except (OSError, ValueError):
        return False
    return stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) in _PTY_SLAVE_MAJORS


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this computer. Names are not looked up: unknown means no."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fx.]+", name):
        return None
    try:
        # The short forms connect() understands too: 127.1, 0x7f000001, 0.
        return ipaddress.IPv4Address(socket.inet_aton(name))
    except OSError:
        return None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
