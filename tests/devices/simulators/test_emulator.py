import os
import signal
import subprocess
import sys
import threading

import pytest

from devices.clock import NS_PER_S, ManualClock, SystemClock
from devices.drivers.base import Driver
from devices.errors import DeviceOpenError
from devices.link import LinkCore
from devices.patient import PatientSource
from devices.protocols.base import MonitorSide
from devices.registry import BUILTIN_MONITORS, make_driver, make_monitor
from devices.signals import LinkState, NumericReading
from devices.simulators.emulator import FAULT_NAMES, Emulator, EmulatorRunner, parse_fault
from devices.transport.pipe import PipeEnd, pipe
from devices.transport.pty import PtyPort
from tests.devices.fake_patient import FakePatient
from tests.devices.fakes import OFF, ON, FakeDriver, FakeMonitor, frame


def opened(*faults: str, seed: int = 1, restart: bool = True) -> tuple[Emulator, PipeEnd]:
    host, end = pipe(capacity_bytes=10_000_000)
    host.open()
    patient = FakePatient()
    emulator = Emulator(
        FakeMonitor(patient),
        patient,
        end,
        faults=[parse_fault(f) for f in faults],
        seed=seed,
        restart=(lambda later, _: FakeMonitor(later, seed=100)) if restart else None,
    )
    emulator.step(0.001)
    return emulator, host


def test_it_says_nothing_before_it_is_asked_and_stops_when_told():
    emulator, host = opened()
    emulator.step(1.0)
    assert host.read(0) == b""
    host.write(ON)
    emulator.step(2.0)
    assert host.read(0).startswith(frame(0) + frame(1))
    host.write(OFF)
    emulator.step(2.1)
    host.read(0)
    emulator.step(3.0)
    assert host.read(0) == b""


@pytest.mark.parametrize("step_s", [0.01, 0.1, 0.37, 5.0])
def test_how_it_is_stepped_does_not_change_what_it_sends(step_s):
    emulator, host = opened()
    host.write(ON)
    at_s = 0.0
    while at_s < 10.0:
        at_s = min(at_s + step_s, 10.0)
        emulator.step(at_s)
    heard = host.read(0)
    assert heard == b"".join(frame(i % 200) for i in range(len(heard) // 3))
    assert len(heard) // 3 == pytest.approx(500, abs=6)


def test_the_patient_lives_on_also_while_the_monitor_is_silent():
    host, end = pipe()
    host.open()
    patient = FakePatient()
    Emulator(FakeMonitor(patient), patient, end).step(7.25)
    assert patient.now_s == 7.25


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_the_same_seed_gives_the_same_bytes(name):
    def run(seed: int) -> bytes:
        emulator, host = opened(f"{name}@2", seed=seed)
        host.write(ON)
        emulator.step(10.0)
        return host.read(0)

    assert run(4) == run(4)
    if name in {"drop", "double", "badsum", "garbage", "baud"}:
        assert run(4) != run(5)


def test_a_reset_monitor_has_forgotten_that_it_was_on():
    emulator, host = opened("reset:2@5")
    host.write(ON)
    emulator.step(4.99)
    assert host.read(0)
    host.write(ON)
    emulator.step(6.9)
    assert host.read(0) == b""  # restarting: it did not hear that
    emulator.step(20.0)
    assert host.read(0) == b""
    host.write(ON)
    emulator.step(21.0)
    assert host.read(0).startswith(frame(100))


@pytest.mark.parametrize("driver_id", sorted(BUILTIN_MONITORS))
def test_a_reset_monitor_begins_with_the_present_and_not_with_its_past(driver_id):
    host, end = pipe(capacity_bytes=10_000_000)
    host.open()
    patient = FakePatient()
    powered: list[float] = []

    def restart(later: PatientSource, at_s: float) -> MonitorSide:
        powered.append(at_s)
        return make_monitor(driver_id, later, seed=1)

    first = make_monitor(driver_id, patient, seed=1)
    emulator = Emulator(first, patient, end, faults=[parse_fault("reset:3@300")], restart=restart)
    driver = make_driver(driver_id)
    host_says(emulator, host, driver, 0.05)
    heard: dict[int, int] = {}
    for k in range(2, 6300):
        now_s = k * 0.05
        if k == round(303.2 / 0.05):
            host.write(driver.opened(round(now_s * NS_PER_S)))
        emulator.step(now_s)
        data = host.read(0)
        driver.feed(data, round(now_s * NS_PER_S))
        host.write(driver.due(round(now_s * NS_PER_S)))
        heard[int(now_s)] = heard.get(int(now_s), 0) + len(data)
    assert powered == [pytest.approx(303.0, abs=0.11)]
    assert sum(heard[s] for s in (300, 301, 302)) <= heard[299] / 10
    before, after = (sum(heard[s] for s in span) for span in (range(288, 298), range(305, 315)))
    assert after <= 1.5 * before + 300
    assert after >= 0.6 * before


def host_says(emulator: Emulator, host: PipeEnd, driver: Driver, at_s: float) -> None:
    emulator.step(at_s)
    host.write(driver.opened(round(at_s * NS_PER_S)))


def test_a_cable_pulled_at_its_end_is_survived():
    emulator, host = opened()
    host.write(ON)
    emulator.step(1.0)
    host.unplug()
    emulator.step(3.0)
    assert emulator.lost_bytes > 200
    host.replug()
    host.open()
    emulator.step(3.5)
    assert host.read(0)


def test_the_driver_and_the_link_hear_it_through_every_fault():
    clock = ManualClock()
    faults = [f"{name}@{10 * i}-{10 * i + 5}" for i, name in enumerate(FAULT_NAMES, 1)]
    emulator, host = opened(*faults)
    host.close()
    core = LinkCore(FakeDriver(), host, port="pipe")
    values = 0
    while clock.monotonic_ns() < (10 * len(FAULT_NAMES) + 60) * NS_PER_S:
        clock.advance_s(0.05)
        emulator.step(clock.monotonic_ns() / NS_PER_S)
        values += sum(isinstance(a.signal, NumericReading) for a in core.step(clock.monotonic_ns()))
    assert core.status.state is LinkState.STREAMING
    assert values > 50 * (10 * len(FAULT_NAMES)) * 0.7
    assert core.counters.frames_ok == values


def test_a_mistake_in_the_port_is_heard_when_opening(tmp_path):
    patient = FakePatient()
    emulator = Emulator(FakeMonitor(patient), patient, PtyPort(tmp_path / "none" / "m"))
    with pytest.raises(DeviceOpenError):
        emulator.open()


def test_the_runner_keeps_patient_time_without_drift():
    clock = ManualClock(start_ns=123_456_789)
    emulator, host = opened()
    host.write(ON)
    EmulatorRunner(emulator, clock, speed=5.0, start_s=100.0).run(until_s=400.0)
    assert emulator.now_s == 400.0
    assert clock.monotonic_ns() - 123_456_789 == pytest.approx(60 * NS_PER_S, abs=0.02 * NS_PER_S)


class _SuspendedClock(ManualClock):
    """A computer that was put to sleep for an hour at the hundredth step."""

    steps = 0

    def sleep_until(self, monotonic_ns: int) -> None:
        self.steps += 1
        super().sleep_until(monotonic_ns + (3600 * NS_PER_S if self.steps == 100 else 0))


def test_a_suspended_computer_does_not_pour_the_past_onto_the_wire():
    clock = _SuspendedClock()
    emulator, host = opened()
    host.write(ON)
    EmulatorRunner(emulator, clock).run(until_s=10.0)
    assert clock.monotonic_ns() == pytest.approx(3610 * NS_PER_S, abs=0.05 * NS_PER_S)


def test_the_thread_starts_runs_and_stops():
    host, end = pipe()
    host.open()
    patient = FakePatient()
    runner = EmulatorRunner(Emulator(FakeMonitor(patient), patient, end), SystemClock(), speed=10.0)
    threads = set(threading.enumerate())
    end.open()
    host.write(ON)
    runner.start()
    with pytest.raises(RuntimeError):
        runner.start()
    assert host.read(20.0).startswith(frame(0))
    assert runner.stop()
    assert set(threading.enumerate()) <= threads
    assert not end.is_open


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_killed_reader_does_not_end_it_and_the_next_one_hears_the_present(tmp_path):
    link = tmp_path / "m"
    patient = FakePatient()
    clock = ManualClock()
    emulator = Emulator(FakeMonitor(patient), patient, PtyPort(link, clock=clock))
    emulator.open()

    def run_for(seconds: float) -> None:
        for _ in range(round(seconds / 0.02)):
            clock.advance_s(0.02)
            emulator.step(clock.monotonic_ns() / NS_PER_S)

    code = "import os, sys; f = os.open(sys.argv[1], os.O_RDWR); os.write(f, b'<ON>'); os.write(1, b'.'); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, str(link)], stdin=-1, stdout=-1) as reader:
        assert reader.stdout is not None
        assert reader.stdout.read(1) == b"."
        run_for(5.0)
        reader.send_signal(signal.SIGKILL)
        reader.wait()
    run_for(60.0)
    core = LinkCore(FakeDriver(), _serial(link), port=str(link))
    for _ in range(200):
        core.step(clock.monotonic_ns(), 0.01)
        run_for(0.02)
        if core.status.state is LinkState.STREAMING:
            break
    assert core.status.state is LinkState.STREAMING
    core.close(clock.monotonic_ns())
    emulator.close()
    assert not os.path.lexists(link)


def _serial(link):
    from devices.drivers.base import SerialSettings
    from devices.transport.serial_port import SerialTransport

    return SerialTransport(str(link), SerialSettings(115200))
