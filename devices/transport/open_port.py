"""Choose the transport for a port as it is written on the command line or in the settings."""

from devices.clock import Clock, SystemClock
from devices.drivers.base import SerialSettings
from devices.errors import ConfigError
from devices.transport.base import Transport
from devices.transport.capture_file import CaptureFileTransport
from devices.transport.line_suffix import split_line
from devices.transport.provenance import is_pty, wrapped_device
from devices.transport.serial_port import SerialTransport
from devices.transport.usb_port import UsbTransport, is_usb_port

CAPTURE_SCHEME = "capture://"


def open_transport(port: str, settings: SerialSettings, *, clock: Clock | None = None) -> Transport:
    """Return the transport for ``port``, still closed: the link opens it, and opens it again after a loss.

    ``port`` is anything pyserial takes (a device, a link to one, ``socket://``, ``rfc2217://``, ``loop://``, ``spy://``)
    or ``capture://FILE``, a raw capture played at the speed of the wire (``clock`` paces it), or ``usb:…``, an adapter
    looked for anew at each opening (see ``devices.transport.usb_port``). Settings written behind it (``…#19200-8O1``) go
    before ``settings``.

    :raises ConfigError: ``port`` is empty, or names no USB adapter though it begins with ``usb:``.
    """
    if not port.strip():
        raise ConfigError("The port is empty: name a device such as /dev/ttyUSB0 or COM3.")
    port, written = split_line(port)
    settings = written or settings
    if port.lower().startswith(CAPTURE_SCHEME):
        path = port[len(CAPTURE_SCHEME) :]
        return CaptureFileTransport(
            path, clock=clock or SystemClock(), bytes_per_s=wire_bytes_per_s(settings)
        )
    if is_usb_port(port):
        return UsbTransport(port, settings)
    return SerialTransport(port, settings)


def line_matters(port: str) -> bool:
    """Whether speed and parity mean anything at this port; not for pseudo-terminals, sockets, loops and captures."""
    port, _ = split_line(port)
    if port.lower().startswith((CAPTURE_SCHEME, "socket://", "loop://")):
        return False
    return not is_pty(wrapped_device(port))


def wire_bytes_per_s(settings: SerialSettings) -> float:
    """Return how many bytes a line with these settings carries in a second (start, data, parity and stop bits)."""
    bits = 1 + settings.bits + (0 if settings.parity == "N" else 1) + settings.stop_bits
    return settings.baud / bits
