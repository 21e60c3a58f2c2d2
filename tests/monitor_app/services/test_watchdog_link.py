"""The program's end of the pipe, stepped: what it sends, and when it says that nobody watches."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bedside"))  # import-mode=importlib does not offer neighbours
import bench

from devices.clock import ManualClock
from monitor_app.core.journal import NumericEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Stamp
from monitor_app.services.heart_outlet import HeartOutlet
from monitor_app.services.watchdog_link import OwnAlarm, WatchdogLink, WatchOrder
from monitor_app.watchdog.message import Report, read_pulse, report_line


class FakeProcess:
    """A watchdog that says what it is told to, and keeps what it heard."""

    def __init__(self) -> None:
        self.stdin = io.BytesIO()
        self.stdout = io.BytesIO()
        self.status: int | None = None
        self.killed = False

    def poll(self):
        return self.status

    def wait(self, timeout=None):
        self.status = 0 if self.status is None else self.status
        return self.status

    def kill(self):
        self.killed = True

    @property
    def pulses(self):
        return [read_pulse(line) for line in self.stdin.getvalue().splitlines()]


class Bench:
    def __init__(self, tmp_path, fails: int = 0) -> None:
        self.clock = ManualClock(datetime(2026, 1, 5, 8, tzinfo=UTC))
        self.troubles: list[str] = []
        self.commands: list[tuple[str, ...]] = []
        self.processes: list[FakeProcess] = []
        self._fails = fails
        order = WatchOrder(tmp_path, simulated=False, told="chair 2")
        self.hushed: list[str] = []
        self.link = WatchdogLink(
            order,
            on_trouble=self.troubles.append,
            on_hushed=lambda: self.hushed.append("hushed"),
            clock=self.clock,
            spawn=self._spawn,
        )

    def _spawn(self, command):
        self.commands.append(tuple(command))
        if len(self.commands) <= self._fails:
            raise OSError(2, "No such file or directory")
        self.processes.append(FakeProcess())
        return self.processes[-1]

    def step(self, seconds: float = 0.5, report: Report | None = None) -> None:
        self.clock.advance_s(seconds)
        if report is not None:
            process = self.processes[-1]
            process.stdout = io.BytesIO(report_line(report))
            self.link._listen(process)
        self.link.step()


ARMED = Report("armed", "aplay", "", 4711)


def test_each_step_sends_the_whole_state(tmp_path) -> None:
    bench = Bench(tmp_path)
    bench.link.step()
    bench.link.beat("screen")
    bench.link.arm(armed=True)
    bench.step()
    first, second = bench.processes[0].pulses
    assert (first.armed, first.beats) == (False, {})
    assert (second.armed, second.beats, second.told, second.bye) == (True, {"screen": 1}, "chair 2", False)
    (command,) = bench.commands
    assert f"--log={tmp_path / 'watchdog.log'}" in command
    assert f"--token={tmp_path / 'watchdog-clinical.token'}" in command


def test_all_is_well_says_nothing(tmp_path) -> None:
    bench = Bench(tmp_path)
    bench.link.step()
    for _ in range(100):
        bench.step(1, ARMED)
    assert bench.troubles == []
    assert bench.link.report == ARMED


def test_one_that_cannot_sound_says_so(tmp_path) -> None:
    bench = Bench(tmp_path)
    bench.link.step()
    bench.step(1, Report("waiting", "bell", "no way to play a sound was found", 1))
    bench.step(1, Report("armed", "bell", "no way to play a sound was found", 1))
    assert bench.troubles == ["no way to play a sound was found"]


@pytest.mark.parametrize(("answered", "after_s"), [(True, 6), (False, 21)])
def test_one_that_does_not_answer(tmp_path, answered, after_s) -> None:
    bench = Bench(tmp_path)
    bench.link.step()
    if answered:
        bench.step(0.5, ARMED)
    bench.step(after_s - 2)
    assert bench.troubles == []
    bench.step(2)
    assert bench.troubles == ["it does not answer"]
    bench.step(1, ARMED)
    assert bench.troubles == ["it does not answer", ""]


def test_one_that_died_is_started_again(tmp_path) -> None:
    bench = Bench(tmp_path)
    bench.link.step()
    bench.step(1, ARMED)
    bench.processes[0].status = -9
    bench.step(1)
    assert bench.troubles == ["it has ended"]
    assert len(bench.processes) == 1  # not in a tight circle
    bench.step(9)
    assert len(bench.processes) == 2
    assert bench.processes[0].stdin.closed
    bench.step(1, ARMED)
    assert bench.troubles == ["it has ended", ""]


def test_one_that_cannot_be_started_is_tried_again(tmp_path) -> None:
    bench = Bench(tmp_path, fails=2)
    bench.link.step()
    assert bench.troubles == ["it cannot be started (No such file or directory)"]
    bench.step(5)
    assert len(bench.commands) == 1
    bench.step(5)
    bench.step(10)
    assert len(bench.processes) == 1
    bench.step(1, ARMED)
    assert bench.troubles[-1] == ""


def test_closing_says_goodbye(tmp_path) -> None:
    bench = Bench(tmp_path)
    bench.link.arm(armed=True)
    bench.link.step()
    sent = bench.processes[0].stdin
    bench.processes[0].stdin = kept = io.BytesIO()
    kept.close = lambda: None
    bench.link._end()
    assert read_pulse(kept.getvalue()).bye
    assert not bench.processes[0].killed
    assert not sent.closed
    bench.link.close()
    bench.link.close()


def test_the_bedsides_heart_beats_with_each_state(tmp_path) -> None:
    made = Bench(tmp_path)
    outlet = HeartOutlet(made.link)
    chair = bench.Bench()
    chair.bedside.begin()
    outlet.put(NumericEntry(Stamp(0, 0), "b", "HR", 80, "/min"))
    outlet.put(chair.state)
    made.link.step()
    chair.enter(Phase.CHECKIN, Phase.BASE)
    outlet.put(chair.state)
    made.step()
    first, second = made.processes[0].pulses
    assert (first.armed, first.beats) == (False, {"bedside": 1})
    assert (second.armed, second.beats) == (True, {"bedside": 2})
    assert outlet.drain() == []


def test_a_press_of_the_button_is_told_once_where_the_program_sounds_itself(tmp_path) -> None:
    made = Bench(tmp_path)
    made.link.step()
    for state in ("sounding", "hushed", "armed"):
        made.step(1, Report(state, "aplay"))
    assert made.hushed == []  # what the watchdog alone sounded for is no alarm of the program
    made.link.own_alarm(OwnAlarm(sounds=True, would_sound=True))
    for state in ("showing", "hushed", "hushed", "armed"):
        made.step(1, Report(state, "aplay"))
    assert made.hushed == ["hushed"]
    assert made.processes[0].pulses[-1].sounds_for == ("screen",)
