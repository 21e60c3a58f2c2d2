"""The rules of a sign as rows to touch: marker and name, the limit in force, its range, who changed it (clinical.md §6)."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScroller,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitor_app.services.limits_view import RuleGroup, RuleView
from monitor_app.ui.icons import draw_bell
from monitor_app.ui.look import Look
from monitor_app.ui.panels.base import clear, label
from monitor_app.ui.panels.scrolled import ScrolledPage
from monitor_app.ui.style import BODY, SMALL, SYMBOLS

ONE_LINE_LETTERS = 48
"""Name and limit that stand in one line of a row in the smallest window."""
MARKER_PX = 30
WHEEL_LINES = 3
"""What one notch of a wheel scrolls, in single steps: so it turns a page."""
COLUMNS = 3
"""Of a large screen; a small one has two."""


class BellOff(QWidget):
    """The bell with a cross, in the place of a limit that is off (clinical.md §5.6)."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(QSize(look.px(20), look.px(20)))
        self.setAccessibleName(self.tr("off"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_bell(painter, QRectF(self.rect()), self._look.colour("text"), state="off")
        painter.end()


class RuleRow(QPushButton):
    """One rule, in two to four lines."""

    def __init__(self, rule: RuleView, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "limit")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(look.px(10), look.px(6), look.px(10), look.px(6))
        self._lines.setSpacing(look.px(1))
        self._fill(rule, look)
        self._lines.addStretch(1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(rule.title)
        words = (rule.priority.value, rule.head, rule.detail, *_notes(rule))
        self.setAccessibleDescription(", ".join(word for word in words if word))

    def _fill(self, rule: RuleView, look: Look) -> None:
        top = QHBoxLayout()
        top.setSpacing(look.px(6))
        marker = _line(SYMBOLS[rule.priority], "strong")
        marker.setFixedWidth(look.px(MARKER_PX))
        marker.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        top.addWidget(marker)
        top.addWidget(_line(rule.title, "strong"))
        top.addStretch(1)
        self._lines.addLayout(top)
        head = rule.head if not rule.off else self.tr("off")
        place = top
        if len(rule.title) + len(head) > ONE_LINE_LETTERS:
            place = self._indented(look)
        if rule.off:
            place.addWidget(BellOff(look))
        if head:
            place.addWidget(_line(head, "figure_row"))
        if place is not top:
            place.addStretch(1)
        for text in (rule.detail, *_notes(rule)):
            row = self._indented(look)
            words = label(text, "row_note")
            row.addWidget(words, 1)

    def _indented(self, look: Look) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.px(6))
        row.addSpacing(look.px(MARKER_PX + 6))
        self._lines.addLayout(row)
        return row

    def sizeHint(self) -> QSize:
        """As tall as its lines, never less than a finger."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    def hasHeightForWidth(self) -> bool:
        """Its words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height at a width."""
        return max(self._lines.totalHeightForWidth(width), self.minimumHeight())


class RuleRows(ScrolledPage):
    """Rows in columns. Signals: ``chosen(rule)``."""

    chosen = Signal(str)

    def __init__(self) -> None:
        self._grid = QGridLayout()
        super().__init__(self._grid)
        self.rows: dict[str, RuleRow] = {}
        self._group = RuleGroup("", "", ())
        self._look = Look()

    def set_look(self, look: Look) -> None:
        """Take another size."""
        self._look = look
        self._grid.setSpacing(look.px(8))
        self.setStyleSheet(row_style(look))
        self._build()

    def show_group(self, group: RuleGroup, *, afresh: bool = False) -> None:
        """Take the rules; ``afresh``: from the top."""
        if group != self._group:
            at = self.verticalScrollBar().value()
            self._group = group
            self._build()
            self.verticalScrollBar().setValue(at)
        if afresh:
            self.verticalScrollBar().setValue(0)

    def _build(self) -> None:
        clear(self._grid)
        self.rows = {}
        columns = 2 if self._look.metrics.compact else COLUMNS
        rules = self._group.rules
        for index, rule in enumerate(rules):
            self._grid.addWidget(self._row(rule), index // columns, index % columns)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        last = (len(rules) + columns - 1) // columns
        for row in range(max(last, self._grid.rowCount()) + 1):
            self._grid.setRowStretch(row, 1 if row == last else 0)
        self._fit_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to another height; what scrolls comes to rest at whole rows."""
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """In a small window whole rows fill the page, so that none is cut in half; a large one has room for all."""
        room, gap = self.viewport().height(), self._grid.verticalSpacing()
        heights = self._natural_px()
        whole = filled(heights, room, gap) if self._look.metrics.compact else (*heights, 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, whole[row] if row < len(whole) else 0)
        if self._look.metrics.compact:
            self.verticalScrollBar().setSingleStep(max(1, (room + gap) // WHEEL_LINES))
            QScroller.scroller(self.viewport()).setSnapPositionsY(0.0, float(room + gap))

    def _natural_px(self) -> list[int]:
        """What the words of each row need."""
        columns, gap = 2 if self._look.metrics.compact else COLUMNS, self._grid.horizontalSpacing()
        width = (self.viewport().width() - (columns - 1) * gap) // columns
        for part in (part for row in self.rows.values() for part in (row, *row.findChildren(QWidget))):
            part.ensurePolished()  # before, words are measured in another font than they are shown in
        needs = [max(self._look.metrics.button_px, row.heightForWidth(width)) for row in self.rows.values()]
        return [max(needs[at : at + columns]) for at in range(0, len(needs), columns)]

    def _row(self, rule: RuleView) -> RuleRow:
        row = self.rows[rule.rule] = RuleRow(rule, self._look)
        row.setMinimumHeight(self._look.metrics.button_px)
        row.clicked.connect(lambda _checked=False, key=rule.rule: self.chosen.emit(key))
        return row


def filled(heights: Sequence[int], room: int, gap: int) -> tuple[int, ...]:
    """Return heights of which as many as are whole fill each page of ``room``, and what is left empty on the last."""
    pages: list[list[int]] = [[]]
    for height in heights:
        page = pages[-1]
        if page and sum(page) + gap * len(page) + height > room:
            pages.append([])
        pages[-1].append(height)
    last = pages.pop()
    for page in pages:
        spare = max(0, room - sum(page) - gap * (len(page) - 1))
        for at in range(len(page)):
            page[at] += spare // len(page) + (at < spare % len(page))
    rest = room - sum(last) - gap * (len(last) - 1)
    return (*(height for page in pages for height in page), *last, max(0, rest) if pages else 0)


def row_style(look: Look) -> str:
    """Return what the rows have beyond the panel's stylesheet."""
    p, m = look.palette, look.metrics
    return f"""
    QPushButton[role="limit"] {{ background: {p.raised}; border: 1px solid {p.hairline}; padding: 0; }}
    QPushButton[role="limit"]:pressed {{ background: {p.dim}; }}
    QPushButton[role="limit"]:focus {{ border: 2px solid {p.text}; }}
    QLabel[role="figure_row"] {{ font-size: {m.font_px(BODY)}px; font-weight: 700; }}
    QLabel[role="row_note"] {{ font-size: {m.font_px(SMALL)}px; color: {p.muted}; font-weight: 500; }}
    """


def _line(text: str, role: str) -> QLabel:
    made = label(text, role)
    made.setWordWrap(False)
    return made


def _notes(rule: RuleView) -> tuple[str, ...]:
    """What is out of the ordinary about a rule: not live now, off and why, changed by whom."""
    off = f"off: {rule.off}" if rule.off else ""
    return tuple(text for text in ("" if rule.live else rule.when, off, rule.changed) if text)
