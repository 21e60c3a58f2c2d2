"""kill -9 at any moment: at most 1.1 s of waveform and raw bytes lost, no event lost, the file sound (design.md §9)."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from monitor_app.core.journal import CareEntry
from monitor_app.core.phase import Phase
from monitor_app.storage.connection import quick_check
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store
from monitor_app.storage.verify import verify

CHILD = Path(__file__).with_name("kill_child.py")
ROOT = Path(__file__).resolve().parents[3]
RATE_HZ, LOSS_S = 500, 1.1


def run_and_kill(folder: Path, chunks: int) -> tuple[int, set[str]]:
    """Return the samples fed and the events said to be safe, after killing the child ``chunks`` chunks in."""
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        lines = []
        for line in child.stdout:
            lines.append(line.split())
            if line.startswith("fed") and int(line.split()[1]) >= chunks * 20:
                break
        child.kill()
        lines.extend(
            line.split() for line in child.stdout.read().splitlines(keepends=True) if line[-1] == "\n"
        )
    fed = max(int(words[1]) for words in lines if words[0] == "fed")
    return fed, {words[1] for words in lines if words[0] == "event"}


def check_round(folder: Path, chunks: int) -> None:
    fed, safe = run_and_kill(folder, chunks)
    with Store.open(folder, StoreKind.TRAINING) as store:  # the lock went with the process
        assert quick_check(store.path, budget_s=None)
        record = store.record("killed")
        kept = sum(track.sample_count for track in record.waves)
        assert kept >= fed - LOSS_S * RATE_HZ
        for track in record.waves:
            for block in track.blocks():
                expected = (block.first_sample + np.arange(block.counts.size)) // 20
                np.testing.assert_array_equal(block.counts, expected)
        (raw,) = record.raw
        heard = b"".join(piece.data for piece in raw.pieces())
        assert heard == b"".join(n.to_bytes(4) * 20 for n in range(len(heard) // 80))
        assert len(heard) >= 4 * (fed - LOSS_S * RATE_HZ)
        assert safe <= {entry.entry_id for entry in record.entries if isinstance(entry, CareEntry)}
        (cut,) = store.open_sessions()
        assert (cut.id, cut.phase) == ("killed", Phase.CHECKIN)
        assert verify(folder) == []


@pytest.mark.parametrize("round_number", range(3))
def test_killed_while_recording(tmp_path: Path, round_number: int) -> None:
    moments = np.random.default_rng(round_number).integers(1, 45)
    check_round(tmp_path, int(moments))


@pytest.mark.long
@pytest.mark.parametrize("round_number", range(3, 50))
def test_killed_while_recording_more(tmp_path: Path, round_number: int) -> None:
    check_round(tmp_path, int(np.random.default_rng(round_number).integers(1, 120)))
