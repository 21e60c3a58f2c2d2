"""How much of the alarm bar each alarm gets: all that must stand in its shortest words, then more as there is room."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine
from monitor_app.ui.alarm_turn import Places, places
from monitor_app.ui.canvas import SEPARATOR
from monitor_app.ui.fonts import text_width
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, EDGE, SMALL

MOST_LINES = 3
"""Conditions beside each other (screen.md, Alarm bar); only what is HIGH stands in a fourth place, where it has room."""
LEAST_SHARE = 0.36
"""Of the room for alarms that the second one keeps where neither headline stands whole beside the other."""
OVER = "OVER"

_LIMIT = re.compile(r"(?<=\d) [<>≤≥] \S+$")


@dataclass(frozen=True, slots=True)
class Need:
    """Widths in px of one place, edges included. ``forms``: of each of its ``wordings``; ``told``: with its detail below."""

    forms: tuple[float, ...]
    told: float

    def __or__(self, other: "Need") -> "Need":
        """Return the place in which either stands."""
        most = max(len(self.forms), len(other.forms))
        one, two = ((*x.forms, *([x.forms[-1]] * (most - len(x.forms)))) for x in (self, other))
        return Need(tuple(map(max, one, two)), max(self.told, other.told))

    @property
    def short(self) -> float:
        """Without the limit."""
        return self.forms[0]

    @property
    def clause(self) -> float:
        """With the limit."""
        return self.forms[1]

    @property
    def full(self) -> float:
        """All of the headline."""
        return self.forms[-1]


def wordings(headline: str) -> tuple[str, ...]:
    """Return a headline in its forms, shortest first: its first clause without the limit, then clause by clause.

    That an alarm is over never stands alone, nor what is over without the word for it.
    """
    clauses = headline.split(SEPARATOR)
    least = 2 if clauses[0].endswith(OVER) and len(clauses) > 1 else 1
    by_clause = [SEPARATOR.join(clauses[:n]) for n in range(least, len(clauses) + 1)]
    return (_LIMIT.sub("", by_clause[0]), *by_clause)


def need_of(headline: str, told: str, look: Look) -> Need:
    """Return the widths of a headline and of what is told below it."""
    font = look.strong(look.metrics.alarm_px)
    beyond = look.px(EDGE) + look.px(12) + look.px(2) + 2
    whole = tuple(text_width(font, text) + beyond for text in wordings(headline))
    below = text_width(look.text(SMALL), told) + beyond
    return Need(whole, max(whole[-1], below))


def more_width(hidden: int, look: Look) -> float:
    """Return what ``+2 more`` takes at the end of the lines, the gap before it included."""
    return text_width(look.name(BODY), f"+{hidden} more") + look.px(14) if hidden else 0.0


def share_places(
    lines: Sequence[AlarmLine], needs: Mapping[str, Need], edge: float, look: Look
) -> tuple[Places, list[float]]:
    """Return who stands in ``edge`` px, and how wide each place is. ``needs``: by rule; ``lines``: at least one."""
    high = sum(line.priority is Priority.HIGH for line in lines)
    for count in range(min(len(lines), max(MOST_LINES, high)), 0, -1):
        found = places(lines, count)
        room = edge - more_width(len(lines) - found.count, look)
        wants = _wants(found, needs)
        least = _least(found, wants)
        if sum(least) <= room or count == 1:
            break
        if count == 2 and (high > 1 or lines[1].unacknowledged):
            return found, _squeezed(least, room)
    return found, _widths(wants, room)


def _wants(found: Places, needs: Mapping[str, Need]) -> list[Need]:
    wants = [needs[line.rule] for line in found.fixed]
    if found.sharing:
        last = needs[found.sharing[0].rule]
        for line in found.sharing[1:]:
            last = last | needs[line.rule]
        wants.append(last)
    return wants


def _least(found: Places, wants: Sequence[Need]) -> list[float]:
    """Return the least widths: nothing that matters gives up words for one that is known and not HIGH."""
    stands = [*found.fixed, *found.sharing[:1]]
    vital = [line.priority is Priority.HIGH or line.unacknowledged for line in stands]
    if all(vital):
        return [want.short for want in wants]
    return [want.full if matters else want.clause for want, matters in zip(wants, vital, strict=True)]


def _squeezed(least: Sequence[float], room: float) -> list[float]:
    """Share what is too little for two: the second gives way first, but not below its share."""
    last = max(least[1] - (sum(least) - room), min(least[1], room * LEAST_SHARE))
    return [room - last, last]


def _widths(wants: Sequence[Need], room: float) -> list[float]:
    """Grow from the shortest words: limits, then headlines, then details, highest first; the first has what is left."""
    widths = [want.short for want in wants]
    for steps in ([x.forms[:2] for x in wants], [x.forms for x in wants]):
        for at, forms in enumerate(steps):
            spare = room - sum(widths)
            widths[at] = max([widths[at], *(form for form in forms if form <= widths[at] + spare)])
    for at, want in enumerate(wants):
        widths[at] += max(0.0, min(want.told - widths[at], room - sum(widths)))
    widths[0] += room - sum(widths)
    return widths
