"""What the connection panel asks, without the panel: lists, addresses, and one search of a real pseudo-terminal."""

import contextlib
import os
import pty
import sys
import threading
import tty

import pytest

from devices.clock import NS_PER_S, SystemClock
from devices.drivers.base import SerialSettings
from devices.probe_report import Heard, PortReport
from devices.registry import DeviceAddress, driver_ids, make_monitor
from devices.transport.ports import SerialPortInfo
from monitor_app.services.connect import (
    ConnectDesk,
    PortChoice,
    PortState,
    absent_ports,
    address_of,
    families,
    family_name,
    in_use,
    needs_witness,
    port_choices,
    short_words,
    used_as,
    why_apart,
    with_monitor,
    without_monitor,
)
from tests.devices.fake_patient import FakePatient

FTDI = SerialPortInfo("/dev/ttyUSB0", "FT232R", 0x0403, 0x6001, "A50285BI")
CHOICE = PortChoice("/dev/ttyUSB0", "FT232R", "/dev/ttyUSB0", "usb:0403:6001:A50285BI")


def state(*found):
    heard = Heard.STREAMING if found else Heard.SILENT
    return PortState("", PortReport(heard, found))


def test_every_family_says_how_it_is_cabled():
    offered = families()
    assert {family.driver_id for family in offered} == set(driver_ids())
    assert [family.name.casefold() for family in offered] == sorted(f.name.casefold() for f in offered)
    for family in offered:
        assert family.hints, family.name
        assert all(hint.endswith(".") for hint in family.hints)


@pytest.mark.parametrize(
    ("found", "ticked", "driver_id"),
    [
        (("berry",), (), "berry"),
        (("berry",), ("nonin",), "berry"),  # what was heard counts more than what was ticked
        ((), ("nonin",), "nonin"),
        ((), ("nonin", "berry"), None),
        ((), (), None),
        (("bci", "nonin"), (), None),
        (("bci", "nonin"), ("nonin", "berry"), "nonin"),
        (("bci", "nonin"), ("nonin", "bci"), None),
    ],
)
def test_what_connect_opens(found, ticked, driver_id):
    expected = None if driver_id is None else DeviceAddress(driver_id, CHOICE.keep)
    assert address_of(CHOICE, state(*found), ticked) == expected


def test_a_monitor_found_at_other_settings_is_opened_with_those():
    odd = SerialSettings(19200, parity="O")
    found = PortState("", PortReport(Heard.STREAMING, ("bci",), odd))
    address = address_of(CHOICE, found, ())
    assert address == DeviceAddress("bci", "usb:0403:6001:A50285BI#19200-8O1")
    assert in_use((address.source,), CHOICE)


def test_a_port_is_known_by_either_name():
    assert in_use(("berry@/dev/ttyUSB0",), CHOICE)
    assert in_use(("berry@usb:0403:6001:A50285BI",), CHOICE)
    assert not in_use(("berry@COM3",), CHOICE)


def test_who_needs_a_witness():
    assert needs_witness("socket://10.0.0.7:4001")
    assert not any(needs_witness(port) for port in ("socket://127.0.0.1:1", "/dev/ttyUSB0", "usb:X", "COM3"))


def test_short_words():
    assert short_words(state("berry")).startswith("streaming: Berry")
    assert short_words(state()) == "port opened, 0 bytes"
    assert short_words(PortState("listening")) == "listening"
    assert (
        short_words(PortState("", PortReport(Heard.BYTES_NO_FRAME, echo=True))) == "sends back what is sent"
    )
    assert family_name("nonesuch") == "nonesuch"


def test_ports_are_listed_off_the_calling_thread():
    threads = []

    def slow():
        threads.append(threading.current_thread())
        return [FTDI]

    desk = ConnectDesk(list_ports=slow)
    desk.refresh()
    assert desk.wait(5)
    assert desk.poll()
    assert desk.ports == port_choices([FTDI])
    assert threads[0] is not threading.current_thread()
    desk.refresh()
    assert desk.wait(5)
    assert not desk.poll()


@pytest.mark.expects_log
def test_a_system_that_cannot_list_its_ports_is_survived():
    def fail():
        raise OSError("no udev")

    desk = ConnectDesk(list_ports=fail)
    desk.refresh()
    assert desk.wait(5)
    assert not desk.poll()


def test_addresses_that_are_typed_stay_and_are_listed_once():
    desk = ConnectDesk(list_ports=list)
    assert desk.add_address("  ") is None
    added = desk.add_address(" COM3 ")
    assert added == desk.add_address("COM3")
    assert desk.ports == (added,)
    assert desk.add_address("./m").keep == f"{os.getcwd()}/m"  # noqa: PTH109 - as the shell would


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of Unix")
def test_a_search_finds_an_emulated_berry():
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    monitor, ended, clock = make_monitor("berry", FakePatient(), seed=1), threading.Event(), SystemClock()

    def talk():
        began_ns = clock.monotonic_ns()
        while not ended.wait(0.02):
            with contextlib.suppress(BlockingIOError):
                monitor.receive(os.read(master, 4096))
            data = monitor.advance((clock.monotonic_ns() - began_ns) / NS_PER_S)
            if data:
                os.write(master, data)

    thread = threading.Thread(target=talk)
    thread.start()
    desk = ConnectDesk(list_ports=list)
    choice = desk.add_address(os.ttyname(slave))
    desk.search([choice.port], ["berry"])
    assert desk.searching
    assert desk.wait(20)
    assert desk.poll()
    ended.set()
    thread.join()
    assert not desk.searching
    assert desk.states[choice.port].found == ("berry",)
    assert "valid frames of Berry" in desk.states[choice.port].words
    desk.close()
    os.close(master)
    os.close(slave)


ADAPTER = PortChoice("/dev/ttyUSB0", "Adapter", "", "usb:A50285BI")
OTHER = PortChoice("/dev/ttyUSB1", "Other", "", "usb:B1")
PAIR = ("berry@usb:A50285BI", "nonin@usb:B1#19200-8O1")


def test_monitors_in_use_are_known_by_port_and_by_what_is_burnt_into_the_adapter() -> None:
    assert used_as(PAIR, ADAPTER).startswith("1. Berry")
    assert used_as(PAIR, OTHER).startswith("2. Nonin")
    assert used_as(PAIR[:1], ADAPTER).startswith("Berry")
    assert used_as(PAIR, PortChoice("/dev/ttyS0", "ttyS0", "", "/dev/ttyS0")) == ""
    assert [choice.port for choice in absent_ports(PAIR, [ADAPTER])] == ["usb:B1"]
    assert absent_ports(PAIR, [ADAPTER, OTHER]) == ()


def test_a_monitor_is_put_beside_others_or_takes_the_place_at_its_port() -> None:
    assert with_monitor(PAIR[:1], "nonin@usb:B1", OTHER) == ("berry@usb:A50285BI", "nonin@usb:B1")
    assert with_monitor(PAIR, "masimo@usb:A50285BI", ADAPTER) == ("masimo@usb:A50285BI", PAIR[1])
    assert without_monitor(PAIR, ADAPTER) == PAIR[1:]


@pytest.mark.parametrize(
    ("devices", "apart"),
    [
        ((), False),
        (PAIR, False),
        (("berry@loop://", "nonin@capture:///tmp/x.raw"), False),
        ((*PAIR, "masimo@loop://"), True),
        (("berry@socket://10.0.0.7:4001", PAIR[1]), False),
    ],
)
def test_simulated_and_real_ones_are_kept_apart(devices: tuple[str, ...], apart: bool) -> None:
    assert bool(why_apart(devices)) is apart
