import pytest

from devices.drivers.base import SerialSettings
from devices.signals import Provenance
from devices.transport.line_suffix import split_line, with_line
from devices.transport.open_port import line_matters, open_transport
from devices.transport.provenance import provenance_of

USUAL = SerialSettings(115200)


@pytest.mark.parametrize(
    ("port", "name", "line"),
    [
        ("/dev/ttyUSB0#19200-8O1", "/dev/ttyUSB0", SerialSettings(19200, parity="O")),
        ("COM3#9600-8n2", "COM3", SerialSettings(9600, stop_bits=2)),
        (
            "usb:0403:6001:A1#115200-8E1-rtscts",
            "usb:0403:6001:A1",
            SerialSettings(115200, 8, "E", rtscts=True),
        ),
        ("rfc2217://h:1#9600-7E1-xonxoff", "rfc2217://h:1", SerialSettings(9600, 7, "E", xonxoff=True)),
        ("/dev/ttyUSB0", "/dev/ttyUSB0", None),
        ("/dev/odd#name", "/dev/odd#name", None),
        ("/dev/a#b#9600-8N1", "/dev/a#b", SerialSettings(9600)),
        ("#9600-8N1", "#9600-8N1", None),
        ("COM3#9600-9N1", "COM3#9600-9N1", None),
        ("", "", None),
    ],
)
def test_what_is_written_behind_a_port(port, name, line):
    assert split_line(port) == (name, line)
    if line is not None:
        assert split_line(with_line(name, line)) == (name, line)
        assert with_line(port, USUAL) == f"{name}#115200-8N1"


def test_it_goes_before_the_settings_of_the_driver():
    assert open_transport("/dev/ttyUSB0#19200-8O1", USUAL).description == "/dev/ttyUSB0 at 19200 8O1"
    assert open_transport("/dev/ttyUSB0", USUAL).description == "/dev/ttyUSB0 at 115200 8N1"
    assert line_matters("/dev/ttyUSB0#19200-8O1")
    assert not line_matters("loop://#19200-8O1")


def test_it_hides_nothing_of_where_a_port_leads():
    assert provenance_of("loop://#19200-8O1") is Provenance.SIMULATED
    assert provenance_of("socket://10.0.0.7:4001#9600-8N1") is Provenance.UNVERIFIED
    assert provenance_of("socket://127.0.0.1:1#9600-8N1") is Provenance.SIMULATED
