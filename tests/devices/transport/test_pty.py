import fcntl
import os
import select
import signal
import subprocess
import sys
import termios
import tty
from pathlib import Path

import pytest

from devices.clock import ManualClock
from devices.errors import DeviceLostError, DeviceOpenError
from devices.signals import Provenance
from devices.transport.pty import PtyPort
from tests.devices.fakes import open_descriptors

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
EVERY_BYTE = bytes(range(256))


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "monitor"


def read_all(fd: int, count: int) -> bytes:
    """Read ``count`` bytes from a blocking descriptor."""
    data = b""
    while len(data) < count:
        data += os.read(fd, count - len(data))
    return data


def settle(port: PtyPort) -> None:
    """Let the kernel carry what was written to the reader's queue: it does so on a thread of its own."""
    seen = -1
    while (now := unread(port)) != seen:
        seen = now
        os.sched_yield()
        select.select([], [], [], 0.002)


def unread(port: PtyPort) -> int:
    fd = os.open(port.slave_name, os.O_RDWR | os.O_NOCTTY)
    try:
        return int.from_bytes(fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"), sys.byteorder)
    finally:
        os.close(fd)


def read_now(fd: int) -> bytes:
    """Read what is there and comes within a moment."""
    os.set_blocking(fd, False)
    data = b""
    try:
        while piece := os.read(fd, 65_536):
            data += piece
    except BlockingIOError:
        pass
    return data


def test_every_byte_passes_unchanged_both_ways(link):
    with PtyPort(link) as port:
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        port.write(EVERY_BYTE)
        assert read_all(fd, 256) == EVERY_BYTE
        os.write(fd, EVERY_BYTE)
        heard = b""
        while len(heard) < 256:
            piece = port.read(5.0)
            assert piece
            heard += piece
        assert heard == EVERY_BYTE
        os.close(fd)


def test_the_link_leads_to_the_slave_and_goes_with_the_port(link):
    port = PtyPort(link)
    port.open()
    assert str(link.readlink()) == port.slave_name
    assert port.provenance is Provenance.SIMULATED
    port.close()
    port.close()
    assert not os.path.lexists(link)
    with pytest.raises(DeviceLostError):
        port.read(0)


def test_a_link_that_others_have_taken_over_is_left_alone(link):
    port = PtyPort(link)
    port.open()
    link.unlink()
    link.symlink_to("/somewhere/else")
    port.close()
    assert str(link.readlink()) == "/somewhere/else"


def test_a_link_to_a_terminal_that_is_gone_is_replaced(link):
    link.symlink_to("/dev/pts/999999")
    with PtyPort(link) as port:
        assert str(link.readlink()) == port.slave_name


def test_a_link_whose_number_was_given_to_another_terminal_is_replaced(link):
    master, slave = os.openpty()
    link.symlink_to(os.ttyname(slave))
    os.utime(link, (1.0, 1.0), follow_symlinks=False)  # made long before that terminal was
    with PtyPort(link) as port:
        assert str(link.readlink()) == port.slave_name
    os.close(master)
    os.close(slave)


def test_a_killed_emulator_leaves_a_link_that_the_next_one_replaces(link):
    code = (
        "import sys; from devices.transport.pty import PtyPort; p = PtyPort(sys.argv[1]); p.open();"
        "print('up', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(link)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"up\n"
        with pytest.raises(DeviceOpenError, match="another emulator"):
            PtyPort(link).open()
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert link.is_symlink()
    with PtyPort(link) as port:
        assert str(link.readlink()) == port.slave_name


@pytest.mark.parametrize("kind", ["file", "folder", "link to a file"])
def test_nothing_else_is_ever_overwritten(tmp_path, link, kind):
    if kind == "folder":
        link.mkdir()
    elif kind == "file":
        link.write_text("precious")
    else:
        (tmp_path / "file").write_text("precious")
        link.symlink_to(tmp_path / "file")
    with pytest.raises(DeviceOpenError, match="choose another name"):
        PtyPort(link).open()
    assert os.path.lexists(link)
    if kind != "folder":
        assert link.read_text() == "precious"


def test_a_missing_folder_is_said_and_leaves_nothing_open(tmp_path):
    before = open_descriptors()
    with pytest.raises(DeviceOpenError, match="choose a folder"):
        PtyPort(tmp_path / "none" / "monitor").open()
    assert open_descriptors() == before


def test_without_a_reader_it_never_blocks_and_a_newcomer_hears_the_present(link):
    clock = ManualClock()
    with PtyPort(link, clock=clock) as port:
        for number in range(400):  # eight seconds at 3 kB/s
            clock.advance_s(0.02)
            port.write(number.to_bytes(2, "big") * 30)
            settle(port)
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        heard = read_now(fd)
        oldest = int.from_bytes(heard[:2], "big") if heard else 400
        assert oldest >= 400 - 0.25 / 0.02 - 2
        assert port.dropped_bytes > 20_000
        assert not port.reader_present
        os.close(fd)


def test_a_reader_that_stops_reading_is_given_up_after_two_seconds(link):
    clock = ManualClock()
    with PtyPort(link, clock=clock) as port:
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        os.write(fd, b"hello")
        assert port.read(5.0) == b"hello"
        assert port.reader_present
        for _ in range(90):
            clock.advance_s(0.02)
            port.write(b"z" * 20)
            settle(port)
        assert port.reader_present
        assert port.dropped_bytes == 0
        for _ in range(30):
            clock.advance_s(0.02)
            port.write(b"z" * 20)
            settle(port)
        assert not port.reader_present
        os.close(fd)


def test_a_steady_reader_loses_nothing(link):
    clock = ManualClock()
    with PtyPort(link, clock=clock) as port:
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        os.write(fd, b"hello")
        assert port.read(5.0) == b"hello"
        for number in range(1000):
            clock.advance_s(0.02)
            port.write(number.to_bytes(4, "big") * 15)
            assert read_all(fd, 60) == number.to_bytes(4, "big") * 15
        assert port.reader_present
        assert port.dropped_bytes == 0
        os.close(fd)


def test_a_full_queue_gives_way_to_what_is_new(link):
    clock = ManualClock()
    with PtyPort(link, clock=clock) as port:
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        os.write(fd, b"x")
        port.read(5.0)
        for _ in range(40):
            port.write(b"o" * 1000)
        port.write(b"new")
        assert port.dropped_bytes > 0
        assert read_now(fd).endswith(b"new")
        os.close(fd)


def test_readers_may_come_go_and_be_killed(link):
    clock = ManualClock()
    code = (
        "import os, sys, termios; f = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY);"
        "termios.tcflush(f, termios.TCIFLUSH); os.write(f, b'hi'); sys.stdout.write(os.read(f, 3).decode()); sys.stdout.flush(); sys.stdin.read()"
    )
    with PtyPort(link, clock=clock) as port:
        for _ in range(3):
            with subprocess.Popen(
                [sys.executable, "-c", code, str(link)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            ) as reader:
                assert port.read(20.0) == b"hi"
                port.write(b"abc")
                assert reader.stdout is not None
                assert reader.stdout.read(3) == b"abc"
                reader.send_signal(signal.SIGKILL)
                reader.wait()
            for _ in range(200):
                clock.advance_s(0.02)
                port.write(b"while nobody listens" * 3)


def test_a_reader_that_left_the_terminal_cooked_does_not_spoil_it_for_the_next(link):
    clock = ManualClock()
    with PtyPort(link, clock=clock) as port:
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        os.write(fd, b"x")
        assert port.read(5.0) == b"x"
        settings = tty.tcgetattr(fd)
        settings[0] |= tty.ICRNL
        settings[3] |= tty.ICANON
        tty.tcsetattr(fd, tty.TCSANOW, settings)
        os.close(fd)
        for _ in range(200):
            clock.advance_s(0.02)
            port.write(b"\r" * 20)
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        clock.advance_s(0.02)
        port.write(b"\r")
        assert read_all(fd, 1) == b"\r"
        os.close(fd)
