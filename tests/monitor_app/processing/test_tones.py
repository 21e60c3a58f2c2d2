"""V30: rendered bursts analysed by FFT and envelope against the table of clinical.md §5.3."""

import io
import wave
from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import hilbert

from monitor_app.processing.tones import (
    Melody,
    Urgency,
    burst,
    burst_notes_hz,
    reminder_tone,
    volume_gain,
    wav_bytes,
)

RATE_HZ = 44_100
CASES = [(u, m) for u in Urgency for m in Melody]
TABLE = {  # pulses, td range s, gaps s
    Urgency.HIGH: (10, (0.075, 0.200), [0.09, 0.09, 0.31, 0.09, 0.60, 0.09, 0.09, 0.31, 0.09]),
    Urgency.MEDIUM: (3, (0.125, 0.250), [0.18, 0.18]),
    Urgency.LOW: (2, (0.125, 0.250), [0.18]),
}


def read_back(urgency, melody):
    """Decode the WAV as a player would."""
    with wave.open(io.BytesIO(wav_bytes(burst(urgency, melody, rate_hz=RATE_HZ), rate_hz=RATE_HZ))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32767.0


def envelope(sound, note_hz):
    """Level of the fundamental: band-passed in the frequency domain, then its analytic magnitude."""
    spectrum = np.fft.rfft(sound)
    f = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    spectrum[np.abs(f - note_hz) > 0.6 * note_hz] = 0
    return np.abs(hilbert(np.fft.irfft(spectrum, len(sound))))


def edges(sound, notes):
    """(10 % rise, 90 % rise, 90 % fall) of each pulse, in seconds."""
    loud = np.convolve(np.abs(sound), np.ones(441) / 441, "same") > 0.02
    bounds = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(int), [0]))))
    found = []
    for (start, stop), note_hz in zip(bounds.reshape(-1, 2), notes, strict=True):
        first = max(0, start - 600)
        level = envelope(sound[first : stop + 600], note_hz)
        top = np.median(level[len(level) // 3 : 2 * len(level) // 3])
        nine = np.flatnonzero(level > 0.9 * top)
        one = np.flatnonzero(level > 0.1 * top)[0]
        found.append(tuple((first + k) / RATE_HZ for k in (one, nine[0], nine[-1])))
    return found


@pytest.mark.parametrize(("urgency", "melody"), CASES)
def test_pulses_gaps_and_rise(urgency, melody):
    count, (shortest, longest), gaps = TABLE[urgency]
    found = edges(read_back(urgency, melody), burst_notes_hz(urgency, melody))
    assert len(found) == count
    lengths = np.array([fall - rise for _, rise, fall in found])
    assert shortest <= lengths.min()
    assert lengths.max() <= longest
    np.testing.assert_allclose(lengths, urgency.pulse_s, atol=0.008)
    between = [after[1] - before[2] for before, after in pairwise(found)]
    np.testing.assert_allclose(between, gaps, atol=0.010)
    rises = np.array([rise - low for low, rise, _ in found]) / lengths
    assert rises.min() >= 0.10
    assert rises.max() <= 0.20


@pytest.mark.parametrize(("urgency", "melody"), CASES)
def test_fundamental_and_partials(urgency, melody):
    sound, notes = read_back(urgency, melody), burst_notes_hz(urgency, melody)
    for (_, rise, fall), note_hz in zip(edges(sound, notes), notes, strict=True):
        assert 150 <= note_hz <= 1000
        steady = sound[round(rise * RATE_HZ) : round(fall * RATE_HZ)]
        level = np.abs(np.fft.rfft(steady * np.hanning(len(steady)), 1 << 17))
        f = np.fft.rfftfreq(1 << 17, 1 / RATE_HZ)

        def peak(hz, level=level, f=f):
            return level[np.abs(f - hz) < 15].max()

        near = np.abs(f - note_hz) < 60
        assert f[near][np.argmax(level[near])] == pytest.approx(note_hz, abs=2)
        assert level[f < 0.7 * note_hz].max() < 0.1 * peak(note_hz)
        partials = [note_hz * k for k in range(1, 12) if 300 <= note_hz * k <= 4000]
        strong = [hz for hz in partials if abs(20 * np.log10(peak(hz) / peak(note_hz))) <= 15]
        assert len(strong) >= 4


@pytest.mark.parametrize("melody", list(Melody))
def test_levels_of_pulses_are_within_10_db_and_high_lasts_3_1_s(melody):
    sound = read_back(Urgency.HIGH, melody)
    assert len(sound) / RATE_HZ == pytest.approx(3.1, abs=0.1)
    levels = [
        np.std(sound[round(a * RATE_HZ) : round(b * RATE_HZ)])
        for _, a, b in edges(sound, burst_notes_hz(Urgency.HIGH, melody))
    ]
    assert 20 * np.log10(max(levels) / min(levels)) < 10


def test_melodies_are_those_of_the_table():
    c4, e4, g4, c5 = 261.63, 329.63, 392.00, 523.25
    assert burst_notes_hz(Urgency.MEDIUM, Melody.CARDIOVASCULAR) == (c4, e4, g4)
    assert burst_notes_hz(Urgency.HIGH, Melody.CARDIOVASCULAR) == (c4, e4, g4, g4, c5) * 2
    assert burst_notes_hz(Urgency.HIGH, Melody.OXYGENATION)[:5] == (c5, 493.88, 440.00, g4, 349.23)
    assert burst_notes_hz(Urgency.LOW, Melody.GENERAL) == (e4, c4)
    assert [u.repeat_s for u in Urgency] == [7.0, 20.0, 30.0]


def test_louder_is_more_urgent_at_every_step_and_never_silent():
    for step in range(1, 5):
        loud = [np.abs(burst(u, Melody.GENERAL, volume_step=step)).max() for u in Urgency]
        assert loud[0] >= loud[1] >= loud[2] > 0.04
        assert np.abs(reminder_tone(volume_step=step)).max() <= loud[2] * 1.01
    assert np.abs(burst(Urgency.HIGH, Melody.GENERAL)).max() < 1.0


@pytest.mark.parametrize("step", [0, 5, -1])
def test_silence_is_no_volume(step):
    with pytest.raises(ValueError, match="1 to 4"):
        volume_gain(step)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_sounds_begin_and_end_in_silence(rate_hz):
    for sound in (burst(Urgency.HIGH, Melody.GENERAL, rate_hz=rate_hz), reminder_tone(rate_hz=rate_hz)):
        assert sound.dtype == np.float32
        assert abs(sound[0]) < 1e-3
        assert abs(sound[-1]) < 1e-3
