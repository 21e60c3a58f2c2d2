from dataclasses import replace

import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.intellivue_mib import IntellivueDriver
from devices.patient import CuffPressures, SensorState
from devices.protocols.intellivue_mib.monitor import IntellivueMonitor
from devices.signals import (
    DeviceIdentity,
    DeviceStatus,
    NibpFailure,
    NibpPhase,
    NibpProgress,
    NibpResult,
    NumericReading,
    Quality,
    WaveChunk,
)
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.intellivue_mib import printed


class Bedside:
    """A driver on an emulated monitor, stepped 50 ms at a time."""

    def __init__(self, patient=None):
        self.patient = patient or FakePatient()
        self.driver = IntellivueDriver()
        self.monitor = IntellivueMonitor(self.patient, seed=1)
        self.steps = 0
        self.open()

    @property
    def now_ns(self):
        return self.steps * NS_PER_S // 20

    def open(self):
        self.monitor.receive(self.driver.opened(self.now_ns))

    def run(self, seconds, *, deaf=False, lost=()):
        """Step on; a deaf monitor hears nothing, and of ``lost`` steps nothing arrives here."""
        heard = []
        for k in range(round(seconds / 0.05)):
            self.steps += 1
            data = self.monitor.advance(self.steps / 20)
            if k not in lost:
                heard += self.driver.feed(data, self.now_ns)
            heard += self.driver.tick(self.now_ns)
            sent = self.driver.due(self.now_ns)
            if not deaf:
                self.monitor.receive(sent)
        return heard


def results(heard):
    return [signal for signal in heard if isinstance(signal, NibpResult)]


def waves(heard, name):
    return [signal for signal in heard if isinstance(signal, WaveChunk) and signal.name == name]


def test_information():
    info = IntellivueDriver.info
    assert (info.id, info.nibp, info.serial.baud, info.serial.parity) == (
        "intellivue-mib", NibpTiming.MONITOR, 115200, "N",
    )  # fmt: skip
    assert [(w.name, w.rate_hz) for w in info.waveforms] == [
        ("ECG_II", 250.0), ("ECG_I", 250.0), ("ECG_V", 250.0), ("PLETH", 125.0), ("RESP", 62.5),
    ]  # fmt: skip


def test_commands_are_never_sent():
    driver = IntellivueDriver()
    driver.opened(0)
    assert [driver.command(command, 1) for command in DriverCommand] == [b"", b""]


def test_opening_closing_and_probing():
    driver = IntellivueDriver()
    assert driver.probe(0) == printed.ASSOCIATION_REQUEST
    assert driver.opened(0) == printed.ASSOCIATION_REQUEST
    assert driver.opened(NS_PER_S) == printed.RELEASE + printed.ASSOCIATION_REQUEST
    assert driver.closing() == printed.RELEASE
    assert driver.opened(2 * NS_PER_S) == printed.ASSOCIATION_REQUEST


def test_stays_associated_for_a_quarter_of_an_hour():
    bedside = Bedside()
    bedside.run(2.0)
    last = []
    for _ in range(15):
        last = bedside.run(60.0)
        assert bedside.monitor.associated
        assert bedside.driver.counters.frames_bad == 0
    samples = sum(len(chunk.samples) for chunk in waves(last, "ECG_II"))
    assert samples == pytest.approx(15000, abs=64)
    assert sum(isinstance(s, NumericReading) and s.name == "HR" for s in last) == 60


def test_emulator_names_itself():
    identities = [s for s in Bedside().run(1.0) if isinstance(s, DeviceIdentity)]
    assert identities == [DeviceIdentity("Chairside", "CHAIRSIDE-SIM", "SIM0000001", "1.0", simulator=True)]


def test_monitor_that_hears_nothing_aborts_and_is_found_again():
    bedside = Bedside()
    bedside.run(3.0)
    heard = bedside.run(12.0, deaf=True)
    assert [s.detail for s in heard if isinstance(s, DeviceStatus) and s.code == "SESSION"] == [
        "ended by the monitor"
    ]
    heard = bedside.run(6.0)
    assert DeviceStatus("SESSION", active=False) in heard
    assert waves(heard, "PLETH")


def test_monitor_that_was_switched_off_and_on_is_found_again_without_the_link():
    bedside = Bedside()
    bedside.run(3.0)
    bedside.monitor = IntellivueMonitor(FakePatient(), seed=1)
    assert not waves(bedside.run(5.0), "PLETH")
    assert waves(bedside.run(5.0), "PLETH")


def test_refused_while_another_session_stands_and_taken_when_it_is_over():
    bedside = Bedside()
    bedside.run(2.0)
    bedside.driver = IntellivueDriver()  # the program was killed and started again
    bedside.open()
    heard = bedside.run(2.0)
    assert any(isinstance(s, DeviceStatus) and s.code == "SESSION" and s.active for s in heard)
    heard = bedside.run(8.0)
    assert any(isinstance(s, NumericReading) and s.name == "HR" and s.value == 75.0 for s in heard)


def test_reopening_takes_over_its_own_old_session_at_once():
    bedside = Bedside()
    bedside.run(2.0)
    bedside.open()
    heard = bedside.run(2.0)
    assert not any(isinstance(s, DeviceStatus) for s in heard)
    assert waves(heard, "ECG_II")[0].first_sample == 0


def test_lost_blocks_leave_a_gap_of_their_length():
    bedside = Bedside()
    heard = bedside.run(6.0, lost=range(60, 80))
    chunks = waves(heard, "ECG_II")
    t_s = (
        np.concatenate([chunk.first_sample + np.arange(len(chunk.samples)) for chunk in chunks]) / 250 + 0.256
    )
    millivolts = np.concatenate([chunk.scale.physical(chunk.samples) for chunk in chunks])
    assert len(t_s) < 64 * (chunks[-1].first_sample // 64)
    assert np.abs(millivolts - bedside.patient.exact("ECG_II", t_s)).max() <= 0.0026


def test_cuff_reading_is_an_event_once():
    bedside = Bedside()
    bedside.run(12.0)
    bedside.monitor.press_nibp()
    heard = bedside.run(60.0)
    (result,) = results(heard)
    assert result == NibpResult(122.0, 78.0, 92.0, 76.0, device_time_s=result.device_time_s)
    progress = [s.phase for s in heard if isinstance(s, NibpProgress)]
    assert progress == [NibpPhase.MEASURING, NibpPhase.IDLE]


def test_equal_readings_of_the_auto_cycle_are_events_each():
    bedside = Bedside()
    bedside.run(12.0)
    bedside.monitor.set_nibp_auto(1)
    found = results(bedside.run(180.0))
    assert [r.systolic_mmhg for r in found] == [122.0] * 3
    assert len({r.device_time_s for r in found}) == 3


def test_reading_from_before_the_connection_is_held_not_an_event():
    bedside = Bedside()
    bedside.monitor.press_nibp()
    bedside.run(60.0)
    bedside.driver = IntellivueDriver()
    bedside.open()
    heard = bedside.run(20.0)
    assert results(heard) == []
    (held,) = [s for s in heard if isinstance(s, DeviceStatus) and s.code == "NIBP_HELD"]
    assert held.detail.startswith("122/78 (92) mmHg, taken at 08:00")


def test_reading_taken_while_the_line_was_cut_is_told_when_it_is_back():
    bedside = Bedside()
    bedside.run(20.0)
    bedside.monitor.press_nibp()
    bedside.run(45.0, deaf=True, lost=range(2000))
    bedside.open()
    assert [r.systolic_mmhg for r in results(bedside.run(5.0))] == [122.0]


@pytest.mark.parametrize(
    ("pressures", "sensors", "failure"),
    [
        (CuffPressures(failure=NibpFailure.OVER_PRESSURE), SensorState(), NibpFailure.OVER_PRESSURE),
        (CuffPressures(failure=NibpFailure.WEAK), SensorState(), NibpFailure.WEAK),
        (CuffPressures(122.0, 78.0, 92.0), SensorState(cuff_loose=True), NibpFailure.TIMED_OUT),
    ],
)
def test_cuff_failures_have_a_cause(pressures, sensors, failure):
    bedside = Bedside(FakePatient(pressures=pressures, sensor_state=sensors))
    bedside.run(12.0)
    bedside.monitor.press_nibp()
    assert [r.failure for r in results(bedside.run(60.0))] == [failure]


def test_stopped_at_the_monitor():
    bedside = Bedside()
    bedside.run(12.0)
    bedside.monitor.press_nibp()
    bedside.run(5.0)
    bedside.monitor.press_nibp()
    assert [r.failure for r in results(bedside.run(20.0))] == [NibpFailure.STOPPED]


def test_clock_set_back_during_a_session_costs_no_reading():
    bedside = Bedside()
    bedside.run(12.0)
    bedside.monitor.press_nibp()
    bedside.run(60.0)
    bedside.monitor.set_clock(1_700_000_000.0)
    bedside.monitor.press_nibp()
    (result,) = results(bedside.run(60.0))
    assert result.device_time_s == pytest.approx(1_700_000_030, abs=15)


def test_leads_off_and_on_again():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.run(2.0)
    patient.sensor_state = SensorState(ecg_leads_off=("LA",))
    heard = bedside.run(3.0)
    assert DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA") in heard
    assert Quality.INVALID in waves(heard, "ECG_I")[-1].quality
    assert waves(heard, "ECG_II")[-1].quality is Quality.GOOD
    assert [s.value for s in heard if isinstance(s, NumericReading) and s.name == "HR"][-1] is None
    patient.sensor_state = SensorState()
    assert DeviceStatus("ECG_LEAD_OFF", active=False) in bedside.run(3.0)


def test_alarm_of_the_monitor():
    patient = FakePatient()
    bedside = Bedside(patient)
    bedside.run(2.0)
    patient.numbers = replace(patient.numbers, spo2_percent=86.0)
    assert DeviceStatus("MONITOR_ALARM", active=True, detail="yellow: ** SpO2 86<90") in bedside.run(3.0)


def test_demo_is_marked():
    bedside = Bedside()
    bedside.monitor.set_demo(on=True)
    heard = bedside.run(4.0)
    assert DeviceStatus("MONITOR_DEMO", active=True) in heard
    assert all(Quality.DEMO in s.quality for s in heard if isinstance(s, NumericReading | WaveChunk))


def test_recorded_ecg_survives_the_wire(shared_data):
    wfdb = pytest.importorskip("wfdb")
    source = wfdb.rdrecord(str(shared_data / "mitdb" / "100"), sampto=360 * 15, channels=[0])
    recorded, at_s = source.p_signal[:, 0], np.arange(360 * 15) / source.fs

    class Recorded(FakePatient):
        def exact(self, name, t_s):
            return np.interp(t_s, at_s, recorded) if name == "ECG_II" else super().exact(name, t_s)

    patient = Recorded()
    chunks = waves(Bedside(patient).run(12.0), "ECG_II")
    millivolts = np.concatenate([chunk.scale.physical(chunk.samples) for chunk in chunks])
    exact = patient.exact("ECG_II", 0.256 + np.arange(len(millivolts)) / 250)
    assert np.abs(millivolts - exact).max() <= 0.0026
