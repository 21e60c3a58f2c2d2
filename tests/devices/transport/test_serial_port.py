import errno
import re
import socket
import sys
import threading
import time
import types
from pathlib import Path

import pytest
import serial
from serial.rfc2217 import PortManager

from devices.drivers.base import SerialSettings
from devices.errors import DeviceLostError, DeviceNotFoundError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.open_port import open_transport
from devices.transport.port_error import open_error
from devices.transport.pty import PtyPort
from devices.transport.serial_port import SerialTransport
from tests.devices.fakes import open_descriptors

LINE = SerialSettings(baud=115200)
unix = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "m"


def read_some(transport: SerialTransport, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = transport.read(5.0)
        assert piece, "nothing came"
        data += piece
    return data


def hear(port: PtyPort, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = port.read(5.0)
        assert piece, "nothing came"
        data += piece
    return data


@unix
@pytest.mark.parametrize(
    "settings",
    [
        LINE,
        SerialSettings(baud=19200, parity="E"),
        SerialSettings(baud=9600, bits=7, parity="O", rtscts=True),
    ],
    ids=["8N1", "8E1 (GE DRI)", "7O1 with handshake"],
)
@pytest.mark.parametrize("prefix", ["", "spy://"])
def test_a_pty_opens_with_every_line_setting_and_carries_bytes(link, settings, prefix, capsys):
    with PtyPort(link) as port:
        transport = SerialTransport(prefix + str(link), settings)
        transport.open()
        assert transport.provenance is Provenance.SIMULATED
        transport.write(b"\x00\xff ask")
        assert hear(port, 6) == b"\x00\xff ask"
        port.write(bytes(range(256)))
        assert read_some(transport, 256) == bytes(range(256))
        assert transport.read(0.0) == b""
        transport.close()


@unix
def test_the_other_end_gone_is_a_loss_and_the_port_opens_again(link):
    transport = SerialTransport(str(link), LINE)
    with PtyPort(link):
        transport.open()
    with pytest.raises(DeviceLostError, match="check the cable"):
        transport.read(1.0)
    with pytest.raises(DeviceLostError):
        transport.write(b"x")
    transport.close()
    with pytest.raises(DeviceNotFoundError):
        transport.open()
    with PtyPort(link) as port:
        transport.open()
        port.write(b"back")
        assert read_some(transport, 4) == b"back"
        transport.close()


@unix
def test_a_port_in_use_is_said_so(link):
    with PtyPort(link):
        first, second = SerialTransport(str(link), LINE), SerialTransport(str(link), LINE)
        first.open()
        with pytest.raises(DeviceOpenError, match="in use by another program"):
            second.open()
        first.close()
        second.open()
        second.close()


@unix
def test_close_from_another_thread_ends_a_long_wait(link):
    with PtyPort(link):
        transport = SerialTransport(str(link), LINE)
        transport.open()
        told: list[str] = []

        def wait() -> None:
            with pytest.raises(DeviceLostError):
                transport.read(60.0)
            told.append("lost")

        reader = threading.Thread(target=wait)
        reader.start()
        transport.close()
        reader.join(10.0)
        assert told == ["lost"]


@unix
def test_opening_and_closing_leaks_no_descriptor_and_no_thread(link):
    with PtyPort(link):
        transport = SerialTransport(str(link), LINE)
        transport.open()
        transport.close()
        descriptors, threads = open_descriptors(), set(threading.enumerate())
        for _ in range(50):
            transport.open()
            transport.close()
            transport.close()
        assert open_descriptors() == descriptors
        assert set(threading.enumerate()) <= threads


@pytest.mark.expects_log
def test_a_close_that_hangs_in_the_system_does_not_hang_the_caller(monkeypatch):
    transport = SerialTransport("loop://", LINE)
    transport.open()
    never = threading.Event()
    monkeypatch.setattr("devices.transport.serial_port._CLOSE_LIMIT_S", 0.05)
    monkeypatch.setattr(transport._port, "close", lambda: never.wait(30.0))
    began = time.monotonic()
    transport.close()
    assert time.monotonic() - began < 5.0
    never.set()


def test_loop_returns_what_was_sent():
    transport = SerialTransport("loop://", LINE)
    transport.open()
    transport.write(b"echo")
    assert read_some(transport, 4) == b"echo"
    assert transport.read(0.0) == b""
    assert transport.read(0.01) == b""
    assert transport.provenance is Provenance.SIMULATED
    transport.close()


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_network_port_carries_bytes_in_pieces_and_ends(server):
    transport = SerialTransport(f"socket://127.0.0.1:{server.getsockname()[1]}", LINE)
    transport.open()
    peer, _ = server.accept()
    transport.write(b"ask")
    assert peer.recv(10) == b"ask"
    peer.sendall(b"a" * 3000)
    assert read_some(transport, 3000) == b"a" * 3000
    peer.close()
    with pytest.raises(DeviceLostError, match="ended the connection"):
        transport.read(5.0)
    transport.close()


class _Rfc2217Server(threading.Thread):
    """Pyserial's own server side of RFC 2217 in front of its loop port: what is sent comes back."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(daemon=True)
        self.listening = listening

    def run(self) -> None:
        connection, _ = self.listening.accept()
        with connection, serial.serial_for_url("loop://", timeout=0) as port:
            manager = PortManager(port, types.SimpleNamespace(write=connection.sendall))
            while data := connection.recv(1024):
                port.write(b"".join(manager.filter(data)))
                connection.sendall(b"".join(manager.escape(port.read(1024))))


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial 3.5's own
def test_an_rfc2217_port_negotiates_and_carries_every_byte(server):
    thread = _Rfc2217Server(server)
    thread.start()
    transport = SerialTransport(f"rfc2217://127.0.0.1:{server.getsockname()[1]}", LINE)
    transport.open()
    assert transport.provenance is Provenance.SIMULATED
    transport.write(bytes(range(256)))
    assert read_some(transport, 256) == bytes(range(256))
    transport.close()
    thread.join(10.0)


def test_a_network_port_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(DeviceNotFoundError, match="Nothing is listening"):
        SerialTransport(f"socket://127.0.0.1:{port}", LINE).open()


@pytest.mark.parametrize(
    ("port", "error", "words"),
    [
        ("/dev/ttyNONE7", DeviceNotFoundError, "does not exist"),
        ("COM77", DeviceNotFoundError, "does not exist"),
        ("nonsense://x", DeviceOpenError, "not a kind of port"),
        ("socket://", DeviceOpenError, "correct the address"),
        ("hwgrep://no such adapter anywhere", DeviceNotFoundError, "does not exist"),
    ],
)
def test_a_wrong_name_gives_one_sentence_with_a_remedy(port, error, words):
    with pytest.raises(error, match=words) as caught:
        open_transport(port, LINE).open()
    assert "\n" not in str(caught.value)
    assert ": " in str(caught.value)


@unix
def test_a_file_is_no_port(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("precious")
    with pytest.raises(DeviceOpenError, match="not a serial port"):
        SerialTransport(str(file), LINE).open()
    with pytest.raises(DeviceOpenError, match="not a serial port"):
        SerialTransport(str(tmp_path), LINE).open()
    assert file.read_text() == "precious"


@pytest.mark.parametrize(
    ("cause", "error", "words"),
    [
        (serial.SerialException(errno.EACCES, "could not open port /dev/ttyX"), DeviceOpenError, "usermod -aG"),
        (serial.SerialException(errno.EBUSY, "could not open port"), DeviceOpenError, "in use"),
        (serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"), DeviceOpenError, "in use"),
        (serial.SerialException(errno.ENODEV, "could not open port"), DeviceNotFoundError, "does not exist"),
        (serial.SerialException("Could not configure port: (5, 'Input/output error')"), DeviceNotFoundError, "no hardware"),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'x', None, 2)"), DeviceNotFoundError, "does not"),
        (serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"), DeviceOpenError, "usermod|in use"),
        (ValueError("something new"), DeviceOpenError, "cannot be opened"),
    ],
)  # fmt: skip
def test_each_system_error_has_its_remedy(cause, error, words):
    made = open_error("/dev/ttyX", cause)
    assert type(made) is error
    assert re.search(words, str(made))


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("Could not open port socket://h:1: timed out", "does not answer"),
        ("Could not open port socket://h:1: [Errno 113] No route to host", "does not answer"),
        ("Could not open port socket://h:1: [Errno -2] Name or service not known", "host name"),
    ],
)
def test_each_network_error_has_its_remedy(cause, words):
    assert words in str(open_error("socket://h:1", serial.SerialException(cause)))


def test_the_description_names_port_baud_and_parity():
    assert SerialTransport("COM3", SerialSettings(19200, parity="E")).description == "COM3 at 19200 8E1"
    assert SerialTransport("socket://h:1", LINE).description == "socket://h:1"
