"""``chairside capture``: the bytes as they came, the settings at which something is heard, and what to do next."""

import os
import pty
import threading
import tty
from pathlib import Path

import pytest

from devices.clock import ManualClock
from devices.drivers.base import SerialSettings
from devices.errors import DeviceLostError, DeviceNotFoundError, KnownError
from devices.registry import driver_ids, make_driver
from devices.signals import Provenance
from devices.transport.base import Transport
from monitor_app.cli.capture_command import next_step
from monitor_app.services.capture_run import capture_bytes, file_for_line, find_line, hex_lines, look_at

DRIVERS = [make_driver(driver_id) for driver_id in driver_ids()]
SPO2_FRAME = bytes.fromhex("55 AA 06 04 00 62 48 4B")  # protocols.md §1.4
TEXT = b"12.04.26 HR=072 SpO2=098\r\n" * 8


class ScriptedPort(Transport):
    """Gives ``unasked`` at each read, ``answer`` once it was written to; its reads move the clock, nobody waits."""

    def __init__(self, clock, unasked=b"", answer=b"", *, missing=False, lost_after=None):
        self.clock, self.unasked, self.answer = clock, unasked, answer
        self.missing, self.lost_after = missing, lost_after
        self.sent, self.reads, self.closed = b"", 0, 0

    def open(self):
        if self.missing:
            raise DeviceNotFoundError("port9 does not exist: plug it in.")

    def read(self, timeout_s):
        self.reads += 1
        if self.lost_after is not None and self.reads > self.lost_after:
            raise DeviceLostError("port9 is gone: check the cable.")
        self.clock.advance_s(timeout_s)
        return self.answer if self.sent else self.unasked

    def write(self, data):
        self.sent += data

    def close(self):
        self.closed += 1

    @property
    def description(self):
        return "port9"

    @property
    def provenance(self):
        return Provenance.REAL


def test_capture_keeps_every_byte_in_order(tmp_path):
    clock, out = ManualClock(), tmp_path / "x.raw"
    port = ScriptedPort(clock, unasked=bytes(range(256)))
    result = capture_bytes(port, out, 2.0, clock=clock, stopped=lambda: False)
    assert out.read_bytes() == bytes(range(256)) * 20
    assert (result.bytes_saved, result.lost, port.sent, port.closed) == (5120, "", b"", 1)


def test_what_came_before_a_loss_is_kept(tmp_path):
    clock, out = ManualClock(), tmp_path / "x.raw"
    port = ScriptedPort(clock, unasked=b"abc", lost_after=4)
    result = capture_bytes(port, out, 2.0, clock=clock, stopped=lambda: False)
    assert out.read_bytes() == b"abc" * 4
    assert "is gone" in result.lost


@pytest.mark.parametrize(
    ("speeds", "parities", "name"),
    [
        (False, False, "x.raw"),
        (True, False, "x-9600.raw"),
        (True, True, "x-9600E.raw"),
        (False, True, "x-9600E.raw"),
    ],
)
def test_each_setting_has_its_file(tmp_path, speeds, parities, name):
    line = SerialSettings(9600, parity="E")
    assert file_for_line(tmp_path / "x.raw", line, speeds=speeds, parities=parities).name == name


@pytest.fixture
def talking_terminal():
    """A terminal somebody keeps writing to."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    ended = threading.Event()

    def talk():
        while not ended.wait(0.02):
            os.write(master, b"hello monitor\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    yield os.ttyname(slave)
    ended.set()
    thread.join()
    os.close(master)
    os.close(slave)


def test_capture_from_a_terminal_at_two_speeds(chairside, talking_terminal, tmp_path):
    out = tmp_path / "x.raw"
    result = chairside(
        "capture", talking_terminal, "--baud", 9600, 19200, "--for", 0.3, "--out", out, "--json"
    )
    assert result.status == 0
    assert [file["baud"] for file in result.document["files"]] == [9600, 19200]
    for file in result.document["files"]:
        data = (tmp_path / f"x-{file['baud']}.raw").read_bytes()
        assert len(data) == file["bytes"]
        assert b"hello monitor" in data


def test_capture_of_nothing_exits_1_and_says_what_to_try(chairside, tmp_path):
    result = chairside("capture", "loop://", "--for", 0.1, "--out", tmp_path / "x.raw")
    assert result.status == 1
    assert "0 bytes at 115200" in result.out
    assert "--baud" in result.err


def test_capture_mistakes(chairside, tmp_path):
    out = tmp_path / "x.raw"
    assert chairside("capture", "/dev/nonesuch", "--for", 1, "--out", out).refused("does not exist")
    assert not out.exists()
    assert chairside("capture", "loop://", "--for", 1, "--out", tmp_path).refused("--out")
    assert chairside("capture", "loop://", "--for", 0, "--out", out).status == 2
    assert chairside("capture", "loop://", "--baud", "fast", "--for", 1, "--out", out).status == 2


class AtOneSpeed:
    """Opens a port at which a Berry speaks at 115200 8N1; at any other setting its bytes are noise."""

    def __init__(self, clock, *, missing=False):
        self.clock, self.missing, self.opened = clock, missing, []

    def __call__(self, line):
        self.opened.append(line)
        right = line == make_driver("berry").info.serial
        return ScriptedPort(self.clock, SPO2_FRAME if right else b"\x80\xf8", missing=self.missing)


def found(port):
    return find_line(port, DRIVERS, clock=port.clock, stopped=lambda: False)


def test_the_speed_at_which_a_monitor_is_heard_is_found():
    port = AtOneSpeed(ManualClock())
    assert found(port) == (make_driver("berry").info.serial, True)


def test_noise_at_every_speed_is_captured_where_most_of_it_came():
    clock = ManualClock()
    opened = []

    def port(line):
        opened.append(line)
        return ScriptedPort(clock, b"\x80\xf8" * (5 if line.baud == 19200 else 1))

    line, heard = find_line(port, DRIVERS, clock=clock, stopped=lambda: False)
    assert (line.baud, heard) == (19200, False)
    assert {one.parity for one in opened} >= {"N", "E"}  # parities are tried too
    assert len({one.baud for one in opened}) >= 4


def test_a_silent_port_is_captured_at_the_usual_speed():
    clock = ManualClock()
    line, heard = find_line(lambda _: ScriptedPort(clock), DRIVERS, clock=clock, stopped=lambda: False)
    assert (line, heard) == (SerialSettings(115200), False)


def test_a_port_that_is_not_there_is_said_at_once():
    with pytest.raises(KnownError, match="does not exist"):
        found(AtOneSpeed(ManualClock(), missing=True))


def test_looking_for_a_speed_can_be_stopped():
    clock = ManualClock()
    port = AtOneSpeed(clock)
    assert not find_line(port, DRIVERS, clock=clock, stopped=lambda: True)[1]


def test_hex_lines_are_those_of_a_hex_editor():
    assert hex_lines(SPO2_FRAME + b"0123456789") == [
        "0000  55 aa 06 04 00 62 48 4b 30 31 32 33 34 35 36 37  U....bHK01234567",
        "0010  38 39                                            89",
    ]


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "x.raw"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (SPO2_FRAME * 20, ("frames of", "chairside decode berry", "--device berry@/dev/ttyUSB0")),
        (TEXT, ("readable text", "describing-a-monitor.md")),
        (bytes(b | (0x80 if b.bit_count() % 2 else 0) for b in TEXT), ("parity", "--bits 7")),
        (bytes((n * 73 + n // 7) % 256 for n in range(600)), ("No known family", "support")),
        (b"", ()),
    ],
    ids=["berry", "text", "parity", "noise", "nothing"],
)
def test_the_next_step_fits_what_came(tmp_path, data, words):
    path = written(tmp_path, data)
    look = look_at(path, DRIVERS)
    step = next_step("/dev/ttyUSB0", path, look)
    assert (look.bytes_seen, look.head) == (len(data), data[:64])
    assert bool(step) is bool(words)
    for word in words:
        assert word in step


@pytest.mark.parametrize(
    ("name", "driver_id"),
    [
        ("ge_dri/db02.raw", "datex-dri"),
        ("nonin_df2/frame.raw", "nonin"),
        ("contec_v7_serial/rx.raw", "contec-v7"),
    ],
)
def test_captures_of_real_monitors_name_their_family(shared_captures, name, driver_id):
    look = look_at(shared_captures / name, DRIVERS)
    assert driver_id in {item.driver_id for item in look.evidence}
    assert all(other == driver_id for other in look.found)


def test_the_family_of_what_came_is_printed(chairside, tmp_path):
    source = written(tmp_path, SPO2_FRAME * 400)
    out = tmp_path / "y.raw"
    result = chairside("capture", f"capture://{source}", "--for", 0.3, "--out", out)
    assert result.status == 0
    assert "55 aa 06 04" in result.out
    assert "chairside decode berry" in result.out
    (file,) = chairside("capture", f"capture://{source}", "--for", 0.3, "--out", out, "--json").document[
        "files"
    ]
    assert file["found"] == ["berry"]
    assert file["fits"][0]["frames_bad"] == 0
    assert file["head"].startswith("55 aa 06 04")
    assert "berry@" in file["next"]
    assert file["serial"]["parity"] == "N"
