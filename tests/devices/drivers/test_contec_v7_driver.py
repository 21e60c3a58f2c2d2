from dataclasses import replace

import numpy as np
import pytest

from devices.clock import NS_PER_MS, NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.contec_v7 import ContecV7Driver
from devices.patient import SensorState
from devices.protocols.contec_v7.commands import ASK_IDENTITY, KEEP_ALIVE, START, START_UP, STOP
from devices.protocols.contec_v7.monitor import ContecV7Monitor
from devices.signals import BeatMark, DeviceIdentity, DeviceStatus, NumericReading, WaveChunk
from tests.devices.fake_patient import FakePatient

FRAME = bytes.fromhex("01 A0 86 A8 88 C8 E2 B3 81")


class Bedside:
    """A driver on an emulated oximeter, stepped 50 ms at a time."""

    def __init__(self, patient: FakePatient) -> None:
        self.driver = ContecV7Driver()
        self.monitor = ContecV7Monitor(patient, seed=1)
        self.sent: list[tuple[float, bytes]] = []
        self.steps = 0
        self.send(self.driver.opened(0))

    def send(self, data: bytes) -> None:
        if data:
            self.sent.append((self.steps / 20, data))
            self.monitor.receive(data)

    def run(self, seconds: float) -> list[object]:
        heard: list[object] = []
        for _ in range(round(seconds * 20)):
            self.steps += 1
            now_ns = self.steps * NS_PER_S // 20
            heard += self.driver.feed(self.monitor.advance(self.steps / 20), now_ns)
            heard += self.driver.tick(now_ns)
            self.send(self.driver.due(now_ns))
        return heard


def values(heard, name):
    return [s.value for s in heard if isinstance(s, NumericReading) and s.name == name]


def test_information():
    info = ContecV7Driver.info
    assert info.id == "contec-v7"
    assert info.nibp is NibpTiming.NONE
    assert (info.serial.baud, info.serial.bits, info.serial.parity, info.serial.stop_bits) == (
        115200,
        8,
        "N",
        1,
    )
    assert [(wave.name, wave.rate_hz) for wave in info.waveforms] == [("PLETH", 60.0)]
    assert set(info.numerics) == {"SPO2", "PR", "PI"}


def test_questions_are_asked_one_at_a_time():
    driver = ContecV7Driver()
    asked = [driver.opened(0)]
    for tenth in range(1, 5):
        assert driver.due(tenth * 100 * NS_PER_MS - 1) == b""
        asked.append(driver.due(tenth * 100 * NS_PER_MS))
    assert tuple(asked) == START_UP
    assert driver.due(NS_PER_S) == b""


def test_unanswered_questions_are_asked_again_and_so_is_a_stream_that_ended():
    driver = ContecV7Driver()
    driver.opened(0)
    for step in range(1, 5):
        driver.due(step * NS_PER_S // 10)
    assert driver.due(round(3.3 * NS_PER_S)) == b""
    assert driver.due(round(3.4 * NS_PER_S)) == START_UP[0]
    for step in range(1, 5):
        driver.due(4 * NS_PER_S + step * NS_PER_S // 10)
    driver.feed(FRAME, 6 * NS_PER_S)
    assert driver.due(9 * NS_PER_S - 1) != START_UP[0]
    driver.feed(bytes.fromhex("0C 80"), 9 * NS_PER_S - 1)  # a valid record, but nothing of a patient
    assert driver.due(9 * NS_PER_S) == START_UP[0]


def test_keep_alive_every_five_seconds_and_five_minutes_without_a_gap():
    bedside = Bedside(FakePatient())
    heard = bedside.run(300.0)
    times = [at for at, data in bedside.sent if data == KEEP_ALIVE]
    assert np.diff(times).max() <= 5.05
    assert len(times) == pytest.approx(60, abs=1)
    assert [data for _, data in bedside.sent].count(START) == 1
    assert sum(len(s.samples) for s in heard if isinstance(s, WaveChunk)) == pytest.approx(300 * 60, abs=30)
    assert bedside.driver.counters.bytes_discarded == 0


def test_a_session_the_oximeter_ended_is_begun_again():
    bedside = Bedside(FakePatient())
    bedside.run(2.0)
    bedside.monitor.receive(STOP)
    assert not any(isinstance(s, WaveChunk) for s in bedside.run(3.0)[2:])
    assert any(isinstance(s, WaveChunk) for s in bedside.run(2.0))


def test_the_emulator_names_itself_before_its_first_sample():
    heard = Bedside(FakePatient()).run(2.0)
    kinds = [type(s) for s in heard]
    assert kinds.index(DeviceIdentity) < kinds.index(WaveChunk)
    assert DeviceIdentity("Chairside", "CHAIRSIDE SIM", serial_number="CHR_SIM", simulator=True) in heard


def test_numbers_and_beats_of_a_minute():
    heard = Bedside(FakePatient()).run(60.5)
    for name, value in (("PR", 76.0), ("SPO2", 97.0), ("PI", 3.5)):
        assert set(values(heard, name)) == {value}
        assert len(values(heard, name)) == pytest.approx(60, abs=2)
    assert heard.count(BeatMark("PLETH")) == pytest.approx(75, abs=1)


def test_a_finger_that_slips_out_and_back():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.run(3.0)
    patient.sensor_state = SensorState(spo2_finger_out=True)
    heard = bedside.run(3.0)
    assert values(heard, "SPO2")[-1] is None
    assert DeviceStatus("SPO2_NO_FINGER", active=True, detail="no finger, or a fault of the probe") in heard
    patient.sensor_state = SensorState()
    heard = bedside.run(3.0)
    assert values(heard, "SPO2")[-1] == 97.0
    assert DeviceStatus("SPO2_NO_FINGER", active=False) in heard


def test_pulse_survives_a_missing_saturation():
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, spo2_percent=None)
    heard = Bedside(patient).run(3.0)
    assert (values(heard, "SPO2")[-1], values(heard, "PR")[-1]) == (None, 76.0)


def test_it_controls_nothing():
    driver = ContecV7Driver()
    driver.opened(0)
    assert driver.command(DriverCommand.NIBP_START, 1) == driver.command(DriverCommand.NIBP_STOP, 2) == b""
    assert driver.closing() == STOP


def test_the_probe_is_answered_with_a_valid_record_and_starts_nothing():
    driver = ContecV7Driver()
    assert driver.probe(0) == ASK_IDENTITY
    monitor = ContecV7Monitor(FakePatient(), seed=1)
    monitor.receive(driver.probe(0))
    driver.feed(monitor.advance(5.0), 0)
    assert driver.counters.frames_ok == 1
    assert driver.counters.bytes_in == 9
