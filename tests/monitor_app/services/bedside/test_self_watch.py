"""What the program learns about itself: told to the rules, kept in the record, taken up after a restart (clinical.md §6.6)."""

import pytest

from devices.clock import ManualClock
from devices.signals import DeviceIdentity
from monitor_app.core.alarm.facts import SystemFacts
from monitor_app.core.commands import Acknowledge
from monitor_app.core.phase import Phase
from monitor_app.services.bedside.thread import BedsideThread
from monitor_app.services.computer import Computer
from tests.monitor_app.services.bedside.bench import NURSE, SOURCE, Bench, S
from tests.monitor_app.services.bedside.bench_visit import INFUSING, chair, restarted


@pytest.fixture
def bench() -> Bench:
    return chair(*INFUSING)[0]


def known(bench: Bench) -> SystemFacts:
    return bench.state.facts.system


def acknowledge(bench: Bench, rule: str) -> None:
    assert bench.do(Acknowledge(NURSE, rule)) == ()


class TestOverload:
    def test_lost_signals_are_one_alarm_for_a_minute_after_the_last(self, bench: Bench) -> None:
        began = bench.t_s
        bench.bedside.watch.losses(5)
        bench.run(30)
        bench.bedside.watch.losses(9)
        bench.run(50)
        assert known(bench).overload.startswith("This computer cannot keep up: 9 signals")
        assert known(bench).overload_since_t_ns == round(began * S)
        bench.run(12)
        assert known(bench).overload == ""
        assert bench.announced("TE-16-L") == [began + 1]
        bench.bedside.watch.losses(10)
        bench.run(1)
        assert known(bench).overload_since_t_ns == round((bench.t_s - 1) * S)

    def test_a_thread_that_stood_still_says_so(self) -> None:
        clock = ManualClock()
        bench = Bench(clock=clock)
        thread = BedsideThread(bench.bedside)
        for wait_s in (0.25, 1.2, 1.4):
            thread._notice_standstill()
            clock.sleep_until(clock.monotonic_ns() + round(wait_s * S))
        thread._notice_standstill()
        assert bench.state.facts.system.overload.endswith("it stood still for 1.4 s. Close other programs.")
        bench.bedside.journal.keep()
        (entry,) = bench.system("STALLED")
        assert entry.fields == {"stalled_s": 1.4}

    def test_the_screen_tells_what_happened_last(self, bench: Bench) -> None:
        bench.bedside.watch.losses(9)
        bench.run(5)
        bench.bedside.watch.stalled(1.8)
        assert "it stood still for 1.8 s" in known(bench).overload
        bench.run(5)
        bench.bedside.watch.losses(12)
        assert "12 signals were lost" in known(bench).overload

    def test_on_a_faster_clock_only_real_seconds_count(self) -> None:
        clock = ManualClock()
        bench = Bench(clock=clock)
        thread = BedsideThread(bench.bedside, speed=10.0)
        thread._notice_standstill()
        clock.sleep_until(10 * S)
        thread._notice_standstill()
        assert known(bench).overload == ""


class TestScreen:
    def beat(self, bench: Bench) -> None:
        bench.bedside.watch.screen(bench.clock.monotonic_ns())

    def test_a_window_that_moves_is_no_alarm_and_one_that_stalls_is(self, bench: Bench) -> None:
        bench.run(20, step_s=0.25, each=lambda: self.beat(bench))
        assert bench.announced("TE-16-L") == []
        began = bench.t_s
        bench.run(7, step_s=0.25)
        assert bench.announced("TE-16-L") == [pytest.approx(began + 1, abs=0.3)]
        assert bench.announced("TE-16-H") == [pytest.approx(began + 5, abs=0.3)]
        bench.run(3, step_s=0.25, each=lambda: self.beat(bench))
        assert not bench.standing() & {"TE-16-L", "TE-16-H"}

    def test_a_bedside_that_stood_still_does_not_take_the_window_for_one_that_does(
        self, bench: Bench
    ) -> None:
        """A disk hangs for 6 s; the window beats on, and what waits in the inbox is judged before those beats."""
        thread = BedsideThread(bench.bedside)
        bench.run(2, step_s=0.25, each=lambda: self.beat(bench))
        began = bench.clock.monotonic_ns()
        thread._notice_standstill()
        for quarter in range(1, 25):
            bench.clock.sleep_until(began + quarter * S // 4)
            self.beat(bench)
        thread._notice_standstill()
        bench.bedside.storage_trouble("the disk hangs")
        bench.bedside.advance()
        assert "TE-12" in bench.standing()
        assert bench.announced("TE-16-H") == []

    def test_after_a_computer_slept_the_window_is_waited_for_anew(self, bench: Bench) -> None:
        thread = BedsideThread(bench.bedside)
        bench.run(2, step_s=0.25, each=lambda: self.beat(bench))
        thread._notice_standstill()
        bench.clock.sleep_until(bench.clock.monotonic_ns() + 30 * S)
        thread._notice_standstill()
        bench.bedside.advance()
        assert bench.announced("TE-16-H") == []
        began = bench.t_s
        bench.run(6, step_s=0.25)
        assert bench.announced("TE-16-H") == [pytest.approx(began + 5, abs=0.3)]

    def test_a_window_that_had_stopped_before_is_not_excused(self, bench: Bench) -> None:
        thread = BedsideThread(bench.bedside)
        self.beat(bench)
        bench.run(4, step_s=0.25)
        thread._notice_standstill()
        bench.clock.sleep_until(bench.clock.monotonic_ns() + 2 * S)
        thread._notice_standstill()
        bench.bedside.advance()
        assert len(bench.announced("TE-16-H")) == 1

    def test_without_a_window_and_after_it_is_closed_none_is_waited_for(self, bench: Bench) -> None:
        bench.run(10)
        self.beat(bench)
        bench.bedside.watch.screen(None)
        bench.run(10)
        assert bench.announced("TE-16-L") == []


class TestWatchdog:
    """One problem, one card (clinical.md §5.8.6): TE-14 tells of a computer that cannot sound, TE-16-W of a lost watchdog."""

    MUTE = "no way to play a sound here, only a window"

    def test_a_computer_without_any_sound_is_one_card(self, bench: Bench) -> None:
        bench.sounder.trouble = "this computer has no sound output"
        bench.bedside.watch.watchdog(self.MUTE, mute=True)
        bench.run(5)
        assert "TE-14" in bench.standing()
        assert "TE-16-W" not in bench.standing()
        assert bench.system("WATCHDOG_LOST") != []
        bench.sounder.trouble = ""
        bench.run(2)
        assert "TE-16-W" in bench.standing()  # now it is a problem of its own

    def test_a_watchdog_that_is_gone_is_another_card(self, bench: Bench) -> None:
        bench.sounder.trouble = "this computer has no sound output"
        bench.bedside.watch.watchdog("it has ended")
        bench.run(5)
        assert bench.standing() >= {"TE-14", "TE-16-W"}

    def test_a_watchdog_that_alone_is_mute_is_told(self, bench: Bench) -> None:
        bench.bedside.watch.watchdog(self.MUTE, mute=True)
        bench.run(1)
        assert "TE-16-W" in bench.standing()
        bench.bedside.watch.watchdog("")
        bench.run(1)
        assert "TE-16-W" not in bench.standing()


class TestIdentity:
    def say(self, bench: Bench, *parts: str) -> None:
        bench.say(DeviceIdentity(*parts))
        bench.run(1)

    def test_a_name_that_comes_in_pieces_is_no_other_monitor(self, bench: Bench) -> None:
        for parts in (("GE",), ("GE", "B850"), ("GE", "B850", "17"), ("GE", "B850"), ("GE", "B850", "17")):
            self.say(bench, *parts)
        assert bench.announced("TE-19") == []
        self.say(bench, "GE")
        self.say(bench, "GE", "B850", "18")
        (alarm,) = [c for c in bench.bedside.alarms.conditions if c.rule.id == "TE-19"]
        assert alarm.text == "Bench@port is now GE B850 18, before GE B850 17"

    def test_it_is_over_when_acknowledged_and_told_again_of_the_next(self, bench: Bench) -> None:
        self.say(bench, "GE", "B850", "17")
        self.say(bench, "GE", "B850", "18")
        acknowledge(bench, "TE-19")
        bench.run(5)
        assert "TE-19" not in bench.standing()
        self.say(bench, "GE", "B850", "17")
        assert len(bench.announced("TE-19")) == 2

    def test_a_monitor_changed_while_the_program_was_down_is_told(self, bench: Bench) -> None:
        self.say(bench, "GE", "B850", "17")
        again = restarted(bench, gap_s=20)
        self.say(again, "GE", "B850", "17")
        assert again.announced("TE-19") == []
        other = restarted(bench, gap_s=20)
        self.say(other, "GE", "B850", "18")
        assert len(other.announced("TE-19")) == 1


class TestRestart:
    def jump(self, bench: Bench) -> None:
        clock: ManualClock = bench.clock
        clock.set_wall_utc(clock.wall_utc().replace(minute=45))
        bench.run(2)

    def test_a_clock_that_was_set_is_still_told_after_a_restart(self, bench: Bench) -> None:
        self.jump(bench)
        assert "TE-15" in bench.standing()
        again = restarted(bench, gap_s=20)
        assert "TE-15" in again.standing()
        (old,), (new,) = (
            [c for c in b.bedside.alarms.conditions if c.rule.id == "TE-15"] for b in (bench, again)
        )
        assert (new.occurrence_id, new.text) == (old.occurrence_id, old.text)

    def test_an_acknowledged_one_is_not_told_again(self, bench: Bench) -> None:
        self.jump(bench)
        acknowledge(bench, "TE-15")
        again = restarted(bench, gap_s=20)
        again.run(5)
        assert "TE-15" not in again.standing()


def test_the_computer_is_as_last_told(bench: Bench) -> None:
    assert known(bench).free_disk_bytes is None
    bench.bedside.watch.computer(Computer(5_000_000_000, on_battery=True, battery_percent=60.0))
    told = known(bench)
    assert (told.free_disk_bytes, told.on_battery, told.battery_percent) == (5_000_000_000, True, 60.0)
    bench.run(2)
    assert [c.rule.id for c in bench.bedside.alarms.conditions if c.informs] == ["TE-17-I"]
    assert bench.bedside.visit.phase is Phase.INF
    assert SOURCE in bench.bedside.links.sources
