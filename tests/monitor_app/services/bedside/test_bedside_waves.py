"""Waves at the bedside: blocks as they came, gaps, reconnections, and when they are kept (clinical.md §3.1)."""

import pytest

from monitor_app.core.journal import GapEntry, NumericEntry, PhaseEntry, WaveBlock
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import Bench, BenchMonitor, wave
from tests.monitor_app.services.bedside.bench_visit import INFUSING


def feed(bench: Bench, seconds: float, *, first: int = 0) -> int:
    """Send ECG in chunks of 40 ms for so long; return the counter after it."""
    for _ in range(round(seconds / 0.04)):
        bench.run(0.04, step_s=0.04)
        bench.say(wave("ECG_II", first, 10))
        first += 10
    return first


def test_blocks_are_recorded_raw_and_continue(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    feed(bench, 2)
    blocks = bench.of(WaveBlock)
    assert sum(len(b.counts) for b in blocks) == 500
    assert [b.first_sample for b in blocks] == list(range(0, 500, 10))
    assert bench.of(GapEntry) == []


def test_a_reconnect_continues_the_counter_and_tells_the_gap(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    feed(bench, 2)
    bench.silence()
    bench.run(4)
    bench.back()
    feed(bench, 1)
    (gap,) = bench.of(GapEntry)
    assert gap.channel == "ECG_II"
    assert gap.stamp.t_s == pytest.approx(2, abs=0.05)
    assert gap.duration_ns / 1e9 == pytest.approx(4, abs=0.05)
    after = next(b for b in bench.of(WaveBlock) if b.stamp.t_s > 4)
    assert after.first_sample == 500 + round(gap.duration_ns * 250 / 1e9)


def test_a_gap_that_never_ends_is_told_at_the_end(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    feed(bench, 2)
    bench.silence()
    bench.run(5)
    bench.bedside.end()
    (gap,) = bench.of(GapEntry)
    assert gap.duration_ns / 1e9 == pytest.approx(5, abs=0.05)


def test_leaving_monitoring_tells_it_before_the_step(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    feed(bench, 2)
    bench.silence()
    bench.run(5)
    bench.enter(Phase.CANCEL)
    kinds = [type(e) for e in bench.entries]
    assert kinds.index(GapEntry) < len(kinds) - 1 - kinds[::-1].index(PhaseEntry)


def test_another_rate_is_another_track(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    feed(bench, 1)
    bench.run(0.1, step_s=0.1)
    bench.say(wave("ECG_II", 0, 50, rate_hz=500))
    block = bench.of(WaveBlock)[-1]
    assert (block.rate_hz, block.stamp.t_ns >= 1e9) == (500, True)


def test_an_ecg_that_sends_nothing_is_no_asystole(bench: Bench, monitor: BenchMonitor) -> None:
    """Numbers go on, samples stop: there is nothing to judge."""
    bench.enter(*INFUSING)
    feed(bench, 2)
    bench.run(20)
    assert bench.announced("AL-HR-01") == []


def test_waves_and_numbers_are_kept_only_while_a_patient_is_monitored(
    bench: Bench, monitor: BenchMonitor
) -> None:
    bench.enter(Phase.CHECKIN)
    first = feed(bench, 1)
    assert bench.of(WaveBlock) == []
    assert bench.of(NumericEntry) == []
    bench.enter(Phase.BASE)
    first = feed(bench, 1, first=first)
    assert bench.of(WaveBlock)
    bench.enter(Phase.CANCEL)
    kept = len(bench.of(WaveBlock))
    feed(bench, 1, first=first)
    assert len(bench.of(WaveBlock)) == kept
