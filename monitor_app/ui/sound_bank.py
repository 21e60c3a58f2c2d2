"""Every sound of the program as samples, made before the first alarm: an alarm must not wait for its sound.

At a volume step chosen at the chair HIGH sounds at that step, MEDIUM, LOW and the reminder one below it but never below
the lowest, so that there is a step left to raise them to (clinical.md §5.3: HIGH ≥ MEDIUM ≥ LOW; §5.4: louder).
"""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray

from monitor_app.processing import tones
from monitor_app.services.bedside.publication import SOFT, SoundBurst

REMINDER = "REMINDER"
PULSE = "PULSE"
INFO = "INFO"
INFORMATION = (PULSE, INFO)
"""What is no alarm and never cuts one off (clinical.md §5.3)."""
SOFT_LEVEL = 0.35
"""How loud the self-test plays, as a share of the alarm itself (clinical.md §5.3: softly)."""
STEPS = range(1, tones.VOLUME_STEPS + 1)
MELODIES = tuple(melody.name for melody in tones.Melody)
GENERAL = tones.Melody.GENERAL.name
SAME_WHATEVER = (tones.Urgency.LOW.name, REMINDER, INFO)
"""These have one tune, whatever they are about; the self-test plays the general one."""


@dataclass(frozen=True, slots=True, order=True)
class SoundKey:
    """Which samples: ``urgency`` as in ``SoundBurst``, ``melody`` "" where there is but one, the step it is heard at."""

    urgency: str
    melody: str
    step: int
    raised: bool = False


class SoundBank:
    """All samples by key, some 12 MB: every burst at four steps, raised and soft; the pulse tone is made when its percent is first heard."""

    def __init__(self) -> None:
        self.sounds: dict[SoundKey, QByteArray] = {}
        for urgency in tones.Urgency:
            for melody in (tones.Melody.GENERAL,) if urgency is tones.Urgency.LOW else tones.Melody:
                self._add_burst(urgency, melody)
        for step in STEPS:
            usual = usual_step(REMINDER, step)
            self.sounds[SoundKey(REMINDER, "", step)] = samples(tones.reminder_tone(volume_step=usual))
            self.sounds[SoundKey(INFO, "", step)] = samples(tones.chime(volume_step=step))

    def _add_burst(self, urgency: tones.Urgency, melody: tones.Melody) -> None:
        """Synthesise once and scale: at each step as usual, and raised where a step is left."""
        full = tones.burst(urgency, melody)
        whole = tones.volume_gain(tones.VOLUME_STEPS)
        name = _tune(urgency.name, melody.name)
        by_gain: dict[float, QByteArray] = {}  # several keys share the samples of one gain
        for step in STEPS:
            for raised in (False, True):
                gain = tones.volume_gain(usual_step(urgency.name, step)) / whole
                if raised:
                    gain = raised_gain(urgency, step) / whole
                if gain not in by_gain:
                    by_gain[gain] = samples(full * gain)
                self.sounds[SoundKey(urgency.name, name, step, raised)] = by_gain[gain]
            if melody is tones.Melody.GENERAL:
                soft = full * (SOFT_LEVEL * tones.volume_gain(usual_step(urgency.name, step)) / whole)
                self.sounds[SoundKey(f"{SOFT}{urgency.name}", "", step)] = samples(soft)

    def of(self, burst: SoundBurst) -> QByteArray | None:
        """Return the samples of a burst; None where there is no such sound. A tune unknown is the general one."""
        step = min(max(burst.volume_step, STEPS[0]), STEPS[-1])
        if burst.urgency == PULSE:
            return self._pulse(burst.melody, step)
        melody = burst.melody if burst.melody in MELODIES else GENERAL
        key = SoundKey(burst.urgency, _tune(burst.urgency, melody), step, burst.louder)
        usual = SoundKey(key.urgency, key.melody, step)
        return self.sounds.get(key, self.sounds.get(usual))

    def _pulse(self, percent: str, step: int) -> QByteArray | None:
        if not percent.isdecimal():
            return None
        key = SoundKey(PULSE, str(min(int(percent), 100)), step)
        if key not in self.sounds:
            self.sounds[key] = samples(tones.pulse_tone(int(key.melody), volume_step=step))
        return self.sounds[key]


def usual_step(urgency: str, chosen: int) -> int:
    """The step something is heard at when ``chosen`` is the volume."""
    return chosen if urgency == tones.Urgency.HIGH.name else max(chosen - 1, STEPS[0])


def raised_gain(urgency: tones.Urgency, chosen: int) -> float:
    """How loud a burst is that nobody acknowledges: a step up, never above the highest, never above HIGH at this volume."""
    raised = tones.volume_gain(min(usual_step(urgency.name, chosen) + 1, STEPS[-1]))
    high = tones.volume_gain(chosen) if urgency is not tones.Urgency.HIGH else raised
    most = high * 10 ** (-urgency.level_db / 20)
    return min(raised, most)


def samples(sound: tones.Sound) -> QByteArray:
    """The sound as the output takes it: 16-bit."""
    return QByteArray((sound.clip(-1, 1) * 32767).round().astype("<i2").tobytes())


def seconds_of(sound: QByteArray) -> float:
    """How long it lasts."""
    return sound.size() / 2 / tones.DEFAULT_RATE_HZ


def _tune(urgency: str, melody: str) -> str:
    return "" if urgency in SAME_WHATEVER or urgency.startswith(SOFT) else melody
