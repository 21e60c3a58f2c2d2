"""``drivers``, ``ports`` and ``capture``: fields of the contract, the three kinds of silence, the bytes as they came."""

import os
import pty
import threading
import tty

import pytest

from devices.clock import ManualClock
from devices.drivers.base import SerialSettings
from devices.errors import DeviceLostError, DeviceNotFoundError
from devices.registry import make_driver
from devices.signals import Provenance
from devices.transport.base import Transport
from devices.transport.ports import SerialPortInfo
from monitor_app.cli import device_commands
from monitor_app.cli.device_commands import line_words
from monitor_app.services.capture_run import capture_bytes, file_for_baud
from monitor_app.services.probe import LISTEN_S, Heard, probe

SPO2_FRAME = bytes.fromhex("55 AA 06 04 00 62 48 4B")  # protocols.md §1.4
ENABLE_ECG = bytes.fromhex("55 AA 04 01 01 F9")  # protocols.md §1.2
CUFF_COMMANDS = [bytes.fromhex("55 AA 04 02 01 F8"), bytes.fromhex("55 AA 04 02 00 F9")]


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


def probed(*, ask, **script):
    clock = ManualClock()
    port = ScriptedPort(clock, **script)
    result = probe(port, make_driver("berry"), clock, ask=ask)
    assert port.missing or port.closed
    return result, port


def test_drivers_have_the_contracts_fields(chairside):
    result = chairside("drivers", "--json")
    berry = next(driver for driver in result.document if driver["id"] == "berry")
    assert {"id", "name", "numerics", "waveforms", "serial", "nibp", "cannot"} <= set(berry)
    assert {"HR", "SPO2"} <= set(berry["numerics"])
    assert {"name": "ECG_II", "rate_hz": 250} in berry["waveforms"]
    assert {"baud": 115200, "bits": 8, "parity": "N", "stop_bits": 1, "rtscts": False}.items() <= berry[
        "serial"
    ].items()
    assert berry["nibp"] == "host"
    assert all(sentence.endswith(".") for sentence in berry["cannot"])
    assert "115200 8N1" in chairside("drivers").out


def test_line_words():
    assert line_words(SerialSettings(19200, parity="E", rtscts=True)) == "19200 8E1 RTS/CTS"


def test_ports_are_listed_with_readable_names(chairside, monkeypatch):
    found = [SerialPortInfo("/dev/ttyUSB0", "USB2.0-Serial (CH340)", 0x1A86, 0x7523)]
    monkeypatch.setattr(device_commands, "list_serial_ports", lambda: found)
    assert "CH340" in chairside("ports").out
    (port,) = chairside("ports", "--json").document
    assert (port["device"], port["name"], port["usb_id"]) == (
        "/dev/ttyUSB0",
        "USB2.0-Serial (CH340)",
        "1A86:7523",
    )
    monkeypatch.setattr(device_commands, "list_serial_ports", list)
    assert chairside("ports", "--json").document == []
    assert "plug" in chairside("ports").out


def test_drivers_are_named_only_to_probe_with(chairside):
    assert chairside("ports", "--driver", "berry").refused("--probe")
    assert chairside("ports", "--probe", "--driver", "nonesuch").refused("berry")


def test_a_stream_is_heard_without_a_byte_sent():
    result, port = probed(ask=True, unasked=SPO2_FRAME)
    assert (result.heard, result.asked, port.sent) == (Heard.STREAMING, False, b"")


def test_listening_alone_sends_nothing_and_says_how_to_ask():
    result, port = probed(ask=False)
    assert (result.heard, port.sent) == (Heard.SILENT, b"")
    assert result.detail.startswith("port opened, 0 bytes")
    assert "--driver berry" in result.detail


def test_a_silent_monitor_answers_when_asked_and_no_cuff_moves():
    result, port = probed(ask=True, answer=SPO2_FRAME)
    assert (result.heard, result.asked) == (Heard.STREAMING, True)
    assert ENABLE_ECG in port.sent
    assert not any(command in port.sent for command in CUFF_COMMANDS)


def test_asking_comes_after_listening_and_repeats_without_cuff_commands():
    result, port = probed(ask=True)
    assert result.heard is Heard.SILENT
    assert port.clock.monotonic_ns() > LISTEN_S * 1e9
    assert port.sent.count(ENABLE_ECG) >= 2
    assert not any(command in port.sent for command in CUFF_COMMANDS)


def test_bytes_without_a_frame_point_at_speed_and_parity():
    result, _ = probed(ask=True, unasked=b"\x12\x34", answer=b"\x56")
    assert result.heard is Heard.BYTES_NO_FRAME
    assert "speed or parity" in result.detail


def test_a_port_that_cannot_be_opened_or_goes_away_says_why():
    assert probed(ask=True, missing=True)[0].detail == "port9 does not exist: plug it in."
    assert probed(ask=True, lost_after=3)[0].heard is Heard.NOT_OPENED


def test_probe_of_a_port_by_name_on_the_command_line(chairside):
    (port,) = chairside("ports", "--probe", "--json", "/dev/nonesuch").document
    (tried,) = port["probe"]
    assert tried["state"] == "not_opened"
    assert "/dev/nonesuch does not exist" in tried["detail"]


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


def test_each_speed_has_its_file(tmp_path):
    assert file_for_baud(tmp_path / "x.raw", 9600, several=True).name == "x-9600.raw"
    assert file_for_baud(tmp_path / "x.raw", 9600, several=False).name == "x.raw"


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
