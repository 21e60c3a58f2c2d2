"""The small lines of a tile: limits in force and change from baseline, stacked at its lower left."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from monitor_app.services.screen import TileLine, TileView
from monitor_app.ui.canvas import Canvas, Run, width_of
from monitor_app.ui.icons import draw_bell
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, CAPTION, SMALL

BELL_EM = 1.25
"""Side of the bell-cross that stands in place of a limit, in the size of its line's letters."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line: its runs, after a crossed-out bell of ``bell`` pixels where its rule is off (0: none)."""

    runs: tuple[Run, ...]
    bell: float = 0.0


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Lines ready to draw; ``pitch`` is from baseline to baseline, ``space`` between two runs."""

    lines: tuple[TextRow, ...]
    pitch: int
    space: int

    @property
    def width(self) -> float:
        """Return the widest line's width."""
        return max((self._width(line) for line in self.lines), default=0.0)

    @property
    def lowest(self) -> float:
        """Return the last line's width: it stands beside what is said below the number."""
        return self._width(self.lines[-1]) if self.lines else 0.0

    @property
    def height(self) -> int:
        """Return the stack's height."""
        return self.pitch * len(self.lines)

    def _width(self, line: TextRow) -> float:
        words = sum(width_of(run) for run in line.runs) + self.space * (len(line.runs) - 1)
        return words + (line.bell + self.space if line.bell else 0.0)

    def draw(self, canvas: Canvas, inner: QRectF) -> None:
        """Draw the stack upwards from the lower left corner."""
        base = inner.bottom() - self.pitch * 0.25
        for line in reversed(self.lines):
            x = inner.left()
            if line.bell:
                place = QRectF(x, base - line.bell * 0.84, line.bell, line.bell)
                draw_bell(canvas.painter, place, line.runs[0].colour, state="off")
                x += line.bell + self.space
            canvas.line(x, base, line.runs, gap=self.space)
            base -= self.pitch


def line_blocks(view: TileView, look: Look, inks: tuple[QColor, QColor]) -> list[LineBlock]:
    """Return the ways to set the lines, best first: as given, in short, smaller, and without the least important."""
    compact = look.metrics.compact
    usual, less = (CAPTION, CAPTION) if compact else (BODY, SMALL)
    given = list(view.lines)
    short = [replace(line, rest=line.short or line.rest) for line in given]
    ways = [(usual, 1.42, given), (usual, 1.42, short), (usual, 1.26, short), (less, 1.26, short)]
    if len(given) <= 2:
        ways.append((less, 1.36, [_joined(given)]))
    ways += [(less, 1.26, kept) for kept in _fewer(short)]
    return [_block(look, inks, way) for way in ways]


def _block(look: Look, inks: tuple[QColor, QColor], way: tuple[int, float, list[TileLine]]) -> LineBlock:
    step, spacing, lines = way
    strong, weak = look.name(step), look.text(step)
    rows: list[TextRow] = []
    for line in lines:
        # What stands beside a crossed-out bell is as strong as the figure it replaces: it must not be overlooked.
        runs = (Run(line.strong, strong, inks[0]), Run(line.rest, weak, inks[0 if line.off else 1]))
        bell = look.metrics.font_px(step) * BELL_EM if line.off else 0.0
        rows.append(TextRow(tuple(run for run in runs if run.text), bell))
    return LineBlock(tuple(rows), round(look.metrics.font_px(step) * spacing), look.px(5))


def _joined(lines: list[TileLine]) -> TileLine:
    """Put everything on one line: ``30 high · 10 low``; what is off comes first, after the crossed-out bell."""
    ordered = sorted(lines, key=lambda line: not line.off)
    words = " · ".join(f"{line.strong} {line.rest}".strip() for line in ordered)
    strong = ordered[0].strong if ordered else ""
    return TileLine(strong, words[len(strong) :].strip(), off=any(line.off for line in ordered))


def _fewer(lines: list[TileLine]) -> list[list[TileLine]]:
    """Return the lines with ever more of the least important ones left out; one stays."""
    found = []
    while len(lines) > 1:
        least = min(lines, key=lambda line: line.weight)
        lines = [line for line in lines if line is not least]
        found.append(lines)
    return found
