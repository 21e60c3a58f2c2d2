"""Comparing a number with its limit and its clearing value, in figures and in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitor_app.core.alarm.rule import Verdict


@dataclass(frozen=True, slots=True)
class Compared:
    """One number against one limit. ``severity`` is how far it lies beyond, in its own unit."""

    met: bool
    cleared: bool
    value: float
    limit: float
    text: str
    severity: float

    @property
    def measured(self) -> bool:
        """Whether there was a number to compare."""
        return not math.isnan(self.value)


def figure(value: float) -> str:
    """Write a number as a tile would: whole, or with one decimal where it is not."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"


def above(label: str, value: float, limit: float, *, clear_at: float) -> Compared:
    """``value > limit``; over when ``value <= clear_at``."""
    return _compared((label, "↑", ">"), (value > limit, value <= clear_at), value, limit)


def at_least(label: str, value: float, limit: float, *, clear_below: float) -> Compared:
    """``value >= limit``; over when ``value < clear_below``."""
    return _compared((label, "↑", "≥"), (value >= limit, value < clear_below), value, limit)


def below(label: str, value: float, limit: float, *, clear_at: float) -> Compared:
    """``value < limit``; over when ``value >= clear_at``."""
    return _compared((label, "↓", "<"), (value < limit, value >= clear_at), value, limit)


def at_most(label: str, value: float, limit: float, *, clear_above: float) -> Compared:
    """``value <= limit``; over when ``value > clear_above``."""
    return _compared((label, "↓", "≤"), (value <= limit, value > clear_above), value, limit)


def _compared(words: tuple[str, str, str], is_so: tuple[bool, bool], value: float, limit: float) -> Compared:
    """Put it in words that are true: beyond the limit, still inside the hysteresis, or back."""
    label, arrow, sign = words
    met, cleared = is_so
    if met:
        text = f"{label} {arrow}{figure(value)} {sign} {figure(limit)}"
    else:
        text = (
            f"{label} {figure(value)}"
            if cleared
            else f"{label} {arrow}{figure(value)} (limit {figure(limit)})"
        )
    severity = value - limit if arrow == "↑" else limit - value
    return Compared(met, cleared, value, limit, text, severity)


def one(compared: Compared) -> Verdict:
    """Turn a comparison into a verdict, as ``any_of`` does with one part."""
    return Verdict(
        met=compared.met,
        ended=not compared.met and compared.cleared,
        value=compared.value,
        limit=compared.limit,
        text=compared.text,
        severity=compared.severity,
    )


def any_of(parts: Sequence[Compared]) -> Verdict:
    """Met when any part is, over when all are cleared; the part that offends most plainly is the one shown."""
    met = any(part.met for part in parts)
    shown = next((p for p in parts if p.met), None) or next((p for p in parts if not p.cleared), parts[0])
    return Verdict(
        met=met,
        ended=not met and all(part.cleared for part in parts),
        value=shown.value,
        limit=shown.limit,
        text=shown.text,
        severity=max(part.severity for part in parts),
    )
