from dataclasses import replace

import numpy as np
import pytest

from devices.patient import PatientNumerics, SensorState
from devices.protocols.bci.monitor import BciMonitor, Cms50Monitor
from tests.devices.fake_patient import FakePatient


def read_probe(data):
    """An independent reader, after the table of protocols.md §7.1: one dictionary a frame."""
    assert len(data) % 5 == 0
    rows = []
    for at in range(0, len(data), 5):
        one, two, three, four, five = data[at : at + 5]
        assert one & 0x80
        assert not (two | three | four | five) & 0x80
        rows.append(
            {
                "strength": one & 0x0F,
                "b1.4": bool(one & 0x10),
                "b1.5": bool(one & 0x20),
                "beep": bool(one & 0x40),
                "pleth": two,
                "bar": three & 0x0F,
                "b3.4": bool(three & 0x10),
                "b3.5": bool(three & 0x20),
                "pr": (three & 0x40) << 1 | four,
                "spo2": five,
            }
        )
    return rows


def run(monitor, seconds, *, start_s=0.0, step_s=0.1):
    steps = range(round(start_s / step_s) + 1, round((start_s + seconds) / step_s) + 1)
    return b"".join(monitor.advance(k * step_s) for k in steps)


@pytest.mark.parametrize(("monitor_class", "rate", "top"), [(BciMonitor, 100, 100), (Cms50Monitor, 60, 127)])
def test_it_speaks_unasked_at_its_own_rate(monitor_class, rate, top):
    patient = FakePatient()
    rows = read_probe(run(monitor_class(patient, seed=1), 10.0))
    assert len(rows) == 10 * rate
    assert {(row["pr"], row["spo2"]) for row in rows} == {(76, 97)}
    assert not any(row[flag] for row in rows for flag in ("b1.4", "b1.5", "b3.4", "b3.5"))
    pleth = np.array([row["pleth"] for row in rows])
    exact = patient.exact("PLETH", np.arange(len(rows)) / rate)
    assert np.abs(pleth - (1 + exact * (top - 1))).max() <= 0.5 + 1e-9
    assert 1 <= pleth.min() <= pleth.max() <= top
    assert {row["bar"] for row in rows} >= {2, 8, 13}
    assert all(0 < row["strength"] <= 8 for row in rows)


@pytest.mark.parametrize("monitor_class", [BciMonitor, Cms50Monitor])
def test_it_beeps_once_a_beat(monitor_class):
    rows = read_probe(run(monitor_class(FakePatient(), seed=1), 20.0, step_s=0.07))
    beeps = [row["beep"] for row in rows]
    begins = sum(now and not before for before, now in zip([False, *beeps], beeps, strict=False))
    assert begins in (24, 25)  # 75 a minute


def test_stepping_does_not_change_the_bytes():
    coarse = run(BciMonitor(FakePatient(), seed=1), 6.0, step_s=0.5)
    fine = run(BciMonitor(FakePatient(), seed=2), 6.0, step_s=0.01)
    assert coarse == fine


UNPLUGGED = SensorState(spo2_probe_unplugged=True, spo2_finger_out=True)
FINGER_OUT = SensorState(spo2_finger_out=True)


@pytest.mark.parametrize(
    ("monitor_class", "sensors", "flags"),
    [
        (BciMonitor, UNPLUGGED, {"b1.5"}),
        (BciMonitor, FINGER_OUT, {"b3.4"}),
        (Cms50Monitor, UNPLUGGED, {"b1.4", "b3.4"}),
        (Cms50Monitor, FINGER_OUT, {"b1.4"}),
    ],
)
def test_a_sensor_that_comes_off(monitor_class, sensors, flags):
    patient = FakePatient()
    monitor = monitor_class(patient, seed=1)
    run(monitor, 2.0)
    patient.sensor_state = sensors
    row = read_probe(run(monitor, 1.0, start_s=2.0))[-1]
    assert (row["pr"], row["spo2"], row["pleth"], row["bar"], row["beep"]) == (255, 127, 0, 0, False)
    assert {flag for flag in ("b1.4", "b1.5", "b3.4", "b3.5") if row[flag]} == flags
    patient.sensor_state = SensorState()
    assert read_probe(run(monitor, 1.0, start_s=3.0))[-1]["spo2"] == 97


def test_the_printed_frame_of_a_finger_that_is_out():
    patient = FakePatient(sensor_state=FINGER_OUT)
    assert BciMonitor(patient, seed=1).advance(0.01) == bytes.fromhex("80 00 50 7F 7F")


@pytest.mark.parametrize(
    ("monitor_class", "flags"), [(BciMonitor, {"b1.4", "b3.5"}), (Cms50Monitor, {"b3.5"})]
)
def test_without_a_pulse_it_searches(monitor_class, flags):
    row = read_probe(run(monitor_class(FakePatient(PatientNumerics()), seed=1), 1.0))[-1]
    assert (row["pr"], row["spo2"], row["pleth"]) == (255, 127, 0)
    assert {flag for flag in ("b1.4", "b1.5", "b3.4", "b3.5") if row[flag]} == flags


def test_numbers_stay_within_their_fields():
    patient = FakePatient(PatientNumerics(pr_per_min=400.0, spo2_percent=100.4))
    row = read_probe(run(BciMonitor(patient, seed=1), 1.0))[-1]
    assert (row["pr"], row["spo2"]) == (254, 100)


def test_a_cms50_says_that_saturation_drops():
    patient = FakePatient()
    monitor = Cms50Monitor(patient, seed=1)
    assert not read_probe(run(monitor, 3.0))[-1]["b1.5"]
    patient.numbers = replace(patient.numbers, spo2_percent=91.0)
    assert read_probe(run(monitor, 2.0, start_s=3.0))[-1]["b1.5"]
    assert not read_probe(run(monitor, 70.0, start_s=5.0))[-1]["b1.5"]


def test_flow_control_is_obeyed_where_there_is_any():
    probe, cms50 = BciMonitor(FakePatient(), seed=1), Cms50Monitor(FakePatient(), seed=1)
    for monitor in (probe, cms50):
        run(monitor, 1.0)
        monitor.receive(b"\x13")
    assert len(run(probe, 1.0, start_s=1.0)) == 500
    assert run(cms50, 1.0, start_s=1.0) == b""
    cms50.receive(b"\x11")
    assert len(run(cms50, 1.0, start_s=2.0)) == 300


def test_a_patient_without_a_pleth_and_a_gap_in_it():
    rows = read_probe(run(BciMonitor(FakePatient(wave_names=()), seed=1), 1.0))
    assert {row["pleth"] for row in rows} == {0}
    rows = read_probe(run(BciMonitor(FakePatient(gap_s=(0.5, 0.7)), seed=1), 1.0))
    assert {row["pleth"] for row in rows[50:70]} == {0}
    assert min(row["pleth"] for row in rows[:50]) >= 1
