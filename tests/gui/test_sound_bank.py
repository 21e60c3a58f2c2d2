"""Every sound at every volume, made before the first alarm; how loud each is beside the others (clinical.md §5.3, §5.4)."""

import wave
from io import BytesIO
from itertools import product

import numpy as np
import pytest

from monitor_app.processing import tones
from monitor_app.services.bedside.publication import SoundBurst
from monitor_app.ui.sound_bank import SoundBank, seconds_of

STEPS = (1, 2, 3, 4)
BANK = SoundBank()


def heard(urgency: str, melody: str = "GENERAL", *, step: int = 4, louder: bool = False) -> np.ndarray:
    sound = BANK.of(SoundBurst(urgency, melody, 0, louder=louder, volume_step=step))
    assert sound is not None
    return np.frombuffer(bytes(sound), "<i2").astype(float)


def peak_db(urgency: str, melody: str = "GENERAL", *, step: int = 4, louder: bool = False) -> float:
    return float(20 * np.log10(np.abs(heard(urgency, melody, step=step, louder=louder)).max() / 32767))


@pytest.mark.parametrize(("urgency", "melody"), list(product(tones.Urgency, tones.Melody)), ids=str)
def test_every_burst_is_there_at_every_step(urgency, melody) -> None:
    for step in STEPS:
        sound = tones.burst(urgency, melody, volume_step=step if urgency.name == "HIGH" else max(step - 1, 1))
        with wave.open(BytesIO(tones.wav_bytes(sound))) as file:
            written = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
        assert np.abs(heard(urgency.name, melody.name, step=step) - written).max() <= 1


@pytest.mark.parametrize("step", STEPS)
def test_high_medium_low_and_what_is_no_alarm_in_this_order(step) -> None:
    raised = peak_db("MEDIUM", step=step, louder=True)
    order = [
        peak_db("HIGH", step=step),
        raised,
        peak_db("MEDIUM", step=step),
        peak_db("LOW", step=step),
        peak_db("INFO", step=step),
    ]
    assert order == sorted(order, reverse=True)
    assert peak_db("LOW", step=step) - peak_db("PULSE", "97", step=step) >= 3
    assert peak_db("LOW", step=step) - peak_db("INFO", step=step) >= 3
    assert raised > peak_db("MEDIUM", step=step) + 1


@pytest.mark.parametrize("step", [2, 3, 4])
def test_what_nobody_acknowledges_is_one_step_louder(step) -> None:
    gain = peak_db("MEDIUM", step=step, louder=True) - peak_db("MEDIUM", step=step)
    assert gain == pytest.approx(6, abs=0.05)


def test_nothing_is_louder_than_the_output_can_be() -> None:
    assert peak_db("HIGH", step=4, louder=True) == peak_db("HIGH", step=4)
    assert max(np.abs(heard("HIGH", m.name)).max() for m in tones.Melody) < 32767


@pytest.mark.parametrize("urgency", ["HIGH", "MEDIUM", "LOW", "REMINDER", "PULSE", "INFO"])
def test_each_step_is_heard_and_none_is_louder_than_the_next(urgency) -> None:
    levels = [peak_db(urgency, "97" if urgency == "PULSE" else "GENERAL", step=step) for step in STEPS]
    assert levels == sorted(levels)
    assert levels[0] > -40
    assert levels[3] - levels[0] > 11.9


def test_the_self_test_is_softer_than_the_alarm_at_the_same_volume() -> None:
    for urgency, step in product(("HIGH", "MEDIUM", "LOW"), STEPS):
        assert peak_db(f"SOFT_{urgency}", step=step) < peak_db(urgency, step=step) - 6


def test_a_volume_that_is_none_is_the_nearest() -> None:
    assert np.array_equal(heard("HIGH", step=9), heard("HIGH", step=4))
    assert np.array_equal(heard("HIGH", step=0), heard("HIGH", step=1))


def test_a_tune_unknown_is_the_general_one_and_low_has_but_one() -> None:
    assert np.array_equal(heard("MEDIUM", "NO SUCH"), heard("MEDIUM", "GENERAL"))
    assert np.array_equal(heard("LOW", "OXYGENATION"), heard("LOW", "EQUIPMENT"))


def test_the_pulse_is_made_when_first_heard_and_kept() -> None:
    first = BANK.of(SoundBurst("PULSE", "93", 0))
    assert BANK.of(SoundBurst("PULSE", "93", 5)) is first
    assert first is not None
    assert seconds_of(first) < 0.15
    assert BANK.of(SoundBurst("PULSE", "", 0)) is None
    assert BANK.of(SoundBurst("PULSE", "ninety", 0)) is None
    for percent in range(130):
        assert BANK.of(SoundBurst("PULSE", str(percent), 0)) is not None


def test_all_of_it_is_a_few_megabytes() -> None:
    sizes = {id(sound): sound.size() for sound in SoundBank().sounds.values()}
    assert sum(sizes.values()) < 15e6
