import numpy as np
import pytest

from devices.patient import CuffPressures, SensorState
from devices.protocols.berry import commands
from devices.protocols.berry.commands import NibpPatient
from devices.protocols.berry.frames import FrameReader
from devices.protocols.berry.monitor import BerryMonitor
from tests.devices.fake_patient import FakePatient


def of_type(data: bytes, kind: int) -> list[bytes]:
    return [body[1:] for body in FrameReader().feed(data) if body[0] == kind]


def switched_on(patient: FakePatient, *commands_sent: bytes, seed: int = 1) -> BerryMonitor:
    monitor = BerryMonitor(patient, seed=seed)
    monitor.receive(b"".join(commands_sent))
    return monitor


def cuff_states(data: bytes) -> list[int]:
    """States in order, repeats taken out."""
    states = [body[0] >> 2 & 0xF for body in of_type(data, 0x03)]
    return [state for k, state in enumerate(states) if k == 0 or state != states[k - 1]]


@pytest.mark.parametrize("seed", range(5))
def test_cycle_shape(seed):
    patient = FakePatient()
    monitor = switched_on(patient, commands.nibp_target(160), commands.NIBP_START, seed=seed)
    data = monitor.advance(45.0)
    assert cuff_states(data) == [9, 10, 1, 0]
    (_, started_s), (_, ended_s) = patient.cuff_log
    assert 25.0 <= ended_s - started_s <= 40.0
    frames = of_type(data, 0x03)
    measuring = [frame for frame in frames if frame[0] >> 2 == 1]
    assert len(measuring) == pytest.approx((ended_s - 0.8) * 5, abs=2)
    assert all(frame[2:] == b"\x00\x00\x00" for frame in measuring)
    cuff_mmhg = [2 * frame[1] for frame in measuring]
    top = int(np.argmax(cuff_mmhg))
    assert cuff_mmhg[top] == pytest.approx(160, abs=4)
    assert top / 5 == pytest.approx(8.0, abs=0.4)
    assert cuff_mmhg[: top + 1] == sorted(cuff_mmhg[: top + 1])
    assert cuff_mmhg[top:] == sorted(cuff_mmhg[top:], reverse=True)
    assert set(frames[-8:]) == {bytes((0, 0, 122, 92, 78))}  # repeated as idle


def test_target_holds_for_one_measurement_and_stays_in_range():
    patient = FakePatient()
    monitor = switched_on(patient, bytes.fromhex("55 AA 04 0A FF F2"), commands.NIBP_START)  # 510 mmHg
    first = max(body[1] for body in of_type(monitor.advance(45.0), 0x03))
    monitor.receive(commands.NIBP_START)
    second = max(body[1] for body in of_type(monitor.advance(90.0), 0x03))
    assert 2 * first == pytest.approx(300, abs=8)
    assert 2 * second == pytest.approx(150, abs=4)


def test_patient_type_sets_the_default_and_is_reported():
    monitor = switched_on(FakePatient(), commands.nibp_patient(NibpPatient.NEONATE), commands.NIBP_START)
    frames = of_type(monitor.advance(20.0), 0x03)
    assert {frame[0] & 3 for frame in frames} == {2}
    assert 2 * max(frame[1] for frame in frames) == pytest.approx(70, abs=2)


def test_second_start_is_ignored_and_stop_ends_at_once():
    patient = FakePatient()
    monitor = switched_on(patient, commands.NIBP_START)
    monitor.advance(5.0)
    monitor.receive(commands.NIBP_START)
    monitor.advance(10.0)
    monitor.receive(commands.NIBP_STOP)
    assert cuff_states(monitor.advance(12.0)) == [2]
    assert patient.cuff_log == [("started", 0.0), ("ended", 10.0)]
    monitor.receive(commands.NIBP_STOP)
    assert cuff_states(monitor.advance(14.0)) == [2]


def test_loose_cuff_gives_up_within_seconds():
    patient = FakePatient(sensor_state=SensorState(cuff_loose=True))
    data = switched_on(patient, commands.NIBP_START).advance(10.0)
    assert cuff_states(data) == [9, 10, 1, 4]
    assert patient.cuff_log[-1][1] < 5.0


def test_cuff_that_comes_loose_only_for_a_moment_goes_on():
    patient = FakePatient()
    monitor = switched_on(patient, commands.NIBP_START)
    monitor.advance(10.0)
    patient.sensor_state = SensorState(cuff_loose=True)
    monitor.advance(12.0)
    patient.sensor_state = SensorState()
    assert cuff_states(monitor.advance(45.0)) == [1, 0]


def test_reading_is_rounded_and_its_mean_sent():
    patient = FakePatient(pressures=CuffPressures(133.5, 71.4, 95.6))
    assert of_type(switched_on(patient, commands.NIBP_START).advance(45.0), 0x03)[-1] == bytes(
        (0, 0, 134, 96, 71)
    )
