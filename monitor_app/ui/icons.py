"""The program's own drawings: bell, bell dashed or crossed out, tick (clinical.md §5.5). No icon files."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from monitor_app.ui.style import DARK


def draw_bell(painter: QPainter, rect: QRectF, colour: QColor, *, state: str = "on") -> None:
    """Draw the alarm bell: ``paused`` crosses it with a dashed line, ``off`` and ``missing`` with a cross."""
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 24, rect.height() / 24)
    pen = QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_bell())
    if state == "paused":
        pen.setDashPattern([1.4, 2.2])
        painter.setPen(pen)
    if state in ("paused", "off", "missing"):
        painter.drawLine(QPointF(3, 3), QPointF(21, 21))
        painter.drawLine(QPointF(21, 3), QPointF(3, 21))
    painter.restore()


def _bell() -> QPainterPath:
    path = QPainterPath(QPointF(4, 17))
    path.cubicTo(QPointF(6.4, 15), QPointF(6, 12.5), QPointF(6, 10.5))
    path.cubicTo(QPointF(6, 6.6), QPointF(8.4, 4), QPointF(12, 4))
    path.cubicTo(QPointF(15.6, 4), QPointF(18, 6.6), QPointF(18, 10.5))
    path.cubicTo(QPointF(18, 12.5), QPointF(17.6, 15), QPointF(20, 17))
    path.closeSubpath()
    path.moveTo(QPointF(9.6, 20))
    path.cubicTo(QPointF(10.4, 21.6), QPointF(13.6, 21.6), QPointF(14.4, 20))
    return path


def draw_tick(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Draw a tick that fills the rectangle."""
    painter.save()
    painter.setPen(QPen(colour, max(1.6, rect.width() / 8), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
    middle = QPointF(left + width * 0.4, top + height * 0.8)
    painter.drawLine(QPointF(left + width * 0.1, top + height * 0.52), middle)
    painter.drawLine(middle, QPointF(left + width * 0.92, top + height * 0.18))
    painter.restore()


def window_icon() -> QIcon:
    """Return the program's icon: a pulse on a dark ground."""
    pixmap = QPixmap(128, 128)
    pixmap.fill(QColor(DARK.background))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(DARK.ecg), 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    points = [(12, 74), (40, 74), (52, 30), (66, 104), (78, 60), (88, 74), (116, 74)]
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    painter.drawPath(path)
    painter.end()
    return QIcon(pixmap)
