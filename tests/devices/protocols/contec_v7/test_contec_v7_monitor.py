from dataclasses import replace

import numpy as np
import pytest

from devices.patient import PatientNumerics, SensorState
from devices.protocols.contec_v7 import commands
from devices.protocols.contec_v7.monitor import KEEP_ALIVE_TIMEOUT_S, ContecV7Monitor
from tests.devices.fake_patient import FakePatient


def fields(frame: bytes) -> dict[str, int]:
    """Read a frame as protocols.md §7.2 words it, with nothing of ours."""
    assert len(frame) == 9
    assert frame[0] == 1
    assert min(frame[1:]) >= 0x80
    b = [frame[2 + k] - 128 + 128 * (frame[1] // 2**k % 2) for k in range(7)]
    return {
        "signal": b[0] % 16,
        "long_search": b[0] // 16 % 2,
        "dropping": b[0] // 32 % 2,
        "beep": b[0] // 64 % 2,
        "probe_error": b[0] // 128,
        "pleth": b[1] % 128,
        "searching": b[1] // 128,
        "bar": b[2] % 16,
        "pi_invalid": b[2] // 16 % 2,
        "reserved": b[2] // 32,
        "pr": b[3],
        "spo2": b[4],
        "pi": b[5] + 256 * b[6],
    }


def frames(data: bytes) -> list[dict[str, int]]:
    assert len(data) % 9 == 0
    return [fields(data[at : at + 9]) for at in range(0, len(data), 9)]


def started(patient: FakePatient) -> ContecV7Monitor:
    monitor = ContecV7Monitor(patient, seed=1)
    monitor.receive(commands.START)
    return monitor


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("7D 81 A7 80 80 80 80 80 80", "0C 80"),
        ("7D 81 A2 80 80 80 80 80 80", "0C 80"),
        ("7D 81 AC 80 80 80 80 80 80", "0E 80 81"),
        ("7D 81 AF 80 80 80 80 80 80", ""),
        ("7D 81 A3 81 80 80 80 80 80", "0B 80 85"),  # it has no memory
        ("7D 81 A6 81 81 80 80 80 80", "0B 80 85"),
        ("7D 81 B1 8A 8F 80 80 80 80", "0B 80 80"),
        ("7D 81 C3 80 80 80 80 80 80", "0B 80 85"),
        ("7D 81 A1", ""),
        ("55 AA 04 FC 00 FF", ""),
    ],
)
def test_answers(question, answer):
    monitor = ContecV7Monitor(FakePatient(), seed=1)
    monitor.receive(bytes.fromhex(question))
    assert monitor.advance(3.0) == bytes.fromhex(answer)


def test_questions_cut_anywhere_and_drowned_in_noise():
    monitor = ContecV7Monitor(FakePatient(), seed=1)
    for octet in b"\x00\x7d\x81" + commands.ASK_PI_SUPPORT + b"\xff\x7d" + commands.STOP + b"\x7d" * 100:
        monitor.receive(bytes((octet,)))
    assert monitor.advance(1.0) == bytes.fromhex("0E 80 81 0C 80")


def test_identity_is_seven_plain_characters():
    monitor = ContecV7Monitor(FakePatient(), seed=1)
    monitor.receive(commands.ASK_IDENTITY)
    answer = monitor.advance(1.0)
    assert answer[:2] == b"\x04\x80"
    assert bytes(octet & 0x7F for octet in answer[2:]) == b"CHR_SIM"


def test_silent_until_started_then_sixty_frames_a_second_until_stopped():
    patient = FakePatient()
    monitor = ContecV7Monitor(patient, seed=1)
    assert monitor.advance(2.0) == b""
    monitor.receive(commands.START)
    sent = b"".join(monitor.advance(2.0 + k / 7) for k in range(1, 29))
    assert len(frames(sent)) == 240
    monitor.receive(commands.START)  # a second start changes nothing
    assert len(frames(monitor.advance(7.0))) == 60
    monitor.receive(commands.STOP)
    assert monitor.advance(9.0) == b"\x0c\x80"
    assert patient.now_s == 9.0


def test_every_number_of_a_frame():
    first = frames(started(FakePatient()).advance(1.0))[0]
    assert {name: first[name] for name in ("signal", "pr", "spo2", "pi", "pi_invalid", "reserved")} == {
        "signal": 8,
        "pr": 76,
        "spo2": 97,
        "pi": 350,
        "pi_invalid": 0,
        "reserved": 0,
    }


def test_the_wave_is_the_patients_sample_for_sample():
    patient = FakePatient()
    pleth = np.array([frame["pleth"] for frame in frames(started(patient).advance(10.0))])
    assert np.abs(pleth - 127 * patient.exact("PLETH", np.arange(600) / 60)).max() <= 0.5


def test_beeps_are_the_patients_beats():
    beeps = [k / 60 for k, frame in enumerate(frames(started(FakePatient()).advance(8.0))) if frame["beep"]]
    assert beeps == pytest.approx([k * 0.8 for k in range(10)], abs=1 / 60)


def test_without_a_keep_alive_it_stops_in_under_a_minute():
    monitor = started(FakePatient())
    sent = monitor.advance(120.0)
    assert len(frames(sent[:-3])) == KEEP_ALIVE_TIMEOUT_S * 60
    assert sent[-3:] == b"\x0d\x80\x80"
    assert monitor.advance(200.0) == b""
    monitor.receive(commands.START)
    assert len(frames(monitor.advance(201.0))) == 60


def test_a_keep_alive_every_five_seconds_keeps_it_going():
    monitor = started(FakePatient())
    count = 0
    for k in range(1, 61):
        monitor.receive(commands.KEEP_ALIVE)
        count += len(frames(monitor.advance(k * 5.0)))
    assert count == 300 * 60


@pytest.mark.parametrize("state", [SensorState(spo2_finger_out=True), SensorState(spo2_probe_unplugged=True)])
def test_off_the_finger_it_says_what_the_document_prints(state):
    sent = started(FakePatient(sensor_state=state)).advance(0.05)
    assert sent == bytes.fromhex("01 EB 80 C0 90 FF FF FF FF") * 3


def test_no_pulse_is_searched_for_and_after_half_a_minute_for_too_long():
    shown = frames(started(FakePatient(numbers=PatientNumerics())).advance(40.0))
    assert all((f["searching"], f["pr"], f["spo2"], f["pi"]) == (1, 255, 127, 0xFFFF) for f in shown)
    assert [f["long_search"] for f in shown[::60]] == [0] * 30 + [1] * 10


def test_a_falling_saturation_is_said_to_drop():
    patient = FakePatient()
    monitor = started(patient)
    monitor.advance(5.0)
    patient.numbers = replace(patient.numbers, spo2_percent=92.0)
    assert frames(monitor.advance(7.0))[-1]["dropping"] == 1
    for k in range(2, 9):
        monitor.receive(commands.KEEP_ALIVE)
        last = frames(monitor.advance(k * 5.0))[-1]
    assert last["dropping"] == 0


def test_movement_weakens_the_signal():
    patient = FakePatient(sensor_state=SensorState(motion=0.75))
    assert frames(started(patient).advance(1.0))[0]["signal"] == 2


def test_a_gap_in_a_recording_is_a_flat_wave():
    patient = FakePatient(gap_s=(1.0, 2.0))
    assert {f["pleth"] for f in frames(started(patient).advance(3.0))[61:119]} == {64}


def test_extreme_values_stay_on_the_wire():
    numbers = PatientNumerics(pr_per_min=300.0, spo2_percent=100.4, perfusion_index_percent=120.0)
    first = frames(started(FakePatient(numbers=numbers)).advance(0.1))[0]
    assert (first["pr"], first["spo2"], first["pi"]) == (254, 100, 10000)
