"""A storm of alarms on the whole program (design.md §9): none lost, none late, the strips never still.

The bounds are those of a computer of one's own. Where others run on it, what they took from the three threads an alarm
passes, while it was on its way, is subtracted (``bench.noise``). Half of the alarms keep the bound then as it stands; for
the slowest it grows by how much longer everything took, because a thread that waits while it holds a lock holds up others.
What does not depend on the computer is held to the exact step in ``test_storm_by_hand``.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from monitor_app.cli.bench.storm import storm
from monitor_app.cli.bench.storm_figures import Part
from monitor_app.core.priority import Priority
from monitor_app.ui.fonts import load_fonts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
BOUND_MS, FRAMES_PER_S, PER_MIN = 100.0, 20.0, 100.0


def own_ms(part: Part, share: float) -> float:
    return float(np.quantile([fate.own_ms for fate in part.fates], share, method="higher"))


def judge(folder: Path, *, open_s: float, away_s: float) -> None:
    load_fonts()
    opened, away = storm(folder, open_s=open_s, away_s=away_s)
    for part in (opened, away):
        assert [fate.due.rule.id for fate in part.fates if fate.priority is None] == []
        assert all(np.isfinite(fate.recorded_ms) for fate in part.fates)
        assert all(fate.sounded_ms is None or np.isfinite(fate.sounded_ms) for fate in part.fates)
    shown = [fate for fate in opened.fates if fate.drawn_ms is not None]
    assert all(np.isfinite(fate.worst_ms) for fate in opened.fates)
    assert 60 * len(shown) / opened.seconds >= PER_MIN
    assert any(fate.sounded_ms is not None for fate in opened.fates)
    assert own_ms(opened, 0.5) <= BOUND_MS
    assert own_ms(opened, 0.99) <= BOUND_MS * opened.slowed
    for count, waited in zip(opened.frames.counts, opened.frames.waited, strict=True):
        assert count >= FRAMES_PER_S * (1 - waited)
    high = [f for f in away.fates if f.priority is Priority.HIGH and f.drawn_ms is not None]
    assert high
    assert all(np.isfinite(f.worst_ms) for f in high)
    assert all(f.sounded_ms is not None for f in high)
    assert max(f.own_ms for f in high) <= BOUND_MS * away.slowed


def test_a_storm_is_drawn_sounded_and_recorded_in_time(tmp_path: Path, qapp: QApplication) -> None:
    """Twice at most: where the whole computer stood still for a second, nobody in it can tell that from the program."""
    for attempt in ("first", "second"):
        folder = tmp_path / attempt
        folder.mkdir()
        try:
            judge(folder, open_s=8.0, away_s=8.0)
        except AssertionError:
            if attempt == "second":
                raise
        else:
            return


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_long_storm_too(tmp_path: Path, qapp: QApplication) -> None:
    judge(tmp_path, open_s=240.0, away_s=120.0)
