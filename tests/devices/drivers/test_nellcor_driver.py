from dataclasses import replace

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.nellcor import NellcorDriver
from devices.protocols.nellcor.monitor import NellcorMonitor
from devices.signals import DeviceIdentity, DeviceStatus, NumericReading
from tests.devices.fake_patient import FakePatient

XON = b"\x11"
LINE = b"02-JAN-26 10:15:30 98 72 60 \r\n"


class Bedside:
    """A driver on an emulated monitor, stepped 100 ms at a time; ``sent`` is what the driver said."""

    def __init__(self, patient, monitor=None):
        self.driver = NellcorDriver()
        self.monitor = monitor or NellcorMonitor(patient, seed=1)
        self.sent = self.driver.opened(0)
        self.monitor.receive(self.sent)
        self.steps = 0

    def run(self, seconds):
        heard = []
        for _ in range(round(seconds * 10)):
            self.steps += 1
            now_ns = self.steps * NS_PER_S // 10
            heard += self.driver.feed(self.monitor.advance(self.steps / 10), now_ns)
            due = self.driver.due(now_ns)
            self.sent += due
            self.monitor.receive(due)
        return heard


def values(heard, name="SPO2"):
    return [s.value for s in heard if isinstance(s, NumericReading) and s.name == name]


def test_information():
    info = NellcorDriver.info
    assert info.nibp is NibpTiming.NONE
    assert (info.serial.baud, info.serial.bits, info.serial.parity, info.serial.stop_bits) == (
        9600,
        8,
        "N",
        1,
    )
    assert info.waveforms == ()
    assert info.expected_interval_s == 2.2
    driver = NellcorDriver()
    assert driver.command(DriverCommand.NIBP_START, 0) == driver.closing() == b""


def test_a_silent_monitor_is_woken_every_five_seconds():
    driver = NellcorDriver()
    assert driver.opened(0) == XON
    sent = [second for second in range(1, 20) if driver.due(second * NS_PER_S)]
    assert sent == [5, 10, 15]
    driver.feed(LINE, 19 * NS_PER_S)
    assert [second for second in range(20, 30) if driver.due(second * NS_PER_S)] == [24, 29]


def test_a_monitor_that_was_stopped_goes_on():
    bedside = Bedside(FakePatient())
    bedside.run(4.0)
    bedside.monitor.receive(b"\x13")
    assert len(values(bedside.run(16.0))) >= 5
    assert bedside.sent == XON * 2


def test_nothing_else_is_sent_to_a_monitor_that_speaks():
    bedside = Bedside(FakePatient())
    heard = bedside.run(120.0)
    assert bedside.sent == XON
    assert values(heard) == [97.0] * 60
    assert values(heard, "PR") == [76.0] * 60
    assert values(heard, "PA") == [42.0] * 60
    identities = [s for s in heard if isinstance(s, DeviceIdentity)]
    assert identities == [DeviceIdentity("Chairside", "CHAIRSIDE-SIM", firmware="1.61.00", simulator=True)]


def test_interactive_mode_somebody_left_open_is_left():
    bedside = Bedside(FakePatient())
    bedside.run(4.0)
    bedside.monitor.receive(b"\x03\x03")
    assert len(values(bedside.run(6.0))) >= 2
    assert bedside.sent == XON + b"0\r\n"


def test_the_probe_is_answered_and_leaves_the_monitor_as_it_was():
    monitor = NellcorMonitor(FakePatient(), seed=1)
    driver = NellcorDriver()
    monitor.advance(4.0)
    monitor.receive(b"\x13")
    monitor.receive(driver.probe(0))
    heard = driver.feed(monitor.advance(4.5), NS_PER_S)
    assert [type(signal) for signal in heard] == [DeviceIdentity]
    assert driver.counters.frames_ok > 0
    assert values(driver.feed(monitor.advance(6.0), 2 * NS_PER_S)) == [97.0]


def test_a_desaturation_is_told_with_the_monitors_alarm():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.run(4.0)
    patient.numbers = replace(patient.numbers, spo2_percent=84.0)
    heard = bedside.run(2.0)
    assert values(heard) == [84.0]
    assert DeviceStatus("MONITOR_ALARM", active=True, detail="SpO2 low") in heard


def test_a_clock_set_back_harms_nothing():
    bedside = Bedside(FakePatient())
    first = bedside.run(4.0)
    bedside.monitor.set_clock(0.0)
    heard = bedside.run(4.0)
    assert values(heard) == [97.0, 97.0]
    stamps = [s.device_time_s for s in first + heard if isinstance(s, NumericReading) and s.name == "PR"]
    assert stamps[1] - stamps[0] == 2.0
    assert stamps[2] < stamps[1]
