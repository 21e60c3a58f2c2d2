"""How the rules say no."""

from typing import TypeAlias

from monitor_app.core.journal import JournalEntry, RefusalEntry
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.state import Visit

Entries: TypeAlias = tuple[JournalEntry, ...]

ACTING_ROLES = frozenset({"nurse", "prescriber", "clinical lead"})


def refuse(stamp: Stamp, action: str, by: Actor, *reasons: str) -> Entries:
    """One refusal with all its reasons, to be recorded like anything else."""
    return (RefusalEntry(stamp, action, reasons, by),)


def not_acting(visit: Visit, by: Actor) -> str:
    """Say why this person may not act on a visit; empty when they may. A trainer may in a simulated one."""
    if by.role in ACTING_ROLES or (by.role == "trainer" and visit.simulated):
        return ""
    return f"The role {by.role} looks on here; a nurse or prescriber has to do this."
