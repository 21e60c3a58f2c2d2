"""``ports``: what is listed, what a search prints, and wrong usage of ``--device``."""

import os
import pty
import threading
import tty
from functools import reduce
from operator import xor
from pathlib import Path

import pytest

from devices.drivers.base import SerialSettings
from devices.probe_report import line_words
from devices.transport.ports import SerialPortInfo
from monitor_app.cli import device_commands

SAMPLE = Path(__file__).parents[2] / "devices" / "protocols" / "delimited" / "acme_spot.toml"
ACME_LINE = b"$T=2026-01-05 08:00:01,ID=X,HR=75,SPO2=97%,BPM=076,TMP=366,ALM=00,SYS=---,DIA=---,MAP=---,BPT=---,BPS=OK"
"""A record of the monitor described in ``SAMPLE``, without its checksum."""


@pytest.fixture
def talking_terminal(request):
    """A terminal somebody keeps writing to."""
    words = getattr(request, "param", b"hello monitor\r\n")
    master, slave = pty.openpty()
    tty.setraw(slave)
    ended = threading.Event()

    def talk():
        while not ended.wait(0.02):
            os.write(master, words)

    thread = threading.Thread(target=talk)
    thread.start()
    yield os.ttyname(slave)
    ended.set()
    thread.join()
    os.close(master)
    os.close(slave)


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


@pytest.mark.parametrize("port", ["./nope", "/dev/nonesuch", "nope#9600-8N1"])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_port_that_does_not_exist_is_wrong_usage(chairside, port, form):
    result = chairside("ports", "--probe", port, *form)
    assert (result.status, result.out) == (2, "")
    assert f"{port.partition('#')[0]} does not exist" in result.err
    assert result.err.count("\n") == 1


def test_a_link_that_leads_nowhere_is_wrong_usage(chairside, tmp_path):
    (tmp_path / "m").symlink_to(tmp_path / "gone")
    result = chairside("ports", "--probe", tmp_path / "m")
    assert (result.status, result.out) == (2, "")
    assert "is gone" in result.err


def test_a_port_that_cannot_be_opened_is_a_failure(chairside, tmp_path):
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    result = chairside("ports", "--probe", "--json", plain)
    assert result.status == 1
    (port,) = result.document
    assert (port["state"], port["found"], port["probe"]) == ("not_opened", [], [])
    assert "is not a serial port" in port["detail"]


def test_probe_says_what_it_found_and_where(chairside, talking_terminal):
    result = chairside("ports", "--probe", "--json", "--drivers", "berry,masimo", talking_terminal)
    (port,) = result.document
    assert (port["state"], port["found"], port["asked"]) == ("bytes_no_frame", [], ["berry"])
    berry = next(tried for tried in port["probe"] if tried["driver"] == "berry")
    assert berry["asked"]
    assert berry["serial"]["baud"] == 115200
    assert berry["bytes"] > 0 == berry["frames_ok"]
    assert result.err == ""


speaks_acme = pytest.mark.parametrize(
    "talking_terminal", [b"%s*%02X\r\n" % (ACME_LINE, reduce(xor, ACME_LINE[1:]))], indirect=True
)


@pytest.fixture
def clinic(tmp_path):
    """A data folder, and how a monitor is described in it."""
    (tmp_path / "monitors").mkdir()

    def describe(name, **changes):
        text = SAMPLE.read_text()
        for key, value in changes.items():
            text = text.replace(f'{key} = "acme-spot"', f'{key} = "{value}"')
        (tmp_path / "monitors" / name).write_text(text)
        return f"file:{tmp_path / 'monitors' / name}"

    return tmp_path, describe


@speaks_acme
def test_a_described_monitor_is_found_under_the_id_other_commands_take(chairside, clinic, talking_terminal):
    folder, describe = clinic
    described = describe("spot, ward 2.toml")
    result = chairside("ports", "--probe", "--data-dir", folder, talking_terminal)
    assert "valid frames of Acme Spot 200 (described in spot, ward 2.toml)" in result.out
    assert f'chairside --device "{described}@{talking_terminal}"' in result.out
    named = ("--driver", described) if os.name == "posix" else ()
    (port,) = chairside("ports", "--probe", "--json", *named, talking_terminal).document
    assert (port["state"], port["found"]) == ("streaming", [described])
    assert {tried["driver"] for tried in port["probe"]} >= {"berry", described}


@speaks_acme
def test_two_described_monitors_that_fit_alike_are_told_in_words(chairside, clinic, talking_terminal):
    folder, describe = clinic
    describe("a.toml")
    other = describe("b.toml", id="acme-two")
    result = chairside("ports", "--probe", "--data-dir", folder, talking_terminal)
    assert (
        "fit those of Acme Spot 200 (described in a.toml) and of Acme Spot 200 (described in b.toml) equally well"
        in result.out
    )
    assert "Open it" not in result.out
    one = chairside("ports", "--probe", "--data-dir", folder, "--driver", "acme-two", talking_terminal)
    assert "(described in b.toml)" in one.out
    assert "a.toml" not in one.out
    assert f"chairside --device {other}@{talking_terminal}" in one.out


def test_a_device_of_wrong_form_is_wrong_usage(chairside):
    for arguments in (("record", "--device", "berry", "--for", 1), ("--device", "@COM3")):
        result = chairside(*arguments)
        assert (result.status, result.out) == (2, "")
        assert "DRIVER@PORT" in result.err
    assert chairside("record", "--device", "nonesuch@COM3", "--for", 1).refused("no driver 'nonesuch'")


def test_recording_nothing_prints_no_session(chairside, tmp_path):
    arguments = ("record", "--device", "berry@/dev/nonesuch", "--for", 0.1, "--data-dir", tmp_path)
    assert chairside(*arguments).refused("no valid frame", "does not exist")
    assert chairside(*arguments, "--json").document["session"] is None
