"""Pulses from the pleth: synthetic with known times, and BIDMC against the monitor's own pulse rate."""

import numpy as np
import pytest

from monitor_app.processing.pleth import PlethChannel
from monitor_app.processing.signal_quality import QualityReason


def pleth(times_s, rate_hz, length_s, *, dicrotic=0.45):
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    wave = 0.05 * np.sin(2 * np.pi * 0.21 * t)  # breathing
    for at in times_s:
        wave += np.exp(-0.5 * ((t - at - 0.15) / 0.08) ** 2) + dicrotic * np.exp(
            -0.5 * ((t - at - 0.38) / 0.09) ** 2
        )
    return wave


def run(wave, rate_hz, *, scale=1.0):
    channel, pulses, seconds = PlethChannel(rate_hz), [], []
    n = round(rate_hz)
    for i in range(0, len(wave), n):
        pulses += channel.feed(scale * wave[i : i + n], i)
        seconds.append(channel.second(i + n))
    return pulses, seconds


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 75.0, 100.0, 125.0, 250.0])
@pytest.mark.parametrize("per_min", [40, 78, 150])
def test_one_pulse_per_beat(rate_hz, per_min):
    times = np.arange(0.5, 39.0, 60 / per_min)
    pulses, seconds = run(pleth(times, rate_hz, 40, dicrotic=0.4 if per_min < 120 else 0.0), rate_hz)
    assert seconds[-1].rate.per_min == pytest.approx(per_min, rel=0.01)
    assert seconds[-1].rate.beat_level_per_min == pytest.approx(per_min, rel=0.05)
    assert min(s.quality.value for s in seconds[10:]) >= 0.7
    intervals = np.diff([p.sample for p in pulses]) / rate_hz
    assert np.abs(intervals - 60 / per_min).max() < 2.1 / rate_hz + 0.01


def test_scale_does_not_matter_and_chunks_do_not():
    wave = pleth(np.arange(0.5, 29.0, 0.77), 100.0, 30)
    pulses = [p.sample for p in run(wave, 100.0)[0]]
    assert [p.sample for p in run(wave, 100.0, scale=2000.0)[0]] == pulses
    channel = PlethChannel(100.0)
    assert [p.sample for i in range(len(wave)) for p in channel.feed(wave[i : i + 1], i)] == pulses


def test_pulses_come_within_the_stated_latency():
    wave, channel = pleth(np.arange(0.5, 29.0, 0.77), 100.0, 30), PlethChannel(100.0)
    for i in range(len(wave)):
        for pulse in channel.feed(wave[i : i + 1], i):
            if i > 400:
                assert (i - pulse.sample) / 100.0 <= channel.latency_s


def test_lost_pulse_is_no_beats_then_flat():
    wave = np.concatenate((pleth(np.arange(0.5, 19.0, 0.8), 100.0, 20), np.full(1000, 0.2)))
    _, seconds = run(wave, 100.0)
    assert seconds[23].rate.per_min is None
    assert seconds[23].quality.reason is QualityReason.NO_BEATS
    assert seconds[-1].quality.reason is QualityReason.FLAT


def test_noise_is_not_trusted():
    wave = np.random.default_rng(1).normal(0, 1, 4000)
    _, seconds = run(wave, 100.0)
    assert max(s.quality.value for s in seconds[5:]) < 0.7


def test_clipping_is_named():
    wave = np.clip(pleth(np.arange(0.5, 29.0, 0.8), 100.0, 30, dicrotic=0.0), 0.0, 0.3)
    assert run(wave, 100.0)[1][-1].quality.reason is QualityReason.SATURATED


def test_a_gap_gives_no_interval():
    wave, channel = pleth(np.arange(0.5, 29.0, 0.8), 100.0, 30), PlethChannel(100.0)
    pulses = channel.feed(wave[:1500], 0) + channel.feed(wave[1600:], 1600)
    assert sum(p.after_gap for p in pulses) == 2
    assert channel.second(99_000).quality.reason is QualityReason.NO_SIGNAL


@pytest.mark.parametrize(("number", "median", "p95"), [("13", 1.0, 3.0), ("49", 1.5, 8.0)])
def test_bidmc_pulse_rate_follows_the_monitor(bidmc, number, median, p95):
    wave, monitor = bidmc(number, "Signals")["PLETH"], bidmc(number, "Numerics")["PULSE"]
    _, seconds = run(wave[: 125 * 480], 125.0)
    pairs = [(s.rate.per_min, m) for s, m in zip(seconds, monitor, strict=False) if s.rate.per_min]
    error = np.abs(np.diff(np.array(pairs[5:]), axis=1))
    assert np.median(error) < median
    assert np.percentile(error, 95) < p95


@pytest.mark.parametrize("rate_hz", [24.0, 501.0])
def test_rates_outside_the_range_are_refused(rate_hz):
    with pytest.raises(ValueError, match="25 to 500"):
        PlethChannel(rate_hz)
