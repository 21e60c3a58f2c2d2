"""What a driver must live through on a real connection: a pulled cable, silence, a monitor switched off and on.

The link of the program runs it, against the emulated monitor of its family, on an in-memory cable and a manual clock.
"""

from typing import ClassVar

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverCommand
from devices.link_core import LinkCore
from devices.signals import Arrival, LinkState, LinkStatus, NibpFailure, NibpResult, NumericReading
from devices.simulators.emulator import Emulator, parse_fault
from devices.transport.pipe import PipeEnd, pipe
from tests.conformance.wire import Wire, applies, has_monitor, runs_cuff
from tests.devices.fake_patient import FakePatient

STEP_S = 0.02


class Connection:
    """A driver on its link, an emulated monitor at the other end, and everything that was heard."""

    def __init__(self, driver: Driver, emulator: Emulator, host: PipeEnd) -> None:
        self.emulator, self.host = emulator, host
        self.core = LinkCore(driver, host, port="cable")
        self.heard: list[Arrival] = []
        self.steps = 0

    @property
    def now_s(self) -> float:
        return self.steps * STEP_S

    @property
    def states(self) -> list[LinkState]:
        states = [a.signal.state for a in self.heard if isinstance(a.signal, LinkStatus)]
        return [state for k, state in enumerate(states) if k == 0 or states[k - 1] is not state]

    def pass_time(self, seconds: float) -> list[Arrival]:
        new: list[Arrival] = []
        for _ in range(round(seconds / STEP_S)):
            self.steps += 1
            self.emulator.step(self.now_s)
            new += self.core.step(round(self.now_s * NS_PER_S))
        self.heard += new
        return new

    def streams_within(self, seconds: float) -> float:
        """Wait for STREAMING and return how long it took."""
        begun_s = self.now_s
        while self.now_s - begun_s < seconds:
            self.pass_time(0.1)
            if self.core.status.state is LinkState.STREAMING:
                return self.now_s - begun_s
        raise AssertionError(f"not streaming after {seconds} s: {self.core.status}")


class LinkChecks(Wire):
    """Reconnection is for ever, and it never touches the cuff (protocols.md §10, §11)."""

    streams_within_s: ClassVar[float] = 6.0  # from an open port to the first valid frame

    def connect(self, patient: FakePatient, *faults: str) -> Connection:
        host, end = pipe(capacity_bytes=1_000_000)
        emulator = Emulator(
            self.monitor(patient),
            patient,
            end,
            faults=[parse_fault(text) for text in faults],
            restart=lambda later, _: self.monitor(later),
        )
        emulator.step(STEP_S / 2)
        return Connection(self.make_driver(), emulator, host)

    @applies(has_monitor)
    def test_a_pulled_cable_comes_back_and_nothing_inflates(self):
        patient = FakePatient()
        link = self.connect(patient)
        link.streams_within(self.streams_within_s)
        for _ in range(3):
            link.pass_time(7.01)
            link.host.unplug()
            link.pass_time(3.0)
            assert link.core.status.state is LinkState.LOST
            link.host.replug()
            link.streams_within(self.streams_within_s + 2.0)
        assert link.core.status.reconnects == 3
        assert patient.cuff_log == []
        counters = link.core.counters
        assert counters.frames_ok > 0
        assert counters.frames_bad <= 3 * 2
        assert counters.bytes_in >= counters.bytes_discarded

    @applies(has_monitor)
    def test_no_number_is_told_while_the_cable_is_out(self):
        link = self.connect(FakePatient())
        link.streams_within(self.streams_within_s)
        link.pass_time(5.0)
        link.host.unplug()
        silent = link.pass_time(10.0)
        assert not [a for a in silent if isinstance(a.signal, NumericReading) and a.signal.value is not None]
        link.host.replug()
        link.streams_within(self.streams_within_s + 2.0)
        wanted = set(self.driver_class.info.numerics)
        told = {
            a.signal.name
            for a in link.pass_time(2 * self.starts_within_s + 5.0)
            if isinstance(a.signal, NumericReading) and a.signal.value is not None
        }
        assert wanted <= told

    @applies(has_monitor)
    def test_a_silent_monitor_is_stalled_and_then_streams_again(self):
        patient = FakePatient()
        link = self.connect(patient, "silence@10-50")
        link.streams_within(self.streams_within_s)
        link.pass_time(30.0)
        assert link.core.status.state is not LinkState.STREAMING
        link.pass_time(15.0 - self.streams_within_s)
        link.streams_within(30.0)
        assert patient.cuff_log == []

    @applies(has_monitor)
    def test_a_monitor_switched_off_and_on_is_asked_again(self):
        patient = FakePatient()
        link = self.connect(patient, "reset:3@10")
        link.streams_within(self.streams_within_s)
        link.pass_time(14.0)
        link.pass_time(30.0)
        link.streams_within(30.0)
        wanted = {name for name in self.measured_numerics if name in self.driver_class.info.numerics}
        told = {
            a.signal.name
            for a in link.pass_time(2 * self.starts_within_s + 5.0)
            if isinstance(a.signal, NumericReading) and a.signal.value is not None
        }
        assert wanted <= told
        assert patient.cuff_log == []

    @applies(runs_cuff)
    def test_a_cuff_left_inflating_is_let_go_when_the_cable_returns(self):
        patient = FakePatient()
        link = self.connect(patient)
        link.streams_within(self.streams_within_s)
        link.pass_time(3.0)
        assert link.core.request(DriverCommand.NIBP_START)
        link.pass_time(5.0)
        assert patient.cuff_log
        link.host.unplug()
        lost = link.pass_time(2.0)
        assert [a.signal.failure for a in lost if isinstance(a.signal, NibpResult)] == [NibpFailure.NO_ANSWER]
        link.host.replug()
        link.streams_within(self.streams_within_s + 2.0)
        link.pass_time(1.0)
        assert [what for what, _ in patient.cuff_log] == ["started", "ended"]
        assert link.now_s < 25.0  # before any cycle would have ended by itself
        assert not [a for a in link.pass_time(60.0) if isinstance(a.signal, NibpResult)]
