"""What sounds when: gaps between bursts, interruption, escalation, reminders, the pause (clinical.md §5.3-§5.5)."""

from dataclasses import replace

import pytest

from devices.errors import RefusedError
from monitor_app.core.alarm.audio import (
    AudioMode,
    AudioState,
    Burst,
    calls_for_help,
    pause_audio,
    paused_again,
    plan_sound,
    resume_audio,
    silent_until_t_ns,
)
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.state import AlarmState
from monitor_app.core.alarm.system_state import AudioOff
from monitor_app.core.stamp import Actor

S = 1_000_000_000
BY_ID = {rule.id: rule for rule in RULES}
HIGH, MEDIUM, LOW = "AL-SP-01", "AL-HR-03", "AL-HR-04"


def condition(rule: str, since_s: float = 0, **other: object) -> Condition:
    known: dict[str, object] = {
        "occurrence_id": f"{rule}@{since_s}",
        "rule": BY_ID[rule],
        "state": AlarmState.ACTIVE,
        "since_t_ns": round(since_s * S),
        "announced_t_ns": round(since_s * S),
        "acknowledged": False,
        "value": 1.0,
        "limit": 1.0,
        "worst_value": 1.0,
        "text": "",
        "suppressed_by": "",
        "note": "",
    }
    return Condition(**{**known, **other})


def acknowledged(rule: str, at_s: float) -> Condition:
    return condition(rule, state=AlarmState.ACTIVE_ACK, acknowledged=True, acknowledged_t_ns=round(at_s * S))


def bursts(
    timeline: list[tuple[float, list[Condition]]],
    until_s: float,
    state: AudioState | None = None,
    **options: bool,
) -> list[Burst]:
    """Run the plan from deadline to deadline over changing conditions."""
    state = state or AudioState()
    found: list[Burst] = []
    for (from_s, conditions), (to_s, _) in zip(timeline, [*timeline[1:], (until_s, [])], strict=True):
        now: int | None = round(from_s * S)
        while now is not None and now < to_s * S:
            state, burst, deadline = plan_sound(state, conditions, now, **options)
            assert deadline is None or deadline > now
            found += [burst] if burst else []
            now = deadline
    return found


def starts(found: list[Burst]) -> list[float]:
    return [round(b.t_ns / S, 2) for b in found]


@pytest.mark.parametrize(("rule", "length", "gap"), [(HIGH, 3.06, 7), (MEDIUM, 0.9, 20), (LOW, 0.54, 30)])
def test_the_gap_between_bursts_is_tb(rule, length, gap):
    found = bursts([(1, [condition(rule, 1)])], 80)
    assert starts(found)[:3] == [pytest.approx(1 + n * (length + gap)) for n in range(3)]
    assert {b.urgency for b in found} == {BY_ID[rule].priority.value}
    assert {b.melody for b in found} == {BY_ID[rule].melody.name}


def test_v28_only_the_highest_priority_sounds():
    found = bursts([(0, [condition(HIGH), condition(MEDIUM), condition(LOW)])], 60)
    assert {b.urgency for b in found} == {"HIGH"}


def test_nothing_sounds_that_is_pending_hidden_or_acknowledged():
    quiet = [
        condition(HIGH, state=AlarmState.PENDING),
        condition(MEDIUM, suppressed_by="AL-HR-02"),
        acknowledged(LOW, 0),
    ]
    assert bursts([(0, quiet)], 100) == []


def test_latched_sounds_until_acknowledged_v22():
    found = bursts([(0, [condition(HIGH, state=AlarmState.LATCHED)]), (25, [])], 100)
    assert len(found) == 3


def test_a_higher_alarm_cuts_off_the_burst_that_plays():
    found = bursts([(0, [condition(MEDIUM)]), (0.5, [condition(HIGH, 0.5), condition(MEDIUM)])], 2)
    assert [(b.urgency, b.t_ns / S, b.interrupts) for b in found] == [
        ("MEDIUM", 0, False),
        ("HIGH", 0.5, True),
    ]


def test_a_new_alarm_of_the_same_priority_waits_for_the_burst_not_for_the_gap():
    other = condition("AL-SP-02", 0.5)
    found = bursts([(0, [condition(MEDIUM)]), (0.5, [other, condition(MEDIUM)])], 15)
    assert [(b.rule, b.t_ns / S, b.interrupts) for b in found] == [
        (MEDIUM, 0, False),
        ("AL-SP-02", 0.9, False),
    ]


def test_a_lower_alarm_does_not_hurry_the_higher():
    found = bursts([(0, [condition(HIGH)]), (4, [condition(HIGH), condition(MEDIUM, 4)])], 10)
    assert starts(found) == [0]


def test_a_medium_alarm_nobody_acknowledged_repeats_every_10_s_and_louder():
    found = bursts([(0, [condition(MEDIUM)])], 150)
    late = [b for b in found if b.louder]
    assert late[0].t_ns >= 120 * S
    assert [b for b in found if b.t_ns >= 120 * S] == late
    assert late[1].t_ns - late[0].end_t_ns == 10 * S


def test_v20_reminders_120_s_after_the_acknowledgement():
    found = bursts([(10, [acknowledged(MEDIUM, 10)])], 400)
    assert [(b.urgency, b.t_ns / S) for b in found] == [
        ("REMINDER", 130),
        ("REMINDER", 250),
        ("REMINDER", 370),
    ]


def test_a_reminder_waits_while_something_sounds():
    found = bursts([(0, [condition(HIGH), acknowledged(MEDIUM, -119.0)])], 6)
    assert [(b.urgency, round(b.t_ns / S, 2)) for b in found] == [("HIGH", 0), ("REMINDER", 3.06)]


def test_low_may_be_picture_only():
    assert bursts([(0, [condition(LOW)])], 100, quiet_low=True) == []
    assert len(bursts([(0, [condition(MEDIUM)])], 1, quiet_low=True)) == 1


def test_a_pause_is_silent_and_ends_by_itself():
    paused = pause_audio(AudioState(), [condition(MEDIUM)], 0, 60)
    assert paused.mode is AudioMode.PAUSED
    found = bursts([(0, [condition(MEDIUM)])], 61, paused)
    assert starts(found) == [60]


@pytest.mark.parametrize(
    ("paused_rule", "new", "breaks"),
    [
        (MEDIUM, "AL-SP-02", True),  # V21
        (MEDIUM, HIGH, True),
        (MEDIUM, LOW, False),
        (HIGH, MEDIUM, False),
        (None, LOW, True),
    ],
)
def test_v21_a_new_alarm_of_equal_or_higher_priority_breaks_the_pause(paused_rule, new, breaks):
    known = [condition(paused_rule)] if paused_rule else []
    paused = pause_audio(AudioState(), known, 0, 120)
    state, burst, deadline = plan_sound(paused, [*known, condition(new, 5)], 5 * S)
    assert (state.mode is AudioMode.NORMAL) is breaks
    assert (burst is not None) is breaks
    assert breaks or deadline == 120 * S


def test_what_came_during_the_pause_sounds_after_it():
    paused = pause_audio(AudioState(), [condition(HIGH)], 0, 30)
    found = bursts([(5, [condition(HIGH), condition(MEDIUM, 5)]), (29, [condition(MEDIUM, 5)])], 31, paused)
    assert [(b.urgency, b.t_ns / S) for b in found] == [("MEDIUM", 30)]


def test_the_same_condition_returning_is_a_new_alarm_and_breaks_the_pause():
    paused = pause_audio(AudioState(), [condition(MEDIUM)], 0, 120)
    state, _, _ = plan_sound(paused, [], 5 * S)
    state, burst, _ = plan_sound(state, [condition(MEDIUM, 9)], 9 * S)
    assert state.mode is AudioMode.NORMAL
    assert burst is not None


@pytest.mark.parametrize("seconds", [0, 29.9, 121, 3600])
def test_the_pause_has_its_bounds(seconds):
    with pytest.raises(RefusedError, match="30 to 120 s"):
        pause_audio(AudioState(), [], 0, seconds)


def test_a_pause_can_be_ended():
    paused = pause_audio(AudioState(), [condition(HIGH)], 0)
    assert starts(bursts([(3, [condition(HIGH)])], 4, resume_audio(paused))) == [3]


def test_a_high_alarm_calls_for_help_after_60_s():
    waiting = condition(HIGH)
    assert [calls_for_help(waiting, round(t * S)) for t in (59.9, 60)] == [False, True]
    assert not calls_for_help(acknowledged(HIGH, 1), 90 * S)
    assert not calls_for_help(condition(MEDIUM), 90 * S)
    assert not calls_for_help(condition(HIGH, state=AlarmState.LATCHED), 90 * S)
    assert not calls_for_help(replace(waiting, suppressed_by="AL-HR-01"), 90 * S)


def test_one_that_latched_unanswered_and_is_there_again_has_waited_since_the_first_time():
    again = condition(HIGH, 50, unanswered_since_t_ns=0)
    assert [calls_for_help(again, round(t * S)) for t in (59.9, 60)] == [False, True]
    assert not calls_for_help(condition(HIGH, 50), 60 * S)


def helped(timeline: list[tuple[float, list[Condition]]], until_s: float) -> list[bool]:
    return [burst.calls_help for burst in bursts(timeline, until_s)]


def test_from_60_s_on_each_high_burst_calls_help():
    began = bursts([(0, [condition(HIGH)])], 95)
    assert [burst.calls_help for burst in began] == [burst.t_ns >= 60 * S for burst in began]
    assert sum(burst.calls_help for burst in began) == 4  # 7 s between bursts of 3.06 s


def test_no_other_burst_calls_help_however_long_it_is_waited():
    assert not any(helped([(0, [condition(MEDIUM)])], 300))
    assert not any(helped([(0, [acknowledged(HIGH, 1)])], 300))


def test_beside_one_that_calls_help_a_new_high_alarm_does_too():
    old, new = condition(HIGH), condition("AL-HR-02", 70)
    later = [b for b in bursts([(0, [old]), (70, [old, new])], 90) if b.t_ns >= 70 * S]
    assert later[0].rule == "AL-HR-02"
    assert all(b.calls_help for b in later)
    alone = [b for b in bursts([(0, [old]), (70, [acknowledged(HIGH, 70), new])], 90) if b.t_ns >= 70 * S]
    assert not any(b.calls_help for b in alone)


def test_a_reminder_does_not_hurry_the_next_burst():
    found = bursts([(0, [condition(HIGH), acknowledged(MEDIUM, -115.0)])], 12)
    assert [(b.urgency, round(b.t_ns / S, 2)) for b in found] == [
        ("HIGH", 0),
        ("REMINDER", 5),
        ("HIGH", 10.06),
    ]


# The sound switched off by a clinical lead.

OFF = AudioOff(Actor("Lea", "clinical lead"), 10 * S)


def while_off(conditions: list[Condition], until_s: float, state: AudioState | None = None) -> list[Burst]:
    """Run the plan from deadline to deadline with the sound off."""
    state, found, now = state or AudioState(), [], 10 * S
    while now < until_s * S:
        state, burst, deadline = plan_sound(state, conditions, now, off=OFF)
        assert deadline is not None
        assert deadline > now
        found += [burst] if burst else []
        now = deadline
    return found


@pytest.mark.parametrize("conditions", [[], [condition(HIGH)], [condition(MEDIUM), acknowledged(LOW, 0)]])
def test_while_off_there_is_nothing_but_its_own_reminder(conditions):
    found = while_off(conditions, 380)
    assert [(b.urgency, b.melody, b.t_ns / S) for b in found] == [
        ("REMINDER", "GENERAL", 130),
        ("REMINDER", "GENERAL", 250),
        ("REMINDER", "GENERAL", 370),
    ]


def test_a_reminder_that_comes_late_moves_none_of_the_others():
    state, burst, deadline = plan_sound(AudioState(), [], 140 * S, off=OFF)
    assert burst is not None
    assert deadline == 250 * S
    _, burst, _ = plan_sound(state, [], 145 * S, off=OFF)
    assert burst is None


def test_what_began_while_off_sounds_as_soon_as_the_sound_is_on():
    state, _, _ = plan_sound(AudioState(), [condition(HIGH)], 11 * S, off=OFF)
    _, burst, _ = plan_sound(state, [condition(HIGH)], 12 * S)
    assert burst is not None
    assert burst.urgency == "HIGH"


def test_switching_off_ends_a_pause_so_that_a_sound_switched_on_is_on():
    paused = pause_audio(AudioState(), [condition(HIGH)], 11 * S, 120)
    state, burst, _ = plan_sound(paused, [condition(HIGH)], 12 * S, off=OFF)
    assert burst is None
    assert (state.mode, state.paused_until_t_ns) == (AudioMode.NORMAL, None)
    _, burst, _ = plan_sound(state, [condition(HIGH)], 13 * S)
    assert burst is not None
    assert burst.urgency == "HIGH"


# A pause taken up after a restart.


def test_a_pause_taken_up_ends_when_it_was_to_end_or_with_a_new_alarm():
    old = condition(MEDIUM)
    state = paused_again([old], 60 * S)
    state, burst, deadline = plan_sound(state, [old], 20 * S)
    assert (burst, deadline) == (None, 60 * S)
    _, burst, _ = plan_sound(state, [condition("AL-SP-02", 21), old], 21 * S)
    assert burst is not None
    _, burst, _ = plan_sound(state, [old], 60 * S)
    assert burst is not None
    assert silent_until_t_ns(state) is None


# The chime of an information.

CHIMING = condition("WF-05", 5)


def test_information_chimes_once_as_soon_as_nothing_sounds():
    assert [(b.urgency, b.t_ns / S) for b in bursts([(5, [CHIMING])], 200)] == [("INFO", 5)]
    found = bursts([(4.5, [condition(MEDIUM, 4.5)]), (5, [condition(MEDIUM, 4.5), CHIMING])], 20)
    assert [(b.urgency, b.t_ns / S) for b in found] == [("MEDIUM", 4.5), ("INFO", 5.4)]


def test_other_information_is_silent():
    assert bursts([(5, [condition("WF-09", 5), condition("TE-17-I", 5)])], 200) == []


def test_a_chime_that_could_not_be_heard_is_not_made_up_for():
    paused = pause_audio(AudioState(), [], 0, 30)
    assert bursts([(5, [CHIMING])], 200, paused) == []
    assert bursts([(16, [CHIMING])], 200) == []


def test_an_alarm_cuts_the_chime_off():
    found = bursts([(5, [CHIMING]), (5.1, [condition(HIGH, 5.1), CHIMING])], 6)
    assert [(b.urgency, b.interrupts) for b in found] == [("INFO", False), ("HIGH", True)]
