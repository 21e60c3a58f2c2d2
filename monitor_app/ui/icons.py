"""The program's own drawings: bell and triangle, dashed or crossed out, plug, chair, tick (clinical.md §5.5). No icon files."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from monitor_app.ui.style import DARK


def draw_bell(painter: QPainter, rect: QRectF, colour: QColor, *, state: str = "on") -> None:
    """Draw the alarm bell: ``paused`` crosses it with a dashed line, ``off`` and ``missing`` with a cross."""
    pen = _begin(painter, rect, colour)
    painter.drawPath(_bell())
    if state in ("paused", "off", "missing"):
        _cross(painter, pen, dashed=state == "paused")
    painter.restore()


def draw_state(painter: QPainter, rect: QRectF, colour: QColor, *, state: str) -> None:
    """Draw a state of the alarm system by its name in clinical.md §5.5.

    ``AUDIO OFF``: bell with a cross. ``ALARM OFF``: triangle with a cross; ``ALARM PAUSED``: the cross dashed.
    ``SENSORS OFF``: a plug out of its socket. ``STANDBY``: an empty chair.
    """
    pen = _begin(painter, rect, colour)
    if state == "AUDIO OFF":
        painter.drawPath(_bell())
        _cross(painter, pen)
    elif state in ("ALARM OFF", "ALARM PAUSED"):
        painter.drawPath(_triangle())
        _cross(painter, pen, dashed=state == "ALARM PAUSED")
    elif state == "SENSORS OFF":
        painter.drawPath(_parted_plug())
    elif state == "STANDBY":
        painter.drawPath(_chair())
    painter.restore()


def _begin(painter: QPainter, rect: QRectF, colour: QColor) -> QPen:
    """Save the painter and let it count in 24ths of the rectangle; return the pen that is set."""
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 24, rect.height() / 24)
    pen = QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return pen


def _cross(painter: QPainter, pen: QPen, *, dashed: bool = False) -> None:
    if dashed:
        pen.setDashPattern([1.4, 2.2])
        painter.setPen(pen)
    painter.drawLine(QPointF(3, 3), QPointF(21, 21))
    painter.drawLine(QPointF(21, 3), QPointF(3, 21))


def _triangle() -> QPainterPath:
    """The sign of an alarm, empty: a stroke and a point in it would not be told from the cross."""
    path = QPainterPath(QPointF(12, 2.5))
    path.lineTo(QPointF(21.5, 17.5))
    path.lineTo(QPointF(2.5, 17.5))
    path.closeSubpath()
    return path


def _parted_plug() -> QPainterPath:
    """A plug and its socket, drawn apart."""
    path = QPainterPath(QPointF(1.5, 12))
    path.lineTo(QPointF(4.5, 12))
    path.addRoundedRect(4.5, 6.5, 4.5, 11, 1.5, 1.5)
    path.addRoundedRect(15.5, 6.5, 4, 11, 1.5, 1.5)
    for y in (9.3, 14.7):
        path.moveTo(QPointF(15.5, y))
        path.lineTo(QPointF(12, y))
    path.moveTo(QPointF(19.5, 12))
    path.lineTo(QPointF(22.5, 12))
    return path


def _chair() -> QPainterPath:
    """A reclining chair with nobody in it."""
    path = QPainterPath(QPointF(4, 4.5))
    path.lineTo(QPointF(8.5, 14.5))
    path.lineTo(QPointF(16.5, 14.5))
    path.lineTo(QPointF(20.5, 19))
    path.moveTo(QPointF(8.5, 14.5))
    path.lineTo(QPointF(8.5, 20))
    path.moveTo(QPointF(15.5, 14.5))
    path.lineTo(QPointF(15.5, 20))
    return path


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
