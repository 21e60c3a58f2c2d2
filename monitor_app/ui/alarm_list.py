"""The alarm log as a list of touch-size rows: drawn one by one, so that a thousand cost no more than the few on screen."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QScroller,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from monitor_app.core.alarm_log import AlarmRow
from monitor_app.services.alarm_log import title_of
from monitor_app.services.view.wording import clock, minutes
from monitor_app.ui.keys import is_press_key
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, SMALL, SYMBOLS

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
PAD = 12
SYMBOL_PX = 40
SEPARATOR = " · "


class AlarmRows(QAbstractListModel):
    """The rows a query found."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[AlarmRow, ...] = ()

    def show_rows(self, rows: tuple[AlarmRow, ...]) -> None:
        """Take other rows; the same conditions in the same order keep their place on the screen."""
        same = [row.occurrence_id for row in rows] == [row.occurrence_id for row in self.rows]
        if same:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, or its words for a screen reader."""
        row = self.rows[index.row()]
        if role == ROW:
            return row
        words = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return SEPARATOR.join([*headline(row), detail(row), verdict(row)]) if role in words else None


class RowPainter(QStyledItemDelegate):
    """Draws a row: what and when in large, how it went below, the verdict at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = Look()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """A row is as high as anything to be touched."""
        return QSize(200, self.look.metrics.button_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(ROW)
        look, rect = self.look, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect, look.colour("raised"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.colour("hairline"))
        inner = rect.adjusted(look.px(PAD), 0, -look.px(PAD), 0)
        middle = rect.center().y()
        ink = QColor(look.palette.ink(row.priority))
        upper, lower = middle - look.px(4), middle + look.px(18)
        _write(
            painter,
            QPoint(inner.left(), upper),
            SYMBOLS[row.priority],
            font=look.name(BODY),
            ink=ink,
            room=inner.width(),
        )
        left = inner.left() + look.px(SYMBOL_PX)
        judged = verdict(row)
        right = inner.right() - QFontMetrics(look.text(SMALL)).horizontalAdvance(judged)
        muted = look.colour("muted") if row.judgement else look.colour("text")
        _write(painter, QPoint(right, upper), judged, font=look.text(SMALL), ink=muted, room=inner.width())
        room = right - look.px(PAD) - left
        at, what = headline(row)
        said = f"{at}  {what}"
        _write(painter, QPoint(left, upper), said, font=look.name(BODY), ink=look.colour("text"), room=room)
        place = QPoint(left, lower)
        room = inner.right() - left
        _write(painter, place, detail(row), font=look.text(SMALL), ink=look.colour("muted"), room=room)
        painter.restore()


class AlarmList(QListView):
    """Signals: ``opened(AlarmRow)`` when a row is touched, or Enter is pressed on it."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = AlarmRows(self)
        self._painter = RowPainter(self)
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(self.tr("Alarms of this visit"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._on_clicked)

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        self._painter.look = look
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.rows.layoutChanged.emit()

    def show_rows(self, rows: Sequence[AlarmRow]) -> None:
        """Take the rows found."""
        self.rows.show_rows(tuple(rows))

    def _on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Space does nothing (screen.md, Actions)."""
        if is_press_key(event) and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
        elif event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)


def headline(row: AlarmRow) -> tuple[str, str]:
    """When it was announced, and what it was."""
    return clock((row.announced or row.onset).utc_ms, seconds=True), row.text or title_of(row.rule)


def detail(row: AlarmRow) -> str:
    """How it went, in words."""
    lasted = "goes on" if row.duration_s is None else f"lasted {minutes(row.duration_s)}"
    parts = [row.priority.value, title_of(row.rule), row.phase.title, lasted]
    if row.acknowledged_by is not None and row.acknowledge_s is not None:
        parts.append(f"acknowledged after {minutes(row.acknowledge_s)}")
    elif row.announced is not None:
        parts.append("not acknowledged")
    return SEPARATOR.join([*parts, *([row.note] if row.note else [])])


def verdict(row: AlarmRow) -> str:
    """The nurse's word, or that it is awaited once the alarm is over."""
    if row.judgement is not None:
        return row.judgement.verdict.title
    return "" if row.duration_s is None else "to be judged"


def _write(painter: QPainter, at: QPoint, text: str, *, font: QFont, ink: QColor, room: int) -> None:
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(at, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0)))
