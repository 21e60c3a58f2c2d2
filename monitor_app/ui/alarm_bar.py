"""The alarm bar: up to three conditions in words, highest first; quiet when there is none (screen.md, Alarm bar).

Every HIGH alarm keeps a place; where there are more than have room, those of one kind take turns in the last place, and
how many are not seen is said at the end of the lines.
"""

from itertools import accumulate

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from monitor_app.core.priority import Priority
from monitor_app.services.screen import AlarmBarView, AlarmLine
from monitor_app.services.states_view import StateMark
from monitor_app.ui.alarm_turn import Turn, stand
from monitor_app.ui.alarm_widths import Need, more_width, need_of, share_places, wordings
from monitor_app.ui.canvas import SEPARATOR, Canvas, Painted, Run, fit_clauses, width_of
from monitor_app.ui.flash import is_lit, phase_of
from monitor_app.ui.fonts import text_width
from monitor_app.ui.icons import draw_bell, draw_state
from monitor_app.ui.keys import is_press_key
from monitor_app.ui.look import Look
from monitor_app.ui.state_band import StateBand
from monitor_app.ui.style import BODY, CLOCK, DETAIL, EDGE, SMALL, SYMBOLS

_CUT = Qt.TextElideMode.ElideRight


class AlarmBar(Painted):
    """Draws an ``AlarmBarView``, and below it the band of the states in force.

    Signals: ``pressed`` when touched (the list of alarms opens); ``sound_pressed`` when the bell, its words or the band
    are; ``resized`` when the band came or went, and the bar wants another height.
    """

    pressed = Signal()
    sound_pressed = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: AlarmBarView | None = None
        self._now_ns = 0
        self._turn = Turn()
        self._takes_turns = False
        self._sound_left = 0.0
        self._status_right = 0.0
        self.band = StateBand(self)
        self.band.pressed.connect(self.sound_pressed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Alarms"))

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        super().set_look(look)
        self.band.set_look(look)

    @property
    def _line_height(self) -> int:
        """Height of the bar without the band."""
        return self.height() - (0 if self.band.isHidden() else self.band.height())

    @property
    def _line_rect(self) -> QRectF:
        return QRectF(0, 0, self.width(), self._line_height)

    def show_view(self, view: AlarmBarView, now_ns: int) -> None:
        """Take the alarms and the instant; repaints only when either changed what is seen."""
        flipped = phase_of(now_ns) != phase_of(self._now_ns) and any(x.unacknowledged for x in view.lines)
        before = self._view
        changed = view != before
        news = changed and before is not None and what_stands(view) != what_stands(before)
        self._view, self._now_ns = view, now_ns
        if changed:
            self.setAccessibleDescription("; ".join(spoken(x) for x in view.lines) or view.quiet_text)
        if self.band.show_marks(view.states):
            self._place_band()
            self.resized.emit()
        if news:
            self.repaint()  # at once: tiles and header, due as well, take longer than the bar itself
        elif changed or flipped or (self._takes_turns and self._turn.over(now_ns)):
            self.update()

    def _place_band(self) -> None:
        height = self.band.sizeHint().height()
        self.band.setGeometry(0, self.height() - height, self.width(), height)

    def lit(self, line: AlarmLine) -> bool:
        """Whether this condition's area shows its fill at the instant last shown."""
        return is_lit(line.priority, self._now_ns, unacknowledged=line.unacknowledged)

    def paint(self, canvas: Canvas) -> None:
        """Draw the segments from the left, sound and clock at the right."""
        canvas.fill(self._line_rect, self.look.colour("background"))
        view = self._view
        if view is not None:
            self._paint_view(canvas, view)
        if self.hasFocus():
            filled = view is not None and bool(view.lines) and self.lit(view.lines[0])
            ink = self.look.colour("on_alarm" if filled else "text")
            canvas.outline(self._line_rect.adjusted(3, 3, -3, -3), QPen(ink, 2))

    def _paint_view(self, canvas: Canvas, view: AlarmBarView) -> None:
        edge = self._paint_status(canvas, view)
        if not view.lines:
            self._takes_turns = False
            self._paint_quiet(canvas, view, edge)
            return
        found, widths = share_places(view.lines, self._needs(view.lines), edge, self.look)
        now = stand(view.lines, found, self._turn, self._now_ns)
        self._takes_turns, self._turn = bool(found.sharing), now.turn
        for line, rect in zip(now.lines, self._segments(widths), strict=True):
            self._paint_line(canvas, line, rect)
        if now.more:
            run = Run(now.more, self.look.name(BODY), self.look.colour("text"))
            x = edge - more_width(now.hidden, self.look) + self.look.px(12)
            canvas.text(x, self._baseline(run), run)

    def _paint_status(self, canvas: Canvas, view: AlarmBarView) -> float:
        """Draw clock, nurse and sound; the whole bar takes the fill when one alarm has it alone."""
        look = self.look
        ink = look.colour("text")
        if len(view.lines) == 1 and self.lit(view.lines[0]):
            canvas.fill(self._line_rect, QColor(look.palette.fill(view.lines[0].priority)))
            ink = look.colour("on_alarm")
        x = float(self.width() - look.px(EDGE))
        clock = Run(view.clock_text, look.number(CLOCK), ink)
        base = self._baseline(clock)
        x = canvas.right(x, base, clock) - look.px(20)
        if view.user_text:
            x = canvas.right(x, base, Run(view.user_text, look.text(DETAIL), ink)) - look.px(20)
        self._status_right = x
        self._sound_left = self._paint_sound(canvas, view, x, ink)
        return self._sound_left - look.px(12)

    def _paint_sound(self, canvas: Canvas, view: AlarmBarView, x: float, ink: QColor) -> float:
        """Draw the bell with its words up to ``x``, return where its place begins.

        That the sound is on is not said while no alarm would be announced: the pause stands there.
        """
        look, paused = self.look, paused_mark(view)
        instead = paused if view.sound.state == "on" else None
        if instead is not None and not view.lines:
            return x  # the quiet bar says it at the left
        text, left = self._sound_words(view, x), view.sound.countdown_text
        if instead is not None:
            text, left = instead.title, instead.countdown_text
        base = self._baseline(Run("", look.number(CLOCK), ink))
        if left:
            x = canvas.right(x, base, Run(left, look.number(DETAIL), ink)) - look.px(8)
        x = canvas.right(x, base, Run(text, look.name(DETAIL), ink)) - look.px(10)
        size = look.px(24)
        icon = QRectF(x - size, (self._line_height - size) / 2, size, size)
        if instead is None:
            draw_bell(canvas.painter, icon, ink, state=view.sound.state)
        else:
            draw_state(canvas.painter, icon, ink, state=instead.state)
        return icon.left() - look.px(12)

    def _sound_words(self, view: AlarmBarView, x: float) -> str:
        """Return the sound's state; why it is not on gives way where alarms need the room."""
        font, room = self.look.name(DETAIL), x - self.look.px(140)
        needs = self._needs(view.lines)
        high = [line for line in view.lines if line.priority is Priority.HIGH]
        room -= sum(needs[line.rule].short for line in (high if len(high) > 1 else view.lines[:2]))
        fits = not view.lines or text_width(font, view.sound.text) <= room
        return view.sound.text if fits else view.sound.text.partition(":")[0]

    def _paint_quiet(self, canvas: Canvas, view: AlarmBarView, edge: float) -> None:
        look, paused = self.look, paused_mark(view)
        x = float(look.px(EDGE))
        if paused is not None:
            x = self._paint_paused(canvas, paused, x)
        else:
            run = Run(view.quiet_text, look.text(CLOCK), look.colour("muted"))
            if view.standby:
                x = self._paint_icon(canvas, x, run.colour, "STANDBY")
            x += canvas.text(x, self._baseline(run), run)
        x += look.px(28)
        font = look.text(BODY)
        said = fit_clauses(" · ".join(view.resolved), font, edge - x)
        base = self._baseline(Run(said, look.text(CLOCK), look.colour("text")))
        canvas.text(x, base, Run(said, font, look.colour("text")))

    def _paint_paused(self, canvas: Canvas, mark: StateMark, x: float) -> float:
        """Draw that alarms are paused as large as an alarm would be; return where it ends."""
        look, ink = self.look, self.look.colour("text")
        x = self._paint_icon(canvas, x, ink, mark.state)
        title = Run(mark.title, look.strong(look.metrics.alarm_px), ink)
        left = Run(mark.countdown_text, look.digits(look.metrics.alarm_px), ink)
        base = self._baseline(title)
        x += canvas.text(x, base, title) + look.px(14)
        return x + canvas.text(x, base, left)

    def _paint_icon(self, canvas: Canvas, x: float, ink: QColor, state: str) -> float:
        side = self.look.px(26)
        place = QRectF(x, (self._line_height - side) / 2, side, side)
        draw_state(canvas.painter, place, ink, state=state)
        return place.right() + self.look.px(12)

    def _needs(self, lines: tuple[AlarmLine, ...]) -> dict[str, Need]:
        return {line.rule: need_of(headline(line), _told(line), self.look) for line in lines}

    def _segments(self, widths: list[float]) -> list[QRectF]:
        ends = list(accumulate(widths))
        gap = self.look.px(2) if len(widths) > 1 else 0
        return [
            QRectF(end - width, 0, width - gap, self._line_height)
            for end, width in zip(ends, widths, strict=True)
        ]

    def _paint_line(self, canvas: Canvas, line: AlarmLine, rect: QRectF) -> None:
        look = self.look
        fill = QColor(look.palette.fill(line.priority))
        ink = look.colour("on_alarm") if self.lit(line) else QColor(look.palette.ink(line.priority))
        if self.lit(line):
            canvas.fill(rect, fill)
        else:
            canvas.outline(rect, QPen(fill, look.px(4)))
        x = rect.left() + look.px(EDGE)
        room = rect.right() - x - look.px(12)
        head = self._head(line, ink, room)
        after = width_of(head) + look.px(18)
        given_up = headline(line).removeprefix(head.text) if headline(line).startswith(head.text) else ""
        told = (given_up + SEPARATOR + _told(line)).removeprefix(SEPARATOR).strip()
        beside = fit_clauses(told, look.text(DETAIL), room - after)
        if beside == told:
            base = self._baseline(head)
            canvas.text(x, base, head)
            canvas.text(x + after, base, Run(beside, look.text(DETAIL), ink))
            return
        top = self._line_height * 0.5
        canvas.text(x, top, head)
        below = Run(fit_clauses(told, look.text(SMALL), room), look.text(SMALL), ink)
        canvas.text(x, self._line_height - look.px(10), below)

    def _head(self, line: AlarmLine, ink: QColor, room: float) -> Run:
        """Return the headline; where it is too long its last clauses give way, then its limit, then its last words."""
        font, words = self.look.strong(self.look.metrics.alarm_px), headline(line)
        fitting = [text for text in wordings(words) if text_width(font, text) <= room]
        said = fitting[-1] if fitting else QFontMetricsF(font).elidedText(words, _CUT, int(room))
        return Run(said, font, ink)

    def _baseline(self, run: Run) -> float:
        cap = run.font.pixelSize() * 0.727
        return (self._line_height + cap) / 2

    def sizeHint(self) -> QSize:
        """Return the row's height as drawn in screen.md, and the band's where there is one."""
        line = max(self.look.px(60), self.look.metrics.alarm_px * 2 + self.look.px(4))
        return QSize(600, line + (0 if self.band.isHidden() else self.band.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the band at the lower edge."""
        super().resizeEvent(event)
        self._place_band()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the list of alarms, or what can be asked of the sound."""
        on_sound = self._sound_left <= event.position().x() <= self._status_right
        (self.sound_pressed if on_sound else self.pressed).emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list of alarms."""
        if is_press_key(event):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


def paused_mark(view: AlarmBarView) -> StateMark | None:
    """Return the pause of the alarms, while one is in force."""
    return next((mark for mark in view.states if mark.state == "ALARM PAUSED"), None)


def what_stands(view: AlarmBarView) -> tuple[tuple[str, str, bool], ...]:
    """Return what somebody must learn at once when it changes: the conditions, and which wait to be acknowledged."""
    return tuple((line.rule, line.headline, line.unacknowledged) for line in view.lines)


def headline(line: AlarmLine) -> str:
    """Return the marker of the priority and the condition: ``!! SYS ↑168 > 160``."""
    return f"{SYMBOLS[line.priority]}  {line.headline}".strip()


def spoken(line: AlarmLine) -> str:
    """Return the line as a screen reader says it."""
    return f"{line.priority.value}: {line.headline}. {_told(line)}"


def _told(line: AlarmLine) -> str:
    return " · ".join(part for part in (line.detail, line.age_text) if part)
