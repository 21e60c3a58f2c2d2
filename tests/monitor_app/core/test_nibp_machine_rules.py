"""The cuff's schedule: monitors that time themselves, odd input, and what always holds (protocols.md §10)."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import KnownError
from monitor_app.core.nibp_machine import cancel, ended, request, set_plan, started
from monitor_app.core.nibp_plan import INTERVALS_MIN, CuffEnd, NibpPlan, Trigger
from monitor_app.core.phase import Phase

CYCLE_S = 40


def test_a_monitor_that_times_itself_is_asked_for_through_the_nurse(make_cuff):
    cuff = make_cuff("08:03:00", plan=NibpPlan(host_timed=False))
    cuff.enter(Phase.REC)
    cuff.run(60)
    assert (cuff.log, cuff.tasks) == ([], [("08:03:00", "entry")])
    cuff.plan = started(cuff.plan, cuff.t_ns)
    cuff.run(41)
    cuff.plan = ended(cuff.plan, cuff.t_ns, CuffEnd.ALARMING)
    assert cuff.plan.task is None
    cuff.run(62)
    assert cuff.tasks[1][1] == "retake"
    cuff.plan = ended(cuff.plan, cuff.t_ns, CuffEnd.ALARMING)
    cuff.run(329)
    assert len(cuff.tasks) == 2
    cuff.run(3)
    assert cuff.tasks[2][1] == "auto"
    assert cancel(cuff.plan, cuff.t_ns)[1] == ()


def test_a_monitor_in_its_own_auto_mode_is_left_alone(make_cuff):
    cuff = make_cuff(plan=NibpPlan(host_timed=False))
    cuff.enter(Phase.REC)
    cuff.run(5)
    for _ in range(6):
        cuff.plan = started(cuff.plan, cuff.t_ns)
        cuff.run(40)
        cuff.plan = ended(cuff.plan, cuff.t_ns, CuffEnd.NORMAL)
        cuff.run(260)
    assert [trigger for _, trigger in cuff.tasks] == ["entry"]


def test_a_reading_started_on_the_monitor_counts_as_one(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.arm()
    cuff.run(250)
    cuff.plan = started(cuff.plan, cuff.t_ns)
    assert cuff.plan.measuring.trigger is Trigger.MONITOR
    cuff.run(400)
    assert cuff.times() == ["08:10:00"]  # 08:05 was less than a minute after it


@pytest.mark.parametrize("minutes", [0, 4, 7.5, -5, 120])
def test_intervals_the_cuff_does_not_know(minutes):
    with pytest.raises(KnownError, match=r"1, 2, 2.5, 3, 5, 10, 15, 30, 60 min"):
        set_plan(NibpPlan(), 0, armed=True, interval_min=minutes)


def test_disarming_drops_everything_planned(make_cuff):
    cuff = make_cuff("08:00:00", ends={0: CuffEnd.ALARMING})
    cuff.enter(Phase.REC)
    cuff.run(60)
    cuff.plan = set_plan(cuff.plan, cuff.t_ns, armed=False, interval_min=5)
    assert len(cuff.run(900).log) == 1


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(INTERVALS_MIN),
    st.integers(0, 3599),
    st.dictionaries(st.integers(0, 30), st.sampled_from(list(CuffEnd)), max_size=20),
    st.lists(st.integers(0, 3500), max_size=5),
)
def test_whatever_happens_the_cuff_rests_and_keeps_its_budget(make_cuff, minutes, second, ends, manual):
    cuff = make_cuff(f"08:{second // 60:02d}:{second % 60:02d}", ends=ends)
    cuff.arm(minutes)
    starts: list[tuple[int, str]] = []
    for t in range(3600):
        cuff.t_s = t
        if t in manual:
            cuff.plan = request(cuff.plan, cuff.t_ns)
        before = len(cuff.log)
        cuff.step()
        starts += [(t, trigger) for _, trigger in cuff.log[before:]]
    assert all(b[0] - a[0] >= CYCLE_S + 30 for a, b in pairwise(starts))
    repeats = [t for t, trigger in starts if trigger in {"retake", "retry"}]
    assert all(c - a >= 600 for a, c in zip(repeats, repeats[2:], strict=False))
    for t in repeats:
        following = [u for u, trigger in starts if t < u and trigger != "manual"]
        assert not following or following[0] - t >= CYCLE_S + 120


def test_seeing_our_own_cycle_start_changes_nothing(make_cuff):
    cuff = make_cuff("08:00:00")
    cuff.enter(Phase.REC)
    cuff.run(3)
    assert started(cuff.plan, cuff.t_ns) == cuff.plan
    assert request(cuff.plan, cuff.t_ns) == cuff.plan
