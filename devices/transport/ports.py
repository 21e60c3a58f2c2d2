"""Which serial ports this computer has, in words a nurse can compare with what is printed on the adapter."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serial.tools import list_ports as enumerate_ports

_BRIDGES = {
    (0x1A86, 0x7523): "CH340",
    (0x1A86, 0x55D4): "CH9102",
    (0x0403, 0x6001): "FTDI FT232",
    (0x0403, 0x6015): "FTDI FT231X",
    (0x10C4, 0xEA60): "CP210x",
    (0x067B, 0x2303): "Prolific PL2303",
    (0x0483, 0x5740): "STM32 virtual COM port",  # Berry USB units enumerate as this (protocols.md §1.1)
}
"""USB identities of the common serial adapters; from the USB ID repository (usb-ids.gowdy.us)."""

_BY_ID = Path("/dev/serial/by-id")


@dataclass(frozen=True, slots=True)
class SerialPortInfo:
    """One port. ``stable_path`` stays the same when adapters are plugged in another order (Linux), else None.

    ``location`` names the USB socket (``1-1.4``), None where the system does not tell.
    """

    device: str
    name: str
    vendor_id: int | None = None
    product_id: int | None = None
    serial_number: str | None = None
    manufacturer: str | None = None
    stable_path: str | None = None
    location: str | None = None

    @property
    def usb_id(self) -> str | None:
        """The USB identity as ``1A86:7523``, or None for a port that is not USB."""
        if self.vendor_id is None or self.product_id is None:
            return None
        return f"{self.vendor_id:04X}:{self.product_id:04X}"


def list_serial_ports() -> list[SerialPortInfo]:
    """Return the ports that are present now, in natural order (COM2 before COM10). Takes some milliseconds."""
    return describe_ports(enumerate_ports.comports(), _stable_paths(_BY_ID))


def describe_ports(found: Iterable[Any], stable_paths: dict[str, str]) -> list[SerialPortInfo]:
    """Return pyserial's findings as values with readable names; ``stable_paths`` maps real device to stable path."""
    return [
        SerialPortInfo(
            device=entry.device,
            name=_readable_name(entry),
            vendor_id=entry.vid,
            product_id=entry.pid,
            serial_number=entry.serial_number or None,
            manufacturer=entry.manufacturer or None,
            stable_path=stable_paths.get(os.path.realpath(entry.device)),
            location=entry.location or None,
        )
        for entry in sorted(found)
    ]


def _readable_name(entry: Any) -> str:
    bridge = _BRIDGES.get((entry.vid, entry.pid))
    product = (entry.product or "").strip()
    if not product and entry.description and entry.description != "n/a":
        product = str(entry.description).strip()
    maker = (entry.manufacturer or "").strip()
    if maker and maker.lower() not in product.lower():
        product = f"{maker} {product}".strip()
    if bridge is None:
        return product or "serial port"
    if not product or bridge.lower() in product.lower():
        return product or bridge
    return f"{product} ({bridge})"


def _stable_paths(folder: Path) -> dict[str, str]:
    if not sys.platform.startswith("linux") or not folder.is_dir():
        return {}
    return {os.path.realpath(link): str(link) for link in sorted(folder.iterdir())}
