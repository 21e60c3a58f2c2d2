import os
import sys

import pytest

from devices.signals import Provenance
from devices.transport.provenance import is_loopback, provenance_of, wrapped_device

R, U, S = Provenance.REAL, Provenance.UNVERIFIED, Provenance.SIMULATED


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ("/dev/ttyUSB0", R),
        ("/dev/ttyS0", R),
        ("/dev/ttyAMA0", R),
        ("/dev/cu.usbserial-1420", R),
        ("COM3", R),
        ("hwgrep://0483:5740", R),
        ("/dev/pts/7", S),
        ("/dev/ttyp3", S),
        ("/dev/ttys004", S),
        ("loop://", S),
        ("LOOP://", S),
        ("capture://visit.raw", S),
        ("socket://127.0.0.1:5000", S),
        ("socket://127.8.9.1:5000", S),
        ("socket://localhost:5000", S),
        ("socket://LOCALHOST.:5000", S),
        ("socket://[::1]:5000", S),
        ("socket://[::ffff:127.0.0.1]:5000", S),
        ("socket://127.1:5000", S),
        ("socket://0.0.0.0:5000", S),
        ("rfc2217://localhost:2217", S),
        ("rfc2217://10.0.0.7:2217", U),
        ("socket://192.168.1.20:4001", U),
        ("socket://monitor-3.clinic:4001", U),
        ("socket://127.0.0.1.evil.example:1", U),
        ("socket://[2001:db8::1]:4001", U),
        ("spy:///dev/pts/3", S),
        ("spy:///dev/pts/3?file=log.txt", S),
        ("spy:///dev/ttyUSB0", R),
        ("spy://COM3", R),
        ("alt:///dev/ttyUSB0?class=PosixPollSerial", R),
    ],
)
def test_the_address_decides(port, expected):
    assert provenance_of(port) is expected


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_links_are_followed_to_where_they_point(tmp_path):
    master, slave = os.openpty()
    first, second = tmp_path / "first", tmp_path / "second"
    first.symlink_to(os.ttyname(slave))
    second.symlink_to(first)
    assert provenance_of(str(second)) is S
    assert provenance_of(f"spy://{second}") is S
    second.unlink()
    second.symlink_to("/dev/null")
    assert provenance_of(str(second)) is R
    os.close(master)
    os.close(slave)


def test_wrapped_device():
    assert wrapped_device("spy:///dev/ttyUSB0?color") == "/dev/ttyUSB0"
    assert wrapped_device("/dev/ttyUSB0") == "/dev/ttyUSB0"


@pytest.mark.parametrize(
    "host", ["", "facade", "example.org", "10.0.0.1", "128.0.0.1", "localhost.example.org"]
)
def test_other_hosts_are_not_this_computer(host):
    assert not is_loopback(host)
