"""Choose the transport for a port as it is written on the command line or in the settings."""

from devices.clock import Clock, SystemClock
from devices.drivers.base import SerialSettings
from devices.errors import ConfigError
from devices.transport.base import Transport
from devices.transport.capture_file import CaptureFileTransport
from devices.transport.serial_port import SerialTransport

CAPTURE_SCHEME = "capture://"


def open_transport(port: str, settings: SerialSettings, *, clock: Clock | None = None) -> Transport:
    """Return the transport for ``port``, still closed: the link opens it, and opens it again after a loss.

    ``port`` is anything pyserial takes (a device, a link to one, ``socket://``, ``rfc2217://``, ``loop://``, ``spy://``)
    or ``capture://FILE``, a raw capture played at the speed of the wire. ``clock`` paces the latter.

    :raises ConfigError: ``port`` is empty.
    """
    if not port.strip():
        raise ConfigError("The port is empty: name a device such as /dev/ttyUSB0 or COM3.")
    if port.lower().startswith(CAPTURE_SCHEME):
        path = port[len(CAPTURE_SCHEME) :]
        return CaptureFileTransport(
            path, clock=clock or SystemClock(), bytes_per_s=wire_bytes_per_s(settings)
        )
    return SerialTransport(port, settings)


def wire_bytes_per_s(settings: SerialSettings) -> float:
    """Return how many bytes a line with these settings carries in a second (start, data, parity and stop bits)."""
    bits = 1 + settings.bits + (0 if settings.parity == "N" else 1) + settings.stop_bits
    return settings.baud / bits
