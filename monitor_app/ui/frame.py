"""The frame of the window: hatched while simulated, flashing inside for HIGH (screen.md, Header; clinical.md §5.2)."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from monitor_app.core.priority import Priority
from monitor_app.ui.flash import is_lit
from monitor_app.ui.look import Look

WIDTH = 8


def paint_hatch(painter: QPainter, rect: QRectF, width: float, look: Look) -> None:
    """Draw the slanted stripes that say SIMULATED from the door, along the inside of ``rect``."""
    painter.save()
    ring = QPainterPath()
    ring.addRect(rect)
    ring.addRect(rect.adjusted(width, width, -width, -width))
    painter.setClipPath(ring)
    painter.fillPath(ring, look.colour("hatch_gap"))
    step = look.px(24)
    painter.setPen(QPen(look.colour("hatch"), step / 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    reach = rect.height()
    x = rect.left() - reach
    while x < rect.right() + reach:
        painter.drawLine(QPointF(x, rect.bottom() + 4), QPointF(x + reach + 8, rect.top() - 4))
        x += step * 1.42
    painter.restore()


class Stage(QWidget):
    """The ground of the main window: everything else lies inside its frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self._simulated = False
        self._border: Priority | None = None
        self._lit = False
        self._lines: tuple[int, ...] = ()

    def set_lines(self, *tops: int) -> None:
        """Draw a hairline across the window at each of these heights."""
        self._lines = tops
        self.update()

    @property
    def frame_px(self) -> int:
        """Width of the frame."""
        return self.look.px(WIDTH)

    @property
    def border_lit(self) -> bool:
        """Whether the alarm border shows at the instant last shown."""
        return self._lit

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self.look = look
        self.update()

    def show_state(self, *, simulated: bool, border: Priority | None, now_ns: int) -> None:
        """Take what the frame says; repaints only when it changed."""
        lit = is_lit(border, now_ns, unacknowledged=True)
        if (simulated, border, lit) != (self._simulated, self._border, self._lit):
            self._simulated, self._border, self._lit = simulated, border, lit
            edge = self.frame_px
            inside = self.rect().adjusted(edge, edge, -edge, -edge)
            # Only the ring: repainting the whole ground repaints every widget on it.
            self.update(QRegion(self.rect()).subtracted(QRegion(inside)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, hatch and border; the border never covers the hatch."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.fillRect(rect, self.look.colour("background"))
        for top in self._lines:
            painter.fillRect(QRectF(0, top, rect.width(), 1), self.look.colour("hairline"))
        width = self.frame_px
        if self._simulated:
            paint_hatch(painter, rect, width, self.look)
        if self._border is not None and self._lit:
            half = width / 2 if self._simulated else 0
            pen = QPen(QColor(self.look.palette.fill(self._border)), width - half)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            inset = half + (width - half) / 2
            painter.setPen(pen)
            painter.drawRect(rect.adjusted(inset, inset, -inset, -inset))
        painter.end()
