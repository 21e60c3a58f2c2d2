"""The rules of a cuff that the monitor times itself (protocols.md §10): watched, never touched, each reading told once."""

from typing import ClassVar

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverCommand, NibpTiming
from devices.patient import CuffPressures, SensorState
from devices.protocols.base import CuffPanel, MonitorSide
from devices.signals import NibpFailure, NibpResult, Signal
from tests.conformance.wire import Wire, applies, has_monitor
from tests.devices.fake_patient import FakePatient


def watches_cuff(wire: "type[Wire]") -> bool:
    return has_monitor(wire) and wire.driver_class.info.nibp is NibpTiming.MONITOR


class PanelCuffChecks(Wire):
    """For monitors worked from their front; the emulated one must have a ``CuffPanel``."""

    panel_step_s: ClassVar[float] = 0.25
    panel_cycle_s: ClassVar[float] = 55.0  # a measurement and the poll after it
    loose_cuff: ClassVar[NibpFailure | None] = (
        None  # what a loose cuff is called; None: this wire has no cause
    )

    def watched(self, patient: FakePatient) -> tuple[Driver, MonitorSide]:
        driver, monitor = self.connected(patient)
        assert isinstance(monitor, CuffPanel)
        self.pass_time(driver, monitor, 0.0, 8.0)
        return driver, monitor

    def pass_time(self, driver: Driver, monitor: MonitorSide, start_s: float, end_s: float) -> list[Signal]:
        heard: list[Signal] = []
        for k in range(round(start_s / self.panel_step_s) + 1, round(end_s / self.panel_step_s) + 1):
            now_s = k * self.panel_step_s
            now_ns = round(now_s * NS_PER_S)
            heard += driver.feed(monitor.advance(now_s), now_ns) + driver.tick(now_ns)
            monitor.receive(driver.due(now_ns))
        return heard

    @staticmethod
    def told(heard: list[Signal]) -> list[tuple[float | None, float | None, float | None]]:
        results = [signal for signal in heard if isinstance(signal, NibpResult)]
        assert all(result.failure is None for result in results)
        return [(result.systolic_mmhg, result.diastolic_mmhg, result.mean_mmhg) for result in results]

    @applies(watches_cuff)
    def test_start_on_the_monitor_gives_one_result(self):
        patient = FakePatient()
        driver, monitor = self.watched(patient)
        assert isinstance(monitor, CuffPanel)
        monitor.press_nibp()
        heard = self.pass_time(driver, monitor, 8.0, 8.0 + self.panel_cycle_s)
        assert self.told(heard) == [(122.0, 78.0, 92.0)]
        assert [what for what, _ in patient.cuff_log] == ["started", "ended"]

    @applies(watches_cuff)
    def test_auto_gives_one_result_a_cycle_and_equal_readings_count_each(self):
        patient = FakePatient()
        driver, monitor = self.watched(patient)
        assert isinstance(monitor, CuffPanel)
        monitor.set_nibp_auto(1)
        heard = self.pass_time(driver, monitor, 8.0, 8.0 + 120.0 + self.panel_cycle_s)
        assert self.told(heard) == [(122.0, 78.0, 92.0)] * 3

    @applies(watches_cuff)
    def test_a_reading_shown_again_and_again_is_told_once(self):
        driver, monitor = self.watched(FakePatient())
        assert isinstance(monitor, CuffPanel)
        monitor.press_nibp()
        self.pass_time(driver, monitor, 8.0, 8.0 + self.panel_cycle_s)
        assert self.told(self.pass_time(driver, monitor, 8.0 + self.panel_cycle_s, 300.0)) == []

    @applies(watches_cuff)
    def test_a_reading_from_before_a_reconnection_is_not_told_again(self):
        patient = FakePatient()
        driver, monitor = self.watched(patient)
        assert isinstance(monitor, CuffPanel)
        monitor.press_nibp()
        heard = self.pass_time(driver, monitor, 8.0, 8.0 + self.panel_cycle_s)
        at_s = 8.0 + self.panel_cycle_s
        for _ in range(3):
            monitor.receive(driver.opened(round(at_s * NS_PER_S)))
            heard += self.pass_time(driver, monitor, at_s, at_s + 20.0)
            at_s += 20.0
        assert len(self.told(heard)) == 1
        assert [what for what, _ in patient.cuff_log] == ["started", "ended"]

    @applies(watches_cuff)
    def test_nothing_inflates_at_connecting_and_no_command_does(self):
        patient = FakePatient()
        driver, monitor = self.watched(patient)
        assert isinstance(monitor, CuffPanel)
        monitor.set_nibp_auto(None)
        for command in DriverCommand:
            monitor.receive(driver.command(command, 8 * NS_PER_S))
        monitor.receive(driver.opened(8 * NS_PER_S))
        self.pass_time(driver, monitor, 8.0, 60.0)
        monitor.receive(driver.closing())
        self.pass_time(driver, monitor, 60.0, 65.0)
        assert patient.cuff_log == []

    @applies(watches_cuff)
    def test_a_failed_measurement_is_an_event_and_no_reading(self):
        patient = FakePatient(
            sensor_state=SensorState(cuff_loose=True), pressures=CuffPressures(failure=NibpFailure.CUFF_LOOSE)
        )
        driver, monitor = self.watched(patient)
        assert isinstance(monitor, CuffPanel)
        monitor.press_nibp()
        heard = self.pass_time(driver, monitor, 8.0, 8.0 + 2 * self.panel_cycle_s)
        (result,) = (signal for signal in heard if isinstance(signal, NibpResult))
        assert result.failure is (self.loose_cuff or result.failure)
        assert result.failure not in (None, NibpFailure.STOPPED, NibpFailure.NO_ANSWER)
        assert result.systolic_mmhg is result.diastolic_mmhg is result.mean_mmhg is None

    @applies(watches_cuff)
    def test_a_measurement_stopped_on_the_monitor_is_no_reading(self):
        patient = FakePatient()
        driver, monitor = self.watched(patient)
        assert isinstance(monitor, CuffPanel)
        monitor.press_nibp()
        heard = self.pass_time(driver, monitor, 8.0, 18.0)
        monitor.press_nibp()
        heard += self.pass_time(driver, monitor, 18.0, 18.0 + self.panel_cycle_s)
        results = [signal for signal in heard if isinstance(signal, NibpResult)]
        assert all(result.failure is not None and result.systolic_mmhg is None for result in results)
        assert len(results) <= 1
        assert patient.cuff_log[-1][0] == "ended"
