"""Alarm, states, HR, SpO2 and NIBP with age on top of everything while the window is away (design.md §8)."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent

from monitor_app.services.screen import AlarmBarView, AlarmLine, Freshness, Screen, SoundView, TileView
from monitor_app.services.states_view import StateMark
from monitor_app.ui.alarm_bar import headline, paused_mark, spoken, what_stands
from monitor_app.ui.canvas import Canvas, Painted, Run, fit_clauses, width_of
from monitor_app.ui.flash import is_lit, phase_of
from monitor_app.ui.floating_lines import FloatingLines, floating_lines, short_words, state_words
from monitor_app.ui.frame import paint_hatch
from monitor_app.ui.icons import draw_bell, draw_state
from monitor_app.ui.state_band import LOUD_STATES
from monitor_app.ui.style import BODY, DETAIL, SMALL
from monitor_app.ui.tile_number import number_shape

SHOWN = ("HR", "SPO2", "NIBP")
_WIDTHS = (0.22, 0.22, 0.56)
LINE_PX = 36
STATES_PX = 28
MARK_PX = 18


class FloatingStrip(Painted):
    """A small window without a frame, always on top. Signals: ``pressed`` brings the main window back."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(
            Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(self.tr("Chairside: patient monitored"))
        self.setAccessibleName(self.tr("Patient monitored"))
        self._screen: Screen | None = None
        self._now_ns = 0
        self._lines = FloatingLines()
        self._grip: QPoint | None = None
        self._moved = False

    def show_screen(self, screen: Screen, now_ns: int) -> None:
        """Take what is known now."""
        before, stood = self._seen(), self._screen and what_stands(self._screen.alarm_bar)
        waiting = any(line.unacknowledged for line in screen.alarm_bar.lines)
        flipped = waiting and phase_of(now_ns) != phase_of(self._now_ns)
        self._screen, self._now_ns = screen, now_ns
        self._lines = floating_lines(screen.alarm_bar.lines, self._lines.turn, now_ns)
        if self.height() != self.sizeHint().height():
            self.resize(self.sizeHint())
        if flipped or before != self._seen():
            self.setAccessibleDescription(_spoken(screen))
            if stood is not None and stood != what_stands(screen.alarm_bar):
                self.repaint()  # at once, before the window behind it
            else:
                self.update()

    @property
    def _states(self) -> tuple[StateMark, ...]:
        return () if self._screen is None else self._screen.alarm_bar.states

    def _seen(self) -> tuple[object, ...]:
        screen = self._screen
        return () if screen is None else (screen.alarm_bar, screen.tiles, screen.simulated, self._lines.lines)

    def paint(self, canvas: Canvas) -> None:
        """Draw the alarm line over the numbers."""
        look = self.look
        rect = QRectF(self.rect())
        canvas.fill(rect, look.colour("background"))
        screen = self._screen
        if screen is None:
            return
        edge = look.px(6)
        inner = rect.adjusted(edge, edge, -edge, -edge)
        below = self._paint_lines(canvas, screen, inner)
        if self._states:
            row = QRectF(inner.left(), below, inner.width(), look.px(STATES_PX))
            self._paint_states(canvas, row)
            below = row.bottom()
        views = {view.key: view for view in screen.tiles}
        x = inner.left()
        for key, share in zip(SHOWN, _WIDTHS, strict=True):
            width = inner.width() * share
            cell = QRectF(x, below, width, inner.bottom() - below)
            if key in views:
                self._paint_cell(canvas, views[key], cell)
            x += width
        if screen.simulated:
            paint_hatch(canvas.painter, rect, edge, look)

    def _paint_lines(self, canvas: Canvas, screen: Screen, inner: QRectF) -> float:
        """Draw the alarms in words, or that there is none; return where they end."""
        look, lines = self.look, self._lines.lines
        rect = QRectF(inner.left(), inner.top(), inner.width(), look.px(LINE_PX))
        if not lines:
            self._paint_quiet(canvas, screen.alarm_bar, rect)
        for line in lines:
            self._paint_line(canvas, line, rect, first=line is lines[0])
            rect.translate(0, rect.height() if line is not lines[-1] else 0)
        return rect.bottom()

    def _paint_quiet(self, canvas: Canvas, bar: AlarmBarView, rect: QRectF) -> None:
        look, paused = self.look, paused_mark(bar)
        room = self._paint_status(canvas, bar, rect, look.colour("text"))
        if paused is not None:
            spare = room.width() - look.px(MARK_PX) - look.px(6)
            (words,) = state_words((paused,), spare, look.name(DETAIL))
            self._paint_mark(canvas, paused, room, Run(words, look.name(DETAIL), look.colour("text")))
            return
        run = Run(bar.quiet_text, look.text(BODY), look.colour("muted"))
        canvas.text(room.left(), self._base(room, DETAIL), run)

    def _paint_line(self, canvas: Canvas, line: AlarmLine, rect: QRectF, *, first: bool) -> None:
        """Draw one alarm; at the right of the first whether it could be heard, of the last how many more there are."""
        look = self.look
        lit = is_lit(line.priority, self._now_ns, unacknowledged=line.unacknowledged)
        if lit:
            canvas.fill(rect.adjusted(0, 0, 0, -look.px(2)), QColor(look.palette.fill(line.priority)))
        ink = look.colour("on_alarm" if lit else "text")
        room = rect.adjusted(look.px(10), 0, -look.px(10), 0)
        if first and self._screen is not None:
            room = self._paint_status(canvas, self._screen.alarm_bar, rect, ink)
        elif self._lines.place and line is self._lines.lines[-1]:
            number = Run(self._lines.place, look.name(SMALL), ink)
            room.setRight(canvas.right(room.right(), self._base(rect, SMALL), number) - look.px(10))
        font = look.name(DETAIL)
        words = fit_clauses(headline(line), font, room.width())
        words = words or QFontMetricsF(font).elidedText(
            headline(line), Qt.TextElideMode.ElideRight, room.width()
        )
        alarm_ink = ink if lit else QColor(look.palette.ink(line.priority))
        canvas.text(room.left(), self._base(rect, DETAIL), Run(words, font, alarm_ink))

    def _base(self, rect: QRectF, size: int) -> float:
        return rect.center().y() + self.look.metrics.font_px(size) * 0.36

    def _paint_status(self, canvas: Canvas, bar: AlarmBarView, rect: QRectF, ink: QColor) -> QRectF:
        """Draw the bell, and its words where it is not simply on; return the room before it.

        That the sound is on is not said while no alarm would be announced.
        """
        look = self.look
        silent = paused_mark(bar) is not None and bar.sound.state == "on"
        edge = rect.right() if silent else self._paint_sound(canvas, bar.sound, rect, ink)
        return QRectF(rect.left() + look.px(10), rect.top(), edge - rect.left() - look.px(20), rect.height())

    def _paint_sound(self, canvas: Canvas, sound: SoundView, rect: QRectF, ink: QColor) -> float:
        """Draw the bell and its words; return where the room before it ends."""
        look = self.look
        x = rect.right() - look.px(10)
        if sound.state != "on":
            words = " ".join(part for part in (sound.text.partition(":")[0], sound.countdown_text) if part)
            base = rect.center().y() + look.metrics.font_px(SMALL) * 0.36
            x = canvas.right(x, base, Run(words, look.name(SMALL), ink)) - look.px(6)
        side = look.px(20)
        draw_bell(
            canvas.painter, QRectF(x - side, rect.center().y() - side / 2, side, side), ink, state=sound.state
        )
        return x - side

    def _paint_states(self, canvas: Canvas, rect: QRectF) -> None:
        """Draw each state's icon; words and time of as many as fit, the gravest first."""
        look = self.look
        canvas.fill(rect, look.colour("raised"))
        side, gap = look.px(MARK_PX), look.px(6)
        spare = rect.width() - look.px(20) - len(self._states) * (side + 3 * gap)
        x = rect.left() + look.px(10)
        for mark, words in zip(self._states, state_words(self._states, spare, look.name(SMALL)), strict=True):
            loud = mark.state in LOUD_STATES
            run = Run(words, look.name(SMALL), look.colour("background" if loud else "text"))
            cell = QRectF(x, rect.top(), side + 2 * gap + width_of(run), rect.height())
            if loud:
                ground = cell.adjusted(-gap, 2, 0 if words else -gap, -2)
                canvas.fill(ground, look.colour("text"), look.px(4))
            x = self._paint_mark(canvas, mark, cell, run) + 2 * gap

    def _paint_mark(self, canvas: Canvas, mark: StateMark, cell: QRectF, words: Run) -> float:
        """Draw a state's icon and words; return where they end."""
        gap, side = self.look.px(6), self.look.px(MARK_PX)
        icon = QRectF(cell.left(), cell.center().y() - side / 2, side, side)
        draw_state(canvas.painter, icon, words.colour, state=mark.state)
        canvas.text(icon.right() + gap, cell.center().y() + words.font.pixelSize() * 0.36, words)
        return icon.right() + (gap + width_of(words) if words.text else 0)

    def _paint_cell(self, canvas: Canvas, view: TileView, rect: QRectF) -> None:
        look = self.look
        ink, weak = self._cell_inks(view)
        if view.alarm is not None and is_lit(view.alarm, self._now_ns, unacknowledged=view.unacknowledged):
            canvas.fill(rect, QColor(look.palette.fill(view.alarm)))
        inner = rect.adjusted(look.px(10), look.px(4), -look.px(10), -look.px(4))
        size = look.px(44)
        body = QRectF(inner)
        body.setTop(inner.top() + look.px(18))
        if view.key == "NIBP" and view.foot:
            body.setBottom(inner.bottom() - look.px(22))
            foot = Run(view.foot, look.text(SMALL), ink if view.alarm is not None else look.colour("text"))
            canvas.right(inner.right(), inner.bottom() - look.px(4), foot)
        name = Run(view.title, look.name(SMALL), ink)
        canvas.text(inner.left(), inner.top() + look.px(13), name)
        number_shape(view, look, size, inner.width()).draw(canvas, body, (ink, weak))

    def _cell_inks(self, view: TileView) -> tuple[QColor, QColor]:
        """Return the colours of a number and of what stands before it, as on its tile."""
        look = self.look
        if view.alarm is not None:
            lit = is_lit(view.alarm, self._now_ns, unacknowledged=view.unacknowledged)
            ink = look.colour("on_alarm") if lit else QColor(look.palette.ink(view.alarm))
            return ink, ink
        fresh = view.freshness is Freshness.FRESH
        return QColor(look.palette.role(view.key)) if fresh else look.colour("muted"), look.colour("muted")

    def sizeHint(self) -> QSize:
        """Return a size that hides little of what is below."""
        more = max(len(self._lines.lines) - 1, 0) * self.look.px(LINE_PX)
        height = self.look.px(140) + more + (self.look.px(STATES_PX) if self._states else 0)
        return QSize(self.look.px(520), height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._grip, self._moved = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the strip out of the way."""
        if self._grip is not None:
            self._moved = True
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Bring the main window back, unless the strip was only moved."""
        if not self._moved:
            self.pressed.emit()
        self._grip = None


def _spoken(screen: Screen) -> str:
    """Return what a screen reader says: alarms, states, sound."""
    bar = screen.alarm_bar
    states = [short_words(mark, named=True) for mark in bar.states]
    return "; ".join([*(spoken(line) for line in bar.lines), *states, bar.sound.text])
