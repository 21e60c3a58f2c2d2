from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, NibpTiming
from devices.drivers.masimo import MasimoDriver
from devices.patient import SensorState
from devices.protocols.masimo.monitor import MasimoMonitor
from devices.signals import DeviceIdentity, DeviceStatus, NumericReading
from tests.devices.fake_patient import FakePatient


def run(driver, monitor, start_s, end_s):
    heard = []
    for k in range(round(start_s * 20) + 1, round(end_s * 20) + 1):
        now_ns = k * NS_PER_S // 20
        heard += driver.feed(monitor.advance(k / 20), now_ns)
        heard += driver.tick(now_ns)
        assert driver.due(now_ns) == b""
    return heard


def test_information():
    info = MasimoDriver.info
    assert (info.id, info.nibp, info.waveforms) == ("masimo", NibpTiming.NONE, ())
    assert (info.serial.baud, info.serial.bits, info.serial.parity, info.serial.stop_bits) == (
        9600,
        8,
        "N",
        1,
    )
    assert info.expected_interval_s == 1.1  # protocols.md §6.1
    assert any("ASCII 1" in hint for hint in info.cable_hints)


def test_it_says_nothing_at_all():
    driver = MasimoDriver()
    assert driver.opened(0) == driver.probe(0) == driver.closing() == b""
    assert driver.command(DriverCommand.NIBP_START, 0) == driver.command(DriverCommand.NIBP_STOP, 0) == b""


def test_a_finger_taken_out_and_put_back():
    patient = FakePatient()
    driver, monitor = MasimoDriver(), MasimoMonitor(patient, seed=1)
    driver.opened(0)
    first = run(driver, monitor, 0, 3)
    assert [s.simulator for s in first if isinstance(s, DeviceIdentity)] == [True]
    patient.sensor_state = SensorState(spo2_finger_out=True)
    out = run(driver, monitor, 3, 6)
    assert {s.value for s in out if isinstance(s, NumericReading)} == {None}
    patient.sensor_state = SensorState()
    back = run(driver, monitor, 6, 9)
    assert [(s.name, s.value) for s in back if isinstance(s, NumericReading)][-3:] == [
        ("SPO2", 97.0),
        ("PR", 76.0),
        ("PI", 3.5),
    ]
    told = [(s.code, s.active) for s in out + back if isinstance(s, DeviceStatus)]
    assert told == [("SPO2_NO_FINGER", True), ("SPO2_NO_FINGER", False)]
    assert driver.counters.bytes_discarded == 0
