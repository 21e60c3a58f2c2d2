import queue
import threading
import time
from collections.abc import Iterator

import pytest

from devices.clock import SystemClock
from devices.drivers.base import DriverCommand
from devices.link import Link
from devices.signals import Arrival, LinkState, LinkStatus, NumericReading, Provenance
from devices.transport.pipe import PipeEnd, pipe
from tests.devices.fakes import CUFF, OFF, ON, STOP, FakeDriver, frame, open_descriptors

PATIENCE_S = 20.0


class Running:
    """A link on its own thread, and the monitor's end of its pipe."""

    def __init__(self, driver: FakeDriver | None = None, *, host: PipeEnd | None = None) -> None:
        pair = pipe()
        self.host, self.monitor = host or pair[0], pair[1]
        self.monitor.open()
        self.heard: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        self.link = Link(driver or FakeDriver(), self.host, SystemClock(), self.heard.put, port="pipe")

    def until(self, wanted: LinkState | type) -> Arrival:
        deadline = time.monotonic() + PATIENCE_S
        while (left := deadline - time.monotonic()) > 0:
            arrival = self.heard.get(timeout=left)
            signal = arrival.signal
            if wanted is (signal.state if isinstance(signal, LinkStatus) else type(signal)):
                return arrival
        pytest.fail(f"{wanted} never came")

    def sent(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.monitor.read(PATIENCE_S)
            assert piece, f"only {data!r} was sent"
            data += piece
        return data


@pytest.fixture
def running() -> Iterator[Running]:
    made = Running()
    made.link.start()
    yield made
    made.link.close()


def test_a_visit_from_handshake_to_goodbye(running):
    assert running.sent(len(ON)) == ON
    running.monitor.write(frame(66))
    running.until(LinkState.STREAMING)
    assert running.until(NumericReading).signal == NumericReading("HR", 66.0, "/min")
    assert running.link.request(DriverCommand.NIBP_START)
    assert running.sent(len(CUFF)) == CUFF
    assert running.link.status.state is LinkState.STREAMING
    assert running.link.provenance is Provenance.SIMULATED
    assert running.link.close()
    assert running.monitor.read(0) == STOP + OFF
    running.until(LinkState.CLOSED)
    assert running.link.counters.frames_ok == 1


@pytest.mark.parametrize(("pause_s", "bound_ms"), [(0.03, 10.0), (0.0, 35.0)])
def test_bytes_after_a_pause_are_handed_on_at_once_and_a_stream_of_them_gathered(running, pause_s, bound_ms):
    running.sent(len(ON))
    delays_ms = []
    for value in range(60):
        running.monitor.read(pause_s)  # nothing comes: the link is quiet for as long
        began_ns = time.monotonic_ns()
        running.monitor.write(frame(value))
        arrival = running.until(NumericReading)
        delays_ms.append((time.monotonic_ns() - began_ns) / 1e6)
        assert began_ns <= arrival.mono_ns
    assert sorted(delays_ms)[30] < bound_ms


def test_it_sleeps_while_nothing_comes(running):
    running.sent(len(ON))
    began_cpu, began = time.process_time(), time.monotonic()
    running.monitor.read(1.0)  # waits for a second: nobody sends
    busy = (time.process_time() - began_cpu) / (time.monotonic() - began)
    assert busy < 0.05  # generous: other threads of the test run count too


def test_a_pulled_cable_comes_back_by_itself(running):
    running.sent(len(ON))
    running.monitor.unplug()
    running.until(LinkState.LOST)
    running.monitor.replug()
    running.monitor.open()
    assert running.sent(len(ON + STOP)).startswith(ON)
    running.monitor.write(frame(1))
    assert running.until(LinkState.STREAMING).signal.reconnects == 1


@pytest.mark.expects_log
def test_a_defect_in_the_driver_is_told_and_survived():
    running = Running(FakeDriver(break_on=99))
    running.link.start()
    running.sent(len(ON))
    running.monitor.write(frame(99))
    lost = running.until(LinkState.LOST)
    assert "internal error (ZeroDivisionError)" in lost.signal.detail
    running.sent(len(ON))
    running.monitor.write(frame(5))
    running.until(LinkState.STREAMING)
    assert running.link.close()


@pytest.mark.expects_log
def test_a_defect_in_the_listener_is_survived(caplog):
    heard: queue.SimpleQueue[Arrival] = queue.SimpleQueue()

    def listener(arrival: Arrival) -> None:
        heard.put(arrival)
        raise ValueError("a defect")

    host, monitor = pipe()
    monitor.open()
    link = Link(FakeDriver(), host, SystemClock(), listener, port="pipe")
    link.start()
    monitor.read(PATIENCE_S)
    for value in range(5):
        monitor.write(frame(value))
        while not isinstance(heard.get(timeout=PATIENCE_S).signal, NumericReading):
            pass
    assert link.close()
    assert sum("receiver" in record.message for record in caplog.records) == 1


class _HangingEnd(PipeEnd):
    """A port whose close hangs in the system, as a CH340's can."""

    never = threading.Event()

    def close(self) -> None:
        self.never.wait(PATIENCE_S)


@pytest.mark.expects_log
def test_closing_never_takes_longer_than_it_may():
    host, monitor = pipe()
    monitor.open()
    host.__class__ = _HangingEnd
    running = Running(host=host)
    running.monitor = monitor
    running.link.start()
    running.sent(len(ON))
    began = time.monotonic()
    assert not running.link.close(timeout_s=0.1)
    assert time.monotonic() - began < 5.0
    assert running.until(LinkState.CLOSED).signal.detail == "closed; the port did not answer"
    _HangingEnd.never.set()


@pytest.mark.expects_log
def test_a_listener_that_hangs_does_not_hang_the_close():
    release = threading.Event()
    entered = threading.Event()

    def listener(_: Arrival) -> None:
        entered.set()
        release.wait(PATIENCE_S)

    host, _monitor = pipe()
    link = Link(FakeDriver(), host, SystemClock(), listener, port="pipe")
    link.start()
    assert entered.wait(PATIENCE_S)
    assert not link.close(timeout_s=0.05)
    release.set()


def test_links_leave_no_thread_and_no_descriptor():
    threads, descriptors = set(threading.enumerate()), open_descriptors()
    for _ in range(20):
        running = Running()
        running.link.start()
        running.sent(len(ON))
        assert running.link.close()
    assert set(threading.enumerate()) <= threads
    assert open_descriptors() <= descriptors


def test_it_may_be_closed_from_its_own_listener():
    closed = threading.Event()
    host, monitor = pipe()
    monitor.open()

    def listener(arrival: Arrival) -> None:
        if isinstance(arrival.signal, NumericReading):
            assert link.close()
        elif arrival.signal.state is LinkState.CLOSED:
            closed.set()

    link = Link(FakeDriver(), host, SystemClock(), listener, port="pipe")
    link.start()
    monitor.read(PATIENCE_S)
    monitor.write(frame(1))
    assert closed.wait(PATIENCE_S)
