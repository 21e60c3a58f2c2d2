"""Breaths: real respiration waves against two people's marks, and waves that are made."""

import csv
from pathlib import Path

import numpy as np
import pytest

from monitor_app.processing.breaths import BreathChannel

BIDMC_HZ = 125.0
MATCH_S = 1.5


def found(samples: np.ndarray, rate_hz: float, *, packet: int = 25) -> tuple[BreathChannel, list[int]]:
    channel = BreathChannel(rate_hz)
    breaths: list[int] = []
    for first in range(0, len(samples), packet):
        channel.feed(samples[first : first + packet], first)
        if first % round(rate_hz) < packet:
            breaths += channel.second()
    return channel, breaths + channel.second()


def breathing(seconds: float, per_min: float, rate_hz: float, size: float = 1.0) -> np.ndarray:
    at_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return size * np.sin(2 * np.pi * at_s * per_min / 60)


def recorded(folder: Path, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The wave, and the first annotator's breaths in seconds."""
    with (folder / f"bidmc_{number}_Signals.csv").open() as lines:
        head, *rows = csv.reader(lines)
    at = [name.strip() for name in head].index("RESP")
    wave = np.array([float(row[at]) for row in rows])
    with (folder / f"bidmc_{number}_Breaths.csv").open() as lines:
        marks = [row[0] for row in csv.reader(lines)][1:]
    return wave, np.array([int(mark) for mark in marks if mark.isdigit()]) / BIDMC_HZ


@pytest.mark.parametrize(("number", "most_extra"), [(13, 0.3), (25, 0.02), (49, 0.02)])
def test_the_breaths_of_real_patients_are_found(shared_data: Path, number: int, most_extra: float) -> None:
    wave, marks = recorded(shared_data / "bidmc", number)
    _, breaths = found(wave, BIDMC_HZ)
    at_s = np.array(breaths) / BIDMC_HZ
    known = marks[marks > 20]
    missed = [mark for mark in known if np.abs(at_s - mark).min() > MATCH_S]
    assert len(missed) <= 0.03 * len(known)
    assert len(at_s) <= (1 + most_extra) * len(marks)
    assert np.diff(at_s).max() < 10  # nobody there stopped breathing, and nobody is said to have


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 62.5, 125.0])
@pytest.mark.parametrize("per_min", [6, 14, 35])
def test_each_breath_is_counted_once_at_any_rate(rate_hz: float, per_min: float) -> None:
    channel, breaths = found(breathing(120, per_min, rate_hz), rate_hz)
    assert len(breaths) == pytest.approx(2 * per_min, abs=2)
    assert channel.learnt
    assert not channel.still


def test_the_heart_in_the_wave_of_a_patient_who_does_not_breathe_is_no_breath() -> None:
    rate_hz = 50.0
    heart = breathing(90, 72, rate_hz, size=0.2)
    breath = np.concatenate((breathing(60, 14, rate_hz), np.zeros(round(30 * rate_hz))))
    channel, breaths = found(breath + heart, rate_hz)
    assert max(breaths) / rate_hz < 62
    assert channel.last_sample == max(breaths)


@pytest.mark.parametrize(("size", "still"), [(0.0, True), (0.02, True), (0.2, False)])
def test_still_is_a_wave_that_hardly_moves(size: float, still: bool) -> None:
    rate_hz = 50.0
    wave = np.concatenate((breathing(60, 15, rate_hz), breathing(30, 15, rate_hz, size)))
    channel, _ = found(wave, rate_hz)
    assert channel.still is still


def test_before_four_breaths_nothing_is_known() -> None:
    channel, _ = found(np.zeros(1000), 50.0)
    assert not channel.learnt
    assert not channel.still
    assert found(breathing(12, 14, 50.0), 50.0)[0].learnt is False


def test_a_hole_begins_the_counting_of_time_anew() -> None:
    channel, _ = found(breathing(60, 15, 50.0), 50.0)
    channel.feed(np.zeros(50), 10_000)
    assert channel.second() == []
    assert channel.last_sample == 10_000
    channel.feed(np.full(150, np.nan), 10_050)
    channel.feed(np.zeros(50), 10_200)
    channel.second()
    assert channel.last_sample == 10_200
    assert channel.learnt  # but a breath of this patient still looks as it did


def lossy(channel: BreathChannel, wave: np.ndarray, first: int, *, every: int, lost: int) -> list[int]:
    """Feed a wave of which ``lost`` samples are missing at the end of ``every``."""
    breaths: list[int] = []
    for start in range(0, len(wave), every):
        channel.feed(wave[start : start + every - lost], first + start)
        breaths += channel.second()
    return breaths


@pytest.mark.parametrize(("every", "lost"), [(750, 10), (500, 100), (100, 20), (50, 10)])
def test_a_line_that_loses_frames_leaves_the_count_of_silence_going(every: int, lost: int) -> None:
    channel, breaths = found(breathing(60, 15, 50.0), 50.0)
    heart = breathing(60, 72, 50.0, size=0.1)
    assert [b for b in lossy(channel, heart, 3000, every=every, lost=lost) if b > 3050] == []
    assert max(breaths) <= channel.last_sample <= 3050


@pytest.mark.parametrize(("every", "lost"), [(750, 10), (500, 100), (100, 20), (50, 10)])
def test_breaths_are_found_on_a_line_that_loses_frames(every: int, lost: int) -> None:
    channel, _ = found(breathing(60, 15, 50.0), 50.0)
    breaths = lossy(channel, breathing(60, 15, 50.0), 3000, every=every, lost=lost)
    assert len(breaths) == pytest.approx(15, abs=2)


def test_a_line_that_loses_most_of_a_wave_tells_no_silence() -> None:
    channel, _ = found(breathing(60, 15, 50.0), 50.0)
    lossy(channel, np.zeros(3000), 3000, every=50, lost=35)
    assert channel.last_sample > 5800


def test_packets_of_any_size_give_the_same() -> None:
    wave = breathing(60, 17, 50.0)
    assert found(wave, 50.0, packet=1)[1] == found(wave, 50.0, packet=50)[1]


@pytest.mark.parametrize("rate_hz", [1.0, 1000.0])
def test_a_wave_of_another_rate_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="samples a second"):
        BreathChannel(rate_hz)
