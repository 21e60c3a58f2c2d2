"""What the floating strip has room to say: its alarms and its states.

Of the alarms what is HIGH always stands, else the first; all others share one line in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtGui import QFont

from monitor_app.services.screen import AlarmLine
from monitor_app.services.states_view import StateMark
from monitor_app.ui.alarm_turn import Turn, leading, places, stand
from monitor_app.ui.fonts import text_width


@dataclass(frozen=True, slots=True)
class FloatingLines:
    """``lines``: one below the other. ``place``: ``+2 more`` at the end of the last, empty where all stand."""

    lines: tuple[AlarmLine, ...] = ()
    place: str = ""
    turn: Turn = field(default_factory=Turn)


def floating_lines(lines: Sequence[AlarmLine], before: Turn, now_ns: int) -> FloatingLines:
    """Return what stands now. ``lines``: highest first; ``before``: whose turn it was.

    What is HIGH, else the first, has a line each; one more line is for all others.
    """
    found = places(lines, len(leading(lines)) + 1)
    now = stand(lines, found, before, now_ns)
    return FloatingLines(now.lines, now.more, now.turn)


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
