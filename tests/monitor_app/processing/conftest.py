"""Synthetic signals with known beat times, MIT-BIH readers, and the beat scorer of clinical.md §8.3."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

# Annotation codes of the MIT-BIH database that mark a heart beat; rhythm, noise and flutter-wave marks do not.
BEAT_CODES = frozenset("NLRBAaJSVrFejnE/fQ?")
MATCH_WINDOW_S = 0.15


@dataclass(frozen=True)
class Score:
    true: int
    extra: int
    missed: int

    @property
    def sensitivity(self):
        return self.true / max(1, self.true + self.missed)

    @property
    def predictivity(self):
        return self.true / max(1, self.true + self.extra)

    @property
    def f1(self):
        return 2 * self.true / max(1, 2 * self.true + self.extra + self.missed)

    def __add__(self, other):
        return Score(self.true + other.true, self.extra + other.extra, self.missed + other.missed)

    def row(self, name):
        return (
            f"{name:>6} TP {self.true:6d} FP {self.extra:4d} FN {self.missed:4d} "
            f"Se {100 * self.sensitivity:7.3f} +P {100 * self.predictivity:7.3f} F1 {100 * self.f1:7.3f}"
        )


def score_beats(reference: Sequence[int], found: Sequence[int], rate_hz: float) -> Score:
    """One-to-one match in time order within ±150 ms; a nearer later beat takes the match."""
    window, i, j, true, extra, missed = MATCH_WINDOW_S * rate_hz, 0, 0, 0, 0, 0
    while i < len(reference) and j < len(found):
        distance = found[j] - reference[i]
        if abs(distance) > window:
            i, j, missed, extra = (
                (i, j + 1, missed, extra + 1) if distance < 0 else (i + 1, j, missed + 1, extra)
            )
        elif j + 1 < len(found) and abs(found[j + 1] - reference[i]) < abs(distance):
            j, extra = j + 1, extra + 1
        else:
            i, j, true = i + 1, j + 1, true + 1
    return Score(true, extra + len(found) - j, missed + len(reference) - i)


def synthesise(beat_times_s, rate_hz, *, length_s=None, qrs_mv=1.0, t_mv=0.25, p_mv=0.1, width_s=0.012):
    """Gaussian P, QRS and T at each beat; shape (n,), millivolts."""
    length_s = length_s or beat_times_s[-1] + 1.0
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    wave = np.zeros(len(t))
    heights = np.broadcast_to(qrs_mv, len(beat_times_s))
    for beat_s, height in zip(beat_times_s, heights, strict=True):
        parts = (
            (0.0, width_s, height),
            (2.5 * width_s, width_s, -0.25 * height),
            (0.26, 0.045, t_mv),
            (-0.16, 0.02, p_mv),
        )
        for offset_s, sigma_s, mv in parts:
            near = slice(
                *np.searchsorted(t, [beat_s + offset_s - 5 * sigma_s, beat_s + offset_s + 5 * sigma_s])
            )
            wave[near] += mv * np.exp(-0.5 * ((t[near] - beat_s - offset_s) / sigma_s) ** 2)
    return wave


def read_wfdb(path: Path, channel=0, *, annotator=None):
    """Signal, rate and reference beats as wfdb, an independent reader, gives them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wfdb 4.3 calls parts of pandas that pandas means to drop
        import wfdb

        record = wfdb.rdrecord(str(path))
        marks = wfdb.rdann(str(path), annotator) if annotator else None
    beats = []
    if marks is not None:
        beats = [int(s) for s, code in zip(marks.sample, marks.symbol, strict=True) if code in BEAT_CODES]
    return record.p_signal[:, channel], float(record.fs), beats


@pytest.fixture
def score() -> Callable[..., Score]:
    return score_beats


@pytest.fixture
def ecg() -> Callable[..., np.ndarray]:
    return synthesise


@pytest.fixture
def mitdb(shared_data):
    def read(name, channel=0):
        return read_wfdb(shared_data / "mitdb" / name, channel, annotator="atr")

    return read


@pytest.fixture
def waveform(shared_data):
    """Any other WFDB record of the recordings: signal and rate of one channel."""

    def read(name, channel=0):
        return read_wfdb(shared_data / name, channel)[:2]

    return read


@pytest.fixture
def bidmc(shared_data):
    """Columns of a BIDMC record by name: waves at 125 Hz, numerics at 1 Hz."""

    def read(number, kind):
        path = shared_data / "bidmc" / f"bidmc_{number}_{kind}.csv"
        names = [n.strip() for n in path.read_text().partition("\n")[0].split(",")]
        table = np.genfromtxt(path, delimiter=",", skip_header=1)
        return dict(zip(names, table.T, strict=True))

    return read
