"""The watchdog's judgement, row by row, on a clock that is told what time it is."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_app.watchdog import judge
from monitor_app.watchdog.judge import PROGRAM, SOUND_AT_MOST_NS, State, Watch
from monitor_app.watchdog.message import Pulse

S = 1_000_000_000
LOOK = S // 4


@dataclass
class Story:
    """A program and its watchdog, looked at four times a second as the process does."""

    watch: Watch = field(default_factory=Watch)
    now_ns: int = 0
    beats: dict[str, int] = field(default_factory=lambda: {"screen": 0, "bedside": 0})
    armed: bool = True
    states: list[State] = field(default_factory=list)
    would: tuple[str, ...] = ()
    does: tuple[str, ...] = ()

    def run(self, seconds: float, *, hung: tuple[str, ...] = (), speaks: bool = True) -> "Story":
        for index in range(round(seconds * S / LOOK)):
            self.now_ns += LOOK
            if speaks and index % 2 == 0:
                self.beats = {name: count + (name not in hung) for name, count in self.beats.items()}
                self.watch = judge.heard(self.watch, self.pulse(), self.now_ns)
            self.watch = judge.look(self.watch, self.now_ns)
            self.states.append(self.watch.state)
        return self

    def pulse(self) -> Pulse:
        own = {"sounds_for": self.does, "would_sound_for": self.would}
        return Pulse(self.armed, dict(self.beats), **own)

    def killed(self) -> "Story":
        self.watch = judge.lost(self.watch, self.now_ns)
        return self

    def sleep(self, seconds: float) -> "Story":
        """The computer sleeps: nothing runs, only the clock goes on."""
        self.now_ns += round(seconds * S)
        return self

    @property
    def state(self) -> State:
        return self.watch.state


def test_nothing_is_watched_before_a_patient_is() -> None:
    story = Story(armed=False).run(10)
    assert set(story.states) == {State.WAITING}
    assert story.run(60, speaks=False).state is State.WAITING


def test_a_program_that_lives_is_left_alone_for_hours() -> None:
    assert set(Story().run(3600).states[1:]) == {State.ARMED}


@pytest.mark.parametrize("part", ["screen", "bedside"])
def test_a_part_that_hangs_is_heard_after_five_seconds_and_named(part) -> None:
    story = Story().run(30)
    began = story.now_ns
    while story.state is not State.SOUNDING:
        story.run(0.25, hung=(part,))
        assert story.now_ns - began < 7 * S
    assert 4.5 * S <= story.now_ns - began <= 6 * S  # the last beat was up to half a second before
    assert story.watch.silent == (part,)
    assert story.run(2).state is State.ARMED  # it lives again


def test_a_killed_program_is_heard_and_stays_heard() -> None:
    story = Story().run(30).killed()
    assert story.run(4.5, speaks=False).state is State.ARMED
    assert story.run(1, speaks=False).state is State.SOUNDING
    assert set(story.watch.silent) == {"screen", "bedside", PROGRAM}
    assert story.run(120, speaks=False).state is State.SOUNDING  # clinical.md §5.6: at least 120 s
    assert story.sleep(3600).run(60, speaks=False).state is State.SOUNDING


def test_a_stopped_feeder_is_a_stopped_program() -> None:
    story = Story().run(10).run(6, speaks=False)
    assert (story.state, PROGRAM in story.watch.silent) == (State.SOUNDING, True)


def test_a_program_without_a_window_is_watched_by_what_beats() -> None:
    story = Story(beats={}).run(10)
    assert story.state is State.ARMED
    assert story.run(6, speaks=False).watch.silent == (PROGRAM,)


def test_standby_and_discharge_disarm() -> None:
    story = Story().run(10)
    story.armed = False
    assert story.run(1).state is State.WAITING
    assert story.run(60, hung=("screen", "bedside")).state is State.WAITING
    story.armed = True
    assert story.run(5).state is State.ARMED  # armed anew, each part has the whole time
    assert State.SOUNDING not in story.states


def test_an_orderly_end_is_silent_for_good() -> None:
    story = Story().run(10)
    story.watch = judge.heard(story.watch, Pulse(bye=True), story.now_ns)
    assert story.state is State.OVER
    assert story.killed().run(60, speaks=False).state is State.OVER
    assert story.run(5).state is State.OVER


def test_a_program_that_goes_with_nobody_monitored_ends_the_watch() -> None:
    assert Story(armed=False).run(5).killed().state is State.OVER
    assert Story().killed().state is State.OVER


@pytest.mark.parametrize("asleep_s", [3, 60, 8 * 3600])
def test_a_computer_that_slept_alarms_nobody(asleep_s) -> None:
    story = Story().run(30).sleep(asleep_s).run(30)
    assert State.SOUNDING not in story.states


def test_after_sleep_a_dead_program_is_still_found() -> None:
    story = Story().run(30).sleep(600).run(4.5, speaks=False)
    assert story.state is State.ARMED
    assert story.run(1.5, speaks=False).state is State.SOUNDING


def test_hushing_is_of_this_silence_only() -> None:
    story = Story().run(10).run(8, hung=("screen",))
    story.watch = judge.hushed(story.watch, story.now_ns)
    assert story.run(20, hung=("screen",)).state is State.HUSHED
    assert story.run(2).state is State.ARMED
    assert story.run(8, hung=("screen",)).state is State.SOUNDING
    assert judge.hushed(Watch(), 0) == Watch()


def test_hushing_for_a_program_that_is_gone_ends_it() -> None:
    story = Story().run(10).killed().run(8, speaks=False)
    assert judge.hushed(story.watch, story.now_ns).state is State.OVER
    later = Story().run(10).run(8, hung=("screen",))
    later.watch = judge.hushed(later.watch, later.now_ns)
    assert later.killed().run(1, speaks=False).state is State.OVER


def test_another_program_takes_over_only_where_this_one_is_gone() -> None:
    alive = Story().run(10)
    assert judge.replaced(alive.watch).state is State.ARMED
    assert judge.replaced(alive.killed().watch).state is State.OVER


def test_where_nobody_can_hush_it_it_ends_after_half_an_hour() -> None:
    story = Story().run(10).killed().run(SOUND_AT_MOST_NS / S, speaks=False)
    assert story.state is State.SOUNDING
    assert story.run(10, speaks=False).state is State.OVER


SCREEN = ("screen",)


def hung_screen(seconds: float = 5.75) -> Story:
    """A window that stands still, in a program that has said that it would give the alarm itself."""
    return Story(would=SCREEN).run(10).run(seconds, hung=SCREEN)


def test_what_the_program_sounds_for_itself_is_only_shown() -> None:
    story = hung_screen()
    assert story.state is State.ARMED  # the program's own alarm is given its time
    story.does = SCREEN
    assert story.run(600, hung=SCREEN).state is State.SHOWING
    assert story.run(1).state is State.ARMED
    assert State.SOUNDING not in story.states


def test_a_program_that_does_not_do_what_it_said_is_heard_two_seconds_later() -> None:
    story = hung_screen()
    assert story.run(1.0, hung=SCREEN).state is State.ARMED
    assert story.run(1.0, hung=SCREEN).state is State.SOUNDING


def test_one_that_cannot_sound_gets_no_time() -> None:
    assert Story().run(10).run(5.75, hung=SCREEN).state is State.SOUNDING


def test_a_sound_that_is_lost_meanwhile_is_taken_over_at_once_and_given_back() -> None:
    story = hung_screen()
    story.does = SCREEN
    assert story.run(30, hung=SCREEN).state is State.SHOWING
    story.does = story.would = ()
    assert story.run(0.5, hung=SCREEN).state is State.SOUNDING
    story.does = SCREEN
    assert story.run(0.5, hung=SCREEN).state is State.SHOWING


@pytest.mark.parametrize("after", ["killed", "stopped", "bedside hangs too"])
def test_nobody_sounds_for_itself_who_is_gone_or_does_not_judge(after) -> None:
    story = hung_screen()
    story.does = (*SCREEN, PROGRAM)
    story.run(2, hung=SCREEN)
    if after == "killed":
        assert story.killed().state is State.SOUNDING
    elif after == "stopped":
        assert story.run(6, speaks=False).state is State.SOUNDING
    else:
        assert story.run(6, hung=("screen", "bedside")).state is State.SOUNDING


def test_what_is_only_shown_can_be_answered_too() -> None:
    story = hung_screen()
    story.does = SCREEN
    story.run(2, hung=SCREEN)
    story.watch = judge.hushed(story.watch, story.now_ns)
    assert story.run(60, hung=SCREEN).state is State.HUSHED
    assert story.run(2).state is State.ARMED


STEPS = st.lists(
    st.tuples(st.sampled_from(["live", "hang screen", "hang bedside", "mute", "sleep", "disarm", "arm"]), st.integers(1, 20)),
    max_size=20,
)  # fmt: skip


@given(STEPS)
def test_it_sounds_when_a_part_was_silent_for_long_while_it_ran_and_never_else(steps) -> None:
    """The rule, worked out beside the machine: silence is counted in time during which the watchdog itself ran."""
    story, quiet = Story(), {"screen": 0.0, "bedside": 0.0, PROGRAM: 0.0}
    for what, seconds in [("live", 2), *steps]:
        if what in {"arm", "disarm"}:
            if story.armed != (what == "arm"):
                quiet = dict.fromkeys(quiet, 0.0)
            story.armed = what == "arm"
            continue
        if what == "sleep":
            story.sleep(max(seconds, 3))
            quiet = dict.fromkeys(quiet, 0.0)
            continue
        hung = ("screen",) if what == "hang screen" else ("bedside",) if what == "hang bedside" else ()
        story.run(seconds, hung=hung, speaks=what != "mute")
        for name in quiet:
            lives = what != "mute" and name not in hung
            quiet[name] = 0.0 if lives else quiet[name] + seconds
        known_armed = story.watch.armed
        if not known_armed:
            assert story.state is State.WAITING
        elif max(quiet.values()) > 6:
            assert story.state is State.SOUNDING
        elif max(quiet.values()) < 5:
            assert story.state is State.ARMED
