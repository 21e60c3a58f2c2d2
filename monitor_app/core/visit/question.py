"""What the phase panel asks: one question, what may be answered, and which answers let the visit go on."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from monitor_app.core.dose_check import format_number
from monitor_app.core.journal import Scalar

Kind: TypeAlias = Literal["yes_no", "choice", "number", "text", "vas"]
Override: TypeAlias = Literal["none", "prescriber", "supervisor"]
"""Who may let the visit pass a guard that is not met, always with a reason. A supervisor is a prescriber or the clinical
lead (clinical.md §3.2 T16)."""

OVERRIDE_ROLES: Mapping[Override, frozenset[str]] = MappingProxyType(
    {
        "none": frozenset[str](),
        "prescriber": frozenset({"prescriber"}),
        "supervisor": frozenset({"prescriber", "clinical lead"}),
    }
)

OTHER = "other"
VAS_RANGE = (0.0, 10.0)  # clinical.md §1.1 P5: 0 none, 10 worst imaginable


@dataclass(frozen=True, slots=True)
class Question:
    """A stored question. Answers are ``bool`` for yes_no, the chosen words for choice, numbers, or text.

    ``passing`` empty: every valid answer passes. ``amber``: passes, and is shown for somebody to think about.
    ``fresh``: only an answer given in the present phase counts. ``automatic``: the program judges; only an override is
    answered. ``answered_by``: whose answer it must be, "none" for anybody's.
    """

    key: str
    text: str
    kind: Kind = "yes_no"
    choices: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    passing: tuple[Scalar, ...] = ()
    amber: tuple[Scalar, ...] = ()
    pass_low: float | None = None
    pass_high: float | None = None
    required: bool = True
    override: Override = "none"
    fresh: bool = False
    automatic: bool = False
    answered_by: Override = "none"
    help: str = ""

    def passes(self, value: Scalar) -> bool:
        """Whether a valid answer lets the visit go on; a question left open (None) does not."""
        if value is None:
            return False
        if self.passing:
            return value in self.passing
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            low = -math.inf if self.pass_low is None else self.pass_low
            high = math.inf if self.pass_high is None else self.pass_high
            return low <= value <= high
        return True

    def fault(self, value: Scalar) -> str:
        """Say in one sentence why this cannot be an answer; empty when it can."""
        return _FAULTS[self.kind](self, value)

    def normalised(self, value: Scalar) -> Scalar:
        """Tidy an answer: text trimmed; words outside the list become "other: …" where the list has "other"."""
        if not isinstance(value, str) or self.kind not in {"choice", "text"}:
            return value
        text = " ".join(value.split())
        if self.kind == "text":
            return text
        known = {choice.casefold(): choice for choice in self.choices}
        if text.casefold() in known:
            return known[text.casefold()]
        free = text and OTHER in self.choices and not text.casefold().startswith(f"{OTHER}:")
        return f"{OTHER}: {text}" if free else text


def _yes_no_fault(question: Question, value: Scalar) -> str:
    return "" if isinstance(value, bool) else f'"{question.text}" is answered with yes or no.'


def _choice_fault(question: Question, value: Scalar) -> str:
    if isinstance(value, str) and value:
        listed = value in question.choices
        named = OTHER in question.choices and len(value) > len(OTHER) + 1 and value.startswith(f"{OTHER}:")
        if listed or named:
            return ""
    return f'"{question.text}" is answered with one of: {", ".join(question.choices)}.'


def _text_fault(question: Question, value: Scalar) -> str:
    return "" if isinstance(value, str) and value.strip() else f'"{question.text}" needs words.'


def _number_fault(question: Question, value: Scalar) -> str:
    low = -math.inf if question.low is None else question.low
    high = math.inf if question.high is None else question.high
    return _range_fault(question, value, low, high)


def _vas_fault(question: Question, value: Scalar) -> str:
    return _range_fault(question, value, *VAS_RANGE)


def _range_fault(question: Question, value: Scalar, low: float, high: float) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if number and isinstance(value, (int, float)) and low <= value <= high:
        return ""
    unit = f" {question.unit}" if question.unit else ""
    if math.isinf(low) or math.isinf(high):
        bound = f"at least {format_number(low)}{unit}" if not math.isinf(low) else f"a number{unit}"
    else:
        bound = f"a number from {format_number(low)} to {format_number(high)}{unit}"
    return f'"{question.text}" is answered with {bound}.'


_FAULTS: Mapping[Kind, Callable[[Question, Scalar], str]] = MappingProxyType(
    {
        "yes_no": _yes_no_fault,
        "choice": _choice_fault,
        "text": _text_fault,
        "number": _number_fault,
        "vas": _vas_fault,
    }
)
