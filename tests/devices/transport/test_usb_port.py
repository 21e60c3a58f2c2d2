"""An adapter is found again under whatever name it comes back, and never confused with another of its kind."""

import os
import pty
import sys
import tty

import pytest

from devices.drivers.base import SerialSettings
from devices.errors import ConfigError, DeviceLostError, DeviceNotFoundError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.open_port import line_matters, open_transport
from devices.transport.ports import SerialPortInfo
from devices.transport.usb_port import UsbTransport, durable_name, find_usb_port, is_usb_port

LINE = SerialSettings(115200)
FTDI = SerialPortInfo(
    "/dev/ttyUSB0", "FT232", 0x0403, 0x6001, "A50285BI", "FTDI", "/dev/serial/by-id/x", "1-1"
)
CH340 = SerialPortInfo("/dev/ttyUSB1", "CH340", 0x1A86, 0x7523, location="1-2")
CH340_TOO = SerialPortInfo("/dev/ttyUSB2", "CH340", 0x1A86, 0x7523, location="1-3")
CLONE = SerialPortInfo("/dev/ttyUSB3", "CP210x", 0x10C4, 0xEA60, "0001", stable_path="/dev/serial/by-id/c3")
CLONE_TOO = SerialPortInfo("/dev/ttyUSB4", "CP210x", 0x10C4, 0xEA60, "0001", location="1-4")
BUILT_IN = SerialPortInfo("/dev/ttyS0", "serial port")
ALL = [FTDI, CH340, CH340_TOO, CLONE, CLONE_TOO, BUILT_IN]


@pytest.mark.parametrize(
    ("port", "device"),
    [
        ("usb:A50285BI", "/dev/ttyUSB0"),
        ("USB:a50285bi", "/dev/ttyUSB0"),
        ("usb:0403:6001:A50285BI", "/dev/ttyUSB0"),
        ("usb:0403:6001", "/dev/ttyUSB0"),
        ("usb:1a86:7523@1-2", "/dev/ttyUSB1"),
        ("usb:1A86:7523@1-3", "/dev/ttyUSB2"),
        ("usb:0403:6001@9-9", "/dev/ttyUSB0"),  # in another socket now, but the only one of its kind
    ],
)
def test_what_a_name_means(port, device):
    assert is_usb_port(port)
    assert find_usb_port(port, ALL).device == device


@pytest.mark.parametrize("port", ["usb:1A86:7523", "usb:1A86:7523@9-9", "usb:0001"])
def test_of_several_none_is_taken(port):
    with pytest.raises(DeviceOpenError, match="nothing tells them apart"):
        find_usb_port(port, ALL)


@pytest.mark.parametrize("port", ["usb:NONE", "usb:dead:beef", "usb:0403:6001:OTHER"])
def test_one_that_is_not_there(port):
    with pytest.raises(DeviceNotFoundError, match="not plugged in"):
        find_usb_port(port, ALL)


def test_a_name_without_an_adapter():
    with pytest.raises(ConfigError, match="serial number"):
        open_transport("usb:", LINE)


@pytest.mark.parametrize(
    ("info", "name"),
    [
        (FTDI, "usb:0403:6001:A50285BI"),
        (CH340, "usb:1A86:7523@1-2"),
        (CLONE, "/dev/serial/by-id/c3"),
        (CLONE_TOO, "/dev/ttyUSB4"),
        (BUILT_IN, "/dev/ttyS0"),
    ],
)
def test_what_is_remembered_finds_it_again(info, name):
    assert durable_name(info, ALL) == name
    if is_usb_port(name):
        assert find_usb_port(name, ALL) is info


def test_where_speed_and_parity_mean_something(tmp_path):
    assert [line_matters(port) for port in ("COM3", "/dev/ttyUSB0", "usb:X", "rfc2217://h:1")] == [True] * 4
    assert not any(line_matters(port) for port in ("socket://h:1", "loop://", "capture://x.raw"))


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of Unix")
def test_it_is_looked_for_anew_at_each_opening():
    """Unplugged, and back under another name: the same transport goes on."""
    ends = [pty.openpty(), pty.openpty()]
    for _, slave in ends:
        tty.setraw(slave)
    names = [os.ttyname(slave) for _, slave in ends]
    present = [SerialPortInfo(names[0], "adapter", 1, 2, "S1")]
    port = UsbTransport("usb:S1", LINE, present=lambda: present)
    assert port.provenance is Provenance.REAL
    port.open()
    port.open()  # harmless
    os.write(ends[0][0], b"one")
    assert port.read(1.0) == b"one"
    assert names[0] in port.description
    assert port.provenance is Provenance.SIMULATED  # what is behind the name has the last word

    port.close()
    present.clear()
    with pytest.raises(DeviceNotFoundError):
        port.open()
    with pytest.raises(DeviceLostError):
        port.read(0)

    present.append(SerialPortInfo(names[1], "adapter", 1, 2, "S1"))
    port.open()
    port.write(b"two")
    assert os.read(ends[1][0], 10) == b"two"
    assert names[1] in port.description
    port.close()
    for fd in (fd for end in ends for fd in end):
        os.close(fd)
