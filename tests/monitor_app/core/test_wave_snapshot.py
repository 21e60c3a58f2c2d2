"""Twenty seconds of waves around an instant, cut from recorded blocks sample by sample."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.signals import WaveScale
from monitor_app.core.journal import WaveBlock
from monitor_app.core.stamp import NS_PER_S, Stamp
from monitor_app.core.wave_snapshot import snapshot

MV = WaveScale("mV", 0.005, 100.0, 0, 4095)
RAW = WaveScale("1", None, 0.0, 0, 255)


def recorded(seconds, *, rate_hz=100.0, name="ECG_II", scale=MV, source="berry@p", skip=(), row_s=0.5):
    """Rows of ``row_s`` as the recorder writes them; sample k holds the count k. ``skip``: rows that never came."""
    rows, per_row = [], round(rate_hz * row_s)
    for index in range(round(seconds / row_s)):
        if index in skip:
            continue
        first = index * per_row
        counts = np.arange(first, first + per_row, dtype=np.int32)
        stamp = Stamp(round(first / rate_hz * NS_PER_S), 0)
        rows.append(WaveBlock(stamp, source, name, rate_hz, first, counts, scale))
    return rows


def test_ten_seconds_before_and_ten_after_to_the_sample() -> None:
    shot = snapshot(recorded(60), 30 * NS_PER_S)
    (wave,) = shot.waves
    assert (wave.t_ns[0], wave.t_ns[-1]) == (20 * NS_PER_S, 40 * NS_PER_S - NS_PER_S // 100)
    assert wave.values == pytest.approx((np.arange(2000, 4000) - 100) * 0.005)
    assert (wave.unit, list(wave.runs)) == ("mV", [slice(0, 2000)])


def test_an_edge_in_the_middle_of_a_row() -> None:
    (wave,) = snapshot(recorded(60), 30 * NS_PER_S + NS_PER_S // 4).waves
    assert wave.t_ns[0] == 20 * NS_PER_S + NS_PER_S // 4
    assert len(wave.values) == 2000


def test_a_gap_is_a_gap() -> None:
    (wave,) = snapshot(recorded(60, skip={50, 51}), 30 * NS_PER_S).waves
    assert len(wave.values) == 1900
    assert list(wave.runs) == [slice(0, 500), slice(500, 1900)]
    assert np.diff(wave.t_ns)[499] == NS_PER_S + NS_PER_S // 100


def test_the_session_may_begin_late_or_still_run() -> None:
    early = snapshot(recorded(60), 4 * NS_PER_S)
    assert early.waves[0].t_ns[0] == 0
    running = snapshot(recorded(33), 30 * NS_PER_S)
    assert running.recorded_until_t_ns == 33 * NS_PER_S - NS_PER_S // 100
    nothing = snapshot(recorded(10), 30 * NS_PER_S)
    assert (nothing.waves, nothing.recorded_until_t_ns) == ((), 20 * NS_PER_S)


def test_ecg_first_and_devices_apart() -> None:
    blocks = [
        *recorded(60, name="PLETH", scale=RAW, rate_hz=50),
        *recorded(60, name="RESP", scale=RAW),
        *recorded(60, name="PLETH", scale=RAW, source="nonin@q"),
        *recorded(60),
    ]
    shot = snapshot(blocks, 30 * NS_PER_S)
    assert [(w.name, w.source) for w in shot.waves] == [
        ("ECG_II", "berry@p"), ("PLETH", "berry@p"), ("PLETH", "nonin@q"), ("RESP", "berry@p"),
    ]  # fmt: skip
    assert shot.waves[1].unit == ""
    assert shot.waves[1].values[0] == 1000  # its counts: nobody says what they mean


def test_a_scale_that_becomes_known_makes_two_waves() -> None:
    blocks = recorded(60)
    unknown = [
        WaveBlock(b.stamp, b.source, b.name, b.rate_hz, b.first_sample, b.counts, RAW) for b in blocks[:60]
    ]
    shot = snapshot([*unknown, *blocks[60:]], 30 * NS_PER_S)
    assert [(w.unit, len(w.values)) for w in shot.waves] == [("", 1000), ("mV", 1000)]


@given(
    st.integers(0, 70),
    st.sets(st.integers(0, 119), max_size=30),
    st.sampled_from([50.0, 128.0, 500.0]),
    st.randoms(),
)
def test_every_recorded_sample_of_the_window_stands_there_once(t_s, skip, rate_hz, order) -> None:
    blocks = recorded(60, rate_hz=rate_hz, scale=RAW, skip=skip)
    order.shuffle(blocks)
    shot = snapshot(blocks, t_s * NS_PER_S)
    kept = (
        np.sort(np.concatenate([block.counts for block in blocks]))
        if blocks
        else np.array([], dtype=np.int32)
    )
    t_ns = np.round(kept / rate_hz * NS_PER_S)
    wanted = kept[(t_ns >= (t_s - 10) * NS_PER_S) & (t_ns < (t_s + 10) * NS_PER_S)]
    found = shot.waves[0].values if shot.waves else np.array([])
    assert np.array_equal(found, wanted)
    if shot.waves:
        runs = list(shot.waves[0].runs)
        assert all(np.all(np.diff(found[run]) == 1) for run in runs)
        assert all(found[b.start] - found[a.stop - 1] > 1 for a, b in pairwise(runs))
