"""The rules of the cuff (protocols.md §10): asked for, one at a time, always with an end."""

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverCommand, NibpTiming
from devices.patient import CuffPressures, SensorState
from devices.protocols.base import MonitorSide
from devices.signals import NibpFailure, NibpProgress, NibpResult, Signal
from tests.conformance.wire import Wire, applies, runs_cuff
from tests.devices.fake_patient import FakePatient


class CuffChecks(Wire):
    """For monitors whose cuff Chairside starts; the others only have to refuse."""

    def cuff(self, patient: FakePatient) -> tuple[Driver, MonitorSide]:
        driver, monitor = self.connected(patient)
        self.run(driver, monitor, 0.0, 2.0)
        return driver, monitor

    def results(self, heard: list[tuple[float, Signal]]) -> list[NibpResult]:
        return [signal for _, signal in heard if isinstance(signal, NibpResult)]

    @applies(lambda wire: wire.driver_class.info.nibp is not NibpTiming.HOST)
    def test_start_is_refused_where_the_host_does_not_time_the_cuff(self):
        driver = self.make_driver()
        driver.opened(0)
        assert driver.command(DriverCommand.NIBP_START, 1) == b""

    @applies(runs_cuff)
    def test_one_start_one_reading(self):
        patient = FakePatient()
        driver, monitor = self.cuff(patient)
        monitor.receive(driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S))
        heard = self.run(driver, monitor, 2.0, self.cycle_s)
        assert self.results(heard) == [NibpResult(122.0, 78.0, 92.0, self.results(heard)[0].pulse_per_min)]
        assert any(isinstance(signal, NibpProgress) and signal.cuff_mmhg for _, signal in heard)
        assert [what for what, _ in patient.cuff_log] == ["started", "ended"]

    @applies(runs_cuff)
    def test_start_while_measuring_is_ignored(self):
        patient = FakePatient()
        driver, monitor = self.cuff(patient)
        monitor.receive(driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S))
        assert driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S + 1) == b""
        heard = self.run(driver, monitor, 2.0, 8.0)
        assert driver.command(DriverCommand.NIBP_START, 8 * NS_PER_S) == b""
        heard += self.run(driver, monitor, 8.0, self.cycle_s)
        assert len(self.results(heard)) == 1
        assert driver.command(DriverCommand.NIBP_START, round(self.cycle_s) * NS_PER_S) != b""

    @applies(runs_cuff)
    def test_two_equal_readings_are_two_results(self):
        patient = FakePatient()
        driver, monitor = self.cuff(patient)
        heard = []
        for start_s in (2.0, 2.0 + self.cycle_s):
            monitor.receive(driver.command(DriverCommand.NIBP_START, round(start_s) * NS_PER_S))
            heard += self.run(driver, monitor, start_s, start_s + self.cycle_s)
        assert len(self.results(heard)) == 2

    @applies(runs_cuff)
    def test_stop_ends_the_cycle_as_stopped(self):
        patient = FakePatient()
        driver, monitor = self.cuff(patient)
        monitor.receive(driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S))
        heard = self.run(driver, monitor, 2.0, 10.0)
        monitor.receive(driver.command(DriverCommand.NIBP_STOP, 10 * NS_PER_S))
        heard += self.run(driver, monitor, 10.0, 20.0)
        assert [result.failure for result in self.results(heard)] == [NibpFailure.STOPPED]
        assert patient.cuff_log[-1][0] == "ended"

    @applies(runs_cuff)
    def test_closing_lets_the_cuff_go(self):
        patient = FakePatient()
        driver, monitor = self.cuff(patient)
        monitor.receive(driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S))
        self.run(driver, monitor, 2.0, 10.0)
        monitor.receive(driver.closing())
        monitor.advance(10.5)
        assert [what for what, _ in patient.cuff_log] == ["started", "ended"]

    @applies(runs_cuff)
    def test_loose_cuff_is_a_failure_with_its_cause(self):
        patient = FakePatient(
            sensor_state=SensorState(cuff_loose=True), pressures=CuffPressures(failure=NibpFailure.CUFF_LOOSE)
        )
        driver, monitor = self.cuff(patient)
        monitor.receive(driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S))
        heard = self.run(driver, monitor, 2.0, self.cycle_s)
        assert [result.failure for result in self.results(heard)] == [NibpFailure.CUFF_LOOSE]

    @applies(runs_cuff)
    def test_start_nobody_answers_is_a_failure(self):
        driver, _ = self.cuff(FakePatient())
        assert driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S)
        seconds = range(2, round(driver.info.nibp_timeout_s) + 10)
        said = [signal for second in seconds for signal in driver.tick(second * NS_PER_S)]
        assert [s.failure for s in said if isinstance(s, NibpResult)] == [NibpFailure.NO_ANSWER]
