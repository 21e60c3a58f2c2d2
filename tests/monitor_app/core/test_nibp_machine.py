"""The cuff's schedule: marks, phases, repeats, the 40-min window (clinical.md §8.4, §5.8.5, §4.1)."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from monitor_app.core.nibp_machine import cancel, request, stat
from monitor_app.core.nibp_plan import CuffAction, CuffEnd, NibpPlan
from monitor_app.core.phase import Phase

# clinical.md §8.4: marks are multiples of the interval; less than 60 s to the mark, that mark is skipped.
MARKS = [
    ("08:03:00", 5, ["08:05:00", "08:10:00", "08:15:00"]),
    ("08:04:00", 5, ["08:05:00", "08:10:00"]),
    ("08:04:01", 5, ["08:10:00", "08:15:00"]),
    ("08:05:00", 5, ["08:10:00", "08:15:00"]),
    ("08:03:00", 2.5, ["08:05:00", "08:07:30", "08:10:00"]),
    ("08:03:20", 1, ["08:05:00", "08:06:10", "08:07:20"]),
    ("08:03:00", 3, ["08:06:00", "08:09:00"]),
    ("08:03:00", 10, ["08:10:00", "08:20:00"]),
    ("08:03:00", 15, ["08:15:00"]),
    ("08:03:00", 60, ["09:00:00"]),
]


@pytest.mark.parametrize(("at", "minutes", "expected"), MARKS)
def test_clock_marks(make_cuff, at, minutes, expected):
    cuff = make_cuff(at)
    cuff.arm(minutes)
    cuff.run(minutes * 60 * len(expected) + 300)
    assert cuff.times()[: len(expected)] == expected


def test_entering_a_phase_measures_at_once_then_on_the_marks(make_cuff):
    cuff = make_cuff("08:03:00")
    cuff.enter(Phase.REC)
    cuff.run(900)
    assert cuff.log == [
        ("08:03:00", "entry"),
        ("08:05:00", "auto"),
        ("08:10:00", "auto"),
        ("08:15:00", "auto"),
    ]


def test_the_baseline_takes_a_second_one_two_minutes_after_the_first(make_cuff):
    cuff = make_cuff("08:03:00")
    cuff.enter(Phase.BASE)
    cuff.run(900)
    assert cuff.log == [
        ("08:03:00", "entry"),
        ("08:05:40", "entry"),
        ("08:10:00", "auto"),
        ("08:15:00", "auto"),
    ]


def test_the_second_one_follows_also_when_the_nurse_measures_between(make_cuff):
    cuff = make_cuff("08:00:10")
    cuff.enter(Phase.BASE)
    cuff.run(80)
    cuff.plan = request(cuff.plan, cuff.t_ns)
    cuff.run(300)
    assert cuff.log[:3] == [("08:00:10", "entry"), ("08:01:30", "manual"), ("08:04:10", "entry")]


@pytest.mark.parametrize("phase", [Phase.CHECKIN, Phase.READY, Phase.PAUSE, Phase.DCA])
def test_other_phases_do_not_arm_it(make_cuff, phase):
    cuff = make_cuff()
    cuff.enter(phase)
    assert cuff.run(900).log == []


def test_nothing_happens_unarmed(make_cuff):
    assert make_cuff().run(4000).log == []


def test_resuming_does_not_measure_at_once_and_keeps_the_marks(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.INF)
    cuff.run(400)
    cuff.enter(Phase.PAUSE)
    cuff.run(30)
    cuff.enter(Phase.INF)
    cuff.run(300)
    assert cuff.times() == ["08:00:00", "08:05:00", "08:10:00"]


def test_a_pause_for_pressure_measures_every_two_and_a_half_minutes(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.INF)
    cuff.run(360)
    cuff.enter(Phase.PAUSE, paused_for_pressure=True)
    cuff.run(420)
    assert cuff.times() == ["08:00:00", "08:05:00", "08:07:30", "08:10:00", "08:12:30"]
    cuff.enter(Phase.INF)
    cuff.run(600)
    assert cuff.times()[5:] == ["08:15:00", "08:20:00"]


def test_an_emergency_is_tight_and_leaving_disarms_and_stops(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.EMERG)
    cuff.run(310)
    assert cuff.times() == ["08:00:00", "08:02:30", "08:05:00"]
    cuff.enter(Phase.DONE)
    cuff.run(900)
    assert cuff.stops == ["monitoring ended"]
    assert len(cuff.log) == 3


def test_a_shorter_interval_chosen_by_a_person_stays_a_longer_one_does_not(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.BASE)
    cuff.arm(2)
    cuff.enter(Phase.INF)
    assert cuff.plan.interval_s == 120
    cuff.arm(15)
    cuff.enter(Phase.REC)
    assert cuff.plan.interval_s == 300


def test_an_alarming_reading_is_retaken_once_after_a_minute_and_then_quiet(make_cuff):
    cuff = make_cuff("08:00:00", ends={0: CuffEnd.ALARMING, 1: CuffEnd.ALARMING})
    cuff.enter(Phase.REC)
    cuff.run(310)
    assert cuff.log == [("08:00:00", "entry"), ("08:01:40", "retake"), ("08:05:00", "auto")]


def test_the_quiet_time_holds_back_the_marks(make_cuff):
    cuff = make_cuff("08:00:00", ends={0: CuffEnd.ALARMING})
    cuff.arm(1)
    cuff.run(600)
    first, retake, following = cuff.log[:3]
    assert (first, retake) == (("08:01:00", "auto"), ("08:02:40", "retake"))
    assert following == ("08:05:20", "auto")  # 08:03:20 end of the re-take, and 2 min


def test_at_most_two_repeats_in_ten_minutes(make_cuff):
    cuff = make_cuff("08:00:00", ends=dict.fromkeys(range(100), CuffEnd.ALARMING))
    cuff.enter(Phase.REC)
    cuff.run(3600)
    repeats = [i for i, (_, trigger) in enumerate(cuff.log) if trigger == "retake"]
    times = [datetime.strptime(cuff.log[i][0], "%H:%M:%S").replace(tzinfo=UTC).timestamp() for i in repeats]
    assert len(times) > 4
    assert all(third - first >= 600 for first, third in zip(times, times[2:], strict=False))


def test_a_failed_cycle_is_repeated_once_after_thirty_seconds(make_cuff):
    cuff = make_cuff("08:00:00", ends={0: CuffEnd.FAILED, 1: CuffEnd.FAILED})
    cuff.enter(Phase.REC)
    cuff.run(400)
    assert cuff.log == [("08:00:00", "entry"), ("08:01:10", "retry"), ("08:05:00", "auto")]


def test_nothing_is_repeated_without_an_armed_plan(make_cuff):
    cuff = make_cuff(ends={0: CuffEnd.FAILED})
    cuff.plan = request(cuff.plan, 0)
    assert cuff.run(600).log == [("08:03:00", "manual")]


def test_the_nurse_can_cancel_the_retake_only(make_cuff):
    cuff = make_cuff("08:00:00", ends={0: CuffEnd.ALARMING})
    cuff.enter(Phase.REC)
    cuff.run(60)
    cuff.plan, orders = cancel(cuff.plan, cuff.t_ns, retake_only=True)
    assert orders == ()
    assert cuff.run(400).times() == ["08:00:00", "08:05:00"]


def test_cancelling_stops_the_cuff_and_keeps_the_plan(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.REC)
    cuff.run(10)
    cuff.plan, orders = cancel(cuff.plan, cuff.t_ns)
    assert [order.action for order in orders] == [CuffAction.STOP]
    assert cuff.plan.measuring is None
    assert cuff.run(400).log[1:] == [("08:05:00", "auto")]
    _, again = cancel(NibpPlan(), 0)
    assert [order.action for order in again] == [CuffAction.STOP]


def test_a_start_is_ignored_while_measuring_and_waits_for_the_cuff_to_rest(make_cuff):
    cuff = make_cuff("08:01:00")
    cuff.plan = request(cuff.plan, 0)
    cuff.run(20)
    cuff.plan = request(cuff.plan, cuff.t_ns)
    cuff.run(25)
    cuff.plan = request(cuff.plan, cuff.t_ns)
    cuff.run(100)
    assert cuff.log == [("08:01:00", "manual"), ("08:02:10", "manual")]


def test_a_cycle_that_never_ends_is_stopped_and_repeated_once(make_cuff):
    cuff = make_cuff("08:00:00", answers=False)
    cuff.enter(Phase.REC)
    cuff.run(215)
    assert cuff.stops == ["took longer than 180 s"]
    assert cuff.log == [("08:00:00", "entry"), ("08:03:30", "retry")]


@pytest.mark.parametrize("jump_s", [-3600, 3600, -40, 40, 7])
def test_a_clock_that_jumps_moves_nothing_by_more_than_a_mark(make_cuff, jump_s):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.REC)
    cuff.run(420)
    cuff.wall_jump_s = jump_s
    cuff.run(1800)
    seconds = [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in (t.split(":") for t in cuff.times())]
    gaps = [b - a for a, b in pairwise(seconds)]
    assert cuff.times()[2] == "08:10:00"
    assert all(60 <= gap <= 360 for gap in gaps)
    assert gaps[-1] == 300


# clinical.md §4.1: one reading 38 to 42 min after t0, whatever the marks.
@pytest.mark.parametrize("second", [0, 30, 60, 100, 150, 200, 240, 290])
def test_one_reading_in_the_window_near_forty_minutes(make_cuff, second):
    cuff = make_cuff(f"08:{second // 60:02d}:{second % 60:02d}")
    cuff.enter(Phase.INF)
    cuff.run(2500)
    cuff.enter(Phase.PAUSE)
    cuff.run(400)
    starts = [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in (t.split(":") for t in cuff.times())]
    inside = [t for t in starts if 38 * 60 <= t - 28800 - second <= 42 * 60]
    assert len(inside) == 1


def test_the_extra_reading_is_taken_at_forty_minutes(make_cuff):
    cuff = make_cuff("08:02:30")
    cuff.enter(Phase.INF)
    cuff.run(2700)
    assert ("08:42:30", "auto") in cuff.log  # marks fall at 37:30 and 42:30 after the start


def test_stat_measures_as_fast_as_it_may_for_five_minutes(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.plan = stat(cuff.plan, 0)
    cuff.run(720)
    assert cuff.log[:3] == [("08:00:00", "stat"), ("08:00:45", "stat"), ("08:01:30", "stat")]
    assert [t for t, trigger in cuff.log if trigger == "auto"] == ["08:10:00"]
