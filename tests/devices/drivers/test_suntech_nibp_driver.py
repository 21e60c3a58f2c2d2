import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.suntech_nibp import SuntechNibpDriver
from devices.patient import CuffPressures, SensorState
from devices.protocols.suntech_nibp.messages import ABORT, GET_PRESSURE, START
from devices.protocols.suntech_nibp.monitor import SuntechMonitor
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult
from tests.devices.fake_patient import FakePatient

ASLEEP = bytes.fromhex("3E 04 53 6B")


class Bedside:
    """A driver on an emulated module, stepped 50 ms at a time."""

    def __init__(self, patient: FakePatient) -> None:
        self.driver = SuntechNibpDriver()
        self.monitor = SuntechMonitor(patient, seed=1)
        self.steps = 0
        self.sent = b""
        self.send(self.driver.opened(0))

    @property
    def now_ns(self) -> int:
        return self.steps * NS_PER_S // 20

    def send(self, data: bytes) -> None:
        self.sent += data
        self.monitor.receive(data)

    def run(self, seconds: float) -> list[object]:
        heard: list[object] = []
        for _ in range(round(seconds * 20)):
            self.steps += 1
            heard += self.driver.feed(self.monitor.advance(self.steps / 20), self.now_ns)
            heard += self.driver.tick(self.now_ns)
            self.send(self.driver.due(self.now_ns))
        return heard

    def command(self, command: DriverCommand) -> None:
        self.send(self.driver.command(command, self.now_ns))


def results(heard):
    return [signal for signal in heard if isinstance(signal, NibpResult)]


def failed(failure: NibpFailure) -> NibpResult:
    return NibpResult(None, None, None, failure=failure)


def test_information():
    info = SuntechNibpDriver.info
    assert info.id == "suntech-nibp"
    assert info.nibp is NibpTiming.HOST
    assert info.nibp_timeout_s == 120.0
    assert (info.serial.baud, info.serial.bits, info.serial.parity, info.serial.stop_bits) == (
        9600,
        8,
        "N",
        1,
    )
    assert info.numerics == info.waveforms == ()


def test_connecting_only_asks_and_keeps_asking_each_second():
    patient = FakePatient()
    bedside = Bedside(patient)
    assert set(bedside.run(60.0)) == {NibpProgress(NibpPhase.IDLE, 0)}
    assert set(bedside.sent.split(GET_PRESSURE)) == {b""}
    assert 58 <= bedside.driver.counters.frames_ok <= 61
    assert patient.cuff_log == []


def test_five_minute_readings_each_told_once_even_when_they_are_equal():
    bedside = Bedside(FakePatient())
    heard = []
    for _ in range(3):
        bedside.command(DriverCommand.NIBP_START)
        heard += bedside.run(300.0)
    assert results(heard) == [NibpResult(122.0, 78.0, 92.0, 76.0)] * 3
    assert bedside.driver.counters.bytes_discarded == 0


def test_progress_shows_the_pressure_and_ends_idle():
    bedside = Bedside(FakePatient())
    bedside.command(DriverCommand.NIBP_START)
    heard = [s for s in bedside.run(60.0) if isinstance(s, NibpProgress)]
    assert heard[-1] == NibpProgress(NibpPhase.IDLE, 0)
    heard = [s for s in heard if s != heard[-1]]
    assert heard[0] == NibpProgress(NibpPhase.MEASURING)
    assert max(s.cuff_mmhg or 0 for s in heard) == pytest.approx(160, abs=5)
    assert heard[-1] == NibpProgress(NibpPhase.IDLE)
    # Two to five pressures a second (protocols.md §8.1).
    assert 2 <= len(heard) / 30 <= 5


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (NibpFailure.WEAK, NibpFailure.WEAK),
        (NibpFailure.MOTION, NibpFailure.MOTION),
        (NibpFailure.LEAK, NibpFailure.CUFF_LOOSE),
        (NibpFailure.BLOCKED, NibpFailure.BLOCKED),
        (NibpFailure.OVER_PRESSURE, NibpFailure.OVER_PRESSURE),
        (NibpFailure.ERROR, NibpFailure.ERROR),
    ],
)
def test_failed_cycles_over_the_wire(failure, told):
    bedside = Bedside(FakePatient(pressures=CuffPressures(failure=failure)))
    bedside.command(DriverCommand.NIBP_START)
    assert results(bedside.run(60.0)) == [failed(told)]


def test_a_loose_cuff_then_a_good_one():
    patient = FakePatient(sensor_state=SensorState(cuff_loose=True))
    bedside = Bedside(patient)
    bedside.command(DriverCommand.NIBP_START)
    assert results(bedside.run(10.0)) == [failed(NibpFailure.CUFF_LOOSE)]
    patient.sensor_state = SensorState()
    bedside.command(DriverCommand.NIBP_START)
    assert results(bedside.run(60.0)) == [NibpResult(122.0, 78.0, 92.0, 76.0)]


def test_a_start_right_after_a_stop_waits_until_the_module_is_free():
    bedside = Bedside(FakePatient())
    bedside.command(DriverCommand.NIBP_START)
    bedside.run(10.0)
    bedside.command(DriverCommand.NIBP_STOP)
    assert results(bedside.run(0.5)) == [failed(NibpFailure.STOPPED)]
    bedside.command(DriverCommand.NIBP_START)
    heard = bedside.run(60.0)
    assert DeviceStatus("NIBP_BUSY", active=True) in heard
    assert DeviceStatus("NIBP_BUSY", active=False) in heard
    assert results(heard) == [NibpResult(122.0, 78.0, 92.0, 76.0)]


def test_the_reading_is_that_of_the_end_of_the_cycle():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.command(DriverCommand.NIBP_START)
    bedside.run(20.0)
    patient.pressures = CuffPressures(181.0, 95.0, 124.0)
    assert results(bedside.run(40.0)) == [NibpResult(181.0, 95.0, 124.0, 76.0)]


def test_a_cycle_survives_a_lost_answer_at_every_place():
    for lost_at in range(12):
        bedside = Bedside(FakePatient())
        bedside.run(1.0)
        bedside.command(DriverCommand.NIBP_START)
        answers = 0
        heard: list[object] = []
        for _ in range(20 * 60):
            bedside.steps += 1
            data = bedside.monitor.advance(bedside.steps / 20)
            letters = data.count(b"\x3e\x04") + data.count(b"\x3e\x18")
            if letters:
                answers += letters
                data = b"" if answers == lost_at + 1 else data
            heard += bedside.driver.feed(data, bedside.now_ns) + bedside.driver.tick(bedside.now_ns)
            bedside.send(bedside.driver.due(bedside.now_ns))
        assert results(heard) == [NibpResult(122.0, 78.0, 92.0, 76.0)], lost_at


def test_reopening_after_a_loss_aborts_and_reports_the_lost_measurement():
    driver = SuntechNibpDriver()
    assert driver.opened(0) == GET_PRESSURE
    assert driver.command(DriverCommand.NIBP_START, NS_PER_S) == START
    assert driver.opened(10 * NS_PER_S) == ABORT + GET_PRESSURE
    assert driver.tick(10 * NS_PER_S) == [failed(NibpFailure.NO_ANSWER)]
    assert driver.tick(11 * NS_PER_S) == []


def test_reopening_after_a_close_sends_no_cuff_command():
    driver = SuntechNibpDriver()
    driver.opened(0)
    driver.command(DriverCommand.NIBP_START, NS_PER_S)
    assert driver.closing() == ABORT
    assert driver.opened(10 * NS_PER_S) == GET_PRESSURE
    assert driver.tick(10 * NS_PER_S) == []


def test_an_answer_that_broke_off_does_not_swallow_the_next():
    driver = SuntechNibpDriver()
    driver.opened(0)
    driver.feed(bytes.fromhex("3E 18 73 00"), NS_PER_S)
    driver.feed(ASLEEP, 2 * NS_PER_S)
    assert driver.counters.frames_ok == 1
    driver.feed(bytes.fromhex("3E 18 73 00"), 3 * NS_PER_S)
    driver.tick(4 * NS_PER_S)
    assert driver.counters.bytes_discarded == 8


def test_the_probe_changes_nothing():
    patient = FakePatient()
    monitor = SuntechMonitor(patient, seed=1)
    driver = SuntechNibpDriver()
    monitor.receive(driver.probe(0))
    driver.feed(monitor.advance(1.0), 0)
    assert driver.counters.frames_ok == 1
    assert patient.cuff_log == []


def test_damage_invents_no_reading():
    """Of single flipped bits in a cycle none makes a reading: the sum notices every one."""
    good = bytes.fromhex("3E 18 73 00 4A 00 1E 01 00 00 00 00 00 00 31 07 55 00 58 00 00 00 00 E9")
    cycle = bytes.fromhex("3E 04 4F 6F 3E 04 4B 73")
    for bit in range(len(good) * 8):
        spoilt = bytearray(good)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert results(SuntechNibpDriver().capture_decoder().feed(cycle + bytes(spoilt))) == []
