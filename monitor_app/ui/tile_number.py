"""The number of a tile: its digits, the arrow and the mark before it, and how it gives way when room is short.

A pressure is written systolic large, diastolic a little smaller, so that the systolic keeps its height
(screen.md, Sizes) beside the limits even with three digits after the stroke. The stroke ends where the digits stand:
in the font it reaches below them, into the line under the number.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from monitor_app.services.screen import TileView
from monitor_app.ui.canvas import Canvas, Run, width_of
from monitor_app.ui.fonts import text_ink
from monitor_app.ui.look import Look
from monitor_app.ui.metrics import CAP_HEIGHT_EM

DIASTOLIC = 0.72
ARROW = 0.5
STROKE = "/"
BLANKS = ("—", "–/–", "--", "")


@dataclass(frozen=True, slots=True)
class NumberShape:
    """A number laid out: pieces as (text, font pixel size), from left to right."""

    look: Look
    before: tuple[tuple[str, int], ...]
    pieces: tuple[tuple[str, int], ...]
    size: int
    full_size: bool

    @property
    def width(self) -> float:
        """Return how wide it stands."""
        return sum(width_of(_run(self.look, piece)) for piece in (*self.before, *self.pieces)) + self._gap

    @property
    def _gap(self) -> float:
        return self.size * 0.08 if self.before else 0.0

    def draw(self, canvas: Canvas, area: QRectF, inks: tuple[QColor, QColor]) -> None:
        """Draw it at the right of the area, its digits in the middle of the height."""
        cap = self.size * CAP_HEIGHT_EM
        base = area.center().y() + cap / 2
        x = area.right() - self.width
        for piece in self.before:
            run = _run(self.look, piece)
            lift = (cap - piece[1] * CAP_HEIGHT_EM) * 0.25
            x += canvas.text(x, base - lift, Run(run.text, run.font, inks[1]))
        x += self._gap
        for piece in self.pieces:
            run = _run(self.look, piece)
            x += canvas.text(x, base - _depth(run), Run(run.text, run.font, inks[0]))


def number_shape(view: TileView, look: Look, size: int, room: float) -> NumberShape:
    """Lay a tile's number out in ``room`` pixels; it shrinks only when even its smallest marks do not fit."""
    wanted = _shape(view, look, size, full_size=True)
    if wanted.width <= room:
        return wanted
    smaller = max(12, int(size * room / wanted.width))
    return _shape(view, look, smaller, full_size=False)


def _shape(view: TileView, look: Look, size: int, *, full_size: bool) -> NumberShape:
    marks: list[tuple[str, int]] = []
    if view.doubt:
        marks.append(("?", round(size * ARROW)))
    if view.arrow:
        marks.append((view.arrow, round(size * ARROW)))
    if view.value in BLANKS:
        pieces: tuple[tuple[str, int], ...] = ((view.value or "—", round(size * 0.7)),)
    elif STROKE in view.value:
        upper, lower = view.value.split(STROKE, 1)
        small = round(size * DIASTOLIC)
        pieces = ((upper, size), (STROKE, small), (lower, small))
    else:
        pieces = ((view.value, size),)
    return NumberShape(look, tuple(marks), pieces, size, full_size)


def _depth(run: Run) -> float:
    """Return how far the stroke reaches below the digits; they themselves stand on the line."""
    return max(0.0, text_ink(run.font, run.text).bottom()) if run.text == STROKE else 0.0


def _run(look: Look, piece: tuple[str, int]) -> Run:
    text, pixels = piece
    return Run(text, look.digits(pixels), look.colour("text"))
