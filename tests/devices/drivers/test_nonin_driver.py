import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.nonin import NoninDriver
from devices.patient import SensorState
from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.monitor import NoninMonitor
from devices.signals import BeatMark, DeviceIdentity, NumericReading, WaveChunk
from tests.devices.fake_patient import FakePatient

ASK = bytes.fromhex("02 70 02 02 02 03")


class Bedside:
    """A driver on an emulated oximeter, stepped 50 ms at a time; ``spoil`` may change the bytes on their way."""

    def __init__(self, monitor: NoninMonitor, spoil=lambda data: data) -> None:
        self.driver = NoninDriver()
        self.monitor = monitor
        self.spoil = spoil
        self.asked = b""
        self.monitor.receive(self.driver.opened(0))
        self.steps = 0

    def run(self, seconds: float) -> list[object]:
        heard: list[object] = []
        for _ in range(round(seconds / 0.05)):
            self.steps += 1
            now_ns = self.steps * NS_PER_S // 20
            heard += self.driver.feed(self.spoil(self.monitor.advance(self.steps / 20)), now_ns)
            heard += self.driver.tick(now_ns)
            sent = self.driver.due(now_ns)
            self.asked += sent
            self.monitor.receive(sent)
        return heard


def readings(heard, name):
    return [s.value for s in heard if isinstance(s, NumericReading) and s.name == name]


def test_information():
    info = NoninDriver.info
    assert (info.id, info.nibp) == ("nonin", NibpTiming.NONE)
    assert (info.serial.baud, info.serial.bits, info.serial.parity, info.serial.stop_bits) == (
        9600,
        8,
        "N",
        1,
    )
    assert [s.stop_bits for s in info.other_serial] == [2]
    assert [(w.name, w.rate_hz) for w in info.waveforms] == [("PLETH", 75.0)]


def test_a_wave_that_comes_by_itself_is_not_disturbed():
    bedside = Bedside(NoninMonitor(FakePatient(), seed=1))
    heard = bedside.run(6.0)
    assert bedside.asked == b""
    assert set(readings(heard, "PR")) == {76.0}
    assert sum(len(s.samples) for s in heard if isinstance(s, WaveChunk)) == 450
    assert sum(isinstance(s, BeatMark) for s in heard) == 8
    assert not any(isinstance(s, DeviceIdentity) for s in heard)


@pytest.mark.parametrize("dialect", [Dialect.F8, Dialect.F13])
def test_where_no_wave_comes_it_is_asked_for(dialect):
    bedside = Bedside(NoninMonitor(FakePatient(), seed=1, dialect=dialect))
    heard = bedside.run(6.0)
    assert bedside.asked == ASK
    assert sum(len(s.samples) for s in heard if isinstance(s, WaveChunk)) > 300
    # One frame of format 8 alone proves nothing.
    assert bedside.driver.counters.bytes_discarded == (4 if dialect is Dialect.F8 else 0)


def test_an_older_model_is_asked_twice_and_listened_to():
    bedside = Bedside(NoninMonitor(FakePatient(), seed=1, dialect=Dialect.F1))
    heard = bedside.run(10.0)
    assert bedside.asked == ASK * 2
    assert readings(heard, "SPO2") == [97.0] * 10


def test_the_printout_is_not_asked_for_anything_else():
    bedside = Bedside(NoninMonitor(FakePatient(), seed=1, dialect=Dialect.LINE))
    heard = bedside.run(6.0)
    assert bedside.asked == b""
    assert readings(heard, "SPO2") == [97.0] * 6
    assert [s.simulator for s in heard if isinstance(s, DeviceIdentity)] == [True]


def test_nothing_is_asked_after_five_seconds():
    driver = NoninDriver()
    assert driver.opened(0) == b""
    sent = [driver.due(second * NS_PER_S) for second in range(60)]
    assert [second for second, data in enumerate(sent) if data] == [1, 3]


def test_the_probe_is_a_question_the_device_answers():
    driver, monitor = NoninDriver(), NoninMonitor(FakePatient(), seed=1, dialect=Dialect.F13)
    driver.opened(0)
    monitor.receive(driver.probe(0))
    driver.feed(monitor.advance(0.1), 1)
    assert driver.counters.frames_ok == 1


def test_it_has_no_cuff_and_no_farewell():
    driver = NoninDriver()
    assert driver.command(DriverCommand.NIBP_START, 0) == driver.command(DriverCommand.NIBP_STOP, 0) == b""
    assert driver.closing() == b""


def test_finger_out_and_back_at_the_bedside():
    patient = FakePatient()
    bedside = Bedside(NoninMonitor(patient, seed=1))
    bedside.run(3.0)
    patient.sensor_state = SensorState(spo2_finger_out=True)
    assert set(readings(bedside.run(20.0)[40:], "SPO2")) == {None}
    patient.sensor_state = SensorState()
    assert readings(bedside.run(3.0), "SPO2")[-1] == 97.0


@pytest.mark.parametrize("share", [0.002, 0.01])
def test_on_a_bad_line_nothing_false_is_shown(share):
    rng = np.random.default_rng(8)

    def spoil(data: bytes) -> bytes:
        octets = np.frombuffer(data, dtype=np.uint8)
        octets = np.where(rng.random(len(octets)) < share, octets ^ 0x10, octets).astype(np.uint8)
        return octets[rng.random(len(octets)) >= share].tobytes()

    bedside = Bedside(NoninMonitor(FakePatient(), seed=1), spoil)
    heard = bedside.run(120.0)
    assert set(readings(heard, "PR")) == {76.0}
    assert set(readings(heard, "SPO2")) == {97.0}
    chunks = [s for s in heard if isinstance(s, WaveChunk)]
    end = chunks[-1].first_sample + len(chunks[-1].samples)
    assert abs(end - 120 * 75) <= 25
    assert sum(len(c.samples) for c in chunks) < end
    counters = bedside.driver.counters
    assert counters.frames_bad > 10
