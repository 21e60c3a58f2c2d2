"""When a scenario step fires: a small language, read by a tokenizer and a parser, never evaluated as code.

::

    any    := all ("or" all)*
    all    := not ("and" not)*
    not    := "not" not | "(" any ")" | atom
    atom   := time                    that long after the scenario's beginning
            | "+" time                that long after the newest firing among the steps above
            | "phase:" NAME ["+" time]  while the chair is in it and that long after it was entered: BASE, then INF
                                      from the pump's start (also while paused), then REC from its end
            | "event:" NAME           happens now (nibp_done, nibp_failed …)
            | "action:" NAME          somebody does it now (pump_paused, oxygen_on, emergency …)
            | "did:" NAME             has happened at any time so far
            | VARIABLE OP NUMBER      hr spo2 rr measured now; sbp dbp map of the last cuff reading
    time   := HH:MM:SS | MM:SS | SECONDS | "random(" SECONDS "," SECONDS ")"

The format of clinical.md §17.4.
"""

import re

from devices.simulators.trigger import (
    OPERATORS,
    PHASES,
    VARIABLES,
    Comparison,
    Happening,
    Joined,
    Not,
    SincePhase,
    SinceStart,
    SinceStep,
    Span,
    Trigger,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<named>(?:phase|event|action|did):[A-Za-z_]\w*)|(?P<clock>\d+:\d{2}(?::\d{2})?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)|(?P<sign>>=|<=|==|!=|[><+(),]))"
)


def parse_trigger(text: str) -> Trigger:
    """Return the trigger a text describes. Raises ``ValueError`` with one sentence on what is wrong and where."""
    parser = _Parser(_tokens(text), text)
    trigger = parser.any_of()
    parser.end()
    return trigger


def parse_clock(text: str) -> float:
    """Return seconds of ``HH:MM:SS``, ``MM:SS`` or a plain number. Raises ``ValueError``."""
    if not re.fullmatch(r"\d+(:\d{2}){0,2}|\d+\.\d+", text):
        raise ValueError(f"{text!r} is not a time: write HH:MM:SS, MM:SS or seconds")
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60.0 + float(part)
    return seconds


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(f"{text[at:].strip()!r} is not understood in {text!r}")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens of one trigger."""

    def __init__(self, tokens: list[tuple[str, str]], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._at = 0

    def any_of(self) -> Trigger:
        parts = [self._all_of()]
        while self._skip("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=False)

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise ValueError(f"{self._peek()[1]!r} is one word too many in {self._text!r}")

    def _all_of(self) -> Trigger:
        parts = [self._negated()]
        while self._skip("and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=True)

    def _negated(self) -> Trigger:
        if self._skip("not"):
            return Not(self._negated())
        if self._skip("("):
            inner = self.any_of()
            self._want(")")
            return inner
        return self._atom()

    def _atom(self) -> Trigger:
        kind, word = self._peek()
        if word == "+":
            self._at += 1
            return SinceStep(self._span())
        if kind in {"clock", "number"} or word == "random":
            return SinceStart(self._span())
        self._at += 1
        if kind == "named":
            return self._named(*word.split(":"))
        if word in VARIABLES:
            return self._comparison(word)
        raise ValueError(
            f"{word!r} in {self._text!r} is no trigger: use a time, phase:, event:, action:, did:, or one of "
            f"{', '.join(VARIABLES)}"
        )

    def _named(self, kind: str, name: str) -> Trigger:
        if kind != "phase":
            return Happening(name, ever=kind == "did")
        if name not in PHASES:
            raise ValueError(f"{name!r} is no phase of the chair: use one of {', '.join(PHASES)}")
        return SincePhase(name, self._span() if self._skip("+") else Span(0.0, 0.0))

    def _comparison(self, variable: str) -> Trigger:
        _, sign = self._next()
        if sign not in OPERATORS:
            raise ValueError(f"after {variable!r} one of {' '.join(OPERATORS)} is needed in {self._text!r}")
        return Comparison(variable, sign, self._number())

    def _span(self) -> Span:
        if self._skip("random"):
            self._want("(")
            low_s = self._number()
            self._want(",")
            high_s = self._number()
            self._want(")")
            if not 0 <= low_s <= high_s:
                raise ValueError(f"random needs 0 <= first <= second in {self._text!r}")
            return Span(low_s, high_s)
        seconds = parse_clock(self._next()[1])
        return Span(seconds, seconds)

    def _number(self) -> float:
        kind, word = self._next()
        if kind != "number":
            raise ValueError(f"{word!r} should be a number in {self._text!r}")
        return float(word)

    def _peek(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ValueError(f"{self._text!r} ends too early")
        return self._tokens[self._at]

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _skip(self, word: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at][1] == word
        self._at += int(found)
        return found

    def _want(self, word: str) -> None:
        if not self._skip(word):
            raise ValueError(f"{word!r} is missing in {self._text!r}")
