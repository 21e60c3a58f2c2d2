import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.recordings.recording import Wave
from devices.recordings.resample import Resampler


def tone(hertz: float, rate_hz: float, seconds: float = 20) -> Wave:
    at_s = np.arange(int(rate_hz * seconds)) / rate_hz
    return Wave(rate_hz, np.sin(2 * np.pi * hertz * at_s), "mV")


@pytest.mark.parametrize(
    ("source_hz", "rate_hz"),
    [(125, 250), (360, 250), (125, 50), (250, 300), (720, 100), (500, 500), (125, 62.5)],
)
def test_a_tone_inside_the_band_stays_and_keeps_its_place(source_hz: float, rate_hz: float) -> None:
    hertz = 0.3 * min(source_hz, rate_hz)
    out = Resampler(tone(hertz, source_hz), rate_hz).samples(0, int(rate_hz * 20))
    exact = np.sin(2 * np.pi * hertz * np.arange(out.size) / rate_hz)
    inside = slice(int(rate_hz), int(rate_hz * 19))
    assert np.abs(out[inside] - exact[inside]).max() < 0.01


@pytest.mark.parametrize(("source_hz", "rate_hz", "hertz"), [(360, 250, 150), (125, 50, 32), (720, 100, 75)])
def test_what_the_slower_rate_cannot_hold_is_taken_out(
    source_hz: float, rate_hz: float, hertz: float
) -> None:
    out = Resampler(tone(hertz, source_hz), rate_hz).samples(0, int(rate_hz * 20))
    assert np.abs(out[int(rate_hz) : int(rate_hz * 19)]).max() < 0.03


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=20),
    st.sampled_from([50.0, 125.0, 250.0]),
    st.booleans(),
)
def test_pieces_make_the_whole(pieces: list[int], rate_hz: float, loop: bool) -> None:
    wave = Wave(125.0, np.random.default_rng(1).standard_normal(400), "mV")
    resampler = Resampler(wave, rate_hz, loop=loop)
    whole = resampler.samples(0, sum(pieces))
    first, parts = 0, []
    for piece in pieces:
        parts.append(resampler.samples(first, piece))
        first += piece
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_ends_and_loops() -> None:
    wave = Wave(100.0, np.arange(100.0), "mV")
    once = Resampler(wave, 100).samples(90, 20)
    assert np.isnan(once).tolist() == [False] * 10 + [True] * 10
    again = Resampler(wave, 100, loop=True).samples(95, 10)
    assert again.tolist() == [95, 96, 97, 98, 99, 0, 1, 2, 3, 4]
    faster = Resampler(wave, 200).samples(198, 4)
    assert np.isnan(faster).tolist() == [False, False, True, True]


def test_a_gap_stays_a_gap_and_does_not_spread() -> None:
    samples = np.ones(300)
    samples[100:150] = np.nan
    out = Resampler(Wave(100.0, samples, "mV"), 200).samples(0, 600)
    gap = np.flatnonzero(np.isnan(out))
    assert abs(gap[0] - 200) <= 1
    assert abs(gap[-1] - 299) <= 1
    assert gap.size == gap[-1] - gap[0] + 1
    assert np.allclose(out[~np.isnan(out)], 1.0)


def test_nothing_at_all() -> None:
    assert np.isnan(Resampler(Wave(100.0, np.empty(0), "mV"), 250).samples(0, 5)).all()
    assert np.isnan(Resampler(Wave(100.0, np.full(50, np.nan), "mV"), 100).samples(0, 50)).all()
