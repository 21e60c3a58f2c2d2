"""Tachycardia, bradycardia and asystole: what our rules raise on a recording, and what plain limits would.

The window is the one of the challenge: what began within 10 s before the monitor's alarm at 5:00 (clinical.md §5.9 and
the challenge's own rule), and where the recording goes on, 10 s more for a rule's own delay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from devices.recordings.recording import Recording
from monitor_app.services.replay_waves import STEPS_PER_S, replay_recording

ALARM_S = 300.0
WINDOW_S = 10.0
RULES = {"asystole": "AL-HR-01", "tachycardia": "AL-HR-02", "bradycardia": "AL-HR-07"}
"""The rule that answers each kind of challenge alarm (clinical.md §6.1)."""
_RAISED = frozenset({"ACTIVE", "ACTIVE_ACK"})
_TACHY_BEATS, _TACHY_PER_MIN = 17, 140.0
_BRADY_BEATS, _BRADY_PER_MIN = 5, 40.0
_ASYSTOLE_S = 4.0


@dataclass(frozen=True, slots=True)
class Spell:
    """A rule was in one state from ``from_s`` until ``to_s``; ``note`` as it was announced."""

    state: str
    from_s: float
    to_s: float
    note: str = ""


def spells(
    recording: Recording, rules: Sequence[str], *, pieces_per_s: int = STEPS_PER_S
) -> dict[str, list[Spell]]:
    """Replay a recording through processing and the alarm engine; the states of these rules over its whole length."""
    steps: dict[str, list[tuple[float, str, str]]] = {rule: [(0.0, "IDLE", "")] for rule in rules}
    for line in replay_recording(recording, pieces_per_s=pieces_per_s):
        if line.get("kind") == "alarm" and line["rule"] in steps:
            steps[str(line["rule"])].append((float(str(line["t"])), str(line["to"]), str(line["note"])))
    end = (recording.duration_s, "", "")
    return {
        rule: [Spell(state, t_s, until[0], note) for (t_s, state, note), until in pairwise([*changes, end])]
        for rule, changes in steps.items()
    }


def raised(found: Sequence[Spell], end_s: float) -> tuple[bool, str]:
    """Whether a rule answered the alarm at 5:00, and how.

    A rule whose delay still runs when the recording stops counts as raised, for a true alarm and for a false one alike:
    nothing held it back, only the recording is over.
    """
    stop_s = min(end_s, ALARM_S + WINDOW_S)
    held = [s for s in found if s.from_s <= stop_s and s.to_s > ALARM_S - WINDOW_S]
    active = next((s for s in held if s.state in _RAISED), None)
    if active is not None:
        return True, f"announced at {active.from_s:.0f} s" + (f", {active.note}" if active.note else "")
    last = held[-1] if held else None
    if last is not None and last.state == "PENDING" and end_s - stop_s < 1.0 and end_s <= ALARM_S + 1.0:
        return True, f"met since {last.from_s:.0f} s, its delay runs when the recording stops"
    return False, "not raised"


def continued(recording: Recording, lead: str, beats: Sequence[int], seconds: float = 8.0) -> Recording:
    """Return a recording that goes on: the last cycle of the lead between two of its beats, over and over."""
    wave = recording.waves[lead]
    start, stop = beats[-2], beats[-1]
    cycle = wave.samples[start:stop]
    more = np.tile(cycle, int(seconds * wave.rate_hz / cycle.size) + 1)
    longer = replace(wave, samples=np.concatenate((wave.samples[:stop], more)))
    return replace(recording, waves={lead: longer})


def plain_episodes(beats_s: Sequence[float], end_s: float) -> list[tuple[str, float]]:
    """Return what plain limits on beats alone would announce over a whole recording: the rule and when."""
    found = [
        (RULES["asystole"], before + _ASYSTOLE_S)
        for before, after in pairwise([0.0, *beats_s, end_s])
        if after - before >= _ASYSTOLE_S
    ]
    for kind, count in (("tachycardia", _TACHY_BEATS), ("bradycardia", _BRADY_BEATS)):
        run = 0
        for before, after in pairwise(beats_s):
            run = run + 1 if _past(kind, after - before) else 0
            if run == count - 1:
                found.append((RULES[kind], after))
    return found


def _past(kind: str, interval_s: float) -> bool:
    rate = 60.0 / interval_s if interval_s > 0 else float("inf")
    return rate > _TACHY_PER_MIN if kind == "tachycardia" else rate < _BRADY_PER_MIN


def plain_limit(kind: str, beats_s: Sequence[float], end_s: float) -> bool:
    """Whether beats alone pass the same limit in the same window, with no quality, confirmation or delay."""
    stop_s = min(end_s, ALARM_S + WINDOW_S)
    if kind == "asystole":
        marks = [0.0, *(b for b in beats_s if b <= stop_s), stop_s]
        return any(b - a >= _ASYSTOLE_S and b > ALARM_S - WINDOW_S for a, b in pairwise(marks))
    count = _TACHY_BEATS if kind == "tachycardia" else _BRADY_BEATS
    run = 0
    for before_s, beat_s in pairwise(b for b in beats_s if b <= stop_s):
        run = run + 1 if _past(kind, beat_s - before_s) else 0
        # A run of n beats is n - 1 intervals.
        if run >= count - 1 and beat_s > ALARM_S - WINDOW_S:
            return True
    return False
