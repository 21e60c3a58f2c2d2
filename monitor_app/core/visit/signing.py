"""What becomes of a signature (clinical.md §3.2 T14, T15)."""

from monitor_app.core.commands import Sign
from monitor_app.core.journal import PhaseEntry, SignatureEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.closing_guards import NURSE_ROLES
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guards import guards_for
from monitor_app.core.visit.refusal import Entries, refuse
from monitor_app.core.visit.state import Visit

SIGNING_ROLES = NURSE_ROLES | {"prescriber"}
_PRESCRIBER_GUARDS = frozenset({"nurse_signed", "order_cosign"})  # not asked of the nurse, who signs first


def decide_sign(visit: Visit, command: Sign, *, facts: VisitFacts, stamp: Stamp) -> Entries:
    """Sign: the nurse first, then the prescriber, whose signature locks the record; afterwards only addenda."""
    reasons = [_person_fault(command), *_place_faults(visit, command)]
    if not facts.record_sha256:
        reasons.append("The record is still being stored; sign again in a moment.")
    if visit.phase is Phase.DONE:
        asked = guards_for(visit, Phase.SIGNED, facts)
        nurse = command.by.role in NURSE_ROLES
        asked = tuple(g for g in asked if not (nurse and g.key in _PRESCRIBER_GUARDS))
        reasons += [guard.refusal for guard in asked if not guard.met]
    reasons = [reason for reason in reasons if reason]
    if reasons:
        return refuse(stamp, "Sign", command.by, *reasons)
    signature = SignatureEntry(stamp, command.by, command.meaning.strip() or "performed", facts.record_sha256)
    if visit.phase is Phase.DONE and command.by.role == "prescriber":
        overrides = tuple(g.key for g in guards_for(visit, Phase.SIGNED, facts) if g.overridden)
        return (signature, PhaseEntry(stamp, Phase.DONE, Phase.SIGNED, command.by, overrides=overrides))
    return (signature,)


def addendum_unsigned(visit: Visit) -> bool:
    """Whether an addendum was written after the last signature."""
    written = [step.stamp.t_ns for step in visit.phases if step.from_phase is Phase.SIGNED]
    signed = [signature.stamp.t_ns for signature in visit.signatures]
    return bool(written) and (not signed or written[-1] > signed[-1])


def _person_fault(command: Sign) -> str:
    if command.by.role not in SIGNING_ROLES:
        return f"A nurse or a prescriber signs; the role {command.by.role} does not."
    return "" if command.by.name.strip() else "A signature needs the typed name."


def _place_faults(visit: Visit, command: Sign) -> list[str]:
    if visit.phase is Phase.DONE:
        twice = any(s.by.role == command.by.role for s in visit.signatures)
        return [f"The {command.by.role} has signed already."] if twice else []
    if visit.phase is Phase.SIGNED:
        return [] if addendum_unsigned(visit) else ["Nothing was added since the last signature."]
    return ["A record is signed after the patient has left."]
