"""What the floating strip has room to say: its alarms and its states.

Of the alarms what is HIGH always stands, else the first; all others share one line in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtGui import QFont

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmLine
from monitor_app.services.states_view import StateMark
from monitor_app.ui.alarm_turn import Turn, next_turn
from monitor_app.ui.fonts import text_width


@dataclass(frozen=True, slots=True)
class FloatingLines:
    """``lines``: one below the other. ``place``: ``3/4`` of the last one where others wait for its place, else empty."""

    lines: tuple[AlarmLine, ...] = ()
    place: str = ""
    turn: Turn = field(default_factory=Turn)


def floating_lines(lines: Sequence[AlarmLine], before: Turn, now_ns: int) -> FloatingLines:
    """Return what stands now. ``lines``: highest first; ``before``: whose turn it was.

    Among those that share a line, an alarm that waits for its acknowledgement never waits for one that has it.
    """
    fixed = tuple(line for line in lines if line.priority is Priority.HIGH) or tuple(lines[:1])
    others = tuple(line for line in lines if line not in fixed)
    sharing = tuple(line for line in others if line.unacknowledged) or others
    if not sharing:
        return FloatingLines(fixed)
    turn = next_turn(before, [line.rule for line in sharing], now_ns)
    shown = sharing[turn.place]
    place = f"{lines.index(shown) + 1}/{len(lines)}" if len(others) > 1 else ""
    return FloatingLines((*fixed, shown), place, turn)


def short_words(mark: StateMark, *, named: bool = False) -> str:
    """Return title and time, with who asked for it where that is to be named: ``Alarms paused by RN Ito 1:40``."""
    by = f"by {mark.by}" if named and mark.by else ""
    by = f"· {by}" if by and ":" in mark.title else by
    return " ".join(part for part in (mark.title, by, mark.countdown_text) if part)


def state_words(marks: Sequence[StateMark], spare: float, font: QFont) -> list[str]:
    """Return what stands beside each icon: words of as many as fit, the gravest first, then names in what is left over."""
    said = [""] * len(marks)
    for named in (False, True):
        for at, mark in enumerate(marks):
            words = short_words(mark, named=named)
            more = text_width(font, words) - text_width(font, said[at])
            if more <= spare and (said[at] or not named):
                said[at], spare = words, spare - more
    return said
