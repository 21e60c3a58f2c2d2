"""Pulse tone and chime by spectrum and envelope (clinical.md §5.3: single short pulse, quieter than any alarm)."""

from itertools import pairwise

import numpy as np
import pytest

from monitor_app.processing.tones import (
    DEFAULT_RATE_HZ,
    Melody,
    Urgency,
    burst,
    burst_notes_hz,
    chime,
    pulse_tone,
    pulse_tone_hz,
    volume_gain,
)


def loudest_hz(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound, 1 << 18))
    return float(np.argmax(spectrum) * DEFAULT_RATE_HZ / (1 << 18))


def energy(sound: np.ndarray) -> float:
    """What is heard in any 0.1 s at most."""
    window = DEFAULT_RATE_HZ // 10
    padded = np.pad(sound.astype(float) ** 2, (0, window))
    return float(np.convolve(padded, np.ones(window), "valid").max())


def test_its_pitch_falls_with_every_percent() -> None:
    pitches = [pulse_tone_hz(percent) for percent in range(100, 49, -1)]
    assert pitches == sorted(pitches, reverse=True)
    assert len(set(pitches)) == len(pitches)
    assert all(150 <= pitch <= 1000 for pitch in pitches)  # the range of §5.3's fundamentals
    steps = [low / high for high, low in pairwise(pitches)]
    assert steps == pytest.approx([2 ** (-1 / 24)] * len(steps))


def test_what_is_no_saturation_has_the_pitch_of_the_nearest() -> None:
    assert pulse_tone_hz(101) == pulse_tone_hz(100) == 880
    assert pulse_tone_hz(3) == pulse_tone_hz(50)


@pytest.mark.parametrize("percent", [100, 97, 90, 80, 70])
def test_the_samples_have_that_pitch(percent) -> None:
    assert loudest_hz(pulse_tone(percent)) == pytest.approx(pulse_tone_hz(percent), rel=0.02)


def test_it_is_one_short_pulse() -> None:
    tone = pulse_tone(97)
    assert len(tone) / DEFAULT_RATE_HZ < 0.1
    assert abs(tone[0]) < 1e-3
    assert abs(tone[-1]) < 1e-3


@pytest.mark.parametrize("sound", [pulse_tone(97), pulse_tone(85), chime()], ids=["97", "85", "chime"])
def test_it_is_quieter_than_the_quietest_alarm_even_a_step_lower(sound) -> None:
    quietest = min(
        (burst(Urgency.LOW, melody, volume_step=3) for melody in Melody), key=lambda x: np.abs(x).max()
    )
    assert np.abs(sound).max() < 0.6 * np.abs(quietest).max()
    assert energy(sound) < 0.5 * energy(quietest)


def test_volume_goes_with_the_alarms() -> None:
    for step in (1, 2, 3):
        ratio = np.abs(pulse_tone(97, volume_step=step)).max() / np.abs(pulse_tone(97, volume_step=4)).max()
        assert ratio == pytest.approx(volume_gain(step) / volume_gain(4), rel=1e-5)


def test_the_chime_is_two_rising_bell_notes_that_no_alarm_plays() -> None:
    sound = chime()
    half = round(0.17 * DEFAULT_RATE_HZ)
    assert loudest_hz(sound[:half]) == pytest.approx(392.0, rel=0.02)
    assert loudest_hz(sound[half + 2000 :]) == pytest.approx(523.25, rel=0.02)
    assert 0.5 < len(sound) / DEFAULT_RATE_HZ < 1.5
    assert all(burst_notes_hz(u, m)[:2] != (392.0, 523.25) for u in Urgency for m in Melody)
