"""The band below the alarm bar: what is paused, off or held, each with icon, words and time (clinical.md §5.5).

It is there only while such a state is in force; then nothing takes its place, however many alarms there are.
"""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from monitor_app.services.states_view import StateMark
from monitor_app.ui.canvas import SEPARATOR, Canvas, Painted, Run, fit_clauses, width_of
from monitor_app.ui.icons import draw_state
from monitor_app.ui.keys import is_press_key
from monitor_app.ui.style import BODY, DETAIL, EDGE

HEIGHT = 36
ICON = 22
PAD = 12
LOUD_STATES = ("AUDIO OFF", "ALARM PAUSED")
"""States that stand on a bright ground: nobody would be told of an alarm (clinical.md §5.5: banner on)."""


class StateBand(Painted):
    """Draws ``StateMark``s, the gravest first. Signals: ``pressed``, to change them."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[StateMark, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("States of the alarm system"))
        self.hide()

    def show_marks(self, marks: tuple[StateMark, ...]) -> bool:
        """Take the states in force; True when the band has come or gone."""
        if marks == self._marks:
            return False
        came_or_went = bool(marks) != bool(self._marks)
        self._marks = marks
        self.setVisible(bool(marks))
        self.setAccessibleDescription("; ".join(spoken(mark) for mark in marks))
        self.update()
        return came_or_went

    def paint(self, canvas: Canvas) -> None:
        """Draw the states from the left; details give way, titles and times never."""
        look = self.look
        rect = QRectF(self.rect())
        canvas.fill(rect, look.colour("raised"))
        canvas.fill(QRectF(0, rect.height() - 1, rect.width(), 1), look.colour("hairline"))
        gap = float(look.px(14))
        needs = [self._least(mark) for mark in self._marks]
        x = float(look.px(EDGE - PAD))  # the first icon is in line with what stands above and below it
        spare = rect.width() - 2 * x - sum(needs) - gap * (len(needs) - 1)
        for mark, need in zip(self._marks, needs, strict=True):
            detail = self._detail(mark, spare)
            taken = (width_of(detail) + look.px(10)) if detail.text else 0.0
            spare -= taken
            self._paint_mark(canvas, mark, detail, QRectF(x, 0, need + taken, rect.height() - 1))
            x += need + taken + gap
        if self.hasFocus():
            canvas.outline(rect.adjusted(1, 1, -1, -2), QPen(look.colour("text"), 2))

    def _ink(self, mark: StateMark) -> QColor:
        return self.look.colour("background" if mark.state in LOUD_STATES else "text")

    def _runs(self, mark: StateMark) -> tuple[Run, Run]:
        look, ink = self.look, self._ink(mark)
        return Run(mark.title, look.name(DETAIL), ink), Run(mark.countdown_text, look.number(DETAIL), ink)

    def _least(self, mark: StateMark) -> float:
        """Return the width of icon, title and time."""
        look = self.look
        title, left = self._runs(mark)
        after = width_of(left) + look.px(10) if left.text else 0.0
        return look.px(PAD + ICON + 8) + width_of(title) + after + look.px(PAD)

    def _detail(self, mark: StateMark, room: float) -> Run:
        look = self.look
        font = look.text(BODY)
        return Run(fit_clauses(mark.told, font, room - look.px(10)), font, self._ink(mark))

    def _paint_mark(self, canvas: Canvas, mark: StateMark, detail: Run, rect: QRectF) -> None:
        look, ink = self.look, self._ink(mark)
        if mark.state in LOUD_STATES:
            inset = look.px(3)
            canvas.fill(rect.adjusted(0, inset, 0, -inset), look.colour("text"), look.px(6))
        side = look.px(ICON)
        icon = QRectF(rect.left() + look.px(PAD), rect.center().y() - side / 2, side, side)
        draw_state(canvas.painter, icon, ink, state=mark.state)
        title, left = self._runs(mark)
        base = rect.center().y() + title.font.pixelSize() * 0.727 / 2
        x = icon.right() + look.px(8)
        x += canvas.text(x, base, title) + look.px(10)
        if left.text:
            x += canvas.text(x, base, left) + look.px(10)
        canvas.text(x, base, detail)

    def sizeHint(self) -> QSize:
        """Return the band's height."""
        return QSize(600, self.look.px(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report the press."""
        self.pressed.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the press of Enter."""
        if is_press_key(event):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


def spoken(mark: StateMark) -> str:
    """Return the state as a screen reader says it."""
    return SEPARATOR.join(part for part in (mark.title, mark.countdown_text, mark.told) if part)
