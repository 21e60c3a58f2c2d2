"""A USB adapter by what is burnt into it, so that it is found again when it comes back under another name.

``usb:SERIAL`` · ``usb:VID:PID:SERIAL`` · ``usb:VID:PID@SOCKET`` · ``usb:VID:PID`` (identities in hexadecimal). Cheap bridges
(CH340) carry no serial number: those are told apart by the socket they are in, while several of a kind are present.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.drivers.base import SerialSettings
from devices.errors import ConfigError, DeviceNotFoundError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.base import Transport
from devices.transport.port_error import lost_error
from devices.transport.ports import SerialPortInfo, list_serial_ports
from devices.transport.serial_port import SerialTransport

USB_SCHEME = "usb:"
_BY_KIND = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})(?::(?P<serial>.+)|@(?P<socket>.+))?", re.IGNORECASE)

MakePort = Callable[[str, SerialSettings], Transport]


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """What is known of an adapter; what is None does not matter."""

    vendor_id: int | None = None
    product_id: int | None = None
    serial_number: str | None = None
    socket: str | None = None

    def fits(self, info: SerialPortInfo) -> bool:
        """Whether a port is this adapter, in whatever socket."""
        if self.vendor_id is not None and (info.vendor_id, info.product_id) != (
            self.vendor_id,
            self.product_id,
        ):
            return False
        if self.serial_number is None:
            return self.vendor_id is not None
        # Windows changes the case of serial numbers.
        return (info.serial_number or "").casefold() == self.serial_number.casefold()


def is_usb_port(port: str) -> bool:
    """Whether a port is written in one of these forms."""
    return port.lower().startswith(USB_SCHEME) and "://" not in port


def parse_usb_port(port: str) -> UsbAddress:
    """Return what a ``usb:`` port says.

    :raises ConfigError: nothing follows ``usb:``.
    """
    text = port[len(USB_SCHEME) :].strip()
    if not text:
        raise ConfigError(
            f"{port} names no adapter: write usb: and the serial number that 'chairside ports' shows."
        )
    kind = _BY_KIND.fullmatch(text)
    if kind is None:
        return UsbAddress(serial_number=text)
    return UsbAddress(int(kind[1], 16), int(kind[2], 16), kind["serial"], kind["socket"])


def durable_name(info: SerialPortInfo, present: Sequence[SerialPortInfo]) -> str:
    """Return how to remember a port: by serial number, else by kind and socket; by path where neither tells."""
    if info.usb_id is None:
        return info.device
    if info.serial_number:
        name = f"{USB_SCHEME}{info.usb_id}:{info.serial_number}"
    elif info.location:
        name = f"{USB_SCHEME}{info.usb_id}@{info.location}"
    else:
        name = f"{USB_SCHEME}{info.usb_id}"
    found = _chosen(parse_usb_port(name), present)
    alone = [port.device for port in found] == [info.device]
    return name if alone else info.stable_path or info.device


def find_usb_port(port: str, present: Sequence[SerialPortInfo]) -> SerialPortInfo:
    """Return the port that a ``usb:`` name means now.

    :raises DeviceNotFoundError: the adapter is not plugged in.
    :raises DeviceOpenError: several fit.
    """
    found = _chosen(parse_usb_port(port), present)
    if not found:
        raise DeviceNotFoundError(f"The adapter {port} is not plugged in: plug it in, or choose another.")
    if len(found) > 1:
        names = " and ".join(info.device for info in found)
        raise DeviceOpenError(
            f"{port} fits {names}, and nothing tells them apart: unplug the one that is not the monitor's, or choose by name."
        )
    return found[0]


def _chosen(address: UsbAddress, present: Sequence[SerialPortInfo]) -> list[SerialPortInfo]:
    found = [info for info in present if address.fits(info)]
    # Moved to another socket it is still found, as long as it is the only one of its kind.
    there = [info for info in found if address.socket is not None and info.location == address.socket]
    return there or found


class UsbTransport(Transport):
    """A ``SerialTransport`` on whichever port the adapter has at each opening. Threads as there."""

    def __init__(
        self,
        port: str,
        settings: SerialSettings,
        *,
        present: Callable[[], Sequence[SerialPortInfo]] = list_serial_ports,
        make: MakePort = SerialTransport,
    ) -> None:
        parse_usb_port(port)
        self._name = port
        self._settings = settings
        self._present = present
        self._make = make
        self._inner: Transport | None = None

    @property
    def description(self) -> str:
        """See ``Transport``; with the port's name of today while it is open."""
        inner = self._inner
        return self._name if inner is None else f"{self._name} ({inner.description})"

    @property
    def provenance(self) -> Provenance:
        """A USB adapter is hardware; what is opened behind the name has the last word."""
        inner = self._inner
        return Provenance.REAL if inner is None else inner.provenance

    def open(self) -> None:
        """See ``Transport``."""
        if self._inner is not None:
            return
        inner = self._make(find_usb_port(self._name, self._present()).device, self._settings)
        inner.open()
        self._inner = inner

    def read(self, timeout_s: float) -> bytes:
        """See ``Transport``."""
        return self._opened().read(timeout_s)

    def write(self, data: bytes) -> None:
        """See ``Transport``."""
        self._opened().write(data)

    def close(self) -> None:
        """See ``Transport``."""
        inner, self._inner = self._inner, None
        if inner is not None:
            inner.close()

    def _opened(self) -> Transport:
        inner = self._inner
        if inner is None:
            raise lost_error(self._name)
        return inner
