import pytest

from devices.protocols.intellivue_mib.cuff_watch import CuffRecord, CuffWatch, Since
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult

SECOND = 8000
IDLE, MEASURING = NibpProgress(NibpPhase.IDLE), NibpProgress(NibpPhase.MEASURING)
T0 = 1_767_600_000.0


def record(minute=0, values=(122.0, 78.0, 93.0), *, ongoing=False, questionable=False):
    """The cuff object when the last reading was taken at this minute; None for never."""
    key = None if minute is None else bytes((0x20, 0x26, 1, 5, 8, minute, 0, 0))
    taken_s = None if minute is None else T0 + 60.0 * minute
    systolic, diastolic, mean = values if values is not None else (None, None, None)
    return CuffRecord(key, taken_s, systolic, diastolic, mean, ongoing, questionable)


def reading(minute, values=(122.0, 78.0, 93.0), **more):
    return NibpResult(*values, device_time_s=T0 + 60.0 * minute, **more)


def failed(cause):
    return NibpResult(None, None, None, failure=cause)


def watched(*records, watch=None):
    """Step once a second from second 1 on; what was said by the second."""
    watch = watch or CuffWatch()
    said = {}
    for second, one in enumerate(records, 1):
        signals = watch.step(one, second * SECOND, T0 + second, None)
        if signals:
            said[second] = signals
    return said


HELD = [DeviceStatus("NIBP_HELD", True, "122/78 (93) mmHg, taken at 08:00 by the monitor's clock")]
WAITING = record(0, None)


@pytest.mark.parametrize(
    ("records", "said"),
    [
        pytest.param([record(0)] * 4, {1: HELD}, id="held, and repeated"),
        pytest.param([record(0), record(5)], {1: HELD, 2: [reading(5)]}, id="a new time is a reading"),
        pytest.param(
            [record(0), record(5), record(5), record(10)],
            {1: HELD, 2: [reading(5)], 4: [reading(10)]},
            id="equal values at a new time are a new reading",
        ),
        pytest.param(
            [record(5), record(0)],
            {1: [DeviceStatus("NIBP_HELD", True, HELD[0].detail.replace("08:00", "08:05"))], 2: [reading(0)]},
            id="also where the clock went back",
        ),
        pytest.param(
            [record(0), record(0, ongoing=True), record(0, ongoing=True), record(1, ongoing=True), record(1)],
            {1: HELD, 2: [MEASURING], 5: [reading(1), IDLE]},
            id="values before the bit clears are no result",
        ),
        pytest.param(
            [record(0), record(0, ongoing=True), WAITING, WAITING, record(1)],
            {1: HELD, 2: [MEASURING], 5: [reading(1), IDLE]},
            id="values that follow the bit",
        ),
        pytest.param(
            [record(0), record(0, ongoing=True), *[record(0)] * 7],
            {1: HELD, 2: [MEASURING], 8: [failed(NibpFailure.STOPPED), IDLE]},
            id="no new reading: stopped at the monitor",
        ),
        pytest.param(
            [record(0), record(1, None), *[record(1, None)] * 6],
            {1: HELD, 7: [failed(NibpFailure.ERROR)]},
            id="a new time without values",
        ),
        pytest.param(
            [record(None, None)] * 11 + [record(1)],
            {12: [reading(1)]},
            id="the first ever, after ten seconds",
        ),
        pytest.param([record(None, None)] * 3 + [record(0)], {4: HELD}, id="the first polls hold no values"),
        pytest.param(
            [record(0, ongoing=True), record(0), *[record(0)] * 6],
            {1: [MEASURING], 7: [failed(NibpFailure.STOPPED), IDLE]},
            id="heard in the middle of a measurement",
        ),
        pytest.param(
            [record(0, ongoing=True), record(1)],
            {1: [MEASURING], 2: [reading(1), IDLE]},
            id="and its reading",
        ),
        pytest.param(
            [record(0), record(5, (None, None, 90.0)), *[record(5, (None, None, 90.0))] * 5],
            {1: HELD, 7: [failed(NibpFailure.ERROR)]},
            id="a mean alone is no reading",
        ),
        pytest.param(
            [record(0), record(5, questionable=True)],
            {1: HELD, 2: [reading(5, questionable=True)]},
            id="questionable",
        ),
    ],
)
def test_table(records, said):
    assert watched(*records) == said


def test_first_sight_of_a_time_without_values():
    assert watched(record(0, None), record(0, None), record(5)) == {3: [reading(5)]}


def test_a_capture_has_no_held_reading():
    assert watched(record(0), record(0), watch=CuffWatch(live=False)) == {1: [reading(0)]}


@pytest.mark.parametrize(
    ("since", "minute", "now_s", "new"),
    [
        (Since(T0 + 60), 5, T0 + 310, True),  # taken after we began to listen
        (Since(T0 + 400), 5, T0 + 410, False),  # before
        (Since(T0 + 60), 5, T0 + 500, False),  # too old to be told as news
        (Since(T0 + 60), 5, None, False),  # no clock to tell by
        (None, 5, T0 + 310, False),
        (Since(T0 + 60, record(5).key), 5, T0 + 310, False),  # known before the line was cut
    ],
)
def test_first_sight_after_a_loss(since, minute, now_s, new):
    (said,) = CuffWatch(since=since).step(record(minute), 8000, now_s, 71.0)
    assert (said == reading(minute, pulse_per_min=71.0)) is new


def test_failures_by_alarm():
    watch = CuffWatch()
    watch.step(record(0), SECOND, None, None)
    assert watch.failed(None) == []
    watch.step(record(0, ongoing=True), 2 * SECOND, None, None)
    watch.step(record(0, None), 3 * SECOND, None, None)
    assert watch.failed(NibpFailure.TIMED_OUT) == [failed(NibpFailure.TIMED_OUT), IDLE]
    assert watch.failed(NibpFailure.TIMED_OUT) == []
    assert watch.step(record(0, None), 30 * SECOND, None, None) == []
    assert watch.failed(None) == []
    assert watch.failed(NibpFailure.WEAK) == [failed(NibpFailure.WEAK)]  # a measurement between two polls


def test_alarm_that_stood_before_us_is_no_event_but_names_the_next_failure():
    watch = CuffWatch()
    assert watch.failed(NibpFailure.WEAK) == []
    watch.step(record(0), SECOND, None, None)
    watch.step(record(0, ongoing=True), 2 * SECOND, None, None)
    watch.step(record(0, None), 3 * SECOND, None, None)
    assert watch.failed(NibpFailure.WEAK) == []
    assert watch.step(record(0, None), 8 * SECOND, None, None) == [failed(NibpFailure.WEAK), IDLE]
