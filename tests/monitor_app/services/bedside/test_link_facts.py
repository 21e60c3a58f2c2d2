"""What the rules are told of a connection: bad frames of the last 30 s, and the name of its monitor (TE-10, TE-19)."""

import pytest

from devices.signals import Counters, LinkState, LinkStatus
from tests.monitor_app.services.bedside.bench import Bench
from tests.monitor_app.services.bedside.bench_visit import INFUSING, chair

EVERY_S = 5  # a link repeats its counters so often


def counted(bench: Bench, reports: int, bad_each: int, state: LinkState = LinkState.STREAMING) -> None:
    """Let a link report 100 good frames and some bad ones each time."""
    known = bench.bedside.links.counters()["bench@port"]
    for step in range(1, reports + 1):
        counters = Counters(
            frames_ok=known.frames_ok + 100 * step, frames_bad=known.frames_bad + bad_each * step
        )
        bench.say(LinkStatus(state, "receiving", counters))
        bench.run(EVERY_S)


def share(bench: Bench) -> float | None:
    (link,) = bench.state.facts.links
    return link.bad_frame_share


@pytest.fixture
def bench() -> Bench:
    return chair(*INFUSING)[0]


def test_the_share_is_known_after_30_s_and_follows_the_line(bench: Bench) -> None:
    counted(bench, 6, 10)
    assert share(bench) is None
    counted(bench, 2, 10)
    assert share(bench) == pytest.approx(10 / 110)
    assert len(bench.announced("TE-10")) == 1
    counted(bench, 8, 0)
    assert share(bench) == 0
    assert "TE-10" not in bench.standing()


def test_one_bad_frame_in_fifty_is_no_alarm(bench: Bench) -> None:
    counted(bench, 12, 2)
    assert share(bench) == pytest.approx(2 / 102)
    assert bench.announced("TE-10") == []


def test_of_a_line_that_never_streams_another_alarm_tells(bench: Bench) -> None:
    counted(bench, 8, 50, LinkState.STALLED)
    assert share(bench) is None
    assert bench.announced("TE-10") == []
    assert "TE-09-M" not in bench.standing()  # it still speaks here


def test_counters_that_begin_anew_begin_the_30_s_anew(bench: Bench) -> None:
    counted(bench, 8, 10)
    bench.say(LinkStatus(LinkState.STREAMING, "receiving", Counters(frames_ok=3)))
    assert share(bench) is None
