"""The emulated Rad-8, read with the tests' own few lines."""

from dataclasses import replace

import pytest

from devices.patient import PatientNumerics, SensorState
from devices.protocols.masimo.monitor import MasimoMonitor
from tests.devices.fake_patient import FakePatient


def lines(monitor, start_s, end_s, step_s=0.1):
    steps = range(round(start_s / step_s) + 1, round(end_s / step_s) + 1)
    data = b"".join(monitor.advance(k * step_s) for k in steps)
    assert data.endswith(b"\r\n")
    return data.decode("ascii").split("\r\n")[:-1]


def fields(text):
    """Key=value pairs, as protocols.md §6.1 says to read them."""
    return dict(token.split("=") for token in text.split(" ")[2:])


def test_one_line_a_second_as_the_document_prints_it():
    found = lines(MasimoMonitor(FakePatient(), seed=1), 0, 4)
    assert len(found) == 4
    assert found[2] == (
        "01/05/26 08:00:02 SN=CHAIRSIDE-SIM SPO2=097% BPM=076 PI=03.50 DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800"
    )
    assert [text.split(" ")[1] for text in found] == ["08:00:00", "08:00:01", "08:00:02", "08:00:03"]


@pytest.mark.parametrize(
    ("sensors", "numbers", "exc", "spo2"),
    [
        (SensorState(spo2_probe_unplugged=True), {}, "000001", "---%"),
        (SensorState(spo2_finger_out=True), {}, "000820", "---%"),
        (SensorState(motion=0.8), {}, "000C00", "097%"),
        (SensorState(), {"perfusion_index_percent": 0.1}, "000804", "097%"),
        (SensorState(), {"spo2_percent": None, "pr_per_min": None}, "000808", "---%"),
    ],
)
def test_exceptions(sensors, numbers, exc, spo2):
    patient = FakePatient(sensor_state=sensors, numbers=replace(FakePatient().numbers, **numbers))
    (text,) = lines(MasimoMonitor(patient, seed=1), 0, 1)
    assert (fields(text)["EXC"], fields(text)["SPO2"]) == (exc, spo2)


@pytest.mark.parametrize(
    ("numbers", "alarm"),
    [
        ({"spo2_percent": 85.0}, "0012"),
        ({"pr_per_min": 150.0}, "0014"),
        ({"pr_per_min": 40.0}, "0018"),
        ({"spo2_percent": 85.0, "pr_per_min": 40.0}, "001A"),
    ],
)
def test_its_own_limits(numbers, alarm):
    patient = FakePatient(numbers=replace(FakePatient().numbers, **numbers))
    (text,) = lines(MasimoMonitor(patient, seed=1), 0, 1)
    assert fields(text)["ALARM"] == alarm


def test_a_patient_of_whom_nothing_is_known():
    (text,) = lines(MasimoMonitor(FakePatient(numbers=PatientNumerics()), seed=1), 0, 1)
    assert [fields(text)[key] for key in ("SPO2", "BPM", "PI")] == ["---%", "---", "--.--"]


def test_it_hears_nothing():
    quiet, asked = (MasimoMonitor(FakePatient(), seed=1) for _ in range(2))
    asked.receive(b"\x02\x70\r\n*" * 100)
    assert lines(asked, 0, 3) == lines(quiet, 0, 3)


def test_how_it_is_stepped_changes_no_byte():
    whole = MasimoMonitor(FakePatient(), seed=2).advance(6.0)
    fine = "\r\n".join(lines(MasimoMonitor(FakePatient(), seed=2), 0, 6, step_s=0.02)) + "\r\n"
    assert whole.decode() == fine


def test_its_clock_may_be_wrong():
    (text,) = lines(MasimoMonitor(FakePatient(), seed=1, clock_offset_s=-86400.0), 0, 1)
    assert text.startswith("01/04/26 08:00:00 ")


def test_a_monitor_switched_on_late_sends_no_long_past():
    assert MasimoMonitor(FakePatient(), seed=1).advance(7200.0).count(b"\r\n") <= 60
