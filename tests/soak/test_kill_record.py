"""``kill -9`` of a recording program at any moment (design.md §9; clinical.md §3.2, V23).

At most 1.1 s of waveform lost, no event lost, the file sound, and the next start goes on in the same session and phase.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any

import numpy as np
import pytest

from devices.clock import SystemClock
from devices.simulators.emulator import EmulatorRunner
from devices.transport.pty import PtyPort
from monitor_app.core.journal import GapEntry, NibpEntry, NibpStarted, PhaseEntry, SystemEntry
from monitor_app.core.record import SessionRecord
from monitor_app.services.emulate_run import Emulation, EmulationPlan
from monitor_app.storage.store import open_archive
from monitor_app.storage.verify import verify

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal and SIGKILL")
CHILD = Path(__file__).with_name("kill_record_child.py")
ROOT = Path(__file__).resolve().parents[2]
LOSS_S = 1.1
REOPEN_S = 3.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Path]:
    """A monitor on a pseudo-terminal that outlives its readers."""
    link = tmp_path / "monitor"
    emulation = Emulation(EmulationPlan("berry", seed=2), PtyPort(link))
    emulation.emulator.open()
    runner = EmulatorRunner(emulation.emulator, SystemClock())
    runner.start()
    yield link
    runner.stop()


def record_and_kill(data: Path, port: Path, after_s: float, *more: str) -> tuple[float, float, list[str]]:
    """Record for ``after_s``, then kill -9.

    Return when it was killed (POSIX seconds), how long from opening the store to the session being taken up, and the
    events the program had said are in the record.
    """
    arguments = [sys.executable, str(CHILD), str(data), str(port), *more]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        lines: list[str] = []
        taken_up_s = float("nan")
        for line in child.stdout:
            lines.append(line)
            if line.startswith("ready"):
                taken_up_s = float(line.split()[1])
            if line.startswith("recording"):
                break
        threading.Event().wait(after_s)
        killed = time()
        child.kill()
        lines += [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    events = [line.split(" ", 1)[1].rstrip("\n") for line in lines if line.startswith("event ")]
    return killed, taken_up_s, events


def read_back(data: Path) -> SessionRecord:
    (left,) = open_archive(data).open_sessions()
    return open_archive(data).record(left.id)


def lines_of(record: SessionRecord) -> set[str]:
    return {f"{type(e).__name__} {e.stamp.t_ns}" for e in record.entries}


def check_round(data: Path, port: Path, seed: int) -> None:
    after_s = float(np.random.default_rng(seed).uniform(0.3, 4.0))
    killed, _, events = record_and_kill(data, port, after_s, "--nibp-every", "5")
    assert verify(data) == []
    kept = read_back(data)
    assert set(events) <= lines_of(kept)
    assert len(events) >= 4 or after_s < 1.5  # what is said to be safe is said a little later
    lost_s = killed - ends_utc_s(kept)
    assert lost_s <= LOSS_S
    resumed(data, port, kept)


def ends_utc_s(record: SessionRecord) -> float:
    """When the last recorded sample of the wave that ends first was taken, on the wall."""
    begun = next(e for e in record.entries if isinstance(e, PhaseEntry))
    ends = [] if record.waves else [begun.stamp.utc_ms / 1000]
    for track in record.waves:
        block = list(track.blocks())[-1]
        ends.append(block.stamp.utc_ms / 1000 + block.counts.size / block.rate_hz)
    return min(ends)


def resumed(data: Path, port: Path, kept: SessionRecord) -> None:
    """Start again: the same session, told as a gap, no cuff started, and left as open as before."""
    told = chairside("resume", "--data-dir", str(data), "--json")
    assert [(r["session"], r["phase"]) for r in told] == [(kept.opened.session_id, "BASE")]
    _, taken_up_s, _ = record_and_kill(data, port, 2.5, "--nibp-every", "5")
    assert taken_up_s <= REOPEN_S
    again = read_back(data)
    assert again.opened.session_id == kept.opened.session_id
    assert verify(data) == []
    new = [e for e in again.entries if e.stamp.t_ns > last_t_ns(kept)]
    (gap,) = [e for e in again.entries if isinstance(e, GapEntry) and e.channel == "*"]
    assert gap.duration_ns > 0
    (restart,) = [e for e in new if isinstance(e, SystemEntry) and e.code == "RESTARTED"]
    assert restart.fields["phase"] == "BASE"
    # Seen inflating still, perhaps; started, never.
    assert {e.trigger for e in new if isinstance(e, NibpStarted)} <= {"monitor"}
    assert any(isinstance(e, NibpEntry) and e.accepted for e in again.entries) is False
    assert any(getattr(e, "rule", "") == "TE-20" for e in new)
    for track in again.waves:
        blocks = list(track.blocks())
        ends = [b.first_sample + b.counts.size for b in blocks]
        assert all(b.first_sample >= end for b, end in zip(blocks[1:], ends, strict=False))
        times = [b.stamp.t_ns for b in blocks]
        assert times == sorted(times)
        # Counter and clock agree over the gap.
        counted_s = (blocks[-1].first_sample - blocks[0].first_sample) / track.rate_hz
        assert counted_s == pytest.approx((times[-1] - times[0]) / 1e9, abs=0.1)


def last_t_ns(record: SessionRecord) -> int:
    return max(e.stamp.t_ns for e in record.entries)


def chairside(*arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "monitor_app", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("seed", range(2))
def test_killed_while_recording_a_monitor(tmp_path: Path, port: Path, seed: int) -> None:
    check_round(tmp_path / "data", port, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 50))
def test_killed_while_recording_a_monitor_more(tmp_path: Path, port: Path, seed: int) -> None:
    check_round(tmp_path / "data", port, seed)


def test_the_command_line_goes_on_with_the_session_and_closes_it(tmp_path: Path, port: Path) -> None:
    data = tmp_path / "data"
    record_and_kill(data, port, 1.0)
    left = read_back(data).opened.session_id
    given = ("record", "--device", f"berry@{port}", "--data-dir", str(data), "--for", "1", "--json")
    summary = chairside(*given)
    assert (summary["session"], summary["resumed"]) == (left, True)
    assert any(g["channel"] == "*" for g in summary["gaps"])
    assert any(a["rule"] == "TE-20" for a in summary["alarms"])
    assert chairside("resume", "--data-dir", str(data), "--json") == []
    assert chairside(*given, "--new")["session"] != left
