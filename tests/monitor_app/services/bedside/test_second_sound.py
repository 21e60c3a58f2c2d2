"""The second sound output at the bedside: for whom it sounds, who chooses it, how its loss is told (clinical.md §5.4)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor_app.core.alarm_commands import ChooseSecondSound, SwitchSound, TrySecondSound
from monitor_app.core.commands import Acknowledge, PauseAudio, SelfTest
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.sound_output import NO_OUTPUT, PlayedOn, SoundOutput
from monitor_app.core.stamp import Actor
from monitor_app.services.assembly import alarm_setup
from monitor_app.services.bedside.second_sound import ALARM_SOUNDS, LEAD_ONLY, NONE_CHOSEN
from monitor_app.services.settings import Settings, save_settings
from monitor_app.services.view.second_sound import second_sound_choices
from tests.monitor_app.services.bedside.alarm_room import AlarmRoom
from tests.monitor_app.services.bedside.bench import NURSE, Bench, S

LEAD, ONLOOKER = Actor("Lea Poe", "clinical lead"), Actor("Tom", "observer")
TO_INFUSION = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
HALL, DESK = SoundOutput("bt-7", "Hall loudspeaker"), SoundOutput("usb-1", "Desk speaker")
RACING = "AL-HR-02"


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.bedside.begin()
    made.plug()
    made.enter(Phase.CHECKIN)
    made.sounder.other_outputs = (HALL, DESK)
    assert made.do(ChooseSecondSound(HALL, NURSE)) == ()
    made.enter(*TO_INFUSION[1:])
    made.run(3)
    return made


def heart(bench: Bench, rate: float) -> None:
    bench.monitors["bench@port"][0].numbers |= {"HR": rate, "PR": rate}


def calm_down(bench: Bench) -> None:
    heart(bench, 72.0)
    bench.run(20)


def calling(bench: Bench) -> Bench:
    """Let a HIGH alarm wait until it sounds on the second output."""
    heart(bench, 160.0)
    for _ in range(120):
        bench.run(1)
        if bench.sounder.second_sounds is not None:
            return bench
    raise AssertionError("nothing sounded on the second output")


# Who hears what.


def test_each_burst_of_a_high_alarm_60_s_old_sounds_on_both(bench: Bench) -> None:
    calling(bench)
    bench.run(30)
    (began,) = bench.announced(RACING)
    high = [b for b in bench.sounder.bursts if b.urgency == "HIGH"]
    assert len(high) >= 9
    for burst in high:
        both = burst.t_ns >= (began + 60) * S
        assert burst.played_on is (PlayedOn.BOTH if both else PlayedOn.FIRST)


# What ends it, and whether a HIGH alarm may sound on the first output afterwards.
ENDS: dict[str, tuple[Callable[[Bench], object], bool]] = {
    "acknowledged": (lambda b: b.do(Acknowledge(NURSE, RACING)), False),
    "paused": (lambda b: b.do(PauseAudio(NURSE, 30)), False),
    "switched off": (lambda b: b.do(SwitchSound(False, LEAD)), False),
    "over, and latched": (calm_down, True),
    "none any more": (lambda b: b.do(ChooseSecondSound(NO_OUTPUT, LEAD)), True),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_it_ends_it_there_at_once(bench: Bench, how: str) -> None:
    calling(bench)
    act, goes_on = ENDS[how]
    act(bench)
    if how != "none any more":  # the sounder itself is silent then
        assert bench.sounder.second_sounds is None
    heard = len(bench.sounder.bursts)
    bench.run(25)
    later = bench.sounder.bursts[heard:]
    assert any(b.urgency == "HIGH" for b in later) is goes_on
    assert bench.sounder.second is (NO_OUTPUT if how == "none any more" else HALL)
    assert how == "none any more" or all(b.played_on is PlayedOn.FIRST for b in later)


def test_a_pause_that_is_over_is_followed_by_both(bench: Bench) -> None:
    calling(bench)
    bench.do(PauseAudio(NURSE, 30))
    bench.run(29)
    assert bench.sounder.second_sounds is None
    bench.run(3)
    assert bench.sounder.second_sounds is not None


def test_one_that_latched_unanswered_and_is_there_again_has_waited_since_the_first_time(bench: Bench) -> None:
    calling(bench)
    calm_down(bench)
    assert bench.sounder.second_sounds is None
    heart(bench, 160.0)
    bench.run(20)
    assert bench.sounder.second_sounds is not None


def test_one_that_comes_and_goes_calls_for_help_though_it_never_lasts_60_s(bench: Bench) -> None:
    both = []
    for second in range(300):
        heart(bench, 160.0 if second % 60 < 50 else 80.0)
        bench.run(1)
        both.append(bench.sounder.second_sounds is not None)
    assert not any(both[:60])
    assert sum(both[60:]) > 60


def test_one_acknowledged_the_newer_one_is_the_first_outputs_alone(bench: Bench) -> None:
    calling(bench)
    bench.monitors["bench@port"][0].numbers |= {"SPO2": 78.0}
    bench.run(15)
    bench.do(Acknowledge(NURSE, RACING))
    assert bench.sounder.second_sounds is None
    heard = len(bench.sounder.bursts)
    bench.run(12)
    later = [b.played_on for b in bench.sounder.bursts[heard:] if b.urgency == "HIGH"]
    assert later != []
    assert set(later) == {PlayedOn.FIRST}


# Its choice.


def test_a_choice_is_in_force_recorded_and_published(bench: Bench) -> None:
    assert bench.do(ChooseSecondSound(DESK, NURSE)) == ()
    assert bench.do(ChooseSecondSound(DESK, NURSE)) == ()  # again: nothing new
    assert bench.sounder.second == DESK
    assert bench.state.alarm_system.second_sound.output == DESK
    assert [(e.text, e.fields) for e in bench.system("SECOND_SOUND")][-1] == (
        "second alarm sound: Desk speaker",
        {"output": "Desk speaker", "key": "usb-1", "by": NURSE.name},
    )
    assert len(bench.system("SECOND_SOUND")) == 2


def test_to_do_without_it_in_the_infusion_is_for_the_lead(bench: Bench) -> None:
    assert second_sound_choices(bench.state, NURSE).none_refusal == LEAD_ONLY
    assert bench.do(ChooseSecondSound(NO_OUTPUT, NURSE)) == (LEAD_ONLY,)
    assert bench.sounder.second == HALL
    assert bench.do(ChooseSecondSound(NO_OUTPUT, LEAD)) == ()
    assert bench.system("SECOND_SOUND")[-1].text == "no second alarm sound"
    assert second_sound_choices(bench.state, NURSE).none_refusal == ""


def test_before_a_patient_is_monitored_anybody_who_acts_may() -> None:
    bench = Bench()
    bench.bedside.begin()
    bench.enter(Phase.CHECKIN)
    bench.sounder.other_outputs = (HALL,)
    assert bench.do(ChooseSecondSound(HALL, NURSE)) == ()
    (refused,) = bench.do(ChooseSecondSound(NO_OUTPUT, ONLOOKER))
    assert "looks on" in refused
    assert bench.do(ChooseSecondSound(NO_OUTPUT, NURSE)) == ()


def test_one_that_is_not_there_is_refused(bench: Bench) -> None:
    (refused,) = bench.do(ChooseSecondSound(SoundOutput("gone", "Radio"), NURSE))
    assert refused.startswith("The sound output Radio is not there")
    assert bench.sounder.second == HALL


def test_a_session_begins_with_the_one_that_was_kept(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(second_sound_key=HALL.key, second_sound_name=HALL.name))
    assert alarm_setup(tmp_path).second_sound == HALL


# A test of it, and the self-test.


def test_it_is_tried_softly_and_alone(bench: Bench) -> None:
    assert bench.do(TrySecondSound(NURSE)) == ()
    burst = bench.sounder.bursts[-1]
    assert (burst.urgency, burst.played_on) == ("SOFT_HIGH", PlayedOn.SECOND)


def test_not_while_an_alarm_waits_nor_where_there_is_none(bench: Bench) -> None:
    bench.do(ChooseSecondSound(NO_OUTPUT, LEAD))
    assert bench.do(TrySecondSound(NURSE)) == (NONE_CHOSEN,)
    bench.do(ChooseSecondSound(HALL, NURSE))
    calling(bench)
    heard = len(bench.sounder.bursts)
    assert bench.do(TrySecondSound(NURSE)) == (ALARM_SOUNDS,)
    assert len(bench.sounder.bursts) == heard


def test_the_self_test_does_not_pass_without_it_and_says_which_it_was(bench: Bench) -> None:
    bench.sounder.second_trouble = "Hall loudspeaker is not connected"
    assert bench.do(SelfTest("passed", NURSE)) == (
        "The self-test cannot pass: the second alarm sound: Hall loudspeaker is not connected.",
    )
    bench.sounder.second_trouble = ""
    assert bench.do(SelfTest("passed", NURSE)) == ()
    assert bench.system("SELF_TEST")[-1].fields["second_output"] == "Hall loudspeaker"


# Its loss.


def test_its_loss_is_a_low_alarm_of_its_own_and_ends_when_it_is_back(bench: Bench) -> None:
    bench.sounder.second_trouble = "Hall loudspeaker is not connected"
    bench.run(2)
    (alarm,) = [c for c in bench.bedside.alarms.conditions if c.rule.id == "TE-14-L"]
    assert (alarm.text, alarm.rule.priority) == (
        "Second alarm sound: Hall loudspeaker is not connected",
        Priority.LOW,
    )
    assert "TE-14" not in bench.standing()
    assert bench.state.sound.state == "normal"
    shown = second_sound_choices(bench.state, NURSE)
    assert (shown.trouble, shown.chosen) == ("Hall loudspeaker is not connected.", HALL)
    bench.sounder.second_trouble = ""
    bench.run(2)
    assert "TE-14-L" not in bench.standing()
    assert [len(bench.system(code)) for code in ("SECOND_SOUND_LOST", "SECOND_SOUND_OK")] == [1, 1]


def test_one_that_is_missing_stands_among_the_choices(bench: Bench) -> None:
    bench.sounder.other_outputs = (DESK,)
    assert second_sound_choices(bench.state, NURSE).outputs == (DESK, HALL)


# Whatever happens.


def numbers(hr: float, spo2: float) -> Callable[[AlarmRoom], None]:
    def become(room: AlarmRoom) -> None:
        room.patient.hr, room.patient.spo2 = hr, spo2

    return become


ACTS: dict[str, Callable[[AlarmRoom], None]] = {
    "calm": numbers(80, 97),
    "fast": numbers(125, 97),
    "racing": numbers(150, 97),
    "breathless": numbers(80, 70),
    "both": numbers(150, 70),
    "acknowledge": lambda room: room.acknowledge(),
    "pause": lambda room: room.pause(30),
    "on": lambda room: room.pause(0),
    "off": lambda room: room._command(SwitchSound(False, LEAD)),
    "on again": lambda room: room._command(SwitchSound(True, LEAD)),
    "restart": lambda room: room.end_and_start(5),
}


def old_high(room: AlarmRoom, t_ns: int) -> bool:
    """Whether the record alone shows a HIGH alarm unacknowledged for 60 s at this instant."""
    since: dict[str, int] = {}
    for entry in room.entries:
        if (
            not isinstance(entry, AlarmEntry)
            or entry.stamp.t_ns > t_ns
            or entry.priority is not Priority.HIGH
        ):
            continue
        if entry.to_state in {"ACTIVE", "LATCHED"}:
            since.setdefault(entry.rule, entry.stamp.t_ns)
        else:
            since.pop(entry.rule, None)
    return any(t_ns - began >= 60 * S for began in since.values())


class ListeningRoom(AlarmRoom):
    """Looks at the second output whenever the desks were asked."""

    def begin_room(self) -> None:
        self.heard_there = 0
        super().begin_room()

    def _see(self) -> None:
        super()._see()
        sounds = self.sounder.second_sounds
        self.heard_there += sounds is not None
        assert sounds is None or (sounds.urgency == "HIGH" and old_high(self, self.t_ns))
        assert sounds is None or not self._silenced
        for burst in self.sounder.bursts:
            assert burst.played_on is PlayedOn.FIRST or old_high(self, burst.t_ns)
        self.sounder.bursts.clear()


def infusing() -> ListeningRoom:
    room = ListeningRoom()
    room.begin_room()
    room.step(Phase.READY)
    room.step(Phase.INF)
    return room


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from([1, 12, 75])), max_size=10))
@settings(max_examples=25, deadline=None)
def test_the_second_output_sounds_only_for_a_high_alarm_nobody_answered_for_60_s(
    acts: list[tuple[str, int]],
) -> None:
    room = infusing()
    for name, seconds in acts:
        ACTS[name](room)
        room.wait(seconds)


def test_and_for_such_a_one_it_does_sound() -> None:
    room = infusing()
    ACTS["breathless"](room)
    room.wait(60)
    assert room.heard_there == 0
    room.wait(30)
    assert room.heard_there > 0
    ACTS["restart"](room)
    before = room.heard_there
    room.wait(20)
    assert room.heard_there > before  # its age is in the record
