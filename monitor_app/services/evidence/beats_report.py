"""What ``docs/evidence/beats.md`` says: beats found beside other programs, in noise, and what finding them costs."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from devices.recordings.recording import FloatArray, Wave
from monitor_app.processing.beats import Beat
from monitor_app.processing.ecg_channel import EcgChannel
from monitor_app.services.beats_run import CHUNK_S, detect
from monitor_app.services.evidence.noise_runs import NoiseRun
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import AnnotatedEcg
from monitor_app.services.evidence.score import BeatScore, score_beats

OURS = "Chairside"
LIVE_RATE_HZ = 500.0
"""clinical.md §8.1: the faster of the two input rates."""


@dataclass(slots=True)
class BeatTable:
    """Scores by record, then by who found the beats, in the order they were measured."""

    rows: dict[str, dict[str, BeatScore]] = field(default_factory=dict)

    def add(self, record: str, finder: str, score: BeatScore) -> None:
        """Keep one more score; a second one of the same record and finder is added to it."""
        row = self.rows.setdefault(record, {})
        row[finder] = row.get(finder, BeatScore()) + score

    def gross(self, finder: str) -> BeatScore:
        """Return the sum over all records: every beat counts the same."""
        return sum((row[finder] for row in self.rows.values() if finder in row), BeatScore())


def compare(records: Iterable[AnnotatedEcg], peers: Sequence[Peer]) -> BeatTable:
    """Score ours and each peer on every record, on the same samples."""
    table = BeatTable()
    for ecg in records:
        found = [beat.sample for beat in _live(ecg, ecg.samples)]
        table.add(ecg.name, OURS, score_beats(ecg.beats, found, ecg.rate_hz))
        for peer in peers:
            beats = peer.find(ecg.samples, ecg.rate_hz)
            table.add(ecg.name, peer.name, score_beats(ecg.beats, beats, ecg.rate_hz))
    return table


@dataclass(slots=True)
class NoiseRow:
    """One signal-to-noise ratio: all our beats, those shown as valid (quality 0.5 and more), each peer's, the alarms.

    ``due`` counts the announcements that the true rhythm justifies, ``unjustified`` names the others.
    """

    snr_db: float | None
    runs: int = 0
    ours: BeatScore = field(default_factory=BeatScore)
    valid: BeatScore = field(default_factory=BeatScore)
    peers: dict[str, BeatScore] = field(default_factory=dict)
    due: int = 0
    unjustified: list[str] = field(default_factory=list)

    def add(self, run: NoiseRun) -> None:
        """Count one record under one seed."""
        self.runs += 1
        self.ours += run.ours
        self.valid += run.valid
        for name, score in run.peers.items():
            self.peers[name] = self.peers.get(name, BeatScore()) + score
        self.due += sum(alarm.justified for alarm in run.announced)
        self.unjustified += [
            f"{alarm.rule} in {run.record} at {alarm.at_s:.0f} s, seed {run.seed}"
            for alarm in run.announced
            if not alarm.justified
        ]


def by_ratio(runs: Iterable[NoiseRun]) -> list[NoiseRow]:
    """Add the runs up by ratio, in their order; None is the records as they are."""
    rows: dict[float | None, NoiseRow] = {}
    for run in runs:
        rows.setdefault(run.snr_db, NoiseRow(run.snr_db)).add(run)
    return list(rows.values())


def _live(ecg: AnnotatedEcg, samples: FloatArray) -> list[Beat]:
    return detect(Wave(ecg.rate_hz, samples, "mV"))


def core_share(ecg: AnnotatedEcg, seconds: float = 120.0) -> float:
    """Measure the share of one core that live ECG at 500 Hz takes: filter, beats, rate, quality."""
    t = np.arange(round(seconds * LIVE_RATE_HZ)) / LIVE_RATE_HZ
    wave = np.interp(t, np.arange(ecg.samples.size) / ecg.rate_hz, ecg.samples)
    channel, step = EcgChannel(LIVE_RATE_HZ, edges=(-10.0, 10.0)), round(CHUNK_S * LIVE_RATE_HZ)
    begun_s = time.process_time()
    for start in range(0, wave.size, step):
        channel.feed(wave[start : start + step], start)
        if (start + step) % round(LIVE_RATE_HZ) < step:
            channel.second()
    return (time.process_time() - begun_s) / seconds
