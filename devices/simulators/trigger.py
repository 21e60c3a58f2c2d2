"""The parts of a scenario step's trigger, and what they look at; written as ``trigger_text`` reads them."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

PHASES = ("BASE", "INF", "REC")
VARIABLES = (
    "hr",
    "spo2",
    "rr",
    "temp",
    "pi",
    "sbp",
    "dbp",
    "map",
    "effect",
    "true_sbp",
    "true_dbp",
    "true_spo2",
)
"""``effect`` is E of clinical.md §17.2; ``true_…`` is what no sensor needs to have seen."""

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a trigger may look at. ``happening`` is this second's events; ``reference_s`` the newest firing above."""

    now_s: float
    start_s: float = 0.0
    reference_s: float | None = None
    phase: str = "BASE"
    phase_since_s: float = 0.0
    happening: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()
    values: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A time in seconds, or a range to draw it from."""

    low_s: float
    high_s: float

    def drawn(self, rng: np.random.Generator) -> "Span":
        """Return the time this run uses."""
        if self.low_s == self.high_s:
            return self
        value = float(rng.uniform(self.low_s, self.high_s))
        return Span(value, value)


@dataclass(frozen=True, slots=True)
class SinceStart:
    """An absolute time of the story."""

    span: Span

    def holds(self, moment: Moment) -> bool:
        """Whether that time has come."""
        return moment.now_s - moment.start_s >= self.span.low_s

    def drawn(self, rng: np.random.Generator) -> "SinceStart":
        """Return the trigger with its random times drawn."""
        return SinceStart(self.span.drawn(rng))


@dataclass(frozen=True, slots=True)
class SinceStep:
    """A time after the newest firing among the steps above."""

    span: Span

    def holds(self, moment: Moment) -> bool:
        """Whether that time has come; never before a step above has fired."""
        return moment.reference_s is not None and moment.now_s - moment.reference_s >= self.span.low_s

    def drawn(self, rng: np.random.Generator) -> "SinceStep":
        """Return the trigger with its random times drawn."""
        return SinceStep(self.span.drawn(rng))


@dataclass(frozen=True, slots=True)
class SincePhase:
    """A time after the chair entered a phase, while it is still in it."""

    phase: str
    span: Span

    def holds(self, moment: Moment) -> bool:
        """Whether that time has come."""
        return moment.phase == self.phase and moment.now_s - moment.phase_since_s >= self.span.low_s

    def drawn(self, rng: np.random.Generator) -> "SincePhase":
        """Return the trigger with its random times drawn."""
        return SincePhase(self.phase, self.span.drawn(rng))


@dataclass(frozen=True, slots=True)
class Happening:
    """Something happens in this second, or (``ever``) has happened."""

    name: str
    ever: bool = False

    def holds(self, moment: Moment) -> bool:
        """Whether it does, or did."""
        return self.name in (moment.ever if self.ever else moment.happening)

    def drawn(self, rng: np.random.Generator) -> "Happening":
        """Return itself: nothing to draw."""
        del rng
        return self


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measured value against a number."""

    variable: str
    sign: str
    number: float

    def holds(self, moment: Moment) -> bool:
        """Whether it is true; a value not measured yet makes every comparison false."""
        value = moment.values.get(self.variable)
        return value is not None and OPERATORS[self.sign](value, self.number)

    def drawn(self, rng: np.random.Generator) -> "Comparison":
        """Return itself: nothing to draw."""
        del rng
        return self


@dataclass(frozen=True, slots=True)
class Not:
    """The reverse of a trigger."""

    inner: "Trigger"

    def holds(self, moment: Moment) -> bool:
        """Whether the inner one does not hold."""
        return not self.inner.holds(moment)

    def drawn(self, rng: np.random.Generator) -> "Not":
        """Return the trigger with its random times drawn."""
        return Not(self.inner.drawn(rng))


@dataclass(frozen=True, slots=True)
class Joined:
    """Several triggers: all of them (``and``) or any (``or``)."""

    parts: tuple["Trigger", ...]
    every: bool

    def holds(self, moment: Moment) -> bool:
        """Whether all, or any, hold."""
        return (all if self.every else any)(part.holds(moment) for part in self.parts)

    def drawn(self, rng: np.random.Generator) -> "Joined":
        """Return the trigger with its random times drawn."""
        return Joined(tuple(part.drawn(rng) for part in self.parts), self.every)


Trigger: TypeAlias = SinceStart | SinceStep | SincePhase | Happening | Comparison | Not | Joined


def is_relative(trigger: Trigger) -> bool:
    """Whether any part counts from the steps above."""
    if isinstance(trigger, Joined):
        return any(is_relative(part) for part in trigger.parts)
    if isinstance(trigger, Not):
        return is_relative(trigger.inner)
    return isinstance(trigger, SinceStep)
