from dataclasses import replace

import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.berry import IDENTITY_ASKED, BerryDriver
from devices.patient import CuffPressures, SensorState
from devices.protocols.berry.commands import (
    FIRMWARE_QUERY,
    HARDWARE_QUERY,
    NIBP_START,
    NIBP_STOP,
    start_up,
    streams_off,
)
from devices.protocols.berry.frames import encode_frame
from devices.protocols.berry.monitor import BerryMonitor
from devices.signals import (
    BeatMark,
    DeviceIdentity,
    DeviceStatus,
    NibpFailure,
    NibpResult,
    NumericReading,
    WaveChunk,
)
from tests.devices.fake_patient import FakePatient

FLAT = bytes.fromhex("55 AA 0A 01 80 80 80 80 80 80 80 74")
IDENTITY = encode_frame(0xFC, b"V1.0")
WHO = FIRMWARE_QUERY + HARDWARE_QUERY
MEASURING = encode_frame(0x03, bytes((4, 40, 0, 0, 0)))


class Bedside:
    """A driver on an emulated board, stepped 50 ms at a time."""

    def __init__(self, patient: FakePatient, seed: int = 1) -> None:
        self.driver = BerryDriver()
        self.monitor = BerryMonitor(patient, seed=seed)
        self.monitor.receive(self.driver.opened(0))
        self.steps = 0

    def run(self, seconds: float) -> list[object]:
        heard: list[object] = []
        for _ in range(round(seconds / 0.05)):
            self.steps += 1
            now_ns = self.steps * NS_PER_S // 20
            heard += self.driver.feed(self.monitor.advance(self.steps / 20), now_ns)
            heard += self.driver.tick(now_ns)
            self.monitor.receive(self.driver.due(now_ns))
        return heard

    def command(self, command: DriverCommand) -> None:
        self.monitor.receive(self.driver.command(command, self.steps * NS_PER_S // 20))


def results(heard):
    return [signal for signal in heard if isinstance(signal, NibpResult)]


def test_information():
    info = BerryDriver.info
    assert info.id == "berry"
    assert info.nibp is NibpTiming.HOST
    assert info.nibp_timeout_s == 90.0
    assert (info.serial.baud, info.serial.bits, info.serial.parity, info.serial.stop_bits) == (
        115200,
        8,
        "N",
        1,
    )
    assert [(w.name, w.rate_hz) for w in info.waveforms][-3:] == [
        ("ECG_V", 250.0),
        ("PLETH", 50.0),
        ("RESP", 50.0),
    ]
    assert "PI" not in info.numerics


def test_handshake_is_repeated_while_nothing_comes():
    driver = BerryDriver()
    assert driver.opened(0) == start_up()
    assert driver.due(NS_PER_S) == b""
    assert driver.due(2 * NS_PER_S) == start_up()
    assert driver.due(3 * NS_PER_S) == b""
    driver.feed(b"\x00\xff" * 50, 3 * NS_PER_S)  # bytes, but no frame
    assert driver.due(4 * NS_PER_S) == start_up()
    driver.feed(IDENTITY + FLAT, 5 * NS_PER_S)
    assert driver.due(6 * NS_PER_S) == b""
    assert driver.due(7 * NS_PER_S) == start_up()  # fell silent: it may have lost power


class TestIdentity:
    def test_a_board_that_streams_is_asked_again_until_it_answers(self):
        driver = BerryDriver()
        driver.opened(0)
        assert driver.due(NS_PER_S) == b""  # nothing has come: the start-up asks
        driver.feed(FLAT, 3 * NS_PER_S)  # the cable is in again, and its streams were on all the time
        assert driver.due(3 * NS_PER_S) == WHO
        driver.feed(FLAT, 4 * NS_PER_S)
        assert driver.due(4 * NS_PER_S) == b""
        driver.feed(FLAT, 5 * NS_PER_S)
        assert driver.due(5 * NS_PER_S) == WHO
        driver.feed(IDENTITY, 6 * NS_PER_S)
        assert [driver.due(t * NS_PER_S) for t in (6, 7)] == [b"", b""]

    def test_one_that_never_answers_is_left_alone(self):
        driver = BerryDriver()
        driver.opened(0)
        asked = 0
        for second in range(60):
            driver.feed(FLAT, second * NS_PER_S)
            asked += driver.due(second * NS_PER_S) == WHO
        assert asked == IDENTITY_ASKED

    def test_a_new_handshake_asks_afresh(self):
        driver = BerryDriver()
        driver.opened(0)
        driver.feed(IDENTITY + FLAT, NS_PER_S)
        driver.opened(20 * NS_PER_S)
        driver.feed(FLAT, 21 * NS_PER_S)
        assert driver.due(21 * NS_PER_S) == WHO

    def test_after_a_cable_was_out_the_scale_is_back_within_a_fifth_of_a_second(self):
        chair = Bedside(FakePatient())
        assert scales(chair.run(2))[-1].unit == "mV"
        for _ in range(
            20 * 12
        ):  # out: what either says reaches nobody; the link asks again after some seconds
            chair.steps += 1
            chair.monitor.advance(chair.steps / 20)
            chair.driver.due(chair.steps * NS_PER_S // 20)
        chair.driver.opened(chair.steps * NS_PER_S // 20)  # its start-up is lost too
        heard = chair.run(2)
        assert scales(heard)[0].unit == "1"
        uncalibrated_s = sum(len(c.samples) for c in ecg(heard) if c.scale.unit != "mV") / 250
        assert uncalibrated_s <= 0.2


def ecg(heard):
    return [s for s in heard if isinstance(s, WaveChunk) and s.name == "ECG_II"]


def scales(heard):
    return [chunk.scale for chunk in ecg(heard)]


def test_closing_stops_the_cuff_and_the_streams():
    assert BerryDriver().closing() == NIBP_STOP + streams_off()


def test_reopening_after_a_loss_stops_the_cuff_and_reports_the_lost_measurement():
    driver = BerryDriver()
    driver.opened(0)
    driver.command(DriverCommand.NIBP_START, NS_PER_S)
    driver.feed(MEASURING, 2 * NS_PER_S)
    assert driver.opened(10 * NS_PER_S) == NIBP_STOP + start_up()
    assert driver.tick(10 * NS_PER_S) == [NibpResult(None, None, None, failure=NibpFailure.NO_ANSWER)]
    assert driver.tick(11 * NS_PER_S) == []


def test_reopening_after_a_close_sends_no_cuff_command_and_forgets_the_last_pressure():
    driver = BerryDriver()
    driver.opened(0)
    driver.feed(MEASURING + encode_frame(0x03, bytes((0, 0, 190, 140, 112))), NS_PER_S)
    raised = driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S)
    assert raised[10] == 110
    driver.closing()
    assert driver.opened(10 * NS_PER_S) == start_up()
    assert driver.tick(10 * NS_PER_S) == []
    assert driver.command(DriverCommand.NIBP_START, 11 * NS_PER_S)[10] == 75


def test_due_and_tick_share_what_time_brings_in_any_order():
    driver = BerryDriver()
    driver.opened(0)
    assert driver.command(DriverCommand.NIBP_START, 0).endswith(NIBP_START)
    assert driver.due(5 * NS_PER_S).startswith(NIBP_STOP)
    assert driver.tick(5 * NS_PER_S) == [NibpResult(None, None, None, failure=NibpFailure.NO_ANSWER)]


def test_capture_decoder_reports_a_cycle_from_the_transitions_alone():
    decoder = BerryDriver().capture_decoder()
    signals = decoder.feed(MEASURING + encode_frame(0x03, bytes((0, 0, 122, 92, 78))) * 3)
    assert results(signals) == [NibpResult(122.0, 78.0, 92.0)]


def test_emulator_names_itself_before_its_first_sample_and_is_calibrated():
    heard = Bedside(FakePatient()).run(0.5)
    identities = [k for k, signal in enumerate(heard) if isinstance(signal, DeviceIdentity)]
    waves = [k for k, signal in enumerate(heard) if isinstance(signal, WaveChunk)]
    assert max(identities) < min(waves)
    assert heard[identities[-1]] == DeviceIdentity(
        "Chairside", "CHAIRSIDE-SIM PM6750", firmware="CHAIRSIDE-SIM ECG 50/mV", simulator=True
    )
    assert all(s.scale.unit == "mV" for s in heard if isinstance(s, WaveChunk) and s.name.startswith("ECG"))


def test_waves_arrive_in_millivolts_within_half_a_count():
    patient = FakePatient()
    chunks = [s for s in Bedside(patient).run(4.0) if isinstance(s, WaveChunk) and s.name == "ECG_II"]
    millivolts = np.concatenate([chunk.scale.physical(chunk.samples) for chunk in chunks])
    assert len(millivolts) == 1000
    assert np.abs(millivolts - patient.exact("ECG_II", np.arange(1000) / 250)).max() <= 0.0101


def test_beats_are_marked_once_each():
    heard = Bedside(FakePatient()).run(8.0)
    assert heard.count(BeatMark("ECG")) == 10


@pytest.mark.parametrize(
    ("pressures", "sensors", "expected"),
    [
        (CuffPressures(155.4, 95.5, 115.2), SensorState(), NibpResult(155.0, 96.0, 115.0)),
        (
            CuffPressures(150.0, 90.0, 110.0),
            SensorState(motion=0.6),
            NibpResult(150.0, 90.0, 110.0, questionable=True),
        ),
        (CuffPressures(failure=NibpFailure.MOTION), SensorState(), NibpFailure.MOTION),
        (CuffPressures(failure=NibpFailure.WEAK), SensorState(), NibpFailure.OUT_OF_RANGE),
        (CuffPressures(failure=NibpFailure.OVER_PRESSURE), SensorState(), NibpFailure.OVER_PRESSURE),
        (CuffPressures(failure=NibpFailure.TIMED_OUT), SensorState(), NibpFailure.TIMED_OUT),
        (CuffPressures(failure=NibpFailure.BLOCKED), SensorState(), NibpFailure.ERROR),
        (CuffPressures(300.0, 160.0, 210.0), SensorState(), NibpFailure.OUT_OF_RANGE),
        (CuffPressures(120.0, 80.0, 95.0), SensorState(cuff_loose=True), NibpFailure.CUFF_LOOSE),
    ],
)
def test_cuff_cycles_over_the_wire(pressures, sensors, expected):
    bedside = Bedside(FakePatient(pressures=pressures, sensor_state=sensors))
    bedside.run(1.0)
    bedside.command(DriverCommand.NIBP_START)
    if isinstance(expected, NibpFailure):
        expected = NibpResult(None, None, None, failure=expected)
    assert results(bedside.run(60.0)) == [expected]


def test_cuff_reading_is_that_of_the_end_of_the_cycle():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.command(DriverCommand.NIBP_START)
    bedside.run(20.0)
    patient.pressures = CuffPressures(181.0, 95.0, 124.0)
    assert results(bedside.run(30.0)) == [NibpResult(181.0, 95.0, 124.0)]


def test_leads_off_and_on_again():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.run(2.0)
    patient.sensor_state = SensorState(ecg_leads_off=("LA",))
    heard = bedside.run(2.0)
    assert DeviceStatus("ECG_LEAD_OFF", active=True) in heard
    assert [s.value for s in heard if isinstance(s, NumericReading) and s.name == "HR"][-1] is None
    patient.sensor_state = SensorState()
    heard = bedside.run(2.0)
    assert DeviceStatus("ECG_LEAD_OFF", active=False) in heard
    assert [s.value for s in heard if isinstance(s, NumericReading) and s.name == "HR"][-1] == 75.0


def test_pulse_survives_a_bad_spo2():
    patient = FakePatient()
    patient.numbers = replace(patient.numbers, spo2_percent=None)
    values = {s.name: s.value for s in Bedside(patient).run(2.0) if isinstance(s, NumericReading)}
    assert (values["SPO2"], values["PR"]) == (None, 76.0)


class RecordedLead(FakePatient):
    """Lead II from a recording, everything else as it was."""

    recorded_mv: np.ndarray
    recorded_hz: float

    def exact(self, name, t_s):
        if name != "ECG_II":
            return super().exact(name, t_s)
        return np.interp(t_s, np.arange(len(self.recorded_mv)) / self.recorded_hz, self.recorded_mv)


@pytest.mark.parametrize("record", ["100", "222"])
def test_recorded_ecg_survives_the_wire(shared_data, record):
    wfdb = pytest.importorskip("wfdb")
    source = wfdb.rdrecord(str(shared_data / "mitdb" / record), sampto=360 * 20, channels=[0])
    patient = RecordedLead()
    patient.recorded_mv, patient.recorded_hz = source.p_signal[:, 0], source.fs
    heard = Bedside(patient).run(15.0)
    chunks = [s for s in heard if isinstance(s, WaveChunk) and s.name == "ECG_II"]
    millivolts = np.concatenate([chunk.scale.physical(chunk.samples) for chunk in chunks])
    exact = patient.exact("ECG_II", np.arange(len(millivolts)) / 250)
    assert len(millivolts) == 15 * 250
    assert np.corrcoef(millivolts, exact)[0, 1] >= 0.99
    assert np.abs(millivolts - exact).max() <= 0.0101  # half a count
