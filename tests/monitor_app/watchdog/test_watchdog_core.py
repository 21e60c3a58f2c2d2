"""The watchdog between its lines and its voice, stepped by hand."""

from dataclasses import dataclass, field

import pytest

from monitor_app.watchdog.judge import State
from monitor_app.watchdog.message import Pulse, Report, pulse_line
from monitor_app.watchdog.watchdog import Watchdog

S = 1_000_000_000


@dataclass
class FakeVoice:
    said: list[str] = field(default_factory=list)
    shown: bool = False
    sounding: bool = False
    acknowledged: bool = False
    kept: int = 0

    def start(self, words: str, *, aloud: bool = True) -> None:
        assert not self.shown
        self.said.append(words)
        self.shown, self.sounding = True, aloud

    def keep(self, now_ns: int) -> None:
        assert self.sounding
        self.kept += 1

    def stop(self) -> None:
        self.shown = self.sounding = False


class Bench:
    def __init__(self, token=None, name="1") -> None:
        self.voice = FakeVoice()
        self.reports: list[Report] = []
        self.log: list[str] = []
        self.now_ns = 0
        self.dog = Watchdog(
            self.voice,
            tell=self.reports.append,
            log=self.log.append,
            sound=("aplay", ""),
            token=token,
            name=name,
        )

    def beat(self, seconds: float, parts=("screen", "bedside"), *, hung=(), **more) -> None:
        for _ in range(round(seconds * 2)):
            self.now_ns += S // 2
            beats = {part: 7 if part in hung else self.now_ns for part in parts}
            self.dog.line(pulse_line(Pulse(armed=True, beats=beats, told="chair 2", **more)), self.now_ns)
            self.dog.tick(self.now_ns)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            self.now_ns += S // 4
            self.dog.tick(self.now_ns)


def test_it_answers_each_second_and_at_every_change() -> None:
    bench = Bench()
    bench.wait(3)
    assert [report.state for report in bench.reports] == ["waiting"] * 3
    bench.beat(3)
    assert [report.state for report in bench.reports[3:]] == ["armed"] * 4 or bench.reports[
        3
    ].state == "armed"
    assert bench.reports[-1] == Report("armed", "aplay", "")


@pytest.mark.parametrize(
    ("hung", "words"),
    [(("screen",), "its screen no longer answers"), (("bedside",), "its alarms are no longer evaluated")],
)
def test_the_window_says_which_part_failed(hung, words) -> None:
    bench = Bench()
    bench.beat(5)
    bench.beat(7, hung=hung)
    assert bench.voice.sounding
    (said,) = bench.voice.said
    assert said.startswith(f"Chairside has failed: {words} (chair 2).")
    assert "Watch the patient" in said
    bench.beat(2)
    assert not bench.voice.sounding
    assert bench.log[-1] == "sounding to armed"


def test_while_the_program_sounds_itself_its_window_is_silent() -> None:
    bench = Bench()
    own = {"would_sound_for": ("screen",)}
    bench.beat(5, **own)
    bench.beat(5.5, hung=("screen",), **own)
    bench.beat(3, hung=("screen",), sounds_for=("screen",), **own)
    assert (bench.dog.state, bench.voice.shown, bench.voice.sounding) == (State.SHOWING, True, False)
    assert bench.voice.kept == 0
    (said,) = bench.voice.said
    assert said.startswith(
        "Chairside has failed: its screen no longer answers (chair 2). Its alarms still sound"
    )
    assert bench.log[-1].endswith("for 5 s; the program gives the alarm itself")
    assert bench.reports[-1].state == "showing"
    bench.dog.lost(bench.now_ns)
    assert (bench.dog.state, bench.voice.sounding) == (State.SOUNDING, True)
    assert bench.voice.said[-1].startswith("Chairside has stopped (chair 2). Nothing watches")


def test_what_is_shown_in_silence_is_answered_by_the_same_button() -> None:
    bench = Bench()
    bench.beat(5)
    bench.beat(6, hung=("screen",), sounds_for=("screen",))
    bench.voice.acknowledged = True
    bench.beat(1, hung=("screen",), sounds_for=("screen",))
    assert (bench.dog.state, bench.voice.shown) == (State.HUSHED, False)
    assert bench.reports[-1].state == "hushed"


def test_a_program_that_is_gone_is_told_as_stopped_and_logged() -> None:
    bench = Bench()
    bench.beat(5)
    bench.dog.lost(bench.now_ns)
    bench.wait(6)
    assert bench.voice.said[0].startswith("Chairside has stopped (chair 2).")
    assert (
        bench.log[-1]
        == "armed to sounding: no heartbeat of screen, bedside, program for 5 s; the program is gone"
    )
    assert bench.voice.kept > 0
    bench.voice.acknowledged = True
    bench.wait(1)
    assert (bench.dog.state, bench.voice.sounding) == (State.OVER, False)
    assert "hushed by hand" in bench.log


def test_rubbish_on_the_pipe_is_no_heartbeat() -> None:
    bench = Bench()
    bench.beat(5)
    for _ in range(30):
        bench.now_ns += S // 4
        bench.dog.line(b"\x00garbage\n", bench.now_ns)
        bench.dog.tick(bench.now_ns)
    assert bench.voice.sounding


def test_the_program_started_again_takes_the_watch_over(tmp_path) -> None:
    token = tmp_path / "watchdog-clinical.token"
    first, second = Bench(token, "first"), Bench(token, "second")
    first.beat(5)
    assert token.read_text() == "first"
    first.dog.lost(first.now_ns)
    first.wait(6)
    assert first.voice.sounding
    second.wait(2)  # started, but no patient is monitored yet: the warning goes on
    first.wait(1)
    assert first.voice.sounding
    second.beat(1)
    first.wait(1)
    assert (first.dog.state, first.voice.sounding) == (State.OVER, False)
    assert second.dog.state is State.ARMED
    token.unlink()
    second.dog.lost(second.now_ns)
    second.wait(6)  # a token that is gone is nobody's
    assert second.voice.sounding
