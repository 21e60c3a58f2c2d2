"""The line conversation: real sockets of this computer, polled by hand."""

import socket

import pytest

from devices.errors import ConfigError, KnownError
from monitor_app.services.control_server import ControlServer, parse_control_address


@pytest.fixture
def server():
    running = ControlServer("127.0.0.1", 0, lambda line: f"<{line}>")
    running.open()
    yield running
    running.close()


def client(server):
    port = int(server.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def heard(server, connection, count):
    """Poll until so many bytes are there; loopback delivers within a few polls."""
    connection.settimeout(0.01)
    data = b""
    for _ in range(500):
        server.poll()
        try:
            data += connection.recv(65536)
        except TimeoutError:
            continue
        if len(data) >= count:
            return data
    raise AssertionError(data)


def test_each_line_is_answered_in_order_however_it_is_cut(server):
    with client(server) as one:
        one.sendall(b"a\nb")
        assert heard(server, one, 4) == b"<a>\n"
        one.sendall(b"c\n\r\nd\r\n")
        assert heard(server, one, 9) == b"<bc>\n<d>\n"


def test_several_clients_and_a_departure(server):
    with client(server) as one:
        with client(server) as two:
            two.sendall(b"x\n")
            assert heard(server, two, 4) == b"<x>\n"
        one.sendall(b"y\n")
        assert heard(server, one, 4) == b"<y>\n"


def test_an_endless_line_is_cut_off(server):
    with client(server) as one:
        one.settimeout(0.05)
        closed = False
        for _ in range(300):
            try:
                one.sendall(b"z" * 4096)
            except TimeoutError:
                pass
            except OSError:
                closed = True
                break
            server.poll()
        assert closed
    with client(server) as two:
        two.sendall(b"still there\n")
        assert heard(server, two, 14) == b"<still there>\n"


def test_a_taken_port_is_refused(server):
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(KnownError, match="choose another port"):
        ControlServer("127.0.0.1", port, str).open()


def test_poll_and_close_of_a_closed_one_do_nothing():
    closed = ControlServer("127.0.0.1", 0, str)
    closed.poll()
    closed.close()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://127.0.0.1:4000", ("127.0.0.1", 4000)),
        ("tcp://localhost:4000", ("127.0.0.1", 4000)),
        ("tcp://127.0.0.9:0", ("127.0.0.9", 0)),
        ("tcp://[::1]:4000", ("::1", 4000)),
    ],
)
def test_addresses_of_this_computer(text, address):
    assert parse_control_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4000",
        "127.0.0.1:4000",
        "http://127.0.0.1:1",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:99999",
        "tcp://:1",
        "tcp://0.0.0.0:4000",
        "tcp://10.0.0.1:4000",
        "tcp://example.org:4000",
        "tcp://[::]:4000",
        "tcp://127.0.0.1:x",
    ],
)
def test_other_addresses_are_refused(text):
    with pytest.raises(ConfigError, match=r"tcp://127\.0\.0\.1:PORT"):
        parse_control_address(text)
