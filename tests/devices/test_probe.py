"""The search of a port: what is recognised, what is told apart, and which bytes are sent while it goes on."""

from dataclasses import replace

import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, SerialSettings
from devices.errors import DeviceLostError, DeviceNotFoundError, DeviceOpenError, DeviceTimeoutError
from devices.probe import PortProbe
from devices.probe_report import Heard, report_words
from devices.registry import driver_ids, driver_info, make_driver, make_monitor
from devices.signals import Provenance
from devices.transport.base import Transport
from tests.devices.fake_patient import FakePatient
from tests.devices.fakes import FakeDriver, frame

FC_QUERY = bytes.fromhex("55 AA 04 FC 00 FF")  # protocols.md §1.2
BERRY_NIBP = [bytes.fromhex(text) for text in ("55 AA 04 02 01 F8", "55 AA 04 02 00 F9")]
SUNTECH_NIBP = [
    bytes.fromhex(text) for text in ("3A 20 A6", "3A 56 70", "3A 79 01 00 4C", "3A 8A 3C")
]  # §8.1
NOT_HARMLESS = [
    *BERRY_NIBP,
    *SUNTECH_NIBP,
    *(
        bytes((0x55, 0xAA, 0x04, kind)) for kind in (*range(0x01, 0x11), 0xFB, 0xFE, 0xFF)
    ),  # §1.2: all but queries
    *(
        bytes((0x7D, 0x81, command)) for command in (0xA1, 0xA2, 0xA7, 0xB1, 0xB2, 0xA3, 0xA4, 0xA5, 0xA6)
    ),  # §7.2
]
REAL_ONES = [driver_id for driver_id in driver_ids() if driver_id in ("berry", "suntech-nibp", "contec-v7")]


def saying(data):
    """An other end that sends these bytes every 50 ms, whatever it hears."""
    return lambda *_: data


class Wire:
    """One port at whatever settings it is opened; ``talk(settings, now_s, heard)`` is the other end."""

    def __init__(self, talk=lambda *_: b"", *, refuse=(), error=None, wait_s=0.05):
        self.talk, self.refuse, self.error, self.wait_s = talk, refuse, error, wait_s
        self.now_ns, self.sent, self.opened, self.open_now = 0, b"", [], 0

    def make(self, line):
        return _End(self, line)

    def run(self, drivers, *, ask=(), line_matters=True, until_s=120.0, steps=None):
        probe = PortProbe(self.make, drivers, ask=ask, line_matters=line_matters)
        count = 0
        while probe.step(self.now_ns) and (steps is None or count < steps):
            self.now_ns += round(self.wait_s * NS_PER_S)
            count += 1
            assert self.now_ns < until_s * NS_PER_S, probe.progress
        if steps is not None:
            probe.cancel()
        assert self.open_now == 0, "a port was left open"
        return probe.report


class _End(Transport):
    def __init__(self, wire, line):
        self.wire, self.line, self.fresh, self.is_open = wire, line, b"", False

    def open(self):
        if self.wire.error is not None:
            raise self.wire.error
        if self.line in self.wire.refuse:
            raise DeviceOpenError("port9 is not a serial port that takes these settings: choose another.")
        self.wire.opened.append(self.line)
        self.wire.open_now += 1
        self.is_open = True

    def read(self, timeout_s):
        fresh, self.fresh = self.fresh, b""
        return self.wire.talk(self.line, self.wire.now_ns / NS_PER_S, fresh)

    def write(self, data):
        self.wire.sent += data
        self.fresh += data

    def close(self):
        self.wire.open_now -= self.is_open
        self.is_open = False

    @property
    def description(self):
        return "port9"

    @property
    def provenance(self):
        return Provenance.REAL


class FakeDecoder:
    def __init__(self):
        self._driver = FakeDriver()

    @property
    def counters(self):
        return self._driver.counters

    def feed(self, data):
        return self._driver.feed(data, 0)


class OneDriver(FakeDriver):
    def capture_decoder(self):
        return FakeDecoder()


class TwinDriver(OneDriver):
    info = replace(FakeDriver.info, id="twin", name="Twin monitor")


def only_at(line, data):
    """Frames every 50 ms to who listens at ``line``; noise to who listens at another speed."""
    noise = np.random.default_rng(1)
    return lambda at, *_: data if at == line else noise.bytes(len(data))


def emulated(driver_id, *, line=None, started=False):
    """The emulated monitor of a family, as the wire's other end; ``started``: its streams run already."""
    monitor = make_monitor(driver_id, FakePatient(), seed=3)
    if started:
        monitor.receive(make_driver(driver_id).opened(0))
    right = line or driver_info(driver_id).serial

    def talk(at, now_s, heard):
        if at == right:
            monitor.receive(heard)
        data = monitor.advance(now_s)
        return data if at == right else np.random.default_rng(round(now_s * 1000)).bytes(len(data))

    return talk


def drivers(*ids):
    return [make_driver(driver_id) for driver_id in ids]


def named(report):
    return report_words(report, lambda driver_id: driver_info(driver_id).name)


def test_a_silent_port_is_never_written_to_unless_asked_for():
    wire = Wire()
    report = wire.run(drivers("berry"))
    assert (report.heard, wire.sent, report.asked) == (Heard.SILENT, b"", ())
    assert named(report).startswith("port opened, 0 bytes")


def test_a_silent_port_when_asked():
    wire = Wire()
    report = wire.run(drivers("berry"), ask=["berry"])
    assert (report.heard, report.asked) == (Heard.SILENT, ("berry",))
    assert wire.sent == 2 * FC_QUERY
    assert named(report).startswith("port opened, 0 bytes, also when asked")


def test_noise_is_told_apart_from_silence_and_no_family_is_seen_in_it():
    noise = np.random.default_rng(7)
    wire = Wire(lambda *_: noise.bytes(40))
    report = wire.run([make_driver(driver_id) for driver_id in driver_ids()], ask=["berry"])
    assert (report.heard, report.found) == (Heard.BYTES_NO_FRAME, ())
    assert report.bytes_in > 10_000
    assert named(report).startswith("bytes but no frame")
    assert "perhaps parity" in named(report)


def test_text_with_a_parity_bit_is_seen():
    line = b"01/02/26 10:15:30 SN=0000012345 SPO2=098% BPM=072\r\n"
    with_parity = bytes(byte | (0x80 * (byte.bit_count() % 2)) for byte in line)
    report = Wire(saying(with_parity)).run(drivers("masimo"))
    assert (report.heard, report.found) == (Heard.BYTES_NO_FRAME, ())
    assert "looks like text with a parity bit" in named(report)


def test_a_stream_is_recognised_without_a_byte_sent():
    wire = Wire(emulated("berry", started=True))
    report = wire.run(drivers("berry", "nonin"), ask=["berry", "nonin"])
    assert (report.heard, report.found, wire.sent) == (Heard.STREAMING, ("berry",), b"")
    assert report.line == SerialSettings(115200)
    assert named(report) == "streaming: valid frames of Berry PM6750 / PM1200 / BM series at 115200 8N1"


def test_a_monitor_that_waits_is_asked_and_nothing_is_started():
    wire = Wire(emulated("berry"))
    report = wire.run(drivers("berry"), ask=["berry"])
    assert (report.found, report.after_asking) == (("berry",), True)
    assert wire.sent == 3 * FC_QUERY  # three valid answers make a monitor, one would be chance
    assert named(report).endswith("at 115200 8N1 when asked")


def test_one_frame_is_chance():
    once = iter([frame(5)])
    report = Wire(lambda *_: next(once, b"")).run([OneDriver()])
    assert (report.heard, report.found, report.bytes_in) == (Heard.BYTES_NO_FRAME, (), 3)


def test_only_the_drivers_named_ask():
    wire = Wire()
    wire.run(drivers("berry", "suntech-nibp"), ask=["suntech-nibp"])
    assert wire.sent
    assert b"\x55\xaa" not in wire.sent


def test_the_setting_is_found_by_its_frames():
    info = driver_info("bci")
    rare = info.other_serial[0]
    frames = bytes.fromhex("85 40 09 48 62") * 5  # protocols.md §7.1
    wire = Wire(only_at(rare, frames))
    report = wire.run(drivers("berry", "bci", "nonin"))
    assert (report.found, report.line) == (("bci",), rare)
    assert "at 19200 8O1" in named(report)
    assert wire.opened.index(rare) > 0


def test_of_two_that_both_find_frames_the_one_that_explains_all_bytes_wins():
    """Nonin's five bytes have the form of BCI's now and then; where speed means nothing both listen at once."""
    driver = make_driver("nonin")
    talk = emulated("nonin", started=True)
    wire = Wire(lambda _, *rest: talk(driver.info.serial, *rest))
    report = wire.run(drivers("bci", "nonin", "contec-v7"), line_matters=False)
    assert report.found == ("nonin",)
    assert report.line is None


def test_two_families_that_fit_equally_well_are_both_named():
    report = Wire(saying(frame(1) + frame(2))).run([OneDriver(), TwinDriver()])
    assert set(report.found) == {"fake", "twin"}
    words = report_words(report, lambda driver_id: driver_id.upper())
    assert "FAKE and of TWIN" in words
    assert "which it is" in words


def test_an_echo_is_no_answer():
    """A Berry's question has the form of its answers: a loop-back plug must not pass for a monitor."""
    wire = Wire(lambda *all_of_it: all_of_it[2])
    report = wire.run(drivers("berry"), ask=["berry"])
    assert (report.found, report.echo) == ((), True)
    assert "sends back" in named(report)


def test_an_echo_that_comes_in_pieces_is_no_answer():
    held = bytearray()

    def drip(at, now_s, heard):
        held.extend(heard)
        out = bytes(held[:2])
        del held[:2]
        return out

    report = Wire(drip).run(drivers("berry"), ask=["berry"])
    assert (report.found, report.echo) == ((), True)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (DeviceNotFoundError("port9 does not exist: plug it in."), "does not exist"),
        (DeviceOpenError("port9 is in use by another program: close that program."), "in use"),
    ],
)
def test_a_port_that_cannot_be_opened_says_why(error, word):
    report = Wire(error=error).run(drivers("berry", "nonin"), ask=["berry"])
    assert report.heard is Heard.NOT_OPENED
    assert word in named(report)


def test_settings_that_an_adapter_does_not_take_are_passed_over():
    wire = Wire(emulated("berry"), refuse=[SerialSettings(9600)])
    assert wire.run(drivers("nonin", "berry"), ask=["berry"]).found == ("berry",)


def test_a_port_that_goes_away_meanwhile():
    def talk(at, now_s, heard):
        if now_s > 1:
            raise DeviceLostError("port9 is gone: check the cable.")
        return b""

    report = Wire(talk).run(drivers("berry"), ask=["berry"])
    assert report.heard is Heard.NOT_OPENED
    assert named(report) == "port9 is gone: check the cable."


def test_a_question_that_the_port_does_not_take_does_not_end_the_search(monkeypatch):
    def write(self, data):
        if self.line.rtscts:
            raise DeviceTimeoutError("port9 does not take what is sent.")
        self.wire.sent += data

    monkeypatch.setattr(_End, "write", write)
    report = Wire().run(drivers("datex-dri", "berry"), ask=["datex-dri", "berry"])
    assert set(report.asked) == {"berry", "datex-dri"}
    assert "RTS and CTS" in named(report)


@pytest.mark.parametrize("steps", [0, 1, 5, 40, 90])
def test_it_can_be_ended_at_any_time(steps):
    wire = Wire(emulated("berry"))
    report = wire.run(drivers("berry", "nonin"), ask=["berry"], steps=steps)
    assert report.heard in set(Heard)


@pytest.mark.parametrize("driver_id", driver_ids())
def test_no_question_of_any_family_means_anything_worse_to_another(driver_id):
    """At one speed several families are asked one after another, so each hears the others' questions too."""
    driver = make_driver(driver_id)
    question = driver.probe(0) + driver.probe(NS_PER_S)
    assert not [command.hex() for command in NOT_HARMLESS if command in question]
    for other_id in REAL_ONES:
        other = make_driver(other_id)
        for command in DriverCommand:
            other.opened(0)
            assert (other.command(command, 0) or b"never") not in question


@pytest.mark.parametrize("driver_id", driver_ids())
def test_what_is_sent_to_a_whole_search_moves_no_cuff(driver_id):
    patient = FakePatient()
    monitor = make_monitor(driver_id, patient, seed=1)

    def talk(at, now_s, heard):
        monitor.receive(heard)
        return monitor.advance(now_s)

    wire = Wire(talk)
    report = wire.run(
        [make_driver(one) for one in driver_ids()], ask=driver_ids(), line_matters=False, until_s=300
    )
    assert driver_id in report.found, named(report)
    assert not [command.hex() for command in NOT_HARMLESS if command in wire.sent]
    assert patient.cuff_log == []
