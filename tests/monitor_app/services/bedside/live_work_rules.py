"""How the alarm rules about connections, the computer and the work are brought about at a real bedside."""

from devices.clock import ManualClock
from devices.signals import Counters, DeviceIdentity, LinkState, LinkStatus, Provenance
from monitor_app.core.commands import RecordInfusion
from monitor_app.core.journal import InfusionEntry
from monitor_app.core.phase import Phase
from monitor_app.services.assembly import Head, Surroundings, make_bedside, opened_of
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.computer import Computer
from tests.monitor_app.services.bedside.bench import NURSE, Bench, reading
from tests.monitor_app.services.bedside.bench_visit import (
    INFUSING,
    PLACING,
    care,
    chair,
    frozen,
    put,
    recovering,
    restarted,
)
from tests.monitor_app.services.bedside.live_rules import COURSES, course, numbers

GB = 1_000_000_000

__all__ = ["COURSES"]


@course("TE-09-L TE-09-M")
def device_silent() -> Bench:
    bench, monitor = chair(*INFUSING)
    monitor.talking = False
    bench.run(11)
    return bench


@course("TE-10")
def bad_frames() -> Bench:
    bench, _ = chair(*INFUSING)
    for step in range(9):
        counters = Counters(frames_ok=500 * step, frames_bad=40 * step)
        bench.say(LinkStatus(LinkState.STREAMING, "receiving", counters))
        bench.run(5)
    return bench


@course("TE-12")
def cannot_write() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.bedside.storage_trouble("no space left on device")
    return bench


@course("TE-13-L TE-13-M")
def disk_fills() -> Bench:
    bench, _ = chair(*INFUSING)
    for free_bytes in (3 * GB, GB, GB // 5):
        bench.bedside.watch.computer(Computer(free_bytes))
        bench.run(1)
    return bench


@course("TE-14 TE-16-W")
def no_sound_and_no_watchdog() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.sounder.trouble = "this computer has no sound output"
    bench.bedside.watch.watchdog("it has ended")
    bench.run(4)
    return bench


@course("TE-14-L")
def second_output_unplugged() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.sounder.second_trouble = "Hall is not connected"
    bench.run(2)
    return bench


@course("TE-15")
def clock_set() -> Bench:
    bench, _ = chair(*INFUSING)
    clock: ManualClock = bench.clock
    clock.set_wall_utc(clock.wall_utc().replace(minute=50))
    bench.run(1)
    return bench


@course("TE-16-L TE-16-H")
def window_stands_still() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.bedside.watch.screen(bench.clock.monotonic_ns())
    bench.run(6, step_s=0.5)
    return bench


@course("TE-17-I TE-17-M TE-17-H")
def battery_runs_down() -> Bench:
    bench, _ = chair(*INFUSING)
    for percent in (60.0, 19.0, 7.0):
        bench.bedside.watch.computer(Computer(None, on_battery=True, battery_percent=percent))
        bench.run(1)
    return bench


@course("TE-18")
def simulated_after_all() -> Bench:
    bench = Bench(simulated=False)
    bench.bedside.begin()
    bench.plug(provenance=Provenance.REAL)
    bench.enter(*PLACING)
    bench.say(DeviceIdentity("Chairside", "emulator", simulator=True))
    return bench


@course("TE-19")
def another_monitor() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.say(DeviceIdentity("Maker", "M1", "17"))
    bench.say(DeviceIdentity("Maker", "M1", "18"))
    bench.run(1)
    return bench


@course("TE-20")
def after_a_restart() -> Bench:
    return restarted(numbers(1)(), gap_s=20.0)


@course("WF-01-L WF-01-M")
def checks_overdue() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.run(21 * 60, step_s=30)
    return bench


@course("WF-02-L WF-02-M")
def infusion_goes_on() -> Bench:
    bench, _ = chair(*INFUSING, order_min=5.0)
    bench.run(11 * 60, step_s=30)
    return bench


@course("WF-03")
def the_pump_says_otherwise() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.run(300, step_s=10)
    assert bench.do(RecordInfusion("volume", NURSE, pump_volume_ml=30.0)) == ()
    return bench


@course("WF-04")
def long_pause() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.enter(Phase.PAUSE)
    bench.run(16 * 60, step_s=30)
    return bench


@course("AL-HR-08 AL-BP-12 WF-05 WF-06 WF-08")
def recovery_that_does_not_end() -> Bench:
    bench, monitor = chair(*INFUSING)
    frozen(bench, 110, 70, hr=90)
    bench.say(reading(112, 70))
    put(bench, InfusionEntry(bench.bedside.clock.stamp(), "i2", "completed", None, NURSE))
    bench.enter(Phase.REC)
    bench.run(28 * 60, step_s=60)
    bench.say(reading(141, 74))
    monitor.numbers |= {"HR": 115, "PR": 115}
    bench.run(94 * 60, step_s=60)
    return bench


@course("AL-BP-11")
def late_rise() -> Bench:
    bench, _ = recovering()
    bench.say(reading(118, 70))
    bench.run(600, step_s=20)
    bench.say(reading(142, 78))
    return bench


@course("WF-07")
def event_at_discharge() -> Bench:
    bench, _ = recovering()
    care(bench, "adverse_event", term="Nausea", outcome="recovering")
    bench.enter(Phase.DCA)
    bench.run(1)
    return bench


@course("WF-09")
def review_due() -> Bench:
    def make(around: Surroundings, clock: ManualClock) -> Bedside:
        head = Head("bench-session", "P-1", simulated=True, patient={"drug_screen_due": "2026-01-02"})
        return make_bedside(opened_of(head, clock), around)

    bench = Bench(make=make)
    bench.bedside.begin()
    bench.enter(Phase.CHECKIN)
    bench.run(1)
    return bench
