from itertools import pairwise

import pytest

from devices.protocols.hl7.timestamp import parse_timestamp
from devices.protocols.nbp_watch import RECENT_S, NbpPane, NbpWatch
from devices.signals import DeviceStatus, NibpFailure, NibpResult

A, B, C = "20260102101500", "20260102102000", "20260102102500"
NOW_S = parse_timestamp(A) + 30


def pane(*pressures, at=A, failure=None, doubtful=False, pulse=None):
    pressures = pressures or (124.0, 78.0, 93.0)
    times, measured_s = ((at,), parse_timestamp(at)) if at else ((), None)
    return NbpPane(pressures, pulse, failure, doubtful, times, measured_s)


def failed(at=A):
    return pane(None, None, None, at=at, failure=NibpFailure.ERROR)


EMPTY = pane(None, None, None, at="")
JUMP = (180.0, 100.0, 127.0)


def events(panes, *, live=False, now_s=NOW_S):
    watch = NbpWatch(live=live)
    said = []
    for shown in panes:
        for signal in watch.step(shown, now_s):
            if isinstance(signal, NibpResult):
                said.append(signal.failure or signal.systolic_mmhg)
            else:
                said.append(f"held {signal.active}")
    return said


ERROR = NibpFailure.ERROR


@pytest.mark.parametrize(
    ("panes", "said"),
    [
        ([pane()], [124]),
        ([pane(), pane(), pane()], [124]),  # the same time is the same reading
        ([pane(), pane(at=B)], [124, 124]),  # identical values with a new time are a new reading
        ([pane(), pane(130.0, 80.0, 95.0)], [124]),  # other values with the same time are not
        ([pane(), pane(128.0, 80.0, 96.0, at=B)], [124, 128]),
        ([pane(), pane(*JUMP, at=B)], [124]),  # a jump waits
        ([pane(), pane(*JUMP, at=B), pane(*JUMP, at=B)], [124, 180]),
        ([pane(), pane(*JUMP, at=B), pane(at=A), pane(*JUMP, at=B)], [124]),
        ([EMPTY, pane(), EMPTY, pane()], [124]),  # cleared and shown again
        ([None, pane(), None], [124]),
        ([pane(), failed(B)], [124, ERROR]),
        ([pane(), failed(B), failed(B)], [124, ERROR]),
        ([pane(), failed(B), failed(C)], [124, ERROR, ERROR]),
        ([pane(), failed(""), failed("")], [124, ERROR]),
        ([pane(), failed(""), pane(at=B), failed("")], [124, ERROR, 124, ERROR]),
        ([pane(), failed(""), pane()], [124, ERROR]),
        ([failed()], [ERROR]),
        ([failed(""), failed("")], ["held True"]),
        ([pane(at="")], [124]),
        ([pane(at=""), pane(at=""), pane(126.0, 78.0, 94.0, at="")], [124, 126]),
        ([pane(78.0, 124.0, 93.0)], []),  # a systolic below the diastolic waits for a second answer
        ([pane(78.0, 124.0, 93.0)] * 2, [78]),
        ([pane(124.0, 78.0, 130.0)], []),
        ([pane(124.0, None, None)], [124]),
        ([pane(at=B), pane(at=A)], [124, 124]),  # the monitor's clock was set back: another time all the same
    ],
)
def test_what_is_told(panes, said):
    assert events(panes) == said


def test_times_that_contradict_are_damage():
    torn = NbpPane((124.0, 78.0, 93.0), times=(A, B))
    watch = NbpWatch(live=False)
    assert watch.step(torn, NOW_S) == []
    assert watch.unsure


@pytest.mark.parametrize(("age_s", "said"), [(0, [124]), (RECENT_S, [124]), (RECENT_S + 1, ["held True"])])
def test_an_old_reading_found_at_the_beginning_is_held_when_live(age_s, said):
    now_s = parse_timestamp(A) + age_s
    assert events([pane(), pane()], live=True, now_s=now_s) == said
    assert events([pane()], live=False, now_s=now_s) == [124]


def test_a_held_reading_is_released_by_the_next():
    assert events([pane(), pane(at=B)], live=True, now_s=NOW_S + 3600) == ["held True", "held False", 124]


def test_a_held_reading_says_when_it_was_taken():
    (status,) = NbpWatch(live=True).step(pane(), None)
    assert status == DeviceStatus(
        "NIBP_HELD", active=True, detail="124/78 mmHg, taken 20260102101500 by the monitor's clock"
    )


def test_reopening_does_not_tell_the_same_reading_again():
    watch = NbpWatch(live=True)
    assert len(watch.step(pane(), NOW_S)) == 1
    watch.reopened()
    assert watch.step(pane(), NOW_S + 60) == []
    watch.reopened()
    (result,) = watch.step(pane(at=B), parse_timestamp(B) + 20)
    assert result.systolic_mmhg == 124


def test_a_lost_answer_does_not_confirm():
    watch = NbpWatch(live=False)
    watch.step(pane(), NOW_S)
    assert watch.step(pane(*JUMP, at=B), NOW_S) == []
    assert watch.unsure
    watch.interrupted()
    assert watch.step(pane(*JUMP, at=B), NOW_S) == []
    assert len(watch.step(pane(*JUMP, at=B), NOW_S)) == 1
    assert not watch.unsure


def test_result_carries_pulse_mark_and_device_time():
    (result,) = NbpWatch(live=False).step(pane(pulse=71.0, doubtful=True), NOW_S)
    assert result == NibpResult(
        124.0, 78.0, 93.0, pulse_per_min=71.0, questionable=True, device_time_s=parse_timestamp(A)
    )


def test_every_time_once_whatever_the_order():
    times = [A, B, C, B, A]
    assert len(events([pane(at=t) for t in times])) == sum(a != b for a, b in pairwise(times)) + 1
