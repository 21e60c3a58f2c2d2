"""Painting with a memory: every text drawn is kept with its place, so that clipping and overlap can be measured."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from monitor_app.ui.fonts import text_ink, text_width
from monitor_app.ui.look import Look

SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Placed:
    """A text as it was drawn: ``rect`` is the ink, in the widget's coordinates."""

    text: str
    rect: QRectF


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: its font and colour differ from its neighbours'."""

    text: str
    font: QFont
    colour: QColor


class Canvas:
    """A painter that records what it writes."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter
        self.placed: list[Placed] = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def text(self, x: float, baseline: float, run: Run) -> float:
        """Write a run at a baseline and return how far it advanced."""
        if not run.text:
            return 0.0
        self.painter.setFont(run.font)
        self.painter.setPen(run.colour)
        self.painter.drawText(QPointF(x, baseline), run.text)
        self.placed.append(Placed(run.text, text_ink(run.font, run.text).translated(x, baseline)))
        return width_of(run)

    def right(self, x: float, baseline: float, run: Run) -> float:
        """Write a run that ends at ``x`` and return where it begins."""
        start = x - width_of(run)
        self.text(start, baseline, run)
        return start

    def centre(self, rect: QRectF, baseline: float, run: Run) -> None:
        """Write a run in the middle of a rectangle's width."""
        self.text(rect.center().x() - width_of(run) / 2, baseline, run)

    def line(self, x: float, baseline: float, runs: Iterable[Run], gap: float = 0.0) -> float:
        """Write runs one after another and return where they end."""
        for run in runs:
            if run.text:
                x += self.text(x, baseline, run) + gap
        return x

    def fill(self, rect: QRectF, colour: QColor, radius: float = 0.0) -> None:
        """Fill a rectangle, its corners rounded by ``radius``."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QBrush(colour))
        if radius:
            self.painter.drawRoundedRect(rect, radius, radius)
        else:
            self.painter.fillRect(rect, colour)

    def outline(self, rect: QRectF, pen: QPen, radius: float = 0.0) -> None:
        """Draw a rectangle's edge inside of it."""
        half = pen.widthF() / 2
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


class Painted(QWidget):
    """A widget that draws itself on a canvas and remembers the texts of its last picture in ``placed``.

    ``OPAQUE``: it fills its whole rectangle, so nothing below is repainted with it.
    """

    OPAQUE = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self.placed: tuple[Placed, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, self.OPAQUE)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        if look != self.look:
            self.look = look
            self.updateGeometry()
            self.update()

    def paint(self, canvas: Canvas) -> None:
        """Draw the widget; subclasses do."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw and keep what was written."""
        painter = QPainter(self)
        canvas = Canvas(painter)
        self.paint(canvas)
        painter.end()
        self.placed = tuple(canvas.placed)


def width_of(run: Run) -> float:
    """Return how far a run advances."""
    return text_width(run.font, run.text)


def fit_clauses(text: str, font: QFont, width: float, *, drop: int = -1) -> str:
    """Return as many clauses of ``a · b · c`` as fit, each whole; ``drop`` 0 gives up the first ones, -1 the last."""
    clauses = text.split(SEPARATOR)
    while clauses and text_width(font, SEPARATOR.join(clauses)) > width:
        clauses.pop(drop)
    return SEPARATOR.join(clauses)
