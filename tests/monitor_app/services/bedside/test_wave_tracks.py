"""The record's wave tracks: blocks at their places, gaps told once, counters that go on (design.md §3)."""

import numpy as np
import pytest

from devices.clock import NS_PER_S, ManualClock
from devices.signals import WaveChunk, WaveScale
from monitor_app.core.journal import GapEntry, WaveBlock
from monitor_app.services.bedside.wave_tracks import WaveTracks
from monitor_app.services.session_clock import SessionClock
from monitor_app.storage.wave_end import WaveEnd

RATE_HZ = 250.0
SCALE = WaveScale("mV", 0.01, 0.0, -250, 250)


class Tape:
    """Tracks, and what they have recorded."""

    def __init__(self) -> None:
        self.kept: list[WaveBlock | GapEntry] = []
        self.tracks = WaveTracks(SessionClock(ManualClock()), self.kept.append)

    def packets(self, name: str, first: int, last: int, *, rate_hz: float = RATE_HZ) -> None:
        """A tenth of a second of one lead each, numbered from ``first`` to ``last``."""
        count = round(rate_hz / 10)
        for packet in range(first, last + 1):
            chunk = WaveChunk(name, rate_hz, packet * count, np.zeros(count, np.int32), SCALE)
            self.tracks.take(("m", name), chunk, (packet + 1) * NS_PER_S // 10)

    @property
    def blocks(self) -> list[WaveBlock]:
        return [e for e in self.kept if isinstance(e, WaveBlock)]

    @property
    def gaps(self) -> list[GapEntry]:
        return [e for e in self.kept if isinstance(e, GapEntry)]


def test_blocks_stand_one_behind_the_other() -> None:
    tape = Tape()
    tape.packets("ECG_II", 0, 9)
    assert [b.first_sample for b in tape.blocks] == list(range(0, 250, 25))
    assert [b.stamp.t_ns for b in tape.blocks] == [n * NS_PER_S // 10 for n in range(10)]
    assert tape.gaps == []


def test_what_the_counter_skips_is_a_gap_before_the_block_that_follows() -> None:
    tape = Tape()
    tape.packets("ECG_II", 0, 9)
    tape.packets("ECG_II", 20, 20)
    gap, block = tape.kept[-2:]
    assert isinstance(gap, GapEntry)
    assert (gap.channel, gap.stamp.t_s, gap.duration_ns) == ("ECG_II", 1.0, NS_PER_S)
    assert isinstance(block, WaveBlock)
    assert (block.first_sample, block.stamp.t_s) == (500, 2.0)


def test_another_rate_is_another_track_with_its_own_counter() -> None:
    tape = Tape()
    tape.packets("ECG_II", 0, 9)
    tape.packets("ECG_II", 10, 11, rate_hz=500.0)
    assert [(b.rate_hz, b.first_sample, b.stamp.t_s) for b in tape.blocks[-2:]] == [
        (500.0, 0, pytest.approx(1.0)),
        (500.0, 50, pytest.approx(1.1)),
    ]


def test_after_a_restart_the_counter_goes_on_past_what_is_missing() -> None:
    tape = Tape()
    tape.tracks.restore(
        {("m", "ECG_II"): WaveEnd(next_sample=1000, t_ns=NS_PER_S, rate_hz=RATE_HZ)}, 3 * NS_PER_S
    )
    tape.packets("ECG_II", 35, 35)  # begins at 3.5 s: another half second is missing
    (block,) = tape.blocks
    assert block.first_sample == 1000 + 500 + 125
    (gap,) = tape.gaps
    assert (gap.stamp.t_s, gap.duration_ns) == (3.0, NS_PER_S // 2)


def test_a_wave_that_stopped_is_told_at_the_end_and_one_that_has_just_come_is_not() -> None:
    tape = Tape()
    tape.packets("ECG_II", 0, 9)
    tape.packets("PLETH", 0, 59)
    tape.tracks.end(6 * NS_PER_S)
    (gap,) = tape.gaps
    assert (gap.channel, gap.stamp.t_s, gap.duration_ns) == ("ECG_II", 1.0, 5 * NS_PER_S)


@pytest.mark.parametrize(("named_from", "missing_s"), [(20, 0.0), (21, 0.1), (30, 1.0)])
def test_a_lead_that_gets_its_name_is_not_missing_under_the_old_one(
    named_from: int, missing_s: float
) -> None:
    """As DRI does, whose record of numbers, which names the lead, comes after the first packets (protocols.md §2.5)."""
    tape = Tape()
    tape.packets("ECG1", 0, 19)
    tape.packets("ECG_II", named_from, 60)
    tape.tracks.end(70 * NS_PER_S // 10)
    assert [g.channel for g in tape.gaps] == ["ECG1"] * bool(missing_s)
    for gap in tape.gaps:
        assert gap.stamp.t_s == pytest.approx(2.0)
        assert gap.duration_ns / NS_PER_S == pytest.approx(missing_s)


def test_a_lead_without_a_name_that_stops_is_missing() -> None:
    tape = Tape()
    tape.packets("ECG1", 0, 19)
    tape.tracks.end(7 * NS_PER_S)
    (gap,) = tape.gaps
    assert (gap.channel, gap.duration_ns) == ("ECG1", 5 * NS_PER_S)
