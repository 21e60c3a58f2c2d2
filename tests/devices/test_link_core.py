import numpy as np
import pytest

from devices.clock import NS_PER_S, ManualClock
from devices.drivers.base import DriverCommand
from devices.errors import DeviceTimeoutError
from devices.link import LinkCore
from devices.signals import (
    Arrival,
    LinkState,
    LinkStatus,
    NibpFailure,
    NibpProgress,
    NibpResult,
    NumericReading,
    Provenance,
)
from devices.transport.pipe import pipe
from devices.transport.pty import PtyPort
from devices.transport.serial_port import SerialTransport
from tests.devices.fakes import (
    CUFF,
    INFO,
    OFF,
    ON,
    POLL,
    STOP,
    FakeDriver,
    FakeMonitor,
    frame,
    open_descriptors,
)


class Bench:
    """A link on one end of a pipe, the test on the other, and a clock in the test's hand."""

    def __init__(self, driver: FakeDriver | None = None) -> None:
        self.driver = driver or FakeDriver()
        self.host, self.monitor = pipe()
        self.monitor.open()
        self.clock = ManualClock(start_ns=1_000 * NS_PER_S)
        self.core = LinkCore(self.driver, self.host, port="pipe")
        self.arrivals: list[Arrival] = []

    def step(self, after_s: float = 0.0) -> list[Arrival]:
        self.clock.advance_s(after_s)
        new = self.core.step(self.clock.monotonic_ns())
        self.arrivals += new
        return new

    def run(self, seconds: float, *, sending: bytes = b"") -> None:
        for _ in range(round(seconds / 0.1)):
            if sending:
                self.monitor.write(sending)
            self.step(0.1)

    def heard(self) -> bytes:
        return self.monitor.read(0)

    def statuses(self) -> list[LinkStatus]:
        return [a.signal for a in self.arrivals if isinstance(a.signal, LinkStatus)]

    def states(self) -> list[LinkState]:
        """The states it went through, each change once."""
        states = [s.state for s in self.statuses()]
        return [s for i, s in enumerate(states) if i == 0 or s is not states[i - 1]]

    def results(self) -> list[NibpResult]:
        return [a.signal for a in self.arrivals if isinstance(a.signal, NibpResult)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def streaming(bench: Bench) -> Bench:
    bench.step()
    bench.monitor.write(frame(70))
    bench.step(0.1)
    assert bench.core.status.state is LinkState.STREAMING
    bench.heard()
    bench.arrivals.clear()
    return bench


def test_it_searches_until_the_first_valid_frame(bench):
    bench.step()
    assert bench.heard() == ON
    assert bench.core.status.state is LinkState.SEARCHING
    assert "0 bytes" in bench.core.status.detail
    bench.monitor.write(frame(72)[:2])
    bench.step(0.1)
    assert bench.core.status.state is LinkState.SEARCHING
    bench.monitor.write(frame(72)[2:])
    new = bench.step(0.1)
    assert isinstance(new[0].signal, LinkStatus)
    assert new[0].signal.state is LinkState.STREAMING
    assert new[1] == Arrival("fake@pipe", bench.clock.monotonic_ns(), NumericReading("HR", 72.0, "/min"))
    assert new[0].source is new[1].source
    assert bench.core.provenance is Provenance.SIMULATED


def test_random_bytes_of_a_wrong_baud_rate_are_told_from_silence(bench):
    rubbish = np.random.default_rng(5).integers(0, 0x7E, 400, dtype=np.uint8).tobytes()
    bench.step()
    bench.run(3.0, sending=rubbish)
    assert bench.core.status.state is LinkState.SEARCHING
    assert "check baud rate and parity" in bench.core.status.detail
    assert "115200 8N1" in bench.core.status.detail
    assert bench.core.counters.frames_ok == 0
    bench.monitor.write(frame(70))
    bench.step(0.1)
    assert bench.core.status.state is LinkState.STREAMING


def test_a_silent_device_is_asked_again_and_the_port_reopened_for_ever(bench):
    bench.run(65.0)
    assert bench.states() == [LinkState.SEARCHING]
    assert all("0 bytes" in s.detail or "opening the port again" in s.detail for s in bench.statuses())
    assert bench.driver.asked.count("opened") == 7  # asked at 10, reopened at 20, and so on
    assert bench.core.status.reconnects == 3


def test_a_stream_that_stops_stalls_is_asked_again_and_goes_on(bench):
    streaming(bench)
    bench.run(2.9)
    assert bench.core.status.state is LinkState.STREAMING
    bench.step(0.1)
    assert bench.core.status.state is LinkState.STALLED
    assert bench.heard() == b""
    bench.run(7.0)
    assert bench.heard() == ON
    assert "asking the monitor again" in bench.core.status.detail
    bench.monitor.write(frame(70))
    bench.step(0.1)
    assert bench.states() == [LinkState.STALLED, LinkState.STREAMING]
    assert bench.core.counters.frames_ok == 2


def test_twenty_seconds_of_silence_reopen_the_port(bench):
    streaming(bench)
    bench.run(20.1)
    assert bench.states() == [LinkState.STALLED, LinkState.SEARCHING]
    assert bench.core.status.reconnects == 1


def test_health_is_told_at_least_every_five_seconds(bench):
    streaming(bench)
    bench.run(20.0, sending=frame(70))
    told = [s for s in bench.statuses() if s.state is LinkState.STREAMING]
    assert len(told) == 4
    assert told[-1].counters.frames_ok > told[0].counters.frames_ok + 100


def test_a_missing_port_is_tried_for_ever_with_growing_pauses(bench):
    bench.host.unplug()
    tries: list[float] = []
    real_open = bench.host.open
    bench.host.open = lambda: (tries.append(bench.clock.monotonic_ns() / NS_PER_S - 1000), real_open())[1]
    for _ in range(1000):
        bench.step(0.01)
    assert tries == pytest.approx([0.01, 0.26, 0.76, 1.76, 3.76, 5.76, 7.76, 9.76])
    assert bench.states() == [LinkState.SEARCHING]
    assert len(bench.statuses()) == 1
    assert "plug it in" in bench.core.status.detail


def test_a_pulled_cable_is_lost_and_comes_back_by_itself_with_a_cuff_stop(bench):
    streaming(bench)
    bench.host.unplug()
    bench.step(0.1)
    assert bench.core.status.state is LinkState.LOST
    bench.run(5.0)
    bench.host.replug()
    bench.monitor.open()
    bench.run(2.1)
    heard = bench.heard()
    assert heard == ON + STOP
    bench.monitor.write(frame(70))
    bench.step(0.1)
    assert bench.states() == [LinkState.LOST, LinkState.SEARCHING, LinkState.STREAMING]
    assert bench.core.status.reconnects == 1
    assert CUFF not in heard


def test_commands_reach_the_monitor(bench):
    streaming(bench)
    assert bench.core.request(DriverCommand.NIBP_START)
    bench.step(0.01)
    assert bench.core.request(DriverCommand.NIBP_STOP)
    bench.step(0.01)
    assert bench.heard() == CUFF + STOP


def test_a_start_with_nobody_there_fails_at_once_and_is_never_kept(bench):
    bench.step()
    bench.core.request(DriverCommand.NIBP_START)
    bench.step(0.1)
    assert [r.failure for r in bench.results()] == [NibpFailure.NO_ANSWER]
    bench.host.unplug()
    bench.step(0.1)
    bench.core.request(DriverCommand.NIBP_START)
    bench.step(0.1)
    assert len(bench.results()) == 2
    bench.host.replug()
    bench.monitor.open()
    bench.run(3.0, sending=frame(70))
    assert bench.core.status.state is LinkState.STREAMING
    assert CUFF not in bench.heard()


def test_a_measurement_cut_off_by_a_loss_is_told_once(bench):
    class Repeating(FakeDriver):
        def tick(self, now_ns):
            again, self.again = getattr(self, "again", []), []
            return again

        def opened(self, now_ns):
            self.again = [NibpResult(None, None, None, failure=NibpFailure.NO_ANSWER)]
            return super().opened(now_ns)

    bench = Bench(Repeating())
    bench.step()
    bench.monitor.write(frame(250))
    bench.step(0.1)
    assert isinstance(bench.arrivals[-1].signal, NibpProgress)
    bench.arrivals.clear()
    bench.host.unplug()
    bench.step(0.1)
    assert [r.failure for r in bench.results()] == [NibpFailure.NO_ANSWER]
    bench.host.replug()
    bench.monitor.open()
    bench.run(3.0, sending=frame(70))
    assert len(bench.results()) == 1


def test_too_many_commands_are_refused(bench):
    assert [bench.core.request(DriverCommand.NIBP_STOP) for _ in range(10)] == [True] * 8 + [False] * 2


def test_polls_are_sent_when_due():
    bench = streaming(Bench(FakeDriver(poll_s=1.0)))
    bench.run(3.05, sending=frame(70))
    assert bench.heard() == POLL * 3


def test_a_port_that_takes_nothing_is_still_listened_to_and_the_stop_goes_out_later(bench):
    streaming(bench)
    real_write = bench.host.write

    def refuse(data: bytes) -> None:
        raise DeviceTimeoutError("pipe does not take what is sent: check the cable.")

    bench.host.write = refuse
    bench.core.request(DriverCommand.NIBP_STOP)
    bench.core.request(DriverCommand.NIBP_START)
    bench.run(1.0, sending=frame(70))
    assert bench.core.status.state is LinkState.STREAMING
    assert "does not take" in bench.core.status.detail
    assert [r.failure for r in bench.results()] == [NibpFailure.NO_ANSWER]
    bench.host.write = real_write
    bench.run(5.0, sending=frame(70))
    assert bench.heard() == STOP
    assert bench.core.status.detail == "receiving"


def test_closing_says_goodbye_and_is_final(bench):
    streaming(bench)
    new = bench.core.close(bench.clock.monotonic_ns())
    assert new[-1].signal.state is LinkState.CLOSED
    assert bench.heard() == STOP + OFF
    assert bench.core.close(bench.clock.monotonic_ns()) == []
    assert bench.step(10.0) == []


def test_counters_add_up_over_reconnections(bench):
    for value in range(4):
        bench.step(2.0)
        bench.monitor.write(frame(value) + b"?")
        bench.step(0.1)
        bench.host.unplug()
        bench.step(0.1)
        bench.host.replug()
        bench.monitor.open()
    assert bench.core.counters.frames_ok == 4
    assert bench.core.counters.bytes_in == 16


def test_two_hundred_reconnections_of_a_real_pty_leak_nothing(tmp_path):
    link = tmp_path / "m"
    clock = ManualClock()
    core = LinkCore(FakeDriver(), SerialTransport(str(link), INFO.serial), port=str(link))

    def step_until(state: LinkState, port: PtyPort | None = None) -> None:
        monitor = FakeMonitor()
        for number in range(2000):
            core.step(clock.monotonic_ns(), 0.001)
            if core.status.state is state:
                return
            clock.advance_s(0.05)
            if port is not None:
                monitor.receive(port.read(0.0))
                port.write(monitor.advance(number * 0.05))
        pytest.fail(f"never {state}: {core.status}")

    counts = []
    for _ in range(201):
        with PtyPort(link, clock=clock) as port:
            step_until(LinkState.STREAMING, port)
        step_until(LinkState.LOST)
        counts.append(open_descriptors())
    assert core.status.reconnects == 200
    assert counts[-1] == counts[0]
    core.close(clock.monotonic_ns())


def test_a_defect_is_lost_and_tried_again():
    bench = streaming(Bench(FakeDriver(break_on=99)))
    bench.monitor.write(frame(99))
    with pytest.raises(ZeroDivisionError):
        bench.step(0.1)
    (told,) = bench.core.fail(bench.clock.monotonic_ns(), "internal error: connecting again")
    assert told.signal.state is LinkState.LOST
    bench.run(1.0, sending=frame(70))
    assert bench.core.status.state is LinkState.STREAMING
