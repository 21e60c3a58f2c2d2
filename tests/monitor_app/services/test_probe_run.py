"""Searching real pseudo-terminals on threads: found, silent, noise, in use, and cancelled in the middle."""

import os
import pty
import sys
import threading
import time
import tty
from pathlib import Path

import pytest

from devices.clock import NS_PER_S
from devices.errors import DeviceOpenError
from devices.probe_report import Heard
from devices.registry import make_monitor
from monitor_app.services.probe_run import ProbeOrder, ProbeRun, loadable
from tests.devices.fake_patient import FakePatient

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is a thing of Unix", allow_module_level=True)

ALL = ("berry", "nonin", "bci")


class Terminal:
    """A pseudo-terminal with somebody at its other end; what that one hears is kept."""

    def __init__(self, answer=lambda *_: b""):
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.name = os.ttyname(self.slave)
        self.heard = b""
        self._answer, self._ended = answer, threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self):
        began_ns = time.monotonic_ns()
        while not self._ended.wait(0.02):
            try:
                fresh = os.read(self.master, 4096)
            except BlockingIOError:
                fresh = b""
            self.heard += fresh
            data = self._answer(fresh, (time.monotonic_ns() - began_ns) / NS_PER_S)
            if data:
                os.write(self.master, data)

    def close(self):
        self._ended.set()
        self._thread.join()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal():
    made = []

    def make(*arguments):
        made.append(Terminal(*arguments))
        return made[-1]

    yield make
    for one in made:
        one.close()


def berry():
    monitor = make_monitor("berry", FakePatient(), seed=1)

    def answer(heard, now_s):
        monitor.receive(heard)
        return monitor.advance(now_s)

    return answer


def searched(ports, *, listen_for=ALL, ask=(), **options):
    news = []
    run = ProbeRun(ProbeOrder(tuple(ports), listen_for, ask), news.append, **options)
    run.start()
    assert run.join(20)
    return {item.port: item.report for item in news if item.report is not None}, news


def test_several_ports_at_once_are_told_apart(terminal):
    talking, silent = terminal(berry()), terminal()
    noisy = terminal(lambda *_: os.urandom(20))
    reports, news = searched([talking.name, silent.name, noisy.name], ask=("berry",))
    assert reports[talking.name].found == ("berry",)
    assert reports[silent.name].heard is Heard.SILENT
    assert reports[noisy.name].heard is Heard.BYTES_NO_FRAME
    assert bytes.fromhex("55 AA 04 FC 00 FF") in talking.heard
    assert talking.heard.replace(bytes.fromhex("55 AA 04 FC 00 FF"), b"") == b""  # nothing but the question
    assert any("asking Berry" in item.progress for item in news)
    assert [item.report is not None for item in news if item.port == silent.name][-1]


def test_listening_writes_nothing(terminal):
    port = terminal(berry())
    reports, _ = searched([port.name])
    assert reports[port.name].heard is Heard.SILENT
    assert port.heard == b""


def test_it_ends_soon_after_a_cancel_and_the_port_is_free_again(terminal):
    port = terminal()
    news = []
    run = ProbeRun(ProbeOrder((port.name,), ALL, ("berry",)), news.append)
    run.start()
    run.cancel()
    assert run.join(2.0)
    assert not run.running
    assert news[-1].report is not None
    reports, _ = searched([port.name], listen_for=("berry",))
    assert reports[port.name].heard is Heard.SILENT


def test_a_port_in_use_says_so(terminal):
    port = terminal()
    holder = threading.Event()
    first = ProbeRun(ProbeOrder((port.name,), ALL), lambda _: holder.set())
    first.start()
    assert holder.wait(5)
    reports, _ = searched([port.name])
    first.cancel()
    first.join(5)
    assert reports[port.name].heard is Heard.NOT_OPENED
    assert "in use" in reports[port.name].reason


def test_a_remedy_is_passed_on():
    def refuse(port, line):
        raise DeviceOpenError("No permission to open port9: add your account to the group dialout.")

    reports, _ = searched(["port9"], open_port=refuse)
    assert "dialout" in reports["port9"].reason


def test_a_name_that_cannot_be_a_port():
    reports, _ = searched(["usb:"])
    assert "names no adapter" in reports["usb:"].reason


@pytest.mark.expects_log
def test_a_defect_ends_one_port_only(terminal):
    port = terminal()

    def broken(name, line):
        raise ZeroDivisionError

    reports, _ = searched([port.name], open_port=broken)
    assert "internal error" in reports[port.name].reason


def test_a_driver_that_does_not_load_is_left_out():
    drivers, troubles = loadable(["berry", "nonesuch"])
    assert [driver.info.id for driver in drivers] == ["berry"]
    assert "nonesuch" in troubles[0]


def test_a_driver_is_called_as_in_the_order(terminal):
    described = (
        f"file:{Path(__file__).parents[2] / 'devices' / 'protocols' / 'delimited' / 'acme_fields.toml'}"
    )
    port = terminal(lambda heard, _: b"08:00:12 97 76 ---\r" * heard.count(b"D\r"))
    reports, _ = searched([port.name], listen_for=(described,), ask=("berry", described))
    report = reports[port.name]
    assert (report.found, report.asked, report.after_asking) == ((described,), (described,), True)
    assert {tried.driver_id for tried in report.tries} == {described}
    assert port.heard.replace(b"D\r", b"") == b""
