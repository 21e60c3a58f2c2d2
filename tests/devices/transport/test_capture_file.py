import pytest

from devices.clock import ManualClock
from devices.drivers.base import SerialSettings
from devices.errors import ConfigError, DeviceLostError, DeviceNotFoundError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.capture_file import CaptureFileTransport
from devices.transport.open_port import open_transport, wire_bytes_per_s


def read_all(transport: CaptureFileTransport) -> bytes:
    data = b""
    while not transport.at_end:
        data += transport.read(0.0)
    return data


def test_a_real_capture_comes_out_whole(shared_captures):
    path = shared_captures / "ge_dri" / "db02.raw"
    transport = CaptureFileTransport(path)
    transport.open()
    assert read_all(transport) == path.read_bytes()
    assert transport.provenance is Provenance.SIMULATED
    assert transport.read(0.0) == b""
    transport.close()


def test_on_a_clock_it_comes_at_wire_speed(tmp_path):
    path = tmp_path / "c.raw"
    path.write_bytes(bytes(range(256)) * 40)
    clock = ManualClock()
    transport = CaptureFileTransport(path, clock=clock, bytes_per_s=1000.0)
    transport.open()
    assert transport.read(0.0) == b""
    total = 0
    for _ in range(100):
        clock.advance_s(0.0137)
        total += len(transport.read(0.0))
    assert total == 1370
    clock.advance_s(60.0)
    assert len(transport.read(0.0)) == 1000  # a reader that slept does not get the whole minute
    transport.close()


def test_opening_again_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "c.raw"
    path.write_bytes(b"once")
    transport = CaptureFileTransport(path)
    transport.open()
    assert read_all(transport) == b"once"
    transport.close()
    transport.open()
    assert transport.read(0.0) == b""
    transport.close()


def test_writing_goes_nowhere_and_is_counted(tmp_path):
    path = tmp_path / "c.raw"
    path.write_bytes(b"data")
    transport = CaptureFileTransport(path)
    transport.open()
    transport.write(b"stop")
    transport.close()
    assert transport.ignored_bytes == 4
    assert path.read_bytes() == b"data"
    for act in (lambda: transport.read(0.0), lambda: transport.write(b"x")):
        with pytest.raises(DeviceLostError):
            act()


def test_mistakes_are_said(tmp_path):
    with pytest.raises(DeviceNotFoundError, match="does not exist"):
        CaptureFileTransport(tmp_path / "none.raw").open()
    with pytest.raises(DeviceOpenError, match="cannot be read"):
        CaptureFileTransport(tmp_path).open()
    with pytest.raises(ConfigError, match="empty"):
        open_transport("  ", SerialSettings(9600))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SerialSettings(115200), 11520.0),
        (SerialSettings(19200, parity="E"), 19200 / 11),
        (SerialSettings(9600, 7, "O", 2), 9600 / 11),
    ],
)
def test_wire_speed(settings, expected):
    assert wire_bytes_per_s(settings) == pytest.approx(expected)


def test_the_factory_knows_captures(tmp_path):
    path = tmp_path / "c.raw"
    path.write_bytes(b"abc")
    clock = ManualClock()
    transport = open_transport(f"capture://{path}", SerialSettings(115200), clock=clock)
    transport.open()
    clock.advance_s(0.1)
    assert transport.read(0.0) == b"abc"
    transport.close()
