"""A window stands still: bedside and watchdog stepped together. Somebody is always heard, never both at once (clinical.md §5.3)."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bedside"))  # import-mode=importlib does not offer neighbours
import bench as bedside_bench

from monitor_app.core.alarm_commands import PauseAlarms, SwitchRule, SwitchSound
from monitor_app.core.commands import Acknowledge, PauseAudio
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor
from monitor_app.services.heart_outlet import SCREEN_RULE, HeartOutlet, own_alarm
from monitor_app.services.watchdog_link import SCREEN, OwnAlarm, WatchdogLink, WatchOrder
from monitor_app.watchdog.judge import State
from monitor_app.watchdog.message import Report, pulse_line
from monitor_app.watchdog.watchdog import Watchdog

S = 1_000_000_000
BURST_S = 3.06  # clinical.md §5.3
RN, LEAD = Actor("RN Ito"), Actor("Dr. Vance", "clinical lead")


class Silent:
    """A voice of the watchdog that tells whether it sounds."""

    def __init__(self) -> None:
        self.sounding = self.acknowledged = False

    def start(self, words: str, *, aloud: bool = True) -> None:
        del words
        self.sounding = aloud

    def keep(self, now_ns: int) -> None:
        assert self.sounding

    def stop(self) -> None:
        self.sounding = self.acknowledged = False


class Room:
    """A bedside with a window, and its watchdog, on one clock; what each gave to hear, and when."""

    def __init__(self, tmp_path: Path) -> None:
        self.chair = bedside_bench.Bench()
        self.link = WatchdogLink(
            WatchOrder(tmp_path, simulated=True),
            on_trouble=lambda _: None,
            on_hushed=lambda: self.chair.do(Acknowledge(RN, SCREEN_RULE)) and None,
            clock=self.chair.clock,
        )
        self.outlet = HeartOutlet(self.link)
        self.voice = Silent()
        self.dog = Watchdog(self.voice, tell=self._told, log=lambda _: None, sound=("aplay", ""))
        self.watchdog_sounds: list[float] = []
        self._taken = self._steps = 0
        self.chair.bedside.begin()
        self.chair.enter(Phase.CHECKIN, Phase.BASE)
        self.run(10)

    def _told(self, report: Report) -> None:
        self.link._take(report)

    def run(self, seconds: float, *, hung: bool = False, each: Callable[[], None] = lambda: None) -> None:
        def step() -> None:
            each()
            if not hung:
                self.chair.bedside.watch.screen(self.chair.clock.monotonic_ns())
                self.link.beat(SCREEN)
            self._pass_on()

        self.chair.run(seconds, step_s=0.25, each=step)

    def _pass_on(self) -> None:
        now_ns = self.chair.clock.monotonic_ns()
        for publication in self.chair.published[self._taken :]:
            self.outlet.put(publication)
        self._taken = len(self.chair.published)
        self._steps += 1
        if self._steps % 2 == 0:
            self.dog.line(pulse_line(self.link._pulse()), now_ns)
        self.dog.tick(now_ns)
        if self.voice.sounding:
            self.watchdog_sounds.append(self.chair.t_s)

    @property
    def bursts(self) -> list[float]:
        """When the bedside itself began a burst for the window."""
        return [b.t_ns / S for b in self.chair.sounder.bursts if b.urgency == "HIGH"]

    @property
    def mixed(self) -> list[float]:
        heard = [at for at in self.watchdog_sounds for burst in self.bursts if burst <= at < burst + BURST_S]
        return heard if not self.chair.sounder.trouble else []


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def test_where_the_bedside_can_be_heard_it_sounds_alone(room) -> None:
    began = room.chair.t_s
    room.run(60, hung=True)
    assert room.bursts[0] == pytest.approx(began + 5, abs=0.3)
    assert len(room.bursts) >= 5
    assert (room.dog.state, room.watchdog_sounds) == (State.SHOWING, [])
    room.run(5)
    assert room.dog.state is State.ARMED


@pytest.mark.parametrize("why", ["no output", "audio off", "rule not judged"])
def test_where_it_cannot_the_watchdog_does(room, why) -> None:
    began = room.chair.t_s
    if why == "no output":
        room.chair.sounder.trouble = "this computer has no sound output"
        room.run(3)
    elif why == "audio off":
        assert room.chair.do(SwitchSound(on=False, by=LEAD)) == ()
        room.run(3)
    else:
        room.chair.bedside.watch.screen(None)
    began = room.chair.t_s
    if why == "rule not judged":
        for _ in range(40):  # no sign of life of the window reaches the rules, as on a clock that runs faster
            room.chair.bedside.watch.screen(None)
            room.run(0.25, hung=True)
    else:
        room.run(10, hung=True)
    assert room.watchdog_sounds[0] == pytest.approx(began + 5.5, abs=0.76)
    assert room.mixed == []


def test_a_pause_of_the_patients_alarms_changes_nothing(room) -> None:
    assert room.chair.do(PauseAlarms(RN, 120.0)) == ()
    room.run(2)
    room.run(20, hung=True)
    assert len(room.bursts) >= 2
    assert room.watchdog_sounds == []


def test_a_rule_that_is_switched_off_leaves_it_to_the_watchdog(room) -> None:
    assert (
        room.chair.do(SwitchRule(SCREEN_RULE, on=False, by=RN, reason="the window is on another screen"))
        == ()
    )
    room.run(2)
    began = room.chair.t_s
    room.run(10, hung=True)
    assert room.watchdog_sounds[0] == pytest.approx(began + 5.5, abs=0.76)
    assert room.bursts == []


def test_an_audio_pause_ends_with_it_and_the_bedside_sounds(room) -> None:
    assert room.chair.do(PauseAudio(RN, 120.0)) == ()
    room.run(2)
    room.run(20, hung=True)
    assert len(room.bursts) >= 2
    assert room.watchdog_sounds == []


def test_a_sound_lost_in_the_middle_is_taken_over(room) -> None:
    room.run(12, hung=True)
    assert room.watchdog_sounds == []
    room.chair.sounder.trouble = "the sound output Speaker failed"
    lost = room.chair.t_s
    room.run(6, hung=True)
    assert room.watchdog_sounds[0] == pytest.approx(lost + 1, abs=1.01)
    assert room.dog.state is State.SOUNDING


def test_the_watchdogs_button_acknowledges_it_in_the_program(room) -> None:
    room.run(8, hung=True)
    room.voice.acknowledged = True
    room.run(3, hung=True)
    (condition,) = [c for c in room.chair.state.conditions if c.rule.id == SCREEN_RULE]
    assert condition.acknowledged
    assert room.dog.state is State.HUSHED
    before = len(room.bursts)
    room.run(30, hung=True)
    assert (len(room.bursts), room.watchdog_sounds) == (before, [])


def test_without_a_window_nothing_is_claimed(tmp_path) -> None:
    chair = bedside_bench.Bench()
    chair.bedside.begin()
    chair.run(3)
    assert own_alarm(chair.state) == OwnAlarm()
