"""The emulated oximeter, read with a reader of the tests' own that knows nothing of the decoder."""

from dataclasses import replace

import numpy as np
import pytest

from devices.patient import PatientNumerics, SensorState
from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.monitor import NoninMonitor
from tests.devices.fake_patient import FakePatient

NOTHING = PatientNumerics()


def run(monitor, start_s, end_s, step_s=0.1):
    steps = range(round(start_s / step_s) + 1, round(end_s / step_s) + 1)
    return b"".join(monitor.advance(k * step_s) for k in steps)


def packets(data):
    """Format 2 as protocols.md §5.3 prints it: (statuses, pleths, floats) of each 25 frames."""
    assert len(data) % 5 == 0
    frames = [data[i : i + 5] for i in range(0, len(data), 5)]
    assert all(f[0] == 1 and f[1] >= 0x80 and sum(f[:4]) % 256 == f[4] for f in frames)
    assert [i for i, f in enumerate(frames) if f[1] & 1] == list(range(0, len(frames), 25))
    return [
        tuple([f[column] for f in frames[i : i + 25]] for column in (1, 2, 3))
        for i in range(0, len(frames) - 24, 25)
    ]


def shown(floats):
    return (floats[19] & 3) << 7 | floats[20], floats[8]


def test_it_speaks_unasked_75_frames_a_second():
    found = packets(run(NoninMonitor(FakePatient(), seed=1), 0, 4))
    assert len(found) == 12
    assert {shown(floats) for _, _, floats in found} == {(76, 97)}
    assert [floats[5] << 7 | floats[6] for _, _, floats in found] == list(range(1, 13))


def test_a_rate_of_200_is_split_as_the_document_says():
    patient = FakePatient(numbers=replace(FakePatient().numbers, pr_per_min=200.0))
    floats = packets(run(NoninMonitor(patient, seed=1), 0, 1))[0][2]
    assert floats[0:2] == floats[13:15] == floats[19:21] == floats[21:23] == [1, 0x48]


def test_the_pulse_lights_twelve_frames_green():
    statuses = [s for found in packets(run(NoninMonitor(FakePatient(), seed=1), 0, 8)) for s in found[0]]
    lit = "".join("x" if s & 6 else "." for s in statuses).strip("x").split(".")
    assert {len(run_) for run_ in lit if run_} == {12}
    assert {s & 6 for s in statuses} == {0, 2}


@pytest.mark.parametrize(("pi_percent", "bits"), [(0.2, 4), (0.8, 6), (2.0, 2)])
def test_perfusion_has_a_colour(pi_percent, bits):
    patient = FakePatient(numbers=replace(FakePatient().numbers, perfusion_index_percent=pi_percent))
    statuses = [s for found in packets(run(NoninMonitor(patient, seed=1), 0, 2)) for s in found[0]]
    assert {s & 6 for s in statuses} == {0, bits}


def test_finger_out_holds_the_display_for_ten_seconds():
    patient = FakePatient()
    monitor = NoninMonitor(patient, seed=1)
    run(monitor, 0, 2)
    patient.sensor_state = SensorState(spo2_finger_out=True)
    patient.numbers = NOTHING
    found = packets(run(monitor, 2, 15))
    assert all(s & 0x08 for statuses, _, _ in found for s in statuses)
    assert not any(s & 0x06 for statuses, _, _ in found for s in statuses)
    held = [shown(floats) for _, _, floats in found]
    assert held[:28] == [(76, 97)] * 28
    assert held[-8:] == [(511, 127)] * 8
    assert {floats[2] for _, _, floats in found} == {127}
    assert not any(sample for _, pleth, _ in found for sample in pleth)


def test_searching_and_motion():
    patient = FakePatient(numbers=NOTHING)
    statuses = packets(run(NoninMonitor(patient, seed=1), 0, 1))[0][0]
    assert all(s & 0x10 and not s & 0x08 for s in statuses)
    patient = FakePatient(sensor_state=SensorState(motion=0.9))
    assert all(s & 0x20 for s in packets(run(NoninMonitor(patient, seed=1), 0, 1))[0][0])


@pytest.mark.parametrize(
    ("code", "answer"),
    [(0x02, b"\x06"), (0x07, b"\x06"), (0x08, b"\x06"), (0x0D, b"\x06"), (0x01, b"\x15"), (0x55, b"\x15")],
)
def test_a_request_for_a_format_is_answered_for_five_seconds(code, answer):
    request = bytes((0x02, 0x70, 0x02, 0x02, code, 0x03))
    monitor = NoninMonitor(FakePatient(), seed=1)
    run(monitor, 0, 1)
    monitor.receive(request)
    assert monitor.advance(1.1).startswith(answer)
    late = NoninMonitor(FakePatient(), seed=1)
    run(late, 0, 6)
    late.receive(request)
    packets(late.advance(6 + 1 / 3))


def test_format_8_once_a_second():
    patient = FakePatient(numbers=replace(FakePatient().numbers, pr_per_min=200.0))
    monitor = NoninMonitor(patient, seed=1)
    run(monitor, 0, 1)
    monitor.receive(bytes.fromhex("02 70 02 02 08 03"))
    assert run(monitor, 1, 4) == b"\x06" + bytes.fromhex("81 48 61 20") * 3
    patient.sensor_state = SensorState(spo2_finger_out=True)
    assert run(monitor, 4, 5) == bytes.fromhex("A1 48 61 08")
    assert run(monitor, 5, 16)[-4:] == bytes.fromhex("A3 7F 7F 08")


def test_format_7_carries_16_bits():
    monitor = NoninMonitor(FakePatient(), seed=1)
    monitor.receive(bytes.fromhex("02 70 02 02 07 03"))
    data = run(monitor, 0, 2)
    assert data[0] == 6
    frames = [data[i : i + 5] for i in range(1, len(data), 5)]
    assert all(f[0] >= 0x80 and sum(f[:4]) % 256 == f[4] for f in frames)
    pleth = np.array([f[1] << 8 | f[2] for f in frames])
    assert len(pleth) == 150
    assert np.corrcoef(pleth, FakePatient().exact("PLETH", np.arange(150) / 75))[0, 1] > 0.9999
    assert len({f[2] for f in frames}) > 30  # the low bytes


def test_a_spot_check_is_sent_once_for_each_finger():
    patient = FakePatient()
    monitor = NoninMonitor(patient, seed=1)
    monitor.receive(bytes.fromhex("02 70 02 02 0D 03"))
    assert run(monitor, 0, 9.5) == b"\x06"
    expected = bytes.fromhex("20 26 01 05 08 00 10 00 02 00 00 4C 00 61")
    record = b"\x00\x02\x00\x0d\x00\x0e" + expected + bytes((sum(expected) & 0xFF, 3))
    assert run(monitor, 9.5, 40) == record
    patient.sensor_state = SensorState(spo2_finger_out=True)
    assert run(monitor, 40, 45) == b""
    patient.sensor_state = SensorState()
    assert len(run(monitor, 45, 60)) == len(record)


def test_format_1_is_set_on_the_device_and_hears_nothing():
    patient = FakePatient()
    monitor = NoninMonitor(patient, seed=1, dialect=Dialect.F1)
    monitor.receive(bytes.fromhex("02 70 02 02 02 03 02 72 00 03"))
    assert run(monitor, 0, 2) == bytes.fromhex("80 4C 61") * 2
    patient.sensor_state = SensorState(spo2_probe_unplugged=True)
    assert run(monitor, 2, 14)[-3:] == bytes.fromhex("E3 7F 7F")


def test_the_printout_names_itself_a_simulator():
    patient = FakePatient()
    monitor = NoninMonitor(patient, seed=1, dialect=Dialect.LINE)
    lines = run(monitor, 0, 2).decode().split("\r\n")
    assert lines == [
        "NONIN AVANT 9600 CHAIRSIDE SIM 01/05/26 08:00:00",
        "SPO2=097 HR=076",
        "SPO2=097 HR=076",
        "",
    ]
    patient.sensor_state = SensorState(spo2_finger_out=True)
    assert run(monitor, 2, 3) == b"SPO2=--- HR=---\r\n"


def test_its_clock_can_be_asked_and_set():
    monitor = NoninMonitor(FakePatient(), seed=1)
    monitor.advance(10.0)
    monitor.receive(bytes.fromhex("02 72 00 03"))
    assert monitor.advance(10.0) == bytes.fromhex("02 F2 06 1A 01 05 08 00 0A 03")
    monitor.receive(bytes.fromhex("02 72 06 19 0C 1F 17 3B 3B 03"))
    assert monitor.advance(10.0) == b"\x06"
    monitor.advance(12.0)
    monitor.receive(bytes.fromhex("02 72 00 03"))
    assert monitor.advance(12.0) == bytes.fromhex("02 F2 06 1A 01 01 00 00 01 03")
    monitor.receive(bytes.fromhex("02 72 06 19 0D 1F 17 3B 3B 03"))
    assert monitor.advance(12.0) == b"\x15"


def test_how_it_is_stepped_changes_no_byte():
    fine = run(NoninMonitor(FakePatient(), seed=3), 0, 6, step_s=0.02)
    assert fine == run(NoninMonitor(FakePatient(), seed=3), 0, 6, step_s=1.5)
    assert fine == NoninMonitor(FakePatient(), seed=3).advance(6.0)
    assert fine != run(NoninMonitor(FakePatient(), seed=4), 0, 6)


def test_a_monitor_switched_on_late_sends_no_long_past():
    """As after the fault "reset": it lives on from now (devices/simulators/emulator.py)."""
    monitor = NoninMonitor(FakePatient(now_s=0.0), seed=1)
    assert len(monitor.advance(7200.0)) <= 60 * 75 * 5
    monitor.receive(bytes.fromhex("02 70 02 02 08 03"))
    assert monitor.advance(7200.1)[0] == 6
