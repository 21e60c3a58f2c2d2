"""Events on the trend as flags on a row of their own: a mark for each, words for those that have room."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPolygonF

from monitor_app.core.priority import Priority
from monitor_app.services.screen import TrendFlag
from monitor_app.ui.canvas import Canvas, Run
from monitor_app.ui.fonts import text_width
from monitor_app.ui.trend_axis import Axes
from monitor_app.ui.trend_rows import baseline_of
from monitor_app.ui.trend_style import TrendStyle

MARK_PX = 9
"""Width of a flag's triangle."""
WORDS_BESIDE = 2
"""Of the flags in one column of pixels, so many can have words: one at each side of their mark."""


@dataclass(frozen=True, slots=True)
class PlacedFlag:
    """A flag at ``x``; its words begin at ``words_x``, or are left out (None)."""

    flag: TrendFlag
    x: float
    words_x: float | None


def draw_flags(canvas: Canvas, axes: Axes, flags: Iterable[TrendFlag], style: TrendStyle) -> None:
    """Draw every event as a flag: never over data. Of those in one column of pixels the most urgent is seen."""
    row, half = axes.flags, 0.5 * style.px(MARK_PX)
    top, bottom = row.center().y() - 0.9 * half, row.center().y() + 0.9 * half
    painter = canvas.painter
    for placed in place_flags(flags, axes, style):
        colour, x = _colour(placed.flag, style), placed.x
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, bottom)]))
        if placed.words_x is not None:
            canvas.text(placed.words_x, baseline_of(row, style), Run(placed.flag.text, style.font, colour))


def place_flags(flags: Iterable[TrendFlag], axes: Axes, style: TrendStyle) -> list[PlacedFlag]:
    """Give words to as many flags as have room, HIGH alarms and drugs first; the others keep their mark.

    A mark that another one covers is left out: a visit may have hundreds. The most urgent one comes last.
    """
    half, pad = 0.5 * style.px(MARK_PX), style.px(4)
    columns = _columns(flags, axes)
    room = _Room(sorted(axes.x(column[0].t_s) for column in columns), half)
    words: dict[int, float] = {}
    told = [flag for column in columns for flag in column[:WORDS_BESIDE]]
    for on_the_right in (True, False):
        for flag in sorted(told, key=_worth_words):
            if id(flag) in words:
                continue
            x, width = axes.x(flag.t_s), text_width(style.font, flag.text)
            start = x + half + pad if on_the_right else x - half - pad - width
            inside = axes.flags.left() <= start and start + width <= axes.flags.right()
            if inside and room.free(start - pad, start + width + pad, x):
                words[id(flag)] = start
                room.take(start, start + width)
    seen = [
        flag for column in columns for flag in column[:WORDS_BESIDE] if flag is column[0] or id(flag) in words
    ]
    return [PlacedFlag(f, axes.x(f.t_s), words.get(id(f))) for f in sorted(seen, key=_urgency, reverse=True)]


def _columns(flags: Iterable[TrendFlag], axes: Axes) -> list[list[TrendFlag]]:
    """The flags on the axis by columns of pixels, in each the most urgent first."""
    columns: dict[int, list[TrendFlag]] = {}
    for flag in flags:
        if axes.start_s <= flag.t_s <= axes.end_s:
            columns.setdefault(round(axes.x(flag.t_s)), []).append(flag)
    return [sorted(column, key=_urgency) for column in columns.values()]


class _Room:
    """What of the row is taken: marks, which may cover each other, and words, which may not."""

    def __init__(self, marks: list[float], half: float) -> None:
        self._marks = marks
        self._half = half
        self._words: list[tuple[float, float]] = []

    def free(self, begin: float, end: float, own_x: float) -> bool:
        """Whether nothing but the marks in the column of ``own_x`` lies between."""
        first = bisect_right(self._marks, begin - self._half)
        last = bisect_left(self._marks, end + self._half)
        if any(abs(mark - own_x) > 1 for mark in self._marks[first:last]):
            return False
        after = bisect_left(self._words, (begin, begin))
        beside = self._words[max(after - 1, 0) : after + 1]
        return all(stop <= begin or start >= end for start, stop in beside)

    def take(self, begin: float, end: float) -> None:
        """Words stand there now."""
        insort(self._words, (begin, end))


def _worth_words(flag: TrendFlag) -> tuple[bool, bool, int, float]:
    """HIGH alarms first, then what was given: among many lesser alarms nobody else would say it; then by urgency."""
    return flag.priority is not Priority.HIGH, flag.kind != "drug", *_urgency(flag)


def _urgency(flag: TrendFlag) -> tuple[int, float]:
    """The most urgent first, then the newest."""
    return (1 if flag.priority is None else -flag.priority.rank, -flag.t_s)


def _colour(flag: TrendFlag, style: TrendStyle) -> QColor:
    return style.alarm(flag.priority, style.drug if flag.kind == "drug" else style.muted)
