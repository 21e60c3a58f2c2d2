"""What the rules of a visit answer to a command: entries for the journal, or a refusal with every reason.

Pure: the visit and the facts in, entries out; the caller records them and folds them into the visit. A refusal is an
entry too and never an exception. Commands about alarms and the cuff are answered elsewhere and give nothing here.

Order of the entries of one step: answers given along with it, the baseline it freezes, the step itself, what it does to
the infusion.
"""

from collections.abc import Callable

from monitor_app.core.commands import (
    Advance,
    Answer,
    Command,
    Emergency,
    FreezeBaseline,
    RecordCare,
    RecordInfusion,
    SetOrder,
    Sign,
    Undo,
)
from monitor_app.core.journal import AnswerEntry, JournalEntry, PhaseEntry, Scalar
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Stamp
from monitor_app.core.visit.answering import decide_answer, wrong_person
from monitor_app.core.visit.closing_questions import QUESTIONS
from monitor_app.core.visit.effects import NewId, before_step, with_step
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.guards import guards_of
from monitor_app.core.visit.ordering import decide_baseline, decide_order
from monitor_app.core.visit.recording import decide_care, decide_infusion, decide_undo
from monitor_app.core.visit.refusal import Entries, not_acting, refuse
from monitor_app.core.visit.signing import decide_sign
from monitor_app.core.visit.state import Visit, fold
from monitor_app.core.visit.transitions import Transition, onward, transition_between


def decide(  # noqa: PLR0911  one line per command reads better than a table of casts
    visit: Visit, command: Command, *, facts: VisitFacts, stamp: Stamp, new_id: Callable[[], str]
) -> tuple[JournalEntry, ...]:
    """Answer a command. ``new_id`` gives a fresh id at each call; ``facts`` must be of this instant."""
    match command:
        case Advance() | Emergency():
            return decide_step(visit, _as_advance(command), facts=facts, stamp=stamp, new_id=new_id)
        case Answer():
            return decide_answer(visit, command, stamp)
        case SetOrder():
            return decide_order(visit, command, facts=facts, stamp=stamp)
        case FreezeBaseline():
            return decide_baseline(visit, command, facts=facts, stamp=stamp)
        case RecordInfusion():
            return decide_infusion(visit, command, stamp=stamp, new_id=new_id)
        case RecordCare():
            return decide_care(visit, command, facts=facts, stamp=stamp, new_id=new_id)
        case Undo():
            return decide_undo(visit, command, stamp)
        case Sign():
            return decide_sign(visit, command, facts=facts, stamp=stamp)
        case _:
            return ()


def decide_step(visit: Visit, command: Advance, *, facts: VisitFacts, stamp: Stamp, new_id: NewId) -> Entries:
    """Take a step of the table, or refuse it with every guard that is not met.

    ``reason`` and ``pump_volume_ml`` of the command are answers to the step's own questions, where it has them.
    """
    action = f"{visit.phase.title} to {command.to_phase.title}"
    row = transition_between(visit.phase, command.to_phase)
    if row is None or (reason := _not_by_this(visit, command)):
        why = no_such_step(visit.phase, command.to_phase) if row is None else reason
        return refuse(stamp, action, command.by, why)
    answers, faults = _answers_along(visit, command, row, facts=facts, stamp=stamp)
    visit = fold(answers, visit)
    guards = guards_of(row, visit, facts)
    missing = faults or tuple(guard.refusal for guard in guards if not guard.met)
    if missing:
        return refuse(stamp, action, command.by, *missing)
    overrides = tuple(guard.key for guard in guards if guard.overridden)
    step = PhaseEntry(stamp, visit.phase, row.to_phase, command.by, command.reason.strip(), overrides)
    before = before_step(visit, row, command.by, facts=facts, stamp=stamp)
    return (*answers, *before, *with_step(visit, row, step, facts=facts, new_id=new_id))


def no_such_step(from_phase: Phase, to_phase: Phase) -> str:
    """Say that the table has no such step, and which ones it has."""
    targets = dict.fromkeys(row.to_phase.title for row in onward(from_phase))
    ways = f"From here: {', '.join(targets)}." if targets else "Nothing follows."
    return f"There is no step from {from_phase.title} to {to_phase.title}. {ways}"


def _as_advance(command: Advance | Emergency) -> Advance:
    return command if isinstance(command, Advance) else Advance(Phase.EMERG, command.by)


def _not_by_this(visit: Visit, command: Advance) -> str:
    """Say why this person, or this command, cannot take the step. Nobody is kept from calling an emergency."""
    if command.to_phase is Phase.EMERG:
        return ""
    if command.to_phase is Phase.SIGNED and visit.phase is Phase.DONE:
        return "Sign the record: the prescriber's signature locks it."
    return not_acting(visit, command.by)


def _answers_along(
    visit: Visit, command: Advance, row: Transition, *, facts: VisitFacts, stamp: Stamp
) -> tuple[tuple[AnswerEntry, ...], tuple[str, ...]]:
    """The questions of the step that the command itself answers, and what is wrong with those answers."""
    given: dict[str, Scalar] = {}
    asked_now = {guard.key for guard in guards_of(row, visit, facts)}
    if command.reason.strip() and row.reason_key in asked_now:
        given[row.reason_key] = command.reason
    if command.pump_volume_ml is not None and "pump_volume_ml" in asked_now:
        given["pump_volume_ml"] = command.pump_volume_ml
    entries = []
    faults = []
    for key, value in given.items():
        question = QUESTIONS[key]
        tidy = question.normalised(value)
        fault = question.fault(tidy) or wrong_person(question, command.by)
        if fault:
            faults.append(fault)
        entries.append(AnswerEntry(stamp, key, tidy, command.by))
    return tuple(entries), tuple(faults)
