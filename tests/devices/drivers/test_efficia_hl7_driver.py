from dataclasses import replace

import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.efficia_hl7 import EfficiaHl7Driver
from devices.patient import CuffPressures
from devices.protocols.efficia_hl7.monitor import EfficiaHl7Monitor
from devices.protocols.efficia_hl7.request import QuerySettings
from devices.signals import DeviceIdentity, NibpFailure, NibpResult, NumericReading
from tests.devices.fake_patient import FakePatient


class Bedside:
    """A driver on an emulated monitor, stepped 100 ms at a time."""

    def __init__(self, patient=None, settings=None):
        self.patient = patient or FakePatient()
        self.driver = EfficiaHl7Driver(settings) if settings else EfficiaHl7Driver()
        self.monitor = EfficiaHl7Monitor(self.patient, seed=1)
        self.sent: list[tuple[float, bytes]] = []
        self.steps = 0
        self.send(self.driver.opened(0))

    def send(self, data):
        if data:
            self.sent.append((self.steps / 10, data))
            self.monitor.receive(data)

    def run(self, seconds):
        heard = []
        for _ in range(round(seconds * 10)):
            self.steps += 1
            now_ns = self.steps * NS_PER_S // 10
            heard += self.driver.feed(self.monitor.advance(self.steps / 10), now_ns)
            heard += self.driver.tick(now_ns)
            self.send(self.driver.due(now_ns))
        return heard


def results(heard):
    return [signal for signal in heard if isinstance(signal, NibpResult)]


def values(heard, name):
    return [signal.value for signal in heard if isinstance(signal, NumericReading) and signal.name == name]


def test_information():
    info = EfficiaHl7Driver.info
    assert (info.id, info.nibp, info.waveforms) == ("efficia-hl7", NibpTiming.MONITOR, ())
    offered = [(s.baud, s.bits, s.parity, s.stop_bits) for s in (info.serial, *info.other_serial)]
    assert sorted(offered) == [(baud, 8, "N", 1) for baud in (9600, 19200, 38400, 57600, 115200)]


def test_pace_is_five_seconds_and_every_query_is_new():
    bedside = Bedside()
    heard = bedside.run(26.0)
    assert [at_s for at_s, _ in bedside.sent] == [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]
    assert len({data for _, data in bedside.sent}) == 6
    assert values(heard, "HR") == [75.0] * 6
    assert [s.simulator for s in heard if isinstance(s, DeviceIdentity)] == [True]


def test_a_sudden_change_is_asked_about_again_within_a_second():
    bedside = Bedside()
    bedside.run(6.0)
    bedside.patient.numbers = replace(bedside.patient.numbers, hr_per_min=140.0)
    heard = bedside.run(6.0)
    assert [at_s for at_s, _ in bedside.sent] == [0.0, 5.0, 10.0, 11.0]
    assert values(heard, "HR") == [140.0]


def test_a_damaged_answer_is_asked_for_again_within_a_second():
    bedside = Bedside()
    answer = bedside.monitor.advance(0.1)
    heard = bedside.driver.feed(answer.replace(b"|97|", b"|9a|"), NS_PER_S // 10)
    assert heard == []
    assert bedside.driver.due(NS_PER_S - 1) == b""
    assert b"Q0000002" in bedside.driver.due(NS_PER_S)
    assert bedside.driver.due(3 * NS_PER_S) == b""


def test_an_unanswered_query_is_repeated_at_the_same_pace():
    driver = EfficiaHl7Driver()
    driver.opened(0)
    asked = [second for second in range(1, 21) if driver.due(second * NS_PER_S)]
    assert asked == [5, 10, 15, 20]


def test_nothing_is_acknowledged_by_default():
    bedside = Bedside()
    bedside.run(20.0)
    assert all(b"QRY^R02" in data and b"ACK" not in data for _, data in bedside.sent)
    assert bedside.driver.closing() == b""


def test_settings_of_a_clinic():
    bedside = Bedside(settings=QuerySettings("RES", acknowledge=True, interval_s=2.0))
    bedside.run(2.5)
    assert [at_s for at_s, _ in bedside.sent] == [0.0, 2.0]
    assert all(b"|RES\r" in data for _, data in bedside.sent)
    bedside = Bedside(settings=QuerySettings(acknowledge=True))
    bedside.run(1.0)
    (_, acknowledgement) = bedside.sent[1]
    assert acknowledgement.endswith(b"MSA|AA|CHAIRSIDES0000000001\r\x1c\r")


def test_cuff_readings_come_once_each_with_the_monitor_s_time():
    bedside = Bedside()
    bedside.monitor.set_nibp_auto(2)
    heard = results(bedside.run(300.0))
    assert [r.systolic_mmhg for r in heard] == [122.0] * 3  # identical values, three measurements
    assert len({r.device_time_s for r in heard}) == 3


def test_cuff_failure_and_a_great_change():
    bedside = Bedside()
    bedside.monitor.press_nibp()
    assert len(results(bedside.run(60.0))) == 1
    bedside.patient.pressures = CuffPressures(failure=NibpFailure.WEAK)
    bedside.monitor.press_nibp()
    (failed,) = results(bedside.run(60.0))
    assert failed.failure is NibpFailure.ERROR
    bedside.patient.pressures = CuffPressures(190.0, 110.0, 137.0)
    bedside.monitor.press_nibp()
    (high,) = results(bedside.run(60.0))
    assert high.systolic_mmhg == 190.0


def test_a_reconnection_does_not_repeat_the_reading_but_tells_a_new_one():
    bedside = Bedside()
    bedside.monitor.press_nibp()
    assert len(results(bedside.run(60.0))) == 1
    bedside.send(bedside.driver.opened(60 * NS_PER_S))
    assert results(bedside.run(20.0)) == []
    bedside.monitor.press_nibp()
    bedside.monitor.advance(130.0)
    bedside.steps = 1300
    bedside.send(bedside.driver.opened(130 * NS_PER_S))
    assert len(results(bedside.run(20.0))) == 1


def test_an_old_reading_found_at_the_start_is_not_told_as_new():
    patient = FakePatient()
    monitor = EfficiaHl7Monitor(patient, seed=1)
    monitor.press_nibp()
    monitor.advance(900.0)
    driver = EfficiaHl7Driver()
    monitor.receive(driver.opened(0))
    said = driver.feed(monitor.advance(900.1), 1)
    assert results(said) == []
    assert [s.code for s in said if getattr(s, "code", "")] == ["NIBP_HELD"]


@pytest.mark.parametrize("command", list(DriverCommand))
def test_it_never_touches_the_cuff(command):
    assert EfficiaHl7Driver().command(command, 1) == b""


def test_probe_is_a_query_the_monitor_answers():
    driver, monitor = EfficiaHl7Driver(), EfficiaHl7Monitor(FakePatient(), seed=1)
    monitor.receive(driver.probe(5))
    decoder = driver.capture_decoder()
    decoder.feed(monitor.advance(1.0))
    assert decoder.counters.frames_ok == 1
