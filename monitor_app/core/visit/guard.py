"""A guard of a step, evaluated: what it demands in words, whether it is met, and who could pass it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from monitor_app.core.journal import AnswerEntry
from monitor_app.core.visit.facts import VisitFacts
from monitor_app.core.visit.question import OVERRIDE_ROLES, Override, Question
from monitor_app.core.visit.state import Visit


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition of a step. ``text`` says in words, with the figure, how it stands.

    ``amber``: met, and to be thought about; or, not met, to be met by a confirmation. ``overridden``: met only by the
    decision in ``answer``.
    """

    key: str
    text: str
    met: bool
    amber: bool = False
    override: Override = "none"
    question: Question | None = None
    answer: AnswerEntry | None = None
    overridden: bool = False

    @property
    def refusal(self) -> str:
        """Why the step is refused, and who may let it pass."""
        if self.override == "prescriber":
            return f"{self.text} A prescriber may decide otherwise, with a reason."
        return self.text


Evaluator: TypeAlias = Callable[[Visit, VisitFacts], Guard | None]
"""Judges one guard; None where it does not apply to this visit."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the program itself finds: ``ok`` passes; ``confirm`` passes with a yes to the guard's question."""

    ok: bool
    text: str
    amber: bool = False
    confirm: bool = False


def answer_to(visit: Visit, question: Question, since_t_ns: int | None = None) -> AnswerEntry | None:
    """The answer that counts: the last one, unless it is too old for a question that must be fresh.

    ``since_t_ns``: counts only if given at or after this instant too.
    """
    answer = visit.answers.get(question.key)
    if answer is None:
        return None
    if question.fresh and answer.stamp.t_ns < visit.phase_start_t_ns:
        return None
    return None if since_t_ns is not None and answer.stamp.t_ns < since_t_ns else answer


def decided(question: Question, answer: AnswerEntry | None) -> bool:
    """Whether somebody who may has let this guard pass, with a reason."""
    if answer is None or answer.override_by is None or not answer.reason.strip():
        return False
    return answer.override_by.role in OVERRIDE_ROLES[question.override]


def asked(visit: Visit, question: Question) -> Guard:
    """Judge a question by its answer alone."""
    answer = answer_to(visit, question)
    if answer is None:
        text = f"{question.text} Not answered." if question.required else f"{question.text} (may stay open)."
        return Guard(question.key, text, not question.required, override=question.override, question=question)
    passes = not question.automatic and question.passes(answer.value)
    overridden = not passes and decided(question, answer)
    return Guard(
        key=question.key,
        text=f"{question.text} {value_text(question, answer)}.",
        met=passes or overridden,
        amber=overridden or (passes and answer.value in question.amber),
        override=question.override,
        question=question,
        answer=answer,
        overridden=overridden,
    )


def judged(visit: Visit, question: Question, judgement: Judgement, *, since_t_ns: int | None = None) -> Guard:
    """Join what the program finds with what people decided about it (since ``since_t_ns`` where given)."""
    answer = answer_to(visit, question, since_t_ns)
    confirmed = judgement.confirm and answer is not None and question.passes(answer.value)
    passes = judgement.ok or confirmed
    overridden = not passes and decided(question, answer)
    return Guard(
        key=question.key,
        text=judgement.text,
        met=passes or overridden,
        amber=judgement.amber or judgement.confirm or overridden,
        override=question.override,
        question=question,
        answer=answer,
        overridden=overridden,
    )


def automatic(key: str, judgement: Judgement) -> Guard:
    """A guard that nobody can answer or override."""
    return Guard(key, judgement.text, judgement.ok, amber=judgement.amber)


def value_text(question: Question, answer: AnswerEntry) -> str:
    """An answer in words, with its unit."""
    value = answer.value
    if isinstance(value, bool):
        text = "Yes" if value else "No"
    elif isinstance(value, (int, float)):
        text = f"{value:g} {question.unit}".rstrip()
    else:
        text = "Not known" if value is None else str(value)
    return text if answer.override_by is None else f"{text}, decided by {answer.override_by.name}"
