"""The small lines of a tile: limits in force and change from baseline, stacked at its lower left."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QColor

from monitor_app.services.screen import TileLine, TileView
from monitor_app.ui.canvas import Canvas, Run, width_of
from monitor_app.ui.icons import draw_bell
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, CAPTION, SMALL


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Lines ready to draw, each of runs; ``pitch`` is from baseline to baseline.

    ``bell`` is the size of the crossed-out bell before the first line, 0 without one.
    """

    lines: tuple[tuple[Run, ...], ...]
    pitch: int
    space: int
    bell: float = 0.0

    @property
    def width(self) -> float:
        """Return the widest line's width."""
        return max((self._width(line) for line in self.lines), default=0.0) + self.bell

    @property
    def lowest(self) -> float:
        """Return the last line's width: it stands beside what is said below the number."""
        return self._width(self.lines[-1]) if self.lines else 0.0

    @property
    def height(self) -> int:
        """Return the stack's height."""
        return self.pitch * len(self.lines)

    def _width(self, line: tuple[Run, ...]) -> float:
        return sum(width_of(run) for run in line) + self.space * (len(line) - 1)

    def draw(self, canvas: Canvas, inner: QRectF) -> None:
        """Draw the stack upwards from the lower left corner."""
        base = inner.bottom() - self.pitch * 0.25
        for line in reversed(self.lines[1:]):
            canvas.line(inner.left(), base, line, gap=self.space)
            base -= self.pitch
        if self.lines:
            canvas.line(inner.left() + self.bell, base, self.lines[0], gap=self.space)
            if self.bell:
                side = self.bell * 0.85
                place = QRectF(inner.left(), base - side * 0.85, side, side)
                draw_bell(canvas.painter, place, self.lines[0][0].colour, state="off")


def line_blocks(view: TileView, look: Look, inks: tuple[QColor, QColor]) -> list[LineBlock]:
    """Return the ways to set the lines, best first: as given, in short, smaller, and without the least important."""
    compact = look.metrics.compact
    usual, less = (CAPTION, CAPTION) if compact else (BODY, SMALL)
    given = _off(view) if view.rule_off else list(view.lines)
    short = [replace(line, rest=line.short or line.rest) for line in given]
    ways = [(usual, 1.42, given), (usual, 1.42, short), (usual, 1.26, short), (less, 1.26, short)]
    if len(given) <= 2:
        ways.append((less, 1.36, [_joined(given)]))
    ways += [(less, 1.26, kept) for kept in _fewer(short)]
    bell = float(look.px(24)) if view.rule_off else 0.0
    return [replace(_block(look, inks, way), bell=bell) for way in ways]


def _off(view: TileView) -> list[TileLine]:
    """Write that the alarm is off in place of its limits (clinical.md §5.6)."""
    words = QCoreApplication.translate("Tile", "alarm off")
    return [TileLine(words), *(line for line in view.lines if not line.strong)]


def _block(look: Look, inks: tuple[QColor, QColor], way: tuple[int, float, list[TileLine]]) -> LineBlock:
    step, spacing, lines = way
    strong, weak = look.name(step), look.text(step)
    rows: list[tuple[Run, ...]] = []
    for line in lines:
        runs = (Run(line.strong, strong, inks[0]), Run(line.rest, weak, inks[1]))
        rows.append(tuple(run for run in runs if run.text))
    return LineBlock(tuple(rows), round(look.metrics.font_px(step) * spacing), look.px(5))


def _joined(lines: list[TileLine]) -> TileLine:
    """Put everything on one line: ``30 high · 10 low``."""
    words = " · ".join(f"{line.strong} {line.rest}".strip() for line in lines)
    strong = lines[0].strong if lines else ""
    return TileLine(strong, words[len(strong) :].strip())


def _fewer(lines: list[TileLine]) -> list[list[TileLine]]:
    """Return the lines with ever more of the least important ones left out; one stays."""
    found = []
    while len(lines) > 1:
        least = min(lines, key=lambda line: line.weight)
        lines = [line for line in lines if line is not least]
        found.append(lines)
    return found
