"""Which alarms stand where there is room for a few: the HIGH ones first, then what waits; who shares a place takes turns.

The alarm bar and the floating strip keep the same rule (clinical.md §5.2: each stands at least 2 s).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine

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


@dataclass(frozen=True, slots=True)
class Places:
    """Who stands: ``fixed`` always, ``sharing`` one after the other in a last place; empty where nobody has to."""

    fixed: tuple[AlarmLine, ...]
    sharing: tuple[AlarmLine, ...]

    @property
    def count(self) -> int:
        """How many stand at one instant."""
        return len(self.fixed) + bool(self.sharing)


@dataclass(frozen=True, slots=True)
class Standing:
    """``lines``: what stands now, the one in a shared place last. ``hidden``: how many others there are."""

    lines: tuple[AlarmLine, ...] = ()
    hidden: int = 0
    turn: Turn = field(default_factory=Turn)

    @property
    def more(self) -> str:
        """``+2 more``; empty where all stand."""
        return f"+{self.hidden} more" if self.hidden else ""


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


def leading(lines: Sequence[AlarmLine]) -> tuple[AlarmLine, ...]:
    """Return what never gives its place to another kind: all that is HIGH, else the first."""
    return tuple(line for line in lines if line.priority is Priority.HIGH) or tuple(lines[:1])


def places(lines: Sequence[AlarmLine], count: int) -> Places:
    """Share ``count`` places, at least one, among ``lines``, highest and newest first.

    Only alarms of one kind share a place: one that waits for its acknowledgement never waits for one that has it,
    and none that is HIGH for another. Kinds for which nothing is left stand nowhere.
    """
    fixed: list[AlarmLine] = []
    sharing: tuple[AlarmLine, ...] = ()
    for kind in _kinds(lines):
        left = count - len(fixed)
        if len(kind) > left:
            fixed, sharing = [*fixed, *kind[: max(left - 1, 0)]], kind[left - 1 :] if left else ()
            break
        fixed += kind
    return Places(tuple(line for line in lines if line in fixed), sharing)


def stand(lines: Sequence[AlarmLine], found: Places, before: Turn, now_ns: int) -> Standing:
    """Return what stands now. ``before``: whose turn it was."""
    hidden = len(lines) - found.count
    if not found.sharing:
        return Standing(found.fixed, hidden)
    turn = next_turn(before, [line.rule for line in found.sharing], now_ns)
    return Standing((*found.fixed, found.sharing[turn.place]), hidden, turn)


def _kinds(lines: Sequence[AlarmLine]) -> list[tuple[AlarmLine, ...]]:
    first = leading(lines)
    others = tuple(line for line in lines if line not in first)
    return [
        tuple(line for line in group if line.unacknowledged is waits)
        for group in (first, others)
        for waits in (True, False)
    ]
