"""What becomes of an answer given on the phase panel."""

from monitor_app.core.commands import Answer
from monitor_app.core.journal import AnswerEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.question import OVERRIDE_ROLES, Question
from monitor_app.core.visit.refusal import Entries, not_acting, refuse
from monitor_app.core.visit.state import Visit

CLOSED = frozenset({Phase.SIGNED, Phase.CANCEL})


def decide_answer(visit: Visit, command: Answer, stamp: Stamp) -> Entries:
    """Store an answer, or say what is wrong with it. With an override the answer itself may be left open (None).

    A person entitled to override who gives a reason with an answer that does not pass has thereby decided.
    """
    question = QUESTIONS.get(command.key)
    if question is None:
        return refuse(stamp, f"Answer {command.key}", command.by, f'There is no question "{command.key}".')
    value = question.normalised(command.value)
    override_by = command.override_by or _deciding(question, command)
    reasons = [not_acting(visit, command.by)]
    if visit.phase in CLOSED and not (visit.phase is Phase.SIGNED and command.key == "addendum"):
        reasons.append(f"The record is closed ({visit.phase.title}).")
    if override_by is not None:
        reasons += [wrong_override(question, override_by), "" if command.reason.strip() else _NEEDS_REASON]
    if value is not None or override_by is None:
        reasons.append(question.fault(value))
    reasons.append(wrong_person(question, command.by, override_by))
    reasons = [reason for reason in reasons if reason]
    if reasons:
        return refuse(stamp, f"Answer: {question.text}", command.by, *reasons)
    return (AnswerEntry(stamp, question.key, value, command.by, override_by, command.reason.strip()),)


_NEEDS_REASON = "Passing this needs a reason."


def wrong_person(question: Question, by: Actor, override_by: Actor | None = None) -> str:
    """Say whose answer this has to be, when it is not this person's; empty when it is."""
    allowed = OVERRIDE_ROLES[question.answered_by]
    if not allowed or by.role in allowed or (override_by is not None and override_by.role in allowed):
        return ""
    return f'"{question.text}" has to be answered by a {" or ".join(sorted(allowed))}.'


def wrong_override(question: Question, override_by: Actor) -> str:
    """Say why this person cannot let the question pass; empty when they can."""
    allowed = OVERRIDE_ROLES[question.override] | OVERRIDE_ROLES[question.answered_by]
    if not allowed:
        return f'"{question.text}" cannot be passed by a decision; it has to be met.'
    if override_by.role not in allowed:
        return f'Only a {" or ".join(sorted(allowed))} may pass "{question.text}"'
    return "" if override_by.name.strip() else "Passing this needs the name of who decided."


def _deciding(question: Question, command: Answer) -> Actor | None:
    entitled = command.by.role in OVERRIDE_ROLES[question.override] and bool(command.reason.strip())
    return command.by if entitled and (question.automatic or not question.passes(command.value)) else None
