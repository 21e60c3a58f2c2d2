"""Bad frames over the last 30 s (clinical.md §6.6 TE-10)."""

from monitor_app.core.alarm.frame_window import FrameWindow
from tests.monitor_app.core.alarm.alarm_helpers import S


def test_the_share_of_the_last_30_s():
    window = FrameWindow()
    for t in range(100):
        bad = max(0, t - 50)  # one bad frame a second from 51 s on, beside ten good ones
        window = window.add(t * S, 10 * t, bad)
        if t < 30:
            assert window.share is None
        if t == 50:
            assert window.share == 0
    assert window.share is not None
    assert abs(window.share - 1 / 11) < 0.01
    assert len(window.seen) <= 32


def test_counters_that_begin_anew_and_lines_with_hardly_a_frame():
    window = FrameWindow()
    for t in range(40):
        window = window.add(t * S, 100 + t, 0)
    assert window.share == 0
    assert window.add(41 * S, 0, 0).share is None
    slow = FrameWindow()
    for t in range(40):
        slow = slow.add(t * S, t // 5, int(t > 20))
    assert slow.share is None


def test_it_does_not_grow_when_asked_often():
    window = FrameWindow()
    for tenth in range(1000):
        window = window.add(tenth * S // 10, tenth, 0)
    assert len(window.seen) <= 33
    assert window.share == 0
