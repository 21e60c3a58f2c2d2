from dataclasses import replace

import pytest

from devices.clock import NS_PER_S
from devices.link_watchdog import LinkTiming, Verdict, Watchdog
from tests.devices.fakes import INFO

FINE, STALLED, ASK, REOPEN = Verdict.FINE, Verdict.STALLED, Verdict.ASK_AGAIN, Verdict.REOPEN


@pytest.mark.parametrize(
    ("interval_s", "stalled_s", "ask_again_s", "reopen_s"),
    [(0.1, 3.0, 10.0, 20.0), (1.0, 3.0, 10.0, 20.0), (2.0, 4.4, 10.0, 20.0), (10.0, 22.0, 40.0, 80.0)],
)
def test_thresholds_of_te_09(interval_s, stalled_s, ask_again_s, reopen_s):
    timing = LinkTiming.for_driver(replace(INFO, expected_interval_s=interval_s))
    assert timing == LinkTiming(pytest.approx(stalled_s), ask_again_s, reopen_s)


@pytest.mark.parametrize(
    ("bytes_at_s", "frame_at_s", "asked_at_s", "now_s", "verdict"),
    [
        # Streaming, then silence.
        (100, 100, None, 102.9, FINE),
        (100, 100, None, 103, STALLED),
        (100, 100, None, 110, ASK),
        (100, 100, 110, 112, STALLED),
        (100, 100, 110, 120, REOPEN),
        # Rubbish keeps coming: the handle lives, so it is asked, not reopened.
        (129, 100, 110, 119.9, STALLED),
        (129, 100, 110, 130, ASK),
        # Never a frame: it cannot stall, but it is asked and reopened.
        (None, None, None, 5, FINE),
        (None, None, None, 10, ASK),
        (None, None, 10, 19.9, FINE),
        (None, None, 10, 20, REOPEN),
    ],
)
def test_verdicts(bytes_at_s, frame_at_s, asked_at_s, now_s, verdict):
    dog = Watchdog(LinkTiming(3.0, 10.0, 20.0))
    dog.opened(0)
    if bytes_at_s is not None:
        dog.heard_bytes(bytes_at_s * NS_PER_S)
    if frame_at_s is not None:
        dog.heard_frame(frame_at_s * NS_PER_S)
    if asked_at_s is not None:
        dog.asked(asked_at_s * NS_PER_S)
    assert dog.verdict(round(now_s * NS_PER_S)) is verdict


def test_a_stall_is_said_once_until_frames_come_again():
    dog = Watchdog(LinkTiming(3.0, 10.0, 20.0))
    dog.opened(0)
    dog.heard_frame(0)
    assert [dog.verdict(s * NS_PER_S) for s in (2, 3, 4)] == [FINE, STALLED, FINE]
    dog.heard_frame(5 * NS_PER_S)
    assert dog.verdict(8 * NS_PER_S) is STALLED
