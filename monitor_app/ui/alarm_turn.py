"""Which of the alarms that share one place on the bar stands there: they take turns (clinical.md §5.2: each at least 2 s)."""

from collections.abc import Sequence
from dataclasses import dataclass

TURN_NS = 3_000_000_000


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, by rule, and since when. ``place``: where among the others it stood."""

    rule: str = ""
    since_ns: int = 0
    place: int = 0

    def over(self, now_ns: int) -> bool:
        """Whether the next one is due."""
        return now_ns - self.since_ns >= TURN_NS


def next_turn(turn: Turn, rules: Sequence[str], now_ns: int) -> Turn:
    """Return whose turn it is among ``rules``, which are not empty.

    One that stands keeps its time however the others come and go; one that has gone leaves its place to the next.
    """
    if turn.rule not in rules:
        at = turn.place % len(rules) if turn.rule else 0
        return Turn(rules[at], now_ns, at)
    at = rules.index(turn.rule)
    if not turn.over(now_ns):
        return turn if at == turn.place else Turn(turn.rule, turn.since_ns, at)
    at = (at + 1) % len(rules)
    return Turn(rules[at], now_ns, at)
