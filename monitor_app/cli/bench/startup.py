"""How long until the first waveform: of a fresh start, and after the program was killed while recording (design.md §9)."""

import statistics
import time
from collections import deque
from pathlib import Path

from devices.clock import NS_PER_S, SystemClock
from devices.errors import KnownError, StorageError
from monitor_app.cli.bench.figure import Figure
from monitor_app.cli.bench.process import (
    DRIVER,
    START_S,
    can_emulate,
    emulators,
    end,
    observed,
    python,
    told,
)
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import open_archive

START_BOUND_S, RESUME_BOUND_S, LOST_BOUND_S = 2.0, 3.0, 1.1
"""design.md §9: Start to first waveform; kill -9."""
RECORD_S = 3.0


def measure_startup(folder: Path, *, quick: bool) -> list[Figure]:
    """Start the window several times on a monitor that is there, and on the simulated chair.

    The median counts, after a start that warms the disk's cache and lets Python keep its compiled modules.
    """
    count = 1 if quick else 3
    figures = []
    if can_emulate():
        with emulators(folder, 1) as (device,):
            on_monitor = _starts(folder / "on-monitor", count, "--device", device)
        figures.append(_figure("start to first waveform", on_monitor, "emulated monitor on a port"))
    with_chair = _starts(folder / "with-chair", count, "demo")
    figures.append(
        _figure("demo: start to first waveform", with_chair, "simulated chair in the same process")
    )
    return figures


def _starts(folder: Path, count: int, *command: str) -> list[tuple[float, float]]:
    """Seconds of each start, and of processor."""
    seconds = []
    for number in range(count + 1):
        process, started_ns = observed(0, *command, "--data-dir", str(folder / str(number)))
        try:
            said = told(process)
            seconds.append(((said["first_waveform_ns"] - started_ns) / NS_PER_S, said["cpu_s"]))
        finally:
            end(process)
    return seconds[1:]


def _figure(name: str, starts: list[tuple[float, float]], note: str) -> Figure:
    seconds, cpu_s = zip(*starts, strict=True)
    spread = f"{min(seconds):.2f} to {max(seconds):.2f} s, {statistics.median(cpu_s):.2f} s of processor"
    note = f"starts: {len(seconds)}, {spread}; {note}, no display"
    return Figure(name, statistics.median(seconds), "s", START_BOUND_S, note=note)


def measure_resume(folder: Path) -> list[Figure]:
    """Kill a recording, look at what the file holds, and start again on the same record."""
    data = folder / "killed"
    with emulators(folder, 1) as (device,):
        recording = python(
            "monitor_app", "record", "--device", device, "--for", "600", "--data-dir", str(data)
        )
        try:
            _wait_for_waves(data)
            time.sleep(RECORD_S)
            killed_ms = SystemClock().wall_utc().timestamp() * 1000
            recording.kill()
            recording.wait()
        finally:
            end(recording)
        lost_s = (killed_ms - min(_wave_ends_ms(data))) / 1000
        process, started_ns = observed(0, "--device", device, "--data-dir", str(data))
        try:
            said = told(process)
            resume_s = (said["first_waveform_ns"] - started_ns) / NS_PER_S
        finally:
            end(process)
    return [
        Figure(
            "waveform lost by kill -9",
            lost_s,
            "s",
            LOST_BOUND_S,
            note=f"{DRIVER}, {RECORD_S:g} s after its first waveform was written; worst wave",
        ),
        Figure(
            "session open again after kill -9",
            resume_s,
            "s",
            RESUME_BOUND_S,
            note=f"to its first new waveform; {said['cpu_s']:.2f} s of processor",
        ),
    ]


def _wait_for_waves(data: Path) -> None:
    until = time.monotonic() + START_S
    while not _has_waves(data):
        if time.monotonic() > until:
            raise KnownError("the recording did not begin")
        time.sleep(0.5)


def _has_waves(data: Path) -> bool:
    """Whether a wave is in the file; it is not readable while it is being made."""
    try:
        return StoreKind.TRAINING.path(data).exists() and bool(_wave_ends_ms(data))
    except StorageError:
        return False


def _wave_ends_ms(data: Path) -> list[float]:
    """Wall time of the newest sample of each wave in the file."""
    archive = open_archive(data)
    tracks = [track for left in archive.open_sessions() for track in archive.record(left.id).waves]
    newest = [deque(track.blocks(), maxlen=1) for track in tracks]
    return [b.stamp.utc_ms + 1000 * len(b.counts) / b.rate_hz for last in newest for b in last]
