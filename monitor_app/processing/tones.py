"""Alarm sounds, synthesised: samples only, playing belongs to the screen.

Numbers of clinical.md §5.3. Sounds that are no alarm, the pulse tone and the chime, are softer than the softest alarm of
the same volume step and have another timbre: few partials, and a fall instead of an even length. A pulse's length td and the gap ts run between the 90 % points of its edges, so each pulse
begins to rise before its td and ends its fall after it.
"""

import io
import math
import wave
from enum import Enum
from itertools import accumulate

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]
"""Mono samples, shape (n,), -1..1."""

DEFAULT_RATE_HZ = 48_000
VOLUME_STEPS = 4

_NOTE_HZ = {
    "C4": 261.63, "D4": 293.66, "E4": 329.63, "F4": 349.23,
    "G4": 392.00, "A4": 440.00, "B4": 493.88, "C5": 523.25,
}  # fmt: skip
_PARTIALS = ((1, 1.0), (3, 0.85), (5, 0.6), (7, 0.5), (9, 0.4))
_RISE_SHARE = 0.15
# A raised-cosine edge passes 10 % at 0.2048 and 90 % at 0.7952 of its length.
_EDGE_TO_90 = 0.7952
_EDGE_10_TO_90 = 0.5904
_FULL_SCALE = 0.9  # room for a sound card's resampler
_INFORMATION_DB = -16.0
"""Level of what is no alarm against HIGH at the same step: below LOW even where LOW is a step lower (-10 dB)."""
_PULSE_TONE_S = 0.09
_PULSE_TONE_TOP_HZ = 880.0
_PULSE_TONE_LEAST = 50  # clinical.md §8.5: no saturation below it is believed
_CHIME_NOTE_S, _CHIME_GAP_S = 0.45, 0.18
_STEP_DB = 6.0  # between volume steps: the lowest of four is 18 dB down, quiet but heard


class Urgency(Enum):
    """How urgent a sound is; callers map their alarm priorities to it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def repeat_s(self) -> float:
        """Pause between bursts, tb."""
        return {Urgency.HIGH: 7.0, Urgency.MEDIUM: 20.0, Urgency.LOW: 30.0}[self]

    @property
    def pulse_s(self) -> float:
        """Effective length of a pulse, td."""
        return 0.130 if self is Urgency.HIGH else 0.180

    @property
    def level_db(self) -> float:
        """Level against HIGH at the same volume step: HIGH ≥ MEDIUM ≥ LOW."""
        return {Urgency.HIGH: 0.0, Urgency.MEDIUM: -2.0, Urgency.LOW: -4.0}[self]


class Melody(Enum):
    """What a sound is about: the five notes of HIGH, of which MEDIUM plays the first three."""

    GENERAL = "C4 C4 C4 C4 C4"
    CARDIOVASCULAR = "C4 E4 G4 G4 C5"
    OXYGENATION = "C5 B4 A4 G4 F4"
    VENTILATION = "C4 A4 F4 A4 F4"
    DRUG_DELIVERY = "C5 D4 G4 C5 D4"
    EQUIPMENT = "C5 C4 C4 C5 C4"


_LOW_NOTES = ("E4", "C4")


def burst_notes_hz(urgency: Urgency, melody: Melody) -> tuple[float, ...]:
    """Fundamental of each pulse of a burst."""
    notes = melody.value.split()
    if urgency is Urgency.HIGH:
        chosen = notes * 2
    else:
        chosen = notes[:3] if urgency is Urgency.MEDIUM else list(_LOW_NOTES)
    return tuple(_NOTE_HZ[note] for note in chosen)


def burst_onsets_s(urgency: Urgency) -> tuple[float, ...]:
    """Start of each pulse's td, from the first one's."""
    if urgency is Urgency.HIGH:
        gaps = [0.090, 0.090, 0.310, 0.090, 0.600, 0.090, 0.090, 0.310, 0.090]
    else:
        gaps = [0.180] * (2 if urgency is Urgency.MEDIUM else 1)
    return tuple(accumulate((gap + urgency.pulse_s for gap in gaps), initial=0.0))


def burst(
    urgency: Urgency, melody: Melody, *, rate_hz: int = DEFAULT_RATE_HZ, volume_step: int = VOLUME_STEPS
) -> Sound:
    """One whole burst. ``volume_step`` 1 (quiet, still heard) to 4; raises ValueError outside."""
    level = volume_gain(volume_step) * _from_db(urgency.level_db)
    edge_s = _edge_s(urgency.pulse_s)
    onsets = burst_onsets_s(urgency)
    length_s = onsets[-1] + urgency.pulse_s + 2 * _EDGE_TO_90 * edge_s
    sound = np.zeros(math.ceil(length_s * rate_hz) + 1)
    notes_hz = burst_notes_hz(urgency, melody)
    pulses = {note_hz: _pulse(note_hz, urgency.pulse_s, rate_hz) for note_hz in set(notes_hz)}
    for onset_s, note_hz in zip(onsets, notes_hz, strict=True):
        pulse = pulses[note_hz]
        start = round(onset_s * rate_hz)
        sound[start : start + len(pulse)] += pulse
    return (level * sound).astype(np.float32)


def reminder_tone(*, rate_hz: int = DEFAULT_RATE_HZ, volume_step: int = VOLUME_STEPS) -> Sound:
    """One soft note: sound is paused or an alarm is still acknowledged (clinical.md §5.4, V20)."""
    level = volume_gain(volume_step) * _from_db(Urgency.LOW.level_db)
    return (level * _pulse(_NOTE_HZ["A4"], Urgency.LOW.pulse_s, rate_hz)).astype(np.float32)


def pulse_tone(
    spo2_percent: int, *, rate_hz: int = DEFAULT_RATE_HZ, volume_step: int = VOLUME_STEPS
) -> Sound:
    """One short pulse for a heart beat, its pitch falling with the saturation (clinical.md §5.3)."""
    level = volume_gain(volume_step) * _from_db(_INFORMATION_DB)
    t = np.arange(round(_PULSE_TONE_S * rate_hz)) / rate_hz
    tone = np.sin(2.0 * np.pi * pulse_tone_hz(spo2_percent) * t) * _bell(t, _PULSE_TONE_S, _PULSE_TONE_S / 3)
    return np.asarray(level * tone / np.abs(tone).max(), dtype=np.float32)


def pulse_tone_hz(spo2_percent: int) -> float:
    """Pitch of the pulse tone: a quarter tone lower for each percent; below 50 % it falls no further (clinical.md §8.5)."""
    missing = 100 - min(max(spo2_percent, _PULSE_TONE_LEAST), 100)
    return float(_PULSE_TONE_TOP_HZ * 2.0 ** (-missing / 24))


def chime(*, rate_hz: int = DEFAULT_RATE_HZ, volume_step: int = VOLUME_STEPS) -> Sound:
    """Two bell notes, rising: information, not an alarm (clinical.md §6.7, WF-05)."""
    level = volume_gain(volume_step) * _from_db(_INFORMATION_DB)
    sound = np.zeros(round((_CHIME_GAP_S + _CHIME_NOTE_S) * rate_hz))
    t = np.arange(round(_CHIME_NOTE_S * rate_hz)) / rate_hz
    for onset_s, note in ((0.0, "G4"), (_CHIME_GAP_S, "C5")):
        turns = 2.0 * np.pi * _NOTE_HZ[note] * t
        start = round(onset_s * rate_hz)
        bell = (np.sin(turns) + 0.25 * np.sin(2.0 * turns)) * _bell(t, _CHIME_NOTE_S, _CHIME_NOTE_S / 4)
        sound[start : start + len(t)] += bell
    return np.asarray(level * sound / np.abs(sound).max(), dtype=np.float32)


def _bell(t: npt.NDArray[np.float64], length_s: float, fall_s: float) -> npt.NDArray[np.float64]:
    """A quick rise, an exponential fall, and silence at the end."""
    rise = np.clip(t / 0.006, 0.0, 1.0)
    end = np.clip((length_s - t) / 0.012, 0.0, 1.0)
    return np.asarray(rise * end * np.exp(-t / fall_s))


def volume_gain(volume_step: int) -> float:
    """Amplitude of a volume step, 1 (lowest, never silent) to 4 (full)."""
    if not 1 <= volume_step <= VOLUME_STEPS:
        raise ValueError(f"volume step {volume_step} is not 1 to {VOLUME_STEPS}")
    return _FULL_SCALE * _from_db(-_STEP_DB * (VOLUME_STEPS - volume_step))


def wav_bytes(sound: Sound, *, rate_hz: int = DEFAULT_RATE_HZ) -> bytes:
    """The sound as a mono 16-bit WAV file."""
    samples = np.round(np.clip(sound, -1.0, 1.0) * 32767.0).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _pulse(note_hz: float, pulse_s: float, rate_hz: int) -> npt.NDArray[np.float64]:
    """One pulse with largest value 1, from the first breath of its rise to the last of its fall."""
    envelope = _envelope(pulse_s, rate_hz)
    turns = note_hz * np.arange(len(envelope)) / rate_hz
    # Phases growing with the square keep the five partials from peaking together: louder at the same full scale.
    tone = sum(
        amplitude * np.sin(2.0 * np.pi * order * turns + math.pi * k * k / len(_PARTIALS))
        for k, (order, amplitude) in enumerate(_PARTIALS)
        if order * note_hz < 0.45 * rate_hz
    )
    pulse = envelope * tone
    return np.asarray(pulse / np.abs(pulse).max())


def _envelope(pulse_s: float, rate_hz: int) -> npt.NDArray[np.float64]:
    edge_s = _edge_s(pulse_s)
    t = np.arange(math.ceil((pulse_s + 2 * _EDGE_TO_90 * edge_s) * rate_hz)) / rate_hz
    from_edge = np.minimum(t, pulse_s + 2 * _EDGE_TO_90 * edge_s - t)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(from_edge / edge_s, 0.0, 1.0)))


def _edge_s(pulse_s: float) -> float:
    return _RISE_SHARE * pulse_s / _EDGE_10_TO_90


def _from_db(level_db: float) -> float:
    return float(10.0 ** (level_db / 20.0))
