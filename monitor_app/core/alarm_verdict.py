"""What a nurse says of an alarm afterwards, with one tap (clinical.md §5.7, §5.8.8).

A verdict is an entry of care (kind ``verdict``) that names the alarm's occurrence: it is recorded, audited and taken back
like anything else done at the chair, and the alarm's own entries are never touched. The last one given counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from monitor_app.core.journal import CareEntry, JournalEntry, Scalar, VoidEntry
from monitor_app.core.stamp import Actor, Stamp

KIND = "verdict"


class Verdict(Enum):
    """The four answers of clinical.md §5.7, by the words of the record."""

    ACTED = "true-actionable"
    NOT_ACTIONABLE = "true-not-actionable"
    ARTEFACT = "artefact"
    TEST = "test"

    @property
    def title(self) -> str:
        """The words on the button."""
        return _TITLES[self]


_TITLES = {
    Verdict.ACTED: "True, acted on",
    Verdict.NOT_ACTIONABLE: "True, nothing to do",
    Verdict.ARTEFACT: "False: artefact",
    Verdict.TEST: "A test",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict as it was given."""

    verdict: Verdict
    by: Actor
    stamp: Stamp


def verdict_fields(occurrence_id: str, rule: str, verdict: Verdict) -> dict[str, Scalar]:
    """Return the fields of the entry of care that holds a verdict."""
    return {"occurrence": occurrence_id, "rule": rule, "verdict": verdict.value}


def verdict_faults(fields: Mapping[str, Scalar]) -> list[str]:
    """Say in words why this is no verdict; empty when it is one."""
    faults = []
    if not fields.get("occurrence"):
        faults.append("Say which alarm is judged.")
    if fields.get("verdict") not in {verdict.value for verdict in Verdict}:
        faults.append(f"An alarm is judged {', '.join(verdict.value for verdict in Verdict)}.")
    return faults


def judgements(entries: Iterable[JournalEntry]) -> dict[str, Judgement]:
    """Return the verdict in force on each alarm, by occurrence; one that was taken back does not count."""
    given: list[CareEntry] = []
    voided: set[str] = set()
    for entry in entries:
        if isinstance(entry, CareEntry) and entry.kind == KIND:
            given.append(entry)
        elif isinstance(entry, VoidEntry):
            voided.add(entry.entry_id)
    kept = (entry for entry in given if entry.entry_id not in voided and not verdict_faults(entry.fields))
    return {
        str(entry.fields["occurrence"]): Judgement(Verdict(entry.fields["verdict"]), entry.by, entry.stamp)
        for entry in kept
    }
