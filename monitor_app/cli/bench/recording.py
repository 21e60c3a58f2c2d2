"""What recording costs: megabytes an hour, and how long a commit takes, on the disk that holds temporary files."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from devices.clock import NS_PER_MS, NS_PER_S, SEEDED_START_UTC
from devices.signals import Provenance, WaveScale
from devices.simulators.synthetic_patient import SyntheticPatient
from monitor_app.cli.bench.figure import Figure
from monitor_app.core.journal import DeviceEntry, JournalEntry, NumericEntry, SessionOpened, WaveBlock
from monitor_app.core.stamp import Stamp
from monitor_app.services.sim_chair import find_scenario
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.recorder_core import HALF_SECOND_NS, RecorderCore
from monitor_app.storage.store import Store

MB_PER_H_BOUND, COMMIT_BOUND_MS = 7.0, 20.0
"""design.md §9: Recording."""
ECG_HZ, PLETH_HZ = 500, 125
SESSION = "bench"
SOURCE = "berry@bench"
_SCALES = {
    "ECG_II": (ECG_HZ, WaveScale("mV", 0.0025, 0.0, -2000, 2000)),
    "PLETH": (PLETH_HZ, WaveScale("1", 0.001, 0.0, 0, 1000)),
}


def measure_recording(folder: Path, *, quick: bool) -> list[Figure]:
    """Record a short session, close it, go on with it: the growth between is what an hour costs, without what is fixed."""
    halves = 240 if quick else 1200
    patient = SyntheticPatient(find_scenario("S02"), 1)
    commits_ns: list[int] = []
    sizes: list[int] = []
    for part, begin in enumerate((0, halves // 4)):
        with Store.open(folder, StoreKind.TRAINING) as store:
            if part == 0:
                store.new_session(_head())
            core = store.recorder_core(SESSION)
            span = range(begin, halves if part else halves // 4)
            commits_ns += [_half_second(core, _entries(patient, half)) for half in span]
            core.close()
        sizes.append(StoreKind.TRAINING.path(folder).stat().st_size)
    hours = (halves - halves // 4) * HALF_SECOND_NS / NS_PER_S / 3600
    p50_ms, p99_ms = (float(q) / NS_PER_MS for q in np.quantile(commits_ns, (0.5, 0.99)))
    what = f"ECG {ECG_HZ} Hz, pleth {PLETH_HZ} Hz, four numerics a second; {len(commits_ns)} commits"
    return [
        Figure("record size", (sizes[1] - sizes[0]) / 1e6 / hours, "MB/h", MB_PER_H_BOUND, note=what),
        Figure(
            "commit p99",
            p99_ms,
            "ms",
            COMMIT_BOUND_MS,
            note="one half second each, to the disk (synchronous=FULL)",
        ),
        Figure("commit median", p50_ms, "ms"),
    ]


def _head() -> SessionOpened:
    return SessionOpened(_stamp(0), SESSION, "BENCH", "", simulated=True, chair="1", software="bench")


def _stamp(t_ns: int) -> Stamp:
    return Stamp(t_ns, round(SEEDED_START_UTC.timestamp() * 1000) + t_ns // NS_PER_MS)


def _half_second(core: RecorderCore, entries: list[JournalEntry]) -> int:
    """Hand over what came in a half second; nanoseconds its commit took."""
    core.write_many(entries)
    begun = time.perf_counter_ns()
    core.flush()
    return time.perf_counter_ns() - begun


def _entries(patient: SyntheticPatient, half: int) -> list[JournalEntry]:
    t_ns = half * HALF_SECOND_NS
    patient.advance((half + 1) * 0.5)
    entries: list[JournalEntry] = []
    if half == 0:
        entries.append(DeviceEntry(_stamp(0), SOURCE, "berry", "bench", Provenance.SIMULATED))
    entries += _blocks(patient, half, t_ns)
    if half % 2 == 0:
        entries += _numerics(patient, t_ns)
    return entries


def _blocks(patient: SyntheticPatient, half: int, t_ns: int) -> Iterator[WaveBlock]:
    """Two chunks a wave, as a link delivers them."""
    for name, (rate_hz, scale) in _SCALES.items():
        count = rate_hz // 4
        for part in range(2):
            first = (2 * half + part) * count
            values = patient.wave(name, float(rate_hz), first, count)
            assert values is not None
            assert scale.unit_per_count is not None
            counts = np.round(values / scale.unit_per_count).astype(np.int32)
            stamp = _stamp(t_ns + part * HALF_SECOND_NS // 2)
            yield WaveBlock(stamp, SOURCE, name, float(rate_hz), first, counts, scale)


def _numerics(patient: SyntheticPatient, t_ns: int) -> Iterator[NumericEntry]:
    now = patient.numerics()
    values = (("HR", now.hr_per_min, "/min"), ("SPO2", now.spo2_percent, "%"), ("PR", now.pr_per_min, "/min"),
              ("RR", now.rr_per_min, "/min"))  # fmt: skip
    for name, value, unit in values:
        yield NumericEntry(_stamp(t_ns), SOURCE, name, value, unit)
