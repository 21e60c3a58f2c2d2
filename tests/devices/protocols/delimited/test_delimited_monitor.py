from pathlib import Path

import pytest

from devices.clock import NS_PER_S
from devices.declarative_file import load_declarative
from devices.patient import CuffPressures, SensorState
from devices.protocols.base import CuffPanel
from devices.signals import NibpFailure, NibpResult, NumericReading
from tests.devices.drivers.test_declarative_conformance import line
from tests.devices.fake_patient import FakePatient

HERE = Path(__file__).parent
SPOT, FIELDS, PCD = (
    load_declarative(HERE / f"{name}.toml") for name in ("acme_spot", "acme_fields", "mindray_like")
)


def test_a_line_as_described():
    monitor = SPOT.monitor(FakePatient(), seed=1)
    assert monitor.advance(0.99) == b""
    text = (
        "T=2026-01-05 08:00:01,ID=CHAIRSIDE-SIM,HR=75,SPO2=97%,BPM=076,TMP=366,ALM=00,"
        "SYS=---,DIA=---,MAP=---,BPT=---,BPS=OK"
    )
    assert monitor.advance(1.0) == line(text)
    assert monitor.advance(3.5).count(b"$") == 2


def test_sensors_off():
    patient = FakePatient(sensor_state=SensorState(ecg_leads_off=("LA",), spo2_finger_out=True))
    data = SPOT.monitor(patient, seed=1).advance(1.0)
    assert b"HR=---,SPO2=---%,BPM=---," in data


def test_one_record_for_each_request():
    monitor = FIELDS.monitor(FakePatient(), seed=1)
    assert monitor.advance(10.0) == b""
    monitor.receive(b"D")
    assert monitor.advance(11.0) == b""
    monitor.receive(b"\rD\r")
    assert monitor.advance(12.0) == b"08:00:12 97 76 ---\r" * 2


def talk(device, patient, seconds, front):
    driver, monitor = device.driver(), device.monitor(patient, seed=1)
    monitor.receive(driver.opened(0))
    front(monitor)
    heard = []
    for tenth in range(1, round(seconds * 10) + 1):
        heard += driver.feed(monitor.advance(tenth / 10), tenth * NS_PER_S // 10)
        monitor.receive(driver.due(tenth * NS_PER_S // 10))
    assert driver.counters.bytes_discarded == 0
    return heard


@pytest.mark.parametrize("device", [SPOT, PCD])
def test_cuff_over_the_wire(device):
    patient = FakePatient()
    heard = talk(device, patient, 200, lambda monitor: monitor.set_nibp_auto(1))
    readings = [s for s in heard if isinstance(s, NibpResult)]
    assert [(r.systolic_mmhg, r.diastolic_mmhg, r.mean_mmhg) for r in readings] == [(122.0, 78.0, 92.0)] * 3
    assert isinstance(device.monitor(patient, seed=1), CuffPanel)


@pytest.mark.parametrize(
    ("device", "failure", "told"),
    [
        (SPOT, NibpFailure.MOTION, NibpFailure.MOTION),
        (SPOT, NibpFailure.WEAK, NibpFailure.ERROR),
        (PCD, NibpFailure.WEAK, NibpFailure.ERROR),
    ],
)
def test_failed_cuff_over_the_wire(device, failure, told):
    patient = FakePatient(pressures=CuffPressures(failure=failure))
    heard = talk(device, patient, 60, lambda monitor: monitor.press_nibp())
    assert [s.failure for s in heard if isinstance(s, NibpResult)] == [told]


def test_a_monitor_without_a_cuff_has_no_start():
    patient = FakePatient()
    heard = talk(FIELDS, patient, 60, lambda monitor: monitor.set_nibp_auto(1))
    assert patient.cuff_log == []
    assert {s.name: s.value for s in heard if isinstance(s, NumericReading)} == {
        "SPO2": 97.0,
        "PR": 76.0,
        "PA": None,
    }
