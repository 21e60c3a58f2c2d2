"""What the chart says in words of one instant: all values at a time (clinical.md §13.1)."""

import math
from datetime import UTC, datetime

from monitor_app.services.screen import TrendView

VALUE_HOLDS_S = 10.0
"""A rate or saturation is read at most this far from the pointer: beyond it there was none."""


def reading_text(view: TrendView, t_s: float, *, within_s: float) -> str:
    """Lines for the instant ``t_s``; cuff readings and events count when they lie ``within_s`` of it. Empty outside."""
    if not view.start_s <= t_s <= min(view.now_s, view.end_s):
        return ""
    clock = datetime.fromtimestamp(view.clock_zero_utc_ms / 1000 + t_s, UTC).astimezone()
    lines = [f"{clock:%H:%M:%S}"]
    for name, points, unit in (("HR", view.hr, "/min"), ("SpO₂", view.spo2, "%")):
        value = _nearest(points, t_s)
        lines.append(f"{name} {value:.0f} {unit}" if math.isfinite(value) else f"{name} —")
    for reading in view.nibp:
        if abs(reading.t_s - t_s) <= within_s:
            wrong = " · marked wrong" if reading.struck else ""
            lines.append(
                f"NIBP {reading.systolic:.0f}/{reading.diastolic:.0f} mean {reading.mean:.0f} mmHg{wrong}"
            )
    lines += [flag.text for flag in view.flags if abs(flag.t_s - t_s) <= within_s]
    return "\n".join(lines)


def _nearest(points: tuple[tuple[float, float], ...], t_s: float) -> float:
    near = [(abs(t - t_s), value) for t, value in points if abs(t - t_s) <= VALUE_HOLDS_S]
    return min(near)[1] if near else math.nan
