"""One action: what it does, how to press it without a mouse, and whether the press has arrived (screen.md, Actions)."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from monitor_app.services.screen import ActionView, Emphasis
from monitor_app.ui.canvas import Canvas, Placed, Run, width_of
from monitor_app.ui.icons import draw_tick
from monitor_app.ui.keys import is_press_key
from monitor_app.ui.look import Look
from monitor_app.ui.style import BODY, BUTTON_RADIUS, CAPTION, DETAIL, SMALL

PRESSED_NS = 400_000_000
RECORDED_NS = 3_000_000_000
TITLE_STEPS = (DETAIL, BODY, SMALL, CAPTION)
LEAST_TITLE = BODY
"""A title breaks into two lines, and the line below it goes, before it is set smaller (screen.md, Type)."""
PAD = 12


class ActionButton(QAbstractButton):
    """Draws an ``ActionView``; ``clicked`` by touch, Enter or its shortcut, never by Space."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.look = Look()
        self.placed: tuple[Placed, ...] = ()
        self._view: ActionView | None = None
        self._pressed_until_ns = -1
        self._recorded_until_ns = -1
        self._mark = ""
        self._steps: tuple[int, ...] = TITLE_STEPS
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a touch, Enter presses nothing again

    def set_look(self, look: Look) -> None:
        """Take another colour set or size."""
        if look != self.look:
            self.look = look
            self.update()

    def show_view(self, view: ActionView) -> None:
        """Take what the button says."""
        if view != self._view:
            if self._view is not None and view.title != self._view.title:
                self._recorded_until_ns = -1  # what was recorded is not what the button says now
                self._mark = ""
            self._view = view
            self.setEnabled(view.enabled)
            self.setAccessibleName(view.title)
            self.setAccessibleDescription(view.caption)
            self.update()

    def title_step(self, width: float) -> int:
        """Return the largest step at which the title stands on one line of a button this wide."""
        text = self._view.title if self._view is not None else ""
        ink = self.look.colour("text")
        room = width - self.look.px(PAD)
        fits = (step for step in TITLE_STEPS if width_of(Run(text, self._font(step), ink)) <= room)
        return next(fits, CAPTION)

    def limit_title(self, step: int) -> None:
        """Set the title no larger than this step, so that a row of buttons has one size."""
        steps = tuple(x for x in TITLE_STEPS if x <= step)
        if steps != self._steps:
            self._steps = steps
            self.update()

    @property
    def mark(self) -> str:
        """``pressed`` right after a press, ``recorded`` once the record has it, else empty."""
        return self._mark

    def mark_pressed(self, now_ns: int) -> None:
        """Show at once that the press was felt."""
        self._pressed_until_ns = now_ns + PRESSED_NS
        self._recorded_until_ns = -1
        self.show_now(now_ns)

    def mark_recorded(self, now_ns: int) -> None:
        """Show that the record has it."""
        self._recorded_until_ns = now_ns + RECORDED_NS
        self.show_now(now_ns)

    def show_now(self, now_ns: int) -> None:
        """Let the marks run out."""
        mark = ""
        if now_ns < self._recorded_until_ns:
            mark = "recorded"
        elif now_ns < self._pressed_until_ns:
            mark = "pressed"
        if mark != self._mark:
            self._mark = mark
            self.update()

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Return ground, title and caption colours."""
        look = self.look
        kind = self._view.emphasis if self._view is not None else Emphasis.NORMAL
        if not self.isEnabled():
            return look.colour("panel"), look.colour("muted"), look.colour("muted")
        if kind is Emphasis.PRIMARY or self.isDown() or self._mark == "pressed":
            return look.colour("text"), look.colour("background"), look.colour("background")
        if kind is Emphasis.OVERDUE:
            return look.colour("low"), look.colour("on_alarm"), look.colour("on_alarm")
        if kind is Emphasis.DANGER:
            return look.colour("background"), look.colour("danger"), look.colour("text")
        strong = kind in (Emphasis.DUE, Emphasis.ACTIVE)
        return look.colour("raised"), look.colour("text"), look.colour("text" if strong else "muted")

    def _paint_edge(self, canvas: Canvas, rect: QRectF, title: QColor) -> None:
        look = self.look
        kind = self._view.emphasis if self._view is not None else Emphasis.NORMAL
        radius = look.px(BUTTON_RADIUS)
        edges = {
            Emphasis.DANGER: QPen(look.colour("danger"), look.px(2)),
            Emphasis.DUE: QPen(look.colour("text"), look.px(2), Qt.PenStyle.DashLine),
            Emphasis.ACTIVE: QPen(look.colour("text"), look.px(2)),
            Emphasis.NORMAL: QPen(look.colour("hairline"), 1),
        }
        if kind in edges:
            canvas.outline(rect, edges[kind], radius)
        if self.hasFocus():
            inset = rect.adjusted(4, 4, -4, -4)
            canvas.outline(inset, QPen(title, 1.5), max(2, radius - 4))

    def _paint(self, canvas: Canvas) -> None:
        rect = QRectF(self.rect())
        ground, title, caption = self._colours()
        canvas.fill(rect, ground, self.look.px(BUTTON_RADIUS))
        self._paint_edge(canvas, rect, title)
        if self._view is None:
            return
        room = rect.width() - self.look.px(PAD)
        said = self._said(room)
        lines = self._title_lines(room, title)
        small = self._fitting(said, (CAPTION,), rect.width() - self.look.px(12), caption)
        step = lines[0].font.pixelSize() * 1.22
        height = step * len(lines) + (small.font.pixelSize() * 1.25 if said else 0)
        base = (rect.height() - height) / 2 + lines[0].font.pixelSize() * 0.98
        for line in lines:
            canvas.centre(rect, base, line)
            base += step
        canvas.centre(rect, base - self.look.px(1), small)
        if self._mark == "recorded":
            side = self.look.px(12)
            before = rect.center().x() - width_of(small) / 2 - side - self.look.px(5)
            draw_tick(canvas.painter, QRectF(before, base - side, side, side), caption)

    def _said(self, room: float) -> str:
        """Return what stands below the title: that the record has it, a countdown, or how to press it."""
        if self._view is None or self._mark == "recorded":
            return self.tr("recorded")
        if self._view.emphasis in _TELLING:
            return self._view.caption
        spare = not self.look.metrics.compact and self._stands_on_one_line(room)
        return self._view.caption if spare else ""

    def _stands_on_one_line(self, room: float) -> bool:
        """Whether the title stands in this room at a size to be read from the chair."""
        text = self._view.title if self._view is not None else ""
        return width_of(Run(text, self._font(LEAST_TITLE), self.look.colour("text"))) <= room

    def _title_lines(self, room: float, ink: QColor) -> list[Run]:
        """Return the title on one line, or on two of one size when it has to and may."""
        text = self._view.title if self._view is not None else ""
        if " " not in text or self._stands_on_one_line(room):
            return [self._fitting(text, self._steps, room, ink)]
        halves = halved(text)
        longest = max(halves, key=lambda half: width_of(Run(half, self._font(LEAST_TITLE), ink)))
        font = self._fitting(longest, (LEAST_TITLE, SMALL, CAPTION), room, ink).font
        return [Run(half, font, ink) for half in halves]

    def _fitting(self, text: str, steps: tuple[int, ...], room: float, ink: QColor) -> Run:
        run = Run(text, self._font(steps[0]), ink)
        for step in steps:
            run = Run(text, self._font(step), ink)
            if width_of(run) <= room:
                return run
        smallest = run.font.pixelSize()
        squeezed = max(9, int(smallest * room / max(1.0, width_of(run))))
        return Run(text, self.look.strong(squeezed), ink)

    def _font(self, step: int) -> QFont:
        return self.look.text(step) if step == CAPTION else self.look.name(step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw and keep what was written."""
        painter = QPainter(self)
        canvas = Canvas(painter)
        self._paint(canvas)
        painter.end()
        self.placed = tuple(canvas.placed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses; Space does nothing."""
        if is_press_key(event):
            self.click()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select):
            event.ignore()
        else:
            super().keyPressEvent(event)


def halved(text: str) -> tuple[str, str]:
    """Return a title in two lines as equal in letters as its words allow."""
    words = text.split(" ")
    ways = ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words)))
    return min(ways, key=lambda way: max(map(len, way)))


_TELLING = (Emphasis.DUE, Emphasis.OVERDUE, Emphasis.ACTIVE)
"""Buttons that keep their second line on a small screen: it carries a countdown."""
