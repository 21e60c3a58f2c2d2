"""Display filters: scipy as the oracle, chunking, steps, gaps, delay, speed."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from monitor_app.processing.filters import (
    FilterMode,
    Mains,
    StreamFilter,
    available_modes,
    design,
    ecg_filter,
)
from monitor_app.processing.sos import response

NOISE = np.cumsum(np.random.default_rng(1).normal(size=3000))


@pytest.mark.parametrize("mains", list(Mains))
@pytest.mark.parametrize(
    ("mode", "rate_hz"),
    [(m, r) for r in (100.0, 125.0, 250.0, 300.0, 500.0, 1000.0) for m in available_modes(r)],
)
def test_output_equals_scipy(mode, rate_hz, mains):
    sos = design(mode, rate_hz, mains=mains)
    theirs, _ = signal.sosfilt(sos, NOISE, zi=signal.sosfilt_zi(sos) * NOISE[0])
    ours = StreamFilter(sos, rate_hz)
    out = np.concatenate([ours.feed(NOISE[i : i + 25]) for i in range(0, len(NOISE), 25)])
    np.testing.assert_allclose(out, theirs, atol=1e-6)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=40))
def test_chunking_does_not_matter(sizes):
    cuts = np.cumsum(sizes)
    wave = np.resize(NOISE, cuts[-1])
    whole = ecg_filter(250.0).feed(wave)
    pieces = ecg_filter(250.0)
    out = np.concatenate([pieces.feed(p) for p in np.split(wave, cuts[:-1])])
    np.testing.assert_allclose(out, whole, atol=1e-8)


@pytest.mark.parametrize(
    ("mode", "low_hz", "high_hz"),
    [(FilterMode.MONITOR, 0.5, 40), (FilterMode.FILTERED, 1, 20), (FilterMode.DIAGNOSTIC, 0.05, 150)],
)
def test_corners_are_those_of_the_label(mode, low_hz, high_hz):
    gain = np.abs(response(design(mode, 500.0), np.array([low_hz, 5.0, high_hz]), 500.0))
    np.testing.assert_allclose(gain, [0.7071, 1.0, 0.7071], atol=0.02)
    assert mode.label == f"{low_hz:g}–{high_hz:g} Hz"


def test_diagnostic_needs_500_hz():
    assert FilterMode.DIAGNOSTIC not in available_modes(499.0)
    with pytest.raises(ValueError, match="at least 500"):
        design(FilterMode.DIAGNOSTIC, 250.0)


@pytest.mark.parametrize("mains", [Mains.HZ_50, Mains.HZ_60])
def test_notch_removes_hum(mains):
    t = np.arange(5000) / 500
    filter_ = ecg_filter(500.0, FilterMode.DIAGNOSTIC, mains=mains)
    out = filter_.feed(np.sin(2 * np.pi * mains.value * t))
    assert np.abs(out[2500:]).max() < 0.01


@pytest.mark.parametrize("rate_hz", [125.0, 250.0, 500.0])
def test_stated_delay_is_what_a_qrs_shows_and_below_200_ms(rate_hz, ecg):
    wave = ecg([1.0, 2.0, 3.0], rate_hz, t_mv=0.0, p_mv=0.0)
    for mode in available_modes(rate_hz):
        filter_ = ecg_filter(rate_hz, mode, mains=Mains.HZ_50)
        measured = (np.argmax(np.correlate(filter_.feed(wave), wave, "full")) - len(wave) + 1) / rate_hz
        assert filter_.delay_s == pytest.approx(measured, abs=0.010)
        assert filter_.delay_s < 0.200


def test_start_and_restart_leave_no_ringing():
    filter_ = ecg_filter(250.0)
    assert np.abs(filter_.feed(np.full(500, 300.0))).max() < 1e-9
    filter_.reset()
    assert np.abs(filter_.feed(np.full(500, -4000.0))).max() < 1e-8


@pytest.mark.parametrize("hole", [(0, 10), (100, 130), (490, 500), (37, 38)])
def test_missing_values_stay_missing_and_restart(hole):
    wave = np.full(500, 2.0)
    wave[hole[1] :] = 5.0
    wave[slice(*hole)] = np.nan
    filter_ = ecg_filter(250.0)
    out = np.concatenate([filter_.feed(p) for p in np.split(wave, range(25, 500, 25))])
    assert np.isnan(out[slice(*hole)]).all()
    assert np.nanmax(np.abs(out)) < 1e-9
    assert np.isnan(out).sum() == hole[1] - hole[0]
    assert np.abs(filter_.feed(np.full(10, 5.0))).max() < 1e-9


def test_empty_chunk_is_empty():
    assert ecg_filter(250.0).feed(np.empty(0)).size == 0


def test_at_least_200_times_real_time():
    filter_ = ecg_filter(250.0)
    began = time.thread_time()
    for i in range(0, 3000, 25):
        filter_.feed(NOISE[i : i + 25])
    assert (3000 / 250) / (time.thread_time() - began) > 200
