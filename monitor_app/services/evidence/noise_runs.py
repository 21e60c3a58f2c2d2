"""One annotated record under one seed of electrode motion: the beats found in it, and the alarms it raises."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np

from devices.recordings.recording import FloatArray, Recording, Wave
from monitor_app.processing.signal_quality import USABLE
from monitor_app.services.beats_run import detect
from monitor_app.services.evidence.alarm_run import spells
from monitor_app.services.evidence.noise import mixed, motion_noise
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import AnnotatedEcg
from monitor_app.services.evidence.score import BeatScore, score_beats
from monitor_app.services.evidence.truth import Announced, TrueRhythm

PLAN: tuple[tuple[float, tuple[int, ...]], ...] = (
    (24.0, (7,)), (18.0, (7,)), (12.0, (7,)), (6.0, (7, 11, 13)), (0.0, (7, 11)),
)  # fmt: skip
"""Signal-to-noise ratios in dB, each with the seeds it is mixed with: more where noise begins to tell."""
RULES = ("AL-HR-01", "AL-HR-02", "AL-HR-03", "AL-HR-06", "AL-HR-07")
_PIECE_S = 0.5
"""Neither beats nor rates depend on how a wave is cut; longer pieces are judged faster."""


@dataclass(frozen=True, slots=True, eq=False)
class NoiseTask:
    """What is to be done; ``snr_db`` None leaves the record as it is."""

    ecg: AnnotatedEcg
    snr_db: float | None
    seed: int
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True)
class NoiseRun:
    """Scores of all our beats, of those shown as valid and of each peer's, and what was announced."""

    record: str
    snr_db: float | None
    seed: int
    ours: BeatScore
    valid: BeatScore
    peers: dict[str, BeatScore]
    announced: tuple[Announced, ...]


def noise_tasks(
    records: Sequence[AnnotatedEcg],
    peers: Sequence[Peer],
    plan: Sequence[tuple[float, Sequence[int]]] = PLAN,
) -> list[NoiseTask]:
    """Return every record as it is and with every seed of every ratio, long ones mixed with short ones."""
    tasks = [NoiseTask(ecg, None, 0, ()) for ecg in records]
    for snr_db, seeds in plan:
        tasks += [NoiseTask(ecg, snr_db, seed, tuple(peers)) for seed in seeds for ecg in records]
    return tasks


def run_all(
    tasks: Sequence[NoiseTask], workers: int, *, run: "Callable[[NoiseTask], NoiseRun] | None" = None
) -> Iterator[NoiseRun]:
    """Yield the results in the order of the tasks; more than one worker needs peers that can be pickled."""
    of = run or noise_run
    if workers <= 1:
        yield from map(of, tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(of, tasks)


def noise_run(task: NoiseTask) -> NoiseRun:
    """Find the beats of one record with its noise, and replay its ECG alone, with no pulse to confirm anything."""
    ecg, samples = task.ecg, noisy_samples(task)
    beats = detect(Wave(ecg.rate_hz, samples, "mV"), _PIECE_S)
    shown = [beat.sample for beat in beats if beat.quality >= USABLE]
    return NoiseRun(
        ecg.name,
        task.snr_db,
        task.seed,
        score_beats(ecg.beats, [beat.sample for beat in beats], ecg.rate_hz),
        score_beats(ecg.beats, shown, ecg.rate_hz),
        {p.name: score_beats(ecg.beats, p.find(samples, ecg.rate_hz), ecg.rate_hz) for p in task.peers},
        tuple(announced(replace(ecg, samples=samples))),
    )


def noisy_samples(task: NoiseTask) -> FloatArray:
    """Return the record's samples with the task's noise, the same for whoever looks for beats in them."""
    ecg = task.ecg
    if task.snr_db is None:
        return ecg.samples
    noise = motion_noise(ecg.samples.size, ecg.rate_hz, np.random.default_rng(task.seed))
    return mixed(ecg.samples, noise, ecg.beats, ecg.rate_hz, snr_db=task.snr_db)


def announced(ecg: AnnotatedEcg) -> list[Announced]:
    """Replay an ECG alone; every announcement of a rate rule, judged by the annotated beats."""
    alone = Recording(ecg.name, {"ECG_II": Wave(ecg.rate_hz, ecg.samples, "mV")}, {})
    rhythm = TrueRhythm([beat / ecg.rate_hz for beat in ecg.beats], alone.duration_s)
    return [
        Announced(rule, spell.from_s, rhythm.justifies(rule, spell.from_s))
        for rule, some in spells(alone, RULES, pieces_per_s=2).items()
        for spell in some
        if spell.state == "ACTIVE"
    ]
