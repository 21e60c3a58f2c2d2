import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.bci import BciDriver
from devices.patient import SensorState
from devices.protocols.bci.monitor import BciMonitor, Cms50Monitor
from devices.signals import BeatMark, DeviceStatus, NumericReading, WaveChunk
from tests.devices.fake_patient import FakePatient

STEP_S = 0.05


class Bedside:
    def __init__(self, monitor_class, patient):
        self.driver = BciDriver()
        self.monitor = monitor_class(patient, seed=1)
        self.driver.opened(0)
        self.steps = 0

    def run(self, seconds, damage=lambda data: data):
        heard = []
        for _ in range(round(seconds / STEP_S)):
            self.steps += 1
            data = damage(self.monitor.advance(self.steps * STEP_S))
            heard += self.driver.feed(data, round(self.steps * STEP_S * NS_PER_S)) if data else []
        return heard


def waves(heard):
    return [s for s in heard if isinstance(s, WaveChunk)]


def test_information():
    info = BciDriver.info
    assert info.nibp is NibpTiming.NONE
    assert (info.serial.baud, info.serial.parity) == (115200, "N")
    assert [(s.baud, s.bits, s.parity, s.stop_bits) for s in info.other_serial] == [
        (19200, 8, "O", 1),
        (4800, 8, "O", 1),
    ]
    # Flow control would swallow pleth values of 11h and 13h.
    assert not any(s.xonxoff for s in (info.serial, *info.other_serial))


def test_it_never_says_anything():
    driver = BciDriver()
    said = driver.opened(0) + driver.probe(0) + driver.closing()
    said += b"".join(
        driver.due(k * NS_PER_S) + driver.command(DriverCommand.NIBP_START, k) for k in range(30)
    )
    assert said == b""


@pytest.mark.parametrize(("monitor_class", "rate_hz"), [(BciMonitor, 100.0), (Cms50Monitor, 60.0)])
def test_the_wave_comes_at_its_own_rate_within_a_second_and_loses_nothing(monitor_class, rate_hz):
    patient = FakePatient()
    bedside = Bedside(monitor_class, patient)
    assert waves(bedside.run(0.85)) == []
    heard = waves(bedside.run(9.15))
    assert {chunk.rate_hz for chunk in heard} == {rate_hz}
    samples = np.concatenate([chunk.samples for chunk in heard])
    assert heard[0].first_sample == 0
    assert len(samples) == 10 * rate_hz
    exact = patient.exact("PLETH", np.arange(len(samples)) / rate_hz)
    assert np.corrcoef(samples, exact)[0, 1] > 0.999


def test_numbers_do_not_wait_for_the_rate():
    heard = Bedside(BciMonitor, FakePatient()).run(0.1)
    assert [(s.name, s.value) for s in heard if isinstance(s, NumericReading)] == [
        ("SPO2", 97.0),
        ("PR", 76.0),
    ]


def test_beats_are_marked():
    heard = Bedside(Cms50Monitor, FakePatient()).run(8.0)
    assert heard.count(BeatMark("PLETH")) == 10


def test_the_same_bits_are_read_as_the_oximeter_means_them():
    for monitor_class in (BciMonitor, Cms50Monitor):
        patient = FakePatient()
        bedside = Bedside(monitor_class, patient)
        bedside.run(2.0)
        patient.sensor_state = SensorState(spo2_finger_out=True)
        assert DeviceStatus("SPO2_NO_FINGER", active=True) in bedside.run(1.0)
        patient.sensor_state = SensorState(spo2_probe_unplugged=True)
        told = [s.code for s in bedside.run(1.0) if isinstance(s, DeviceStatus) and s.active]
        assert told == ["SPO2_PROBE_UNPLUGGED"]
        patient.sensor_state = SensorState()
        values = {s.name: s.value for s in bedside.run(2.0) if isinstance(s, NumericReading)}
        assert (values["SPO2"], values["PR"]) == (97.0, 76.0)


def test_damage_while_the_rate_is_measured_does_not_mislead_it():
    rng = np.random.default_rng(2)

    def spoil(data):
        octets = np.frombuffer(data, np.uint8)
        hit = rng.random(len(octets)) < 0.01
        return (
            np.where(hit, octets ^ (1 << rng.integers(0, 8, len(octets))), octets).astype(np.uint8).tobytes()
        )

    heard = waves(Bedside(Cms50Monitor, FakePatient()).run(20.0, spoil))
    assert {chunk.rate_hz for chunk in heard} == {60.0}
    assert abs(heard[-1].first_sample - 1200) < 20  # damage is counted: the wave does not drift


def test_opening_again_measures_the_rate_again():
    bedside = Bedside(BciMonitor, FakePatient())
    bedside.run(3.0)
    bedside.monitor = Cms50Monitor(FakePatient(), seed=1)
    bedside.steps = 0
    bedside.driver.opened(0)
    assert {chunk.rate_hz for chunk in waves(bedside.run(3.0))} == {60.0}


def test_capture_decoder_needs_no_clock():
    monitor = BciMonitor(FakePatient(), seed=1)
    data = b"".join(monitor.advance(k / 10) for k in range(1, 21))
    decoder = BciDriver().capture_decoder()
    heard = waves(decoder.feed(data))
    assert sum(len(chunk.samples) for chunk in heard) == 200
    assert {chunk.rate_hz for chunk in heard} == {100.0}
